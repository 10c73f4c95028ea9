import assert from 'node:assert/strict';
import test from 'node:test';

import { colorsFor, PALETTE } from '../../static/js/model/color.js';
import { nearestDay } from '../../static/js/model/event.js';
import { Preferences } from '../../static/js/model/preferences.js';

const departments = Array.from({ length: 30 }, (_, index) => ({ id: `d${index}`, created_at: `2024-01-${10 + index}` }));

test('departments without a colour get different ones, in the order of their making', () => {
  const colors = colorsFor([...departments.slice(0, 12)].reverse());
  assert.equal(new Set(colors.values()).size, 12);
  assert.equal(colors.get('d0'), PALETTE[0]);
});

test('a colour of its own is kept, and what is none is not handed to the style sheet', () => {
  const colors = colorsFor([{ id: 'a', color: '#123456' }, { id: 'b', color: 'url(evil)' }]);
  assert.equal(colors.get('a'), '#123456');
  assert.ok(PALETTE.includes(colors.get('b')));
});

test('everything is shown to somebody who has not chosen, while it is not too much', () => {
  assert.equal(new Preferences(null).shownAmong(departments).size, 20);
});

test('what was ticked and unticked is remembered in the storage', () => {
  const stored = new Map();
  const storage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) };
  new Preferences(storage).show(['d0'], false);
  new Preferences(storage).show(['d29'], true);
  const shown = new Preferences(storage).shownAmong(departments);
  assert.ok(!shown.has('d0'));
  assert.ok(shown.has('d29'));
});

test('a broken or forbidden storage keeps nobody from working', () => {
  const broken = { getItem: () => '{', setItem: () => { throw new Error('full'); } };
  const preferences = new Preferences(broken);
  preferences.set('actor', '김민아');
  assert.equal(preferences.get('actor'), '김민아');
});

test('the nearest day with events is found on either side', () => {
  const events = [{ event_date: '2024-01-01', end_date: '2024-01-03' }, { event_date: '2024-06-01' }];
  assert.equal(nearestDay(events, '2024-02-01', '2024-03-01'), '2024-01-03');
  assert.equal(nearestDay(events, '2024-05-01', '2024-05-31'), '2024-06-01');
  assert.equal(nearestDay([], '2024-05-01', '2024-05-31'), null);
});
