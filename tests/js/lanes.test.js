import assert from 'node:assert/strict';
import test from 'node:test';

import { Lanes } from '../../static/js/model/lanes.js';

const day = new Lanes(['dev', 'design', 'sales'], '2026-05-20', 1);
const week = new Lanes(['dev', 'design'], '2026-05-17', 7);
const timed = (start, end) => ({ start, end, allDay: false });
const whole = (start, end) => ({ start, end, allDay: true });

test('each department has its own day, and what is put there is found again', () => {
  const span = timed('2026-05-20T10:30', '2026-05-20T11:30');
  for (const departmentId of ['dev', 'design', 'sales']) {
    const placed = day.place(span, departmentId);
    assert.equal(placed.cut, false);
    assert.deepEqual(day.read(placed), { span, departmentId });
  }
  assert.notEqual(day.place(span, 'dev').start, day.place(span, 'design').start);
});

test('in a week each department has seven days', () => {
  const span = whole('2026-05-18', '2026-05-22');
  assert.deepEqual(week.read(week.place(span, 'design')), { span, departmentId: 'design' });
  assert.equal(week.before, '2026-05-24');
});

test('what reaches over the edge is cut, and says so', () => {
  const night = day.place(timed('2026-05-20T22:00', '2026-05-21T02:00'), 'dev');
  assert.ok(night.cut);
  assert.equal(night.end.slice(10), 'T00:00');
  assert.ok(week.place(whole('2026-05-16', '2026-05-19'), 'dev').cut);
});

test('what is elsewhere has no place', () => {
  assert.equal(day.place(timed('2026-05-21T00:00', '2026-05-21T01:00'), 'dev'), null);
  assert.equal(day.place(timed('2026-05-19T22:00', '2026-05-20T00:00'), 'dev'), null);
  assert.equal(day.place(whole('2026-05-19', '2026-05-20'), 'dev'), null);
  assert.equal(day.place(timed('2026-05-20T09:00', null), 'unknown'), null);
});

test('an event without an end stays without one', () => {
  const span = timed('2026-05-20T17:00', null);
  assert.deepEqual(day.read(day.place(span, 'sales')).span, span);
});

test('a selection over two lanes is told from one within a lane', () => {
  const { start } = day.place(timed('2026-05-20T10:00', null), 'dev');
  const { start: next } = day.place(timed('2026-05-20T10:00', null), 'design');
  assert.ok(day.isOneLane(start, `${start.slice(0, 10)}T12:00`));
  assert.ok(day.isOneLane(start, `${next.slice(0, 10)}T00:00`));
  assert.ok(!day.isOneLane(start, next));
  assert.ok(day.isOneLane(start.slice(0, 10), next.slice(0, 10)));
});
