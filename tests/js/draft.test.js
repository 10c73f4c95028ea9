import assert from 'node:assert/strict';
import test from 'node:test';

import { changesOf, differences, faultsOf, valuesOf } from '../../static/js/model/draft.js';

const stored = {
  id: 'e', version: 3, title: '회의', event_date: '2024-01-15', end_date: '2024-01-15', start_time: '14:00', end_time: '15:00', time: '14:00~15:00',
  location: null, url: null, category: null, tags: ['주간'], description: null, color: null,
};
const written = (changes, base = stored) => ({ ...valuesOf(base), ...changes });

test('a form that nobody touched sends nothing', () => {
  assert.deepEqual(changesOf(stored, valuesOf(stored)), {});
});

test('only what was written is sent', () => {
  assert.deepEqual(changesOf(stored, written({ title: '새 제목 ', location: '3층' })), { title: '새 제목', location: '3층' });
});

test('a field that was emptied is cleared', () => {
  assert.deepEqual(changesOf({ ...stored, location: '3층' }, written({ location: '' })), { location: null });
});

test('tags are told apart by commas, and each counts once', () => {
  assert.deepEqual(changesOf(stored, written({ tags: '주간, 팀，팀 ' })), { tags: ['주간', '팀'] });
});

test('words for the time are sent as they were written', () => {
  assert.deepEqual(changesOf(stored, written({ time: '오후 4시', start_time: '', end_time: '' })), { time: '오후 4시' });
});

test('clocks are sent without the words that they replace', () => {
  const base = { ...stored, time: '오후 2시', end_time: null };
  assert.deepEqual(changesOf(base, { ...valuesOf(base), start_time: '16:00', time: '' }), { start_time: '16:00', end_time: null });
});

test('ticking all day takes the times away', () => {
  assert.deepEqual(changesOf(stored, written({ all_day: true })), { start_time: null, end_time: null });
});

test('a night shift written with one date ends on the next', () => {
  assert.deepEqual(changesOf(stored, written({ start_time: '22:00', end_time: '06:00' })), { end_date: '2024-01-16', start_time: '22:00', end_time: '06:00' });
});

test('a new event sends its days and its times', () => {
  const values = written({ title: '새 일정', tags: '' });
  assert.deepEqual(changesOf({}, values), { title: '새 일정', event_date: '2024-01-15', end_date: '2024-01-15', start_time: '14:00', end_time: '15:00' });
});

test('a new event whose time is words leaves the last day to whoever understands them', () => {
  const values = written({ title: '당직', tags: '', time: '밤 10시~오전 6시', start_time: '', end_time: '' });
  assert.deepEqual(changesOf({}, values), { title: '당직', event_date: '2024-01-15', time: '밤 10시~오전 6시' });
});

test('an event whose time is loose words is not all day in the form', () => {
  const values = valuesOf({ ...stored, start_time: null, end_time: null, time: '저녁 이후' });
  assert.deepEqual([values.all_day, values.time], [false, '저녁 이후']);
});

test('what the server would refuse is named before it is sent', () => {
  const values = written({ title: ' ', end_date: '2024-01-14', url: 'javascript:alert(1)' });
  assert.deepEqual(Object.keys(faultsOf(values)).sort(), ['end_date', 'title', 'url']);
});

test('two versions differ in the fields that a person would name', () => {
  const other = { ...stored, version: 4, title: '회의 (변경)', tags: ['주간', '팀'], last_modified: 'later' };
  assert.deepEqual(differences(stored, other), [
    { field: 'title', before: '회의', after: '회의 (변경)' },
    { field: 'tags', before: '주간', after: '주간, 팀' },
  ]);
});
