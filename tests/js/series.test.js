import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { addDays } from '../../static/js/model/dates.js';
import { nearestDay } from '../../static/js/model/event.js';
import { Occurrences } from '../../static/js/model/occurrences.js';
import { keyOf, occurrence, occurrencesIn } from '../../static/js/model/series.js';

const GOLDEN = JSON.parse(readFileSync(new URL('../golden/recurrence.json', import.meta.url), 'utf-8'));
const WEEKLY = series('FREQ=WEEKLY;BYDAY=MO');

/** @returns {Record<string, any>} a meeting of an hour, from Monday, the first of January 2024, on */
function series(rrule, members = {}) {
  const { exdates = [], overrides = {}, ...rest } = members;
  const when = { event_date: '2024-01-01', end_date: '2024-01-01', start_time: '15:00', end_time: '16:00', timezone: 'Asia/Seoul' };
  return { id: 's', version: 1, title: '회의', ...when, recurrence: { rrule, exdates, overrides }, ...rest };
}

for (const { name, event, ranges } of GOLDEN.events) {
  test(`occurrences are as the server shows them: ${name}`, () => {
    for (const { from, to, occurrences } of ranges) {
      const names = Object.keys(occurrences[0]);
      const shown = occurrencesIn(event, from, addDays(to, 1)).map((one) => Object.fromEntries(names.map((each) => [each, one[each]])));
      assert.deepEqual(shown, occurrences);
    }
  });
}

test('an occurrence that was moved is where it was moved to, and known by its original date', () => {
  const event = series('FREQ=WEEKLY', { overrides: { '2024-01-08': { event_date: '2024-02-10', end_date: '2024-02-11' } } });
  assert.deepEqual(occurrencesIn(event, '2024-01-08', '2024-01-09'), []);
  const [moved] = occurrencesIn(event, '2024-02-11', '2024-02-12');
  assert.deepEqual([keyOf(moved), moved.event_date, moved.recurrence], ['s@2024-01-08', '2024-02-10', null]);
});

test('a long occurrence is found by its last day', () => {
  const trip = series('FREQ=MONTHLY', { end_date: '2024-01-05', start_time: null, end_time: null });
  assert.deepEqual(occurrencesIn(trip, '2024-03-05', '2024-03-06').map(keyOf), ['s@2024-03-01']);
  assert.deepEqual(occurrencesIn(trip, '2024-03-06', '2024-04-01'), []);
});

test('a drawing expands again only what has changed', () => {
  const known = new Occurrences();
  const single = { id: 'e', event_date: '2024-01-09', end_date: '2024-01-09', recurrence: null };
  const look = (event) => known.between([event, single], '2024-01-01', '2024-02-01');
  const first = look(WEEKLY);
  assert.deepEqual(first.map(keyOf), ['s@2024-01-01', 's@2024-01-08', 's@2024-01-15', 's@2024-01-22', 's@2024-01-29', 'e']);
  assert.ok(look(WEEKLY).every((one, index) => one === first[index]));
  assert.equal(look({ ...WEEKLY, version: 2, title: '새 회의' })[0].title, '새 회의');
});

test('the nearest day with something on it may be an occurrence', () => {
  const ended = series('FREQ=WEEKLY;UNTIL=20240129', { exdates: ['2024-01-29'] });
  assert.equal(nearestDay([ended], '2030-01-01', '2030-02-01'), '2024-01-22');
  assert.equal(nearestDay([WEEKLY], '2023-10-01', '2023-11-01'), '2024-01-01');
  assert.equal(nearestDay([series('FREQ=YEARLY')], '2030-03-01', '2030-04-01'), '2030-01-01');
  assert.equal(nearestDay([series('FREQ=YEARLY')], '2030-09-01', '2030-10-01'), '2031-01-01');
  const away = series('FREQ=YEARLY;COUNT=2', { overrides: { '2025-01-01': { event_date: '2026-07-01', end_date: '2026-07-01' } } });
  assert.equal(nearestDay([away], '2026-05-01', '2026-06-01'), '2026-07-01');
});

test('a meeting in Berlin stays at 15:00 through a change of the clock, and its moment moves', () => {
  const event = series('FREQ=DAILY', { timezone: 'Europe/Berlin' });
  const [before, after] = ['2024-03-30', '2024-03-31'].map((date) => occurrence(event, date));
  assert.deepEqual([before.start_time, before.starts_at, after.start_time, after.starts_at], ['15:00', '2024-03-30T14:00:00.000Z', '15:00', '2024-03-31T13:00:00.000Z']);
});

test('whole days are the same dates on devices from UTC−11 to UTC+14', () => {
  const { TZ } = process.env;
  const days = series('FREQ=MONTHLY;BYMONTHDAY=-1', { event_date: '2024-01-31', end_date: '2024-02-01', start_time: null, end_time: null });
  const seen = ['Pacific/Pago_Pago', 'UTC', 'Asia/Seoul', 'Pacific/Kiritimati'].map((zone) => {
    process.env.TZ = zone;
    return occurrencesIn(days, '2024-01-01', '2024-07-01').map(({ event_date, end_date, starts_at }) => [event_date, end_date, starts_at]);
  });
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
  assert.deepEqual(seen[0].map(([first]) => first), ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30', '2024-05-31', '2024-06-30']);
  for (const one of seen) assert.deepEqual(one, seen[0]);
});

test('a month of an endless rule costs the same at its age of thirty', () => {
  const event = series('FREQ=DAILY', { event_date: '1994-01-01', end_date: '1994-01-01' });
  const looked = (from, before) => {
    let dates = 0;
    const { toISOString } = Date.prototype;
    Date.prototype.toISOString = function counted() {
      dates += 1;
      return toISOString.call(this);
    };
    occurrencesIn(event, from, before);
    Date.prototype.toISOString = toISOString;
    return dates;
  };
  assert.equal(looked('2024-03-01', '2024-04-01'), looked('1994-03-01', '1994-04-01'));
});
