import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Preferences } from '../../static/js/model/preferences.js';
import { DIRECTORY } from '../../static/js/model/copies.js';
import { Workspace } from '../../static/js/model/workspace.js';
import { FakeClock, settled } from './clock.js';

/** One department with one event, as a server would tell them. */
const TEAM = { id: 'team', name: '개발팀', version: 1 };
const EVENT = { id: 'e', department_id: 'team', version: 1, title: '회의', event_date: '2024-01-15' };

let followers;
let answers;
let versions;
let workspace;
let seq;

beforeEach(async () => {
  followers = new Map();
  answers = [];
  seq = 1;
  const rows = { [DIRECTORY]: [{ type: 'department', data: TEAM }], team: [{ type: 'event', data: EVENT }] };
  const snapshot = (log) => ({
    changes: (rows[log] ?? []).map(({ type, data }) => ({ op: 'created', type, id: data.id, version: data.version, data })),
    position: 'e1:1',
  });
  versions = [];
  const write = () => new Promise((resolve, reject) => answers.push({ resolve, reject }));
  const deletion = (_, version) => (versions.push(version), write());
  const api = {
    changes: async (log, { since }) => (since ? { changes: [], position: since, has_more: false } : snapshot(log)),
    ...Object.fromEntries(['createEvent', 'updateEvent'].map((name) => [name, write])),
    deleteEvent: deletion,
  };
  const connection = {
    state: 'connected',
    follow(follower) {
      followers.set(follower.replica.log, follower);
      void follower.joined({ position: 'e1:1', head: 'e1:1', recovered: true, changes: [] });
    },
    unfollow: (log) => followers.delete(log),
  };
  workspace = new Workspace({ api, connection, clock: new FakeClock(), preferences: new Preferences(null) });
  workspace.start();
  await settled();
});

/** Lets the log tell of an event. */
function tell(op, event) {
  seq += 1;
  followers.get('team').message({ log: 'team', seq, epoch: 'e1', op, type: 'event', id: event.id, version: event.version, data: event });
}

const titles = () => workspace.events.map(({ title }) => title);

test('the departments that are shown are followed, and no others', async () => {
  assert.deepEqual([...followers.keys()], [DIRECTORY, 'team']);
  assert.deepEqual(titles(), ['회의']);
  workspace.show(['team'], false);
  assert.deepEqual([...followers.keys()], [DIRECTORY]);
  assert.deepEqual(titles(), []);
  workspace.show(['team'], true);
  await settled();
  assert.deepEqual(titles(), ['회의']);
});

test('everything is connected as soon as every copy is live', () => {
  assert.equal(workspace.state, 'connected');
  followers.get('team').disconnected();
  assert.equal(workspace.state, 'connecting');
});

test('an edit is seen at once, and goes back if it is refused', async () => {
  const edit = workspace.updateEvent(EVENT, { title: '새 제목' });
  assert.deepEqual(titles(), ['새 제목']);
  await settled();
  answers[0].reject(Object.assign(new Error('changed'), { status: 412 }));
  await assert.rejects(edit, { status: 412 });
  assert.deepEqual(titles(), ['회의']);
});

test('an answered edit stays until the log has told of it, and then the log is believed', async () => {
  const edit = workspace.updateEvent(EVENT, { title: '새 제목' });
  await settled();
  answers[0].resolve({ ...EVENT, version: 2, title: '새 제목' });
  await edit;
  assert.deepEqual(titles(), ['새 제목']);
  tell('updated', { ...EVENT, version: 2, title: '새 제목' });
  tell('updated', { ...EVENT, version: 3, title: '다음 제목' });
  assert.deepEqual(titles(), ['다음 제목']);
});

test('what was created here and deleted elsewhere does not come back as a ghost', async () => {
  const creation = workspace.createEvent('team', { title: '잠깐', event_date: '2024-01-16' });
  assert.deepEqual(titles(), ['회의', '잠깐']);
  await settled();
  const created = workspace.events.find(({ title }) => title === '잠깐');
  answers[0].resolve({ ...created, version: 1 });
  await creation;
  tell('created', { ...created, version: 1 });
  tell('deleted', { ...created, version: 2 });
  assert.deepEqual(titles(), ['회의']);
});

