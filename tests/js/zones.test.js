import assert from 'node:assert/strict';
import test from 'node:test';

import { allZones, clockElsewhere, clocksElsewhere, isZone } from '../../static/js/model/zones.js';

test('an afternoon in Seoul is a morning in Berlin, by an hour less in summer', () => {
  assert.equal(clockElsewhere('2026-01-15', '16:00', 'Asia/Seoul', 'Europe/Berlin'), '08:00');
  assert.equal(clockElsewhere('2026-07-15', '16:00', 'Asia/Seoul', 'Europe/Berlin'), '09:00');
});

test('the clock is right where the day is another one, too', () => {
  assert.equal(clockElsewhere('2026-01-15', '08:00', 'Asia/Seoul', 'America/New_York'), '18:00');
  assert.equal(clockElsewhere('2026-01-15', '20:00', 'America/New_York', 'Asia/Seoul'), '10:00');
});

test('a week in which a clock changes there has two times for an hour here', () => {
  const week = ['2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30'];
  assert.deepEqual(clocksElsewhere(week, '16:00', 'Asia/Seoul', 'Europe/Berlin'), ['08:00', '09:00']);
  assert.deepEqual(clocksElsewhere(week, '09:00', 'Asia/Seoul', 'Europe/Berlin'), ['01:00', '02:00']);
  assert.deepEqual(clocksElsewhere(week, '09:00', 'Asia/Seoul', 'Asia/Tokyo'), ['09:00']);
});

test('half hours and hours that do not exist here are told all the same', () => {
  assert.equal(clockElsewhere('2026-05-20', '09:00', 'Asia/Seoul', 'Asia/Kolkata'), '05:30');
  assert.equal(clockElsewhere('2026-03-29', '02:30', 'Europe/Berlin', 'UTC'), '01:30');
});

test('a zone that nobody knows is none', () => {
  assert.ok(isZone('Asia/Seoul'));
  for (const name of ['', 'Mars/Olympus', null, undefined]) assert.ok(!isZone(name));
});

test('one is at home in the first of the zones', () => {
  assert.deepEqual(allZones('Asia/Seoul').slice(0, 2), ['Asia/Seoul', 'UTC']);
  assert.ok(allZones('Asia/Seoul').includes('Europe/Berlin'));
});
