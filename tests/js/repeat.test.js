import assert from 'node:assert/strict';
import test from 'node:test';

import { blankChoices, choicesOf, faultOf, placesOf, ruleOf } from '../../static/js/model/repeat.js';

const FRIDAY = '2026-11-20';

test('a date can stand for its number, its weekday in the month, and the last of either', () => {
  assert.deepEqual(placesOf(FRIDAY), ['date', 'weekday']);
  assert.deepEqual(placesOf('2026-11-27'), ['date', 'weekday', 'lastWeekday']);
  assert.deepEqual(placesOf('2026-11-30'), ['date', 'lastDay', 'lastWeekday']);
});

for (const [rule, kind] of [
  ['', 'none'],
  ['FREQ=DAILY;INTERVAL=3', 'daily'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=SU;COUNT=4', 'weekly'],
  ['FREQ=MONTHLY;BYMONTHDAY=20;UNTIL=20271231', 'monthly'],
  ['FREQ=MONTHLY;BYDAY=3FR', 'monthly'],
  ['FREQ=YEARLY;BYMONTH=11;BYDAY=3FR', 'yearly'],
  ['FREQ=MONTHLY;BYDAY=2FR', 'other'],
  ['FREQ=MONTHLY;BYMONTHDAY=1,20', 'other'],
  ['FREQ=DAILY;BYMONTH=1', 'other'],
  ['FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1', 'other'],
]) {
  test(`${rule || 'no rule'} is offered as ${kind}, and is the same rule again`, () => {
    const choices = choicesOf(rule, FRIDAY);
    assert.equal(choices.kind, kind);
    assert.equal(ruleOf(choices, FRIDAY), rule);
  });
}

test('what a rule leaves to the first date is chosen in the form', () => {
  assert.deepEqual(choicesOf('FREQ=WEEKLY', FRIDAY).days, [4]);
  assert.equal(ruleOf(choicesOf('FREQ=YEARLY', FRIDAY), FRIDAY), 'FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20');
});

test('what is wrong is found before the server is asked', () => {
  const weekly = { ...blankChoices(FRIDAY), kind: 'weekly' };
  const fault = (choices) => faultOf({ ...weekly, ...choices }, FRIDAY)?.field ?? null;
  assert.equal(fault({}), null);
  assert.equal(fault({ interval: NaN }), 'interval');
  assert.equal(fault({ interval: 1000 }), 'interval');
  assert.equal(fault({ days: [] }), 'days');
  assert.equal(fault({ end: 'until', until: '' }), 'until');
  assert.equal(fault({ end: 'until', until: '2026-11-19' }), 'until');
  assert.equal(fault({ end: 'count', count: 0 }), 'count');
  assert.equal(fault({ kind: 'none', interval: 0 }), null);
});
