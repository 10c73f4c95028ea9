import assert from 'node:assert/strict';
import test from 'node:test';

import { sentOf } from '../../static/js/model/scopes.js';
import { inForm } from '../../static/js/model/series.js';

const SERIES = {
  ...{ id: 's', version: 1, title: '회의', event_date: '2026-11-02', end_date: '2026-11-02', timezone: 'Asia/Seoul' },
  recurrence: { rrule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=10', exdates: ['2026-11-09', '2026-11-30'], overrides: { '2026-12-07': { title: '특별' } } },
};
const part = (scope, date) => ({ scope, date });
const seen = (date) => inForm({ occurrence_of: { id: 's', date } }, SERIES);

test('a new rule for what follows leaves out what lies before, and of so many times those that are left', () => {
  const recurrence = { ...SERIES.recurrence, rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=10' };
  const sent = sentOf(seen('2026-11-16'), SERIES, part('following', '2026-11-16'), { recurrence });
  assert.deepEqual(sent.recurrence, { rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=8', exdates: ['2026-11-30'], overrides: SERIES.recurrence.overrides });
  const more = { ...SERIES.recurrence, rrule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=12' };
  assert.equal(sentOf(seen('2026-11-16'), SERIES, part('following', '2026-11-16'), { recurrence: more }).recurrence.rrule, more.rrule);
});

test('a series does not begin with a date that its new rule does not make', () => {
  const recurrence = { rrule: 'FREQ=WEEKLY;BYDAY=WE,TH', exdates: [], overrides: {} };
  const single = { ...SERIES, recurrence: null };
  assert.deepEqual(sentOf(single, undefined, undefined, { recurrence }), { recurrence, event_date: '2026-11-04', end_date: '2026-11-04' });
  const moved = { recurrence, event_date: '2026-11-05', end_date: '2026-11-06' };
  assert.deepEqual(sentOf(single, undefined, undefined, moved), moved);
  assert.deepEqual(sentOf(seen('2026-11-16'), SERIES, part('all', '2026-11-16'), { recurrence }), { recurrence, event_date: '2026-11-18', end_date: '2026-11-18' });
  assert.equal(sentOf(seen('2026-11-16'), SERIES, part('following', '2026-11-16'), { recurrence }).event_date, '2026-11-18');
});

test('what says nothing of a rule is sent as it is', () => {
  const members = { title: '새 제목' };
  assert.equal(sentOf(seen('2026-11-16'), SERIES, part('following', '2026-11-16'), members), members);
});
