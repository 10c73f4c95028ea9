import assert from 'node:assert/strict';
import { test } from 'node:test';

import { translator } from '../../static/js/model/i18n.js';
import { hueOf, initialsOf, People } from '../../static/js/model/people.js';
import { kindOf, linesOf } from '../../static/js/model/versions.js';

const words = { t: translator('ko'), department: (id) => ({ a: '개발팀', b: '디자인팀' })[id] };
const version = (changed, more) => ({ version: 2, op: 'updated', at: '', actor: null, device_id: null, changed, data: { event_date: '2024-03-04' }, ...more });

test('a version tells its fields in the order in which people read them, in their words', () => {
  const lines = linesOf(version({ location: [null, '5층'], title: ['가', '나'], event_date: ['2024-03-04', '2024-03-05'], tags: [[], ['급함', '회의']] }), words);
  assert.deepEqual(lines.map(({ field, before, after }) => [field, before, after]), [
    ['title', '가', '나'],
    ['event_date', '2024. 3. 4.', '2024. 3. 5.'],
    ['location', '', '5층'],
    ['tags', '', '급함, 회의'],
  ]);
});

test('clocks say what words would only repeat, and nobody is shown instants', () => {
  const lines = linesOf(version({ start_time: ['14:00', '15:00'], time: ['14:00', '15:00'], starts_at: ['x', 'y'] }), words);
  assert.deepEqual(lines.map(({ field }) => field), ['start_time']);
  assert.deepEqual(linesOf(version({ department_id: ['a', 'b'] }), words), [{ field: 'department_id', before: '개발팀', after: '디자인팀' }]);
});

test('making, bringing back, moving, changing and deleting are told apart', () => {
  const deleted = version({}, { op: 'deleted', version: 3 });
  assert.equal(kindOf(version({}, { op: 'created', version: 1 }), undefined), 'created');
  assert.equal(kindOf(version({}, { op: 'created', version: 4 }), deleted), 'restored');
  assert.equal(kindOf(version({ department_id: ['a', 'b'] }, { op: 'created' }), version({})), 'moved');
  assert.equal(kindOf(version({}), undefined), 'updated');
  assert.equal(kindOf(deleted, undefined), 'deleted');
});

const person = (id, actor, device_id, editing = null) => ({ id, actor, device_id, editing });

test('a person with two pages is one, and oneself is nobody else', () => {
  const people = new People('mine');
  people.hear({ department_id: 'a', count: 4, people: [person('1', '미나', 'laptop'), person('2', '미나', 'laptop', 'e'), person('3', '나', 'mine', 'e'), person('4', null, null)] });
  assert.deepEqual(people.others('a').map(({ name, editing }) => [name, editing]), [['미나', 'e'], [null, null]]);
  assert.deepEqual(people.editors('a', 'e').map(({ name }) => name), ['미나']);
  assert.deepEqual([...people.editing.keys()], ['e']);
  assert.deepEqual(people.others('b'), []);
  people.hear({ department_id: 'a', count: 60, people: [] });
  assert.equal(people.more('a'), 60);
  people.clear();
  assert.equal(people.more('a'), 0);
});

test('initials suit Korean and other names', () => {
  assert.deepEqual(['미나', '김민지', 'Mina Kim', 'mina', '', null].map(initialsOf), ['미나', '민지', 'MK', 'M', '?', '?']);
  assert.equal(hueOf('laptop'), hueOf('laptop'));
});
