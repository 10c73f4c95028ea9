import assert from 'node:assert/strict';
import { test } from 'node:test';

import { translator } from '../../static/js/model/i18n.js';
import { newsOf, sentenceOf } from '../../static/js/model/phrases.js';
import { inverseOf, UndoStacks } from '../../static/js/model/undo.js';
import { ChangedSince, Undoing } from '../../static/js/model/undoing.js';
import { FakeClock } from './clock.js';

const ko = translator('ko');
const EVENT = { id: 'e', department_id: 'team', title: '회의', event_date: '2024-03-04', end_date: '2024-03-04', start_time: '14:00', end_time: null, version: 1 };

/** A server of one department: it knows versions, keeps the past, and lets the log tell what happened. */
class Server {
  log = [];
  rows = new Map();
  past = new Map();
  listeners = [];
  onWrite = { began() {}, ended() {} };
  keys = 0;
  mute = false;
  workspace = {
    listen: (listener) => this.listeners.push(listener),
    event: (id) => this.rows.get(id),
    department: (id) => this.rows.get(id),
    count: () => 0,
  };

  constructor() {
    this.clock = new FakeClock();
    this.undoing = new Undoing({ api: this, workspace: this.workspace, clock: this.clock });
  }

  /** Writes as somebody, `key` null: somebody else. */
  async write(key, ...changes) {
    if (key) this.onWrite.began(key);
    const told = changes.map((change, index) => ({ ...this.#store(key, change), seq: this.log.length + index + 1 }));
    if (!this.mute) for (const listener of this.listeners) listener.updated({ changes: told });
    this.log.push(...told);
    if (key) this.onWrite.ended(key, { position: `e:${this.log.length}`, log: 'team' });
    return this.rows.get(changes[0].id);
  }

  #store(key, { op, id, data, moved_to }) {
    const before = this.rows.get(id);
    const version = (before?.version ?? this.past.get(id)?.at(-1)?.version ?? 0) + 1;
    const after = op === 'deleted' ? null : { ...before, ...data, id, version };
    if (after) this.rows.set(id, after);
    else this.rows.delete(id);
    this.past.set(id, [...(this.past.get(id) ?? []), { ...(after ?? before), version }]);
    const shown = after ?? { id, department_id: before.department_id, title: before.title, ...(moved_to && { moved_to }) };
    // A deletion tells no version live.
    return { log: 'team', epoch: 'e', op, type: 'event', id, version: after?.version, mutation_id: key, data: shown, before };
  }

  #require(id, version) {
    const current = this.rows.get(id);
    if (current && version !== undefined && current.version !== version) throw Object.assign(new Error('412'), { status: 412, current });
  }

  do(change) {
    return this.write(`k${(this.keys += 1)}`, change);
  }

  async deleteEvent(id, version, part, key) {
    this.#require(id, version);
    await this.write(key, { op: 'deleted', id });
  }

  async restoreEvent(id, { version, instead_of }, match, key) {
    this.#require(id, match);
    const kept = this.past.get(id).findLast((one) => version === undefined || one.version === version);
    const others = instead_of ? [{ op: 'deleted', id: instead_of }] : [];
    await this.write(key, { op: this.rows.has(id) ? 'updated' : 'created', id, data: kept }, ...others);
    return this.rows.get(id);
  }

  async moveEvent(id, to, match, key) {
    this.#require(id, match);
    return this.write(key, { op: 'updated', id, data: { department_id: to } });
  }

  async changes(log, { since }) {
    return { changes: this.log.slice(Number(since.split(':')[1])) };
  }
}

const titles = (server) => [...server.rows.values()].map(({ title }) => title);

test('a creation, an edit and a deletion are undone one after the other, and done again', async () => {
  const server = new Server();
  await server.do({ op: 'created', id: 'e', data: EVENT });
  await server.do({ op: 'updated', id: 'e', data: { title: '둘' } });
  await server.do({ op: 'updated', id: 'e', data: { title: '셋' } });
  await server.do({ op: 'deleted', id: 'e' });
  const seen = [];
  for (const direction of ['undo', 'undo', 'undo', 'undo', 'redo', 'redo', 'redo', 'redo', 'undo', 'undo']) {
    await server.undoing.run(direction);
    seen.push(titles(server).join());
  }
  assert.deepEqual(seen, ['셋', '둘', '회의', '', '회의', '둘', '셋', '', '셋', '둘']);
  assert.equal(await new Server().undoing.run('undo'), null);
});

test('what somebody else has changed since is left alone, and told', async () => {
  const server = new Server();
  await server.do({ op: 'created', id: 'e', data: EVENT });
  await server.do({ op: 'updated', id: 'e', data: { title: '내 제목' } });
  await server.write(null, { op: 'updated', id: 'e', data: { location: '5층' } });
  await assert.rejects(server.undoing.run('undo'), (error) => error instanceof ChangedSince && error.current.location === '5층');
  assert.deepEqual(titles(server), ['내 제목']);
});

test('what others do is never undone', async () => {
  const server = new Server();
  await server.write(null, { op: 'created', id: 'e', data: EVENT });
  await server.write('somebody', { op: 'updated', id: 'e', data: { title: '남' } });
  assert.equal(server.undoing.next('undo').changes[0].op, 'updated', 'only what began here');
  const other = new Server();
  other.listeners[0].updated({ changes: [{ log: 'team', seq: 1, op: 'created', type: 'event', id: 'x', mutation_id: 'theirs', data: {} }] });
  assert.equal(other.undoing.next('undo'), undefined);
});

test('a new deed forgets what could have been done again', async () => {
  const server = new Server();
  await server.do({ op: 'created', id: 'e', data: EVENT });
  await server.undoing.run('undo');
  await server.do({ op: 'created', id: 'f', data: EVENT });
  assert.equal(server.undoing.next('redo'), undefined);
});

test('a series that was cut in two becomes one in one write, and can be cut again', async () => {
  const server = new Server();
  await server.do({ op: 'created', id: 'e', data: EVENT });
  await server.write('cut', { op: 'updated', id: 'e', data: { title: '처음' } }, { op: 'created', id: 't', data: { ...EVENT, id: 't', title: '나중' } });
  const [action] = inverseOf(server.undoing.next('undo'));
  assert.deepEqual([action.op, action.id, action.insteadOf], ['restore', 'e', { id: 't', version: 1 }]);
  await server.undoing.run('undo');
  assert.deepEqual(titles(server), ['회의']);
  await server.undoing.run('redo');
  assert.deepEqual(titles(server).sort(), ['나중', '처음']);
  await server.undoing.run('undo');
  assert.deepEqual(titles(server), ['회의']);
});

test('half of a series that somebody edited is not thrown away', async () => {
  const server = new Server();
  await server.do({ op: 'created', id: 'e', data: EVENT });
  await server.write('cut', { op: 'updated', id: 'e', data: { title: '처음' } }, { op: 'created', id: 't', data: { ...EVENT, id: 't' } });
  await server.write(null, { op: 'updated', id: 't', data: { title: '남의 글' } });
  await assert.rejects(server.undoing.run('undo'), ChangedSince);
  assert.deepEqual(titles(server).sort(), ['남의 글', '처음']);
});

test('a move to another department is told by two logs and undone once', () => {
  const stacks = new UndoStacks();
  stacks.began('m');
  const common = { epoch: 'e', type: 'event', id: 'e', mutation_id: 'm' };
  stacks.hear({ ...common, log: 'b', seq: 9, op: 'created', version: 2, data: { ...EVENT, department_id: 'b' } });
  stacks.hear({ ...common, log: 'a', seq: 5, op: 'deleted', data: { id: 'e', department_id: 'a', title: '회의', moved_to: 'b' }, before: EVENT });
  const [action, ...others] = inverseOf(stacks.last);
  assert.deepEqual(others, []);
  assert.deepEqual([action.op, action.to, action.match], ['move', 'a', 2]);
  assert.equal(sentenceOf(stacks.last, ko), '‘회의’ 일정을 다른 부서로 옮겼습니다');
});

test('what was just written is undone first, also before the log has told of it', async () => {
  const server = new Server();
  await server.do({ op: 'created', id: 'e', data: EVENT });
  server.mute = true;
  await server.do({ op: 'created', id: 'f', data: { ...EVENT, title: '방금' } });
  server.mute = false;
  const undone = server.undoing.run('undo');
  await server.clock.pass(2000);
  await undone;
  assert.deepEqual(titles(server), ['회의'], 'the log of a department that is not followed is asked');
});

test('a refused write leaves nothing to wait for', async () => {
  const server = new Server();
  server.onWrite.began('refused');
  server.onWrite.ended('refused', null);
  assert.equal(await server.undoing.run('undo'), null);
});

test('a server that cannot be reached keeps the deed for another try', async () => {
  const server = new Server();
  await server.do({ op: 'created', id: 'e', data: EVENT });
  const send = server.deleteEvent;
  server.deleteEvent = async (id, version, part, key) => {
    server.onWrite.ended(key, null);
    throw Object.assign(new Error('offline'), { status: 0 });
  };
  await assert.rejects(server.undoing.run('undo'), { status: 0 });
  server.deleteEvent = send;
  await server.undoing.run('undo');
  assert.deepEqual(titles(server), []);
});

test('a department goes back to what it was called', () => {
  const stacks = new UndoStacks();
  stacks.began('d');
  const before = { id: 'd', name: '개발팀', color: '#111111', description: null, version: 3 };
  stacks.hear({ log: 'directory', seq: 1, epoch: 'e', op: 'updated', type: 'department', id: 'd', version: 4, mutation_id: 'd', data: { ...before, name: '연구팀', version: 4 }, before });
  const [action] = inverseOf(stacks.last);
  assert.deepEqual([action.op, action.members, action.match], ['update', { name: '개발팀' }, 4]);
  assert.equal(sentenceOf(stacks.last, ko), '‘연구팀’ 부서를 바꿨습니다');
});

const change = (more) => ({ log: 'team', seq: 1, epoch: 'e', op: 'updated', type: 'event', id: 'e', version: 2, actor: '미나', data: { ...EVENT, version: 2 }, before: EVENT, ...more });

test('what others do is said as a person would say it', () => {
  const moved = change({ data: { ...EVENT, event_date: '2024-03-05', end_date: '2024-03-05', start_time: null, time: null, version: 2 } });
  assert.equal(newsOf([moved], ko), '미나 님이 ‘회의’ 일정을 3월 5일로 옮겼습니다');
  assert.match(newsOf([change({ data: { ...EVENT, start_time: '15:30', version: 2 } })], ko), /3월 4일 15:30으로 옮겼습니다/);
  assert.match(newsOf([change({ data: { ...EVENT, start_time: '15:00', version: 2 } })], ko), /3월 4일 15:00로 옮겼습니다/);
  assert.equal(newsOf([moved], translator('en')), '미나 moved “회의” to March 5');
  assert.equal(newsOf([change({ data: { ...EVENT, title: '점심', version: 2 } })], ko), '미나 님이 ‘회의’ 일정의 제목을 ‘점심’으로 바꿨습니다');
  assert.equal(newsOf([change({ data: { ...EVENT, location: '3층', version: 2 } })], ko), '미나 님이 ‘회의’ 일정의 장소를 바꿨습니다');
  assert.equal(newsOf([change({ op: 'deleted', actor: null, data: { id: 'e', title: '회의' } })], ko), '누군가 ‘회의’ 일정을 삭제했습니다');
});

test('many changes are told in one', () => {
  const many = ['가', '나', '가', '다', '가'].map((actor, seq) => change({ actor, seq, id: `e${seq}` }));
  assert.equal(newsOf(many, ko), '가 님 외 2명이 5가지를 바꿨습니다');
});

test('files that go along with their event are told and undone with it, and alone by themselves', () => {
  const stacks = new UndoStacks();
  for (const mutation of ['with', 'alone']) stacks.began(mutation);
  const file = { log: 'team', epoch: 'e', type: 'attachment', id: 'f', op: 'deleted', data: { id: 'f', file_name: '약도.png', department_id: 'team' }, before: { version: 3 } };
  stacks.hear({ ...file, seq: 1, mutation_id: 'with', data: { ...file.data, with_event: true } });
  stacks.hear({ ...file, seq: 2, type: 'event', id: 'e', mutation_id: 'with', data: { id: 'e', title: '회의', department_id: 'team' }, before: EVENT });
  assert.deepEqual(inverseOf(stacks.last).map(({ type, op, id }) => [type, op, id]), [['event', 'restore', 'e']]);
  assert.equal(newsOf(stacks.last.changes, ko), '누군가 ‘회의’ 일정을 삭제했습니다');
  stacks.hear({ ...file, seq: 3, mutation_id: 'alone' });
  assert.deepEqual(inverseOf(stacks.last).map(({ type, op, match }) => [type, op, match]), [['attachment', 'restore', 4]]);
  assert.equal(sentenceOf(stacks.last, ko), '‘약도.png’ 파일을 삭제했습니다');
  assert.equal(newsOf([{ ...file, op: 'updated', seq: 4, mutation_id: null }], ko), '');
});
