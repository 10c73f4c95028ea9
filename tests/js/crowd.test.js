import assert from 'node:assert/strict';
import test from 'node:test';

import { thin } from '../../static/js/model/crowd.js';

const rest = (date, count) => ({ id: `rest ${date}`, start: date, allDay: true, title: `${count}`, count });

function month(count, days = 31) {
  const inputs = Array.from({ length: count }, (_, n) => ({
    id: `e${n}`, title: `일정 ${String(n).padStart(5, '0')}`, allDay: n % 2 === 0,
    start: `2026-05-${String((n % days) + 1).padStart(2, '0')}${n % 2 ? 'T09:00' : ''}`,
  }));
  return new Map(inputs.map((input) => [input.id, input]));
}

test('a month that people can read is left alone', () => {
  const inputs = month(600);
  assert.deepEqual(thin(inputs, rest), { shown: inputs, thinned: false });
});

test('a crowded month shows some of each day and how much more there is', () => {
  const { shown, thinned } = thin(month(5000), rest);
  assert.ok(thinned);
  assert.ok(shown.size <= 31 * 7);
  const drawn = [...shown.values()];
  const lines = drawn.filter(({ count }) => count);
  assert.equal(lines.length, 31);
  assert.equal(lines.reduce((sum, { count }) => sum + count, 0) + drawn.length - lines.length, 5000);
});

test('whole days and hours get their share, the earliest of each', () => {
  const { shown } = thin(month(2000, 1), rest);
  const drawn = [...shown.values()].filter(({ count }) => !count);
  assert.equal(drawn.filter(({ allDay }) => allDay).length, 95);
  assert.equal(drawn.length, 190);
  assert.ok(shown.has('e0') && shown.has('e1') && !shown.has('e1999'));
});

test('a quiet day of a crowded month is shown whole', () => {
  const inputs = month(5000, 20);
  inputs.set('quiet', { id: 'quiet', title: '하나', start: '2026-05-30', allDay: true });
  assert.ok(thin(inputs, rest).shown.has('quiet'));
});

test('one event more changes few of those that are shown', () => {
  const before = thin(month(5000), rest).shown;
  const inputs = month(5000);
  inputs.set('new', { id: 'new', title: '가', start: '2026-05-20', allDay: true });
  const after = thin(inputs, rest).shown;
  const changed = [...after.values()].filter((input) => JSON.stringify(before.get(input.id)) !== JSON.stringify(input));
  assert.ok(changed.length <= 2);
});
