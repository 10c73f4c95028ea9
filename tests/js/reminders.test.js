import assert from 'node:assert/strict';
import test from 'node:test';

import { ReminderMemory, Reminders } from '../../static/js/model/reminders.js';

const MEETING = { id: 'e1', title: '주간 회의', start_time: '15:00', event_date: '2026-03-04', starts_at: '2026-03-04T06:00:00.000Z', ends_at: '2026-03-04T07:00:00.000Z' };
const HOLIDAY = { id: 'e2', title: '창립일', start_time: null, event_date: '2026-03-04', starts_at: null };

function device() {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
  const clock = { at: 0 };
  const tab = () => new Reminders({ memory: new ReminderMemory(storage), now: () => clock.at });
  return { tab, at: (text) => (clock.at = Date.parse(text)) };
}

test('a reminder comes its minutes before the event, and not earlier', () => {
  const { tab, at } = device();
  const reminders = tab();
  at('2026-03-04T05:49:59Z');
  assert.deepEqual(reminders.due([MEETING], 10), []);
  at('2026-03-04T05:50:00Z');
  assert.deepEqual(reminders.due([MEETING], 10).map(({ event, missed }) => [event.id, missed]), [['e1', false]]);
});

test('of two tabs one says it, and neither says it again', () => {
  const { tab, at } = device();
  const [one, other] = [tab(), tab()];
  at('2026-03-04T05:50:00Z');
  const [reminder] = one.due([MEETING], 10);
  const [same] = other.due([MEETING], 10);
  assert.equal(one.claim(reminder), true);
  assert.equal(other.claim(same), false);
  assert.deepEqual([one.due([MEETING], 10), other.due([MEETING], 10)], [[], []]);
});

test('what a tab slept through is said late, but not after the event', () => {
  const { tab, at } = device();
  at('2026-03-04T06:30:00Z');
  assert.equal(tab().due([MEETING], 10)[0].missed, true);
  at('2026-03-04T07:00:01Z');
  assert.deepEqual(tab().due([MEETING], 10), []);
});

test('a reminder that is put off comes once more', () => {
  const { tab, at } = device();
  const reminders = tab();
  at('2026-03-04T05:50:00Z');
  const [reminder] = reminders.due([MEETING], 10);
  reminders.claim(reminder);
  reminders.snooze(reminder, 5);
  at('2026-03-04T05:54:59Z');
  assert.deepEqual(reminders.due([MEETING], 10), []);
  at('2026-03-04T05:55:00Z');
  const [again] = reminders.due([MEETING], 10);
  assert.equal(reminders.claim(again), true);
  assert.deepEqual(reminders.due([MEETING], 10), []);
});

test('an event that is moved is reminded of anew', () => {
  const { tab, at } = device();
  const reminders = tab();
  at('2026-03-04T05:50:00Z');
  reminders.claim(reminders.due([MEETING], 10)[0]);
  const later = { ...MEETING, starts_at: '2026-03-04T08:00:00.000Z', ends_at: '2026-03-04T09:00:00.000Z' };
  at('2026-03-04T07:50:00Z');
  assert.equal(reminders.due([later], 10).length, 1);
});

test('each event may have a choice of its own, or none', () => {
  const { tab, at } = device();
  const reminders = tab();
  at('2026-03-04T05:00:00Z');
  reminders.choose('e1', 60);
  assert.equal(reminders.due([MEETING], null).length, 1);
  reminders.choose('e1', null);
  assert.deepEqual(reminders.due([MEETING], 60), []);
  reminders.choose('e1', undefined);
  assert.equal(reminders.due([MEETING], 60).length, 1);
});

test('an all-day event is reminded of only where somebody chose it', () => {
  const { tab, at } = device();
  const reminders = tab();
  at(new Date('2026-03-04T09:00').toISOString());
  assert.deepEqual(reminders.due([HOLIDAY], 10), []);
  reminders.choose('e2', 0);
  assert.equal(reminders.due([HOLIDAY], 10).length, 1);
});

test('every occurrence of a series is reminded of, by the choice for the series', () => {
  const { tab, at } = device();
  const reminders = tab();
  const occurrence = (date) => ({ ...MEETING, occurrence_of: { id: 'e1', date }, event_date: date, starts_at: `${date}T06:00:00.000Z`, ends_at: `${date}T07:00:00.000Z` });
  reminders.choose('e1', 10);
  for (const date of ['2026-03-04', '2026-03-11']) {
    at(`${date}T05:50:00Z`);
    const [reminder] = reminders.due([occurrence('2026-03-04'), occurrence('2026-03-11')], null);
    assert.equal(reminder.event.event_date, date);
    assert.equal(reminders.claim(reminder), true);
  }
});
