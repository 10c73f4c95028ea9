import assert from 'node:assert/strict';
import { test } from 'node:test';

import { withParticles } from '../../static/js/model/particles.js';

test('a particle follows how the word before it ends', () => {
  const said = ['회의을(를)', '일정을(를)', '‘점심’(으)로', '‘서울’(으)로', '‘부산’(으)로', '3층이(가)', '미나은(는)', '버전 2(으)로', '버전 6(으)로', '15:00(으)로', '15:30(으)로', 'Room A(으)로', 'email을(를)'];
  assert.deepEqual(said.map(withParticles), ['회의를', '일정을', '‘점심’으로', '‘서울’로', '‘부산’으로', '3층이', '미나는', '버전 2로', '버전 6으로', '15:00로', '15:30으로', 'Room A로', 'email을']);
});

test('where nobody can tell, both are said, and nothing else is touched', () => {
  assert.equal(withParticles('☕을(를) 옮겼습니다 (으)로'), '☕을(를) 옮겼습니다 (으)로');
  assert.equal(withParticles('회의 (3층)을 했다'), '회의 (3층)을 했다');
});
