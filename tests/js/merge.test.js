import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changesOf, valuesOf } from '../../static/js/model/draft.js';
import { inputsOf, mergeOf, partOf } from '../../static/js/model/merge.js';

const BASE = { id: 'e', version: 1, title: '회의', event_date: '2024-03-04', end_date: '2024-03-04', start_time: '14:00', end_time: '15:00', time: '14:00~15:00', location: '3층', tags: [] };
const typed = (more) => changesOf(BASE, { ...valuesOf(BASE), ...more });
const theirs = (more) => ({ ...BASE, version: 2, ...more });

test('what only others changed comes in, what only this side changed stays', () => {
  assert.deepEqual(mergeOf(BASE, typed({ title: '내 제목' }), theirs({ location: '5층', tags: ['급함'] })), { taken: ['location', 'tags'], contested: [] });
  assert.deepEqual(mergeOf(BASE, {}, theirs({ title: '남의 제목' })), { taken: ['title'], contested: [] });
});

test('what both changed differently is for a person to decide, and nothing else', () => {
  const merged = mergeOf(BASE, typed({ title: '내 제목', location: '7층' }), theirs({ title: '남의 제목', color: '#112233' }));
  assert.deepEqual(merged, { taken: ['color'], contested: ['title'] });
});

test('what both changed alike is no question', () => {
  assert.deepEqual(mergeOf(BASE, typed({ title: '새 제목' }), theirs({ title: '새 제목' })), { taken: [], contested: [] });
  const later = { start_time: '16:00', end_time: '17:00', time: '16:00~17:00' };
  assert.deepEqual(mergeOf(BASE, typed({ start_time: '16:00', end_time: '17:00' }), theirs(later)), { taken: [], contested: [] });
});

test('dates, times and the rule are one field', () => {
  const merged = mergeOf(BASE, typed({ event_date: '2024-03-05', end_date: '2024-03-05' }), theirs({ start_time: '16:00', end_time: '17:00', time: '16:00~17:00' }));
  assert.deepEqual(merged, { taken: [], contested: ['when'] });
  assert.deepEqual(mergeOf(BASE, {}, theirs({ recurrence: { rrule: 'FREQ=DAILY', exdates: [], overrides: {} } })).taken, ['when']);
  assert.ok(inputsOf('when').includes('rrule'));
  assert.deepEqual(partOf({ title: '가', location: '나' }, 'title'), { title: '가' });
});
