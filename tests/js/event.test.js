import assert from 'node:assert/strict';
import test from 'node:test';

import { addDays, addMinutes, sameClock } from '../../static/js/model/dates.js';
import { looseWords, moved, overlaps, resized, spanOf } from '../../static/js/model/event.js';

const allDay = { event_date: '2024-02-28', end_date: '2024-03-01', start_time: null, end_time: null, time: null };
const meeting = { event_date: '2024-01-15', end_date: '2024-01-15', start_time: '14:00', end_time: '15:30', time: '14:00~15:30' };
const open = { event_date: '2024-01-15', end_date: '2024-01-15', start_time: '14:00', end_time: null, time: '오후 2:00' };

test('dates count over months and leap days in every zone of this machine', () => {
  assert.equal(addDays('2024-02-28', 2), '2024-03-01');
  assert.equal(addDays('2024-01-01', -1), '2023-12-31');
  assert.deepEqual(addMinutes('23:30', 60), { time: '00:30', days: 1 });
});

test('the last day of an all-day event is inclusive for people and exclusive for the grid', () => {
  assert.deepEqual(spanOf(allDay), { start: '2024-02-28', end: '2024-03-02', allDay: true });
});

test('an event covers the days from its first to its last', () => {
  assert.ok(overlaps(allDay, '2024-03-01', '2024-03-02'));
  assert.ok(!overlaps(allDay, '2024-03-02', '2024-04-01'));
  assert.ok(!overlaps(allDay, '2024-02-01', '2024-02-28'));
});

test('moving keeps the length and sends only what changes', () => {
  assert.deepEqual(moved(allDay, { start: '2024-03-05', end: '2024-03-08', allDay: true }), { event_date: '2024-03-05', end_date: '2024-03-07' });
  assert.deepEqual(moved(meeting, { start: '2024-01-15T16:00:00Z', end: '2024-01-15T17:30:00Z', allDay: false }), { start_time: '16:00', end_time: '17:30' });
});

test('moving an event without an end gives it none', () => {
  assert.deepEqual(moved(open, { start: '2024-01-16T09:00:00Z', end: null, allDay: false }), { event_date: '2024-01-16', end_date: '2024-01-16', start_time: '09:00' });
});

test('dropping a meeting on the all-day row takes its times away', () => {
  assert.deepEqual(moved(meeting, { start: '2024-01-15', end: null, allDay: true }), { start_time: null, end_time: null });
});

test('an all-day event over several days that is dropped on the clock lasts that one day', () => {
  assert.deepEqual(moved(allDay, { start: '2024-02-28T10:00:00Z', end: null, allDay: false }), { start_time: '10:00', end_date: '2024-02-28' });
});

test('resizing over midnight reaches into the next day', () => {
  assert.deepEqual(resized(meeting, { start: '2024-01-15T14:00:00Z', end: '2024-01-16T01:00:00Z', allDay: false }), { end_date: '2024-01-16', end_time: '01:00' });
});

test('words that no clock can show are shown, and the words for all day are not', () => {
  assert.equal(looseWords({ ...allDay, time: '저녁 이후' }), '저녁 이후');
  assert.equal(looseWords({ ...allDay, time: '종일' }), '');
  assert.equal(looseWords(open), '');
});

test('zones are the same as long as their clocks are', () => {
  const january = new Date('2024-01-15T00:00Z');
  assert.ok(sameClock('Asia/Seoul', 'Asia/Tokyo', january));
  assert.ok(!sameClock('Asia/Seoul', 'America/New_York', january));
});