test('a deletion is seen at once, and comes back if it is refused', async () => {
  const deletion = workspace.deleteEvent(EVENT);
  assert.deepEqual(titles(), []);
  await settled();
  answers[0].reject(Object.assign(new Error('offline'), { status: 0 }));
  await assert.rejects(deletion, { status: 0 });
  assert.deepEqual(titles(), ['회의']);
});

test('a second edit waits for the first, so that it does not refuse itself', async () => {
  const first = workspace.updateEvent(EVENT, { title: '하나' });
  const second = workspace.updateEvent(workspace.event('e'), { title: '둘' });
  await settled();
  assert.equal(answers.length, 1);
  answers[0].resolve({ ...EVENT, version: 2, title: '하나' });
  await first;
  await settled();
  assert.equal(answers.length, 2);
  answers[1].resolve({ ...EVENT, version: 3, title: '둘' });
  await second;
  assert.deepEqual(titles(), ['둘']);
});

const SERIES = { ...EVENT, id: 's', title: '반복', end_date: '2024-01-15', timezone: 'Asia/Seoul', recurrence: { rrule: 'FREQ=DAILY;COUNT=4', exdates: [], overrides: {} } };
const shown = () => workspace.between('2024-01-15', '2024-02-01').filter(({ id }) => id !== 'e').map(({ event_date, title }) => `${event_date.slice(8)} ${title}`);

test('an edit of what follows is seen at once, and the answer takes the place of both', async () => {
  tell('created', SERIES);
  const edit = workspace.updateEvent(workspace.event('s@2024-01-17'), { title: '새 제목' }, 'following');
  const whole = ['15 반복', '16 반복', '17 새 제목', '18 새 제목'];
  assert.deepEqual(shown(), whole);
  await settled();
  const tail = { ...SERIES, id: 't', version: 1, title: '새 제목', event_date: '2024-01-17', end_date: '2024-01-17', recurrence: { rrule: 'FREQ=DAILY;COUNT=2', exdates: [], overrides: {} } };
  const head = { ...SERIES, version: 2, recurrence: { rrule: 'FREQ=DAILY;UNTIL=20240116', exdates: [], overrides: {} } };
  answers[0].resolve(tail);
  assert.equal((await edit).id, 't');
  assert.deepEqual(shown(), whole);
  tell('updated', head);
  tell('created', tail);
  assert.deepEqual(shown(), whole);
  tell('deleted', { ...tail, version: 2 });
  assert.deepEqual(shown(), ['15 반복', '16 반복']);
});

test('a refused edit of what follows leaves nothing behind', async () => {
  tell('created', SERIES);
  const edit = workspace.updateEvent(workspace.event('s@2024-01-17'), { title: '새 제목' }, 'following');
  await settled();
  answers[0].reject(Object.assign(new Error('changed'), { status: 412 }));
  await assert.rejects(edit, { status: 412 });
  assert.deepEqual(shown(), ['15 반복', '16 반복', '17 반복', '18 반복']);
});

test('two occurrences deleted one after the other do not refuse each other', async () => {
  tell('created', SERIES);
  const first = workspace.deleteEvent(workspace.event('s@2024-01-16'), 'this');
  const second = workspace.deleteEvent(workspace.event('s@2024-01-17'), 'this');
  assert.deepEqual(shown(), ['15 반복', '18 반복']);
  await settled();
  answers[0].resolve(undefined);
  await first;
  await settled();
  answers[1].resolve(undefined);
  await second;
  assert.deepEqual(versions, [1, 2]);
  assert.deepEqual(shown(), ['15 반복', '18 반복']);
  tell('updated', { ...SERIES, version: 3, recurrence: { ...SERIES.recurrence, exdates: ['2024-01-16', '2024-01-17'] } });
  assert.deepEqual(shown(), ['15 반복', '18 반복']);
  assert.equal(workspace.event('s@2024-01-16'), undefined);
});
