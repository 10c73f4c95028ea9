import assert from 'node:assert/strict';
import test from 'node:test';

import { translator } from '../../static/js/model/i18n.js';
import { deedOf, sentenceOf } from '../../static/js/model/phrases.js';

const t = translator('ko');
const RECURRENCE = { rrule: 'FREQ=DAILY', exdates: ['2026-11-03'], overrides: { '2026-11-04': { title: '특별' } } };
const SERIES = { id: 's', version: 1, title: '회의', event_date: '2026-11-02', recurrence: RECURRENCE };

/** @returns {any} an entry that changed the recurrence */
function change(members) {
  const data = { ...SERIES, version: 2, recurrence: { ...RECURRENCE, ...members } };
  return { log: 'd', seq: 2, epoch: 'e', op: 'updated', type: 'event', id: 's', version: 2, before: SERIES, data };
}

for (const [members, words] of [
  [{ overrides: { ...RECURRENCE.overrides, '2026-11-09': { location: '3층' } } }, '11월 9일 ‘회의’ 일정을 바꿨습니다'],
  [{ overrides: {} }, '11월 4일 ‘회의’ 일정을 바꿨습니다'],
  [{ exdates: ['2026-11-03', '2026-11-04'], overrides: {} }, '11월 4일 ‘특별’ 일정을 삭제했습니다'],
  [{ exdates: [] }, '11월 3일 ‘회의’ 일정을 바꿨습니다'],
  [{ rrule: 'FREQ=DAILY;UNTIL=20261110' }, '‘회의’ 일정을 11월 10일까지만 반복합니다'],
  [{ rrule: 'FREQ=WEEKLY' }, '‘회의’ 일정의 반복을 바꿨습니다'],
]) {
  test(`a change of some occurrences is said: ${words}`, () => assert.equal(deedOf(change(members), t), words));
}

test('an edit of what follows is one sentence', () => {
  const tail = { ...change({}), seq: 3, op: 'created', id: 't', version: 1, before: undefined, data: { ...SERIES, id: 't', version: 1, title: '새 회의', event_date: '2026-11-11' } };
  const deed = { batch: 'b', role: /** @type {const} */ ('do'), changes: [change({ rrule: 'FREQ=DAILY;UNTIL=20261110' }), tail] };
  assert.equal(sentenceOf(deed, t), '11월 11일부터 ‘새 회의’ 일정을 바꿨습니다');
});
