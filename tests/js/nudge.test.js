import assert from 'node:assert/strict';
import test from 'node:test';

import { nudged, stretched } from '../../static/js/model/nudge.js';

const meeting = { event_date: '2026-11-25', end_date: '2026-11-25', start_time: '14:00', end_time: '15:00' };
const trip = { event_date: '2026-11-25', end_date: '2026-11-26', start_time: null, end_time: null };

test('an event moves by days and by half hours, over midnight too', () => {
  assert.deepEqual(nudged(meeting, { days: 7 }), { start: '2026-12-02T14:00', end: '2026-12-02T15:00', allDay: false });
  assert.deepEqual(nudged({ ...meeting, start_time: '23:30', end_time: null }, { minutes: 30 }), { start: '2026-11-26T00:00', end: null, allDay: false });
});

test('whole days know no clock', () => {
  assert.deepEqual(nudged(trip, { days: -1, minutes: 30 }), { start: '2026-11-24', end: '2026-11-26', allDay: true });
});

test('an end moves until nothing would be left', () => {
  assert.equal(stretched(meeting, { minutes: 30 }).end, '2026-11-25T15:30');
  assert.equal(stretched({ ...meeting, end_time: '14:30' }, { minutes: -30 }), null);
  assert.equal(stretched(trip, { days: -1 }).end, '2026-11-26');
  assert.equal(stretched({ ...trip, end_date: '2026-11-25' }, { days: -1 }), null);
  assert.equal(stretched({ ...meeting, end_time: null }, { minutes: 30 }).end, '2026-11-25T15:30');
});
