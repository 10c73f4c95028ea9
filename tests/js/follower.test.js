import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Follower, GAP_PATIENCE, RESET_INTERVAL } from '../../static/js/model/follower.js';
import { Replica } from '../../static/js/model/replica.js';
import { FakeClock, settled } from './clock.js';
import { FakeLog } from './server.js';

let log;
let clock;
let follower;
let updates;
let gone;

beforeEach(() => {
  log = new FakeLog();
  clock = new FakeClock();
  updates = [];
  gone = [];
  const listener = { changed: (update) => updates.push(update), gone: (problem) => gone.push(problem) };
  follower = new Follower({ replica: new Replica('d'), source: log, clock, listener });
});

async function join() {
  follower.joining();
  await follower.joined(log.join(follower.replica.position ?? undefined));
}

function assertEqualToServer() {
  assert.equal(follower.replica.position, log.head);
  assert.equal(follower.replica.digest, log.digest);
  assert.ok(follower.live);
}

test('the first join takes a snapshot by pages, and is live', async () => {
  for (const id of ['a', 'b', 'c', 'd', 'e']) log.write('created', id);
  assert.equal(follower.live, false);
  await join();
  assertEqualToServer();
  assert.equal(follower.replica.size, 5);
  assert.equal(log.asked.filter(({ since }) => !since).length, 3);
});

test('a live message moves the copy along', async () => {
  await join();
  follower.message(log.write('created', 'a'));
  follower.message(log.write('updated', 'a'));
  assertEqualToServer();
  assert.equal(follower.replica.get('a').version, 2);
  assert.deepEqual(updates.at(-1).ids, ['a']);
});

test('a message that comes twice counts once', async () => {
  await join();
  const change = log.write('created', 'a');
  follower.message(change);
  follower.message(change);
  assertEqualToServer();
  await clock.pass(1000);
  assert.equal(log.asked.filter(({ since }) => since).length, 1, 'nothing is asked for beside the first catch-up');
});

test('messages out of order are applied in order, and nothing is asked', async () => {
  await join();
  const asked = log.asked.length;
  const [first, second, third] = [log.write('created', 'a'), log.write('updated', 'a'), log.write('deleted', 'a')];
  follower.message(third);
  follower.message(second);
  assert.equal(follower.replica.size, 0);
  follower.message(first);
  assertEqualToServer();
  await clock.pass(1000);
  assert.equal(log.asked.length, asked);
});

test('what is missing for longer than the patience is asked for', async () => {
  await join();
  log.write('created', 'lost');
  follower.message(log.write('created', 'b'));
  await clock.pass(GAP_PATIENCE - 1);
  assert.equal(follower.replica.size, 0);
  await clock.pass(1);
  assertEqualToServer();
  assert.equal(follower.replica.size, 2);
});

test('messages that overtake the ack are held, and those that it contains are dropped', async () => {
  await join();
  follower.joining();
  follower.message(log.write('created', 'in the ack'));
  const ack = log.join('e1:0');
  follower.message(log.write('created', 'after the ack'));
  assert.equal(follower.replica.size, 0);
  await follower.joined(ack);
  assertEqualToServer();
});

test('messages that come while the snapshot loads are applied after it', async () => {
  for (const id of ['a', 'b', 'c']) log.write('created', id);
  follower.joining();
  const joined = follower.joined(log.join());
  follower.message(log.write('updated', 'a'));
  await joined;
  assertEqualToServer();
});

test('after a break the join replays what was missed', async () => {
  await join();
  follower.disconnected();
  log.write('created', 'a');
  log.write('created', 'b');
  assert.equal(follower.live, false);
  const asked = log.asked.length;
  await join();
  assertEqualToServer();
  assert.equal(log.asked.length, asked);
});

test('after a long break the copy asks page by page from its own position', async () => {
  await join();
  follower.disconnected();
  for (let count = 0; count < 7; count += 1) log.write('created', `id${count}`);
  log.asked = [];
  await join();
  assertEqualToServer();
  assert.deepEqual(log.asked.map(({ since }) => since), ['e1:0', 'e1:2', 'e1:4', 'e1:6']);
});

test('a log with another epoch replaces the copy, and rows that it lacks are dropped', async () => {
  log.write('created', 'kept');
  log.write('created', 'dropped');
  await join();
  follower.disconnected();
  log.write('deleted', 'dropped');
  log.restore('e2');
  await join();
  assertEqualToServer();
  assert.equal(follower.replica.get('dropped'), undefined);
  assert.ok(updates.at(-1).replaced);
  assert.ok(updates.at(-1).ids.includes('dropped'));
});

test('a message of another epoch leads to a new copy', async () => {
  log.write('created', 'a');
  await join();
  log.restore('e2');
  follower.message(log.write('created', 'b'));
  await clock.pass(GAP_PATIENCE);
  await clock.pass(1);
  assertEqualToServer();
});

test('a heartbeat that knows of more than the copy heals the loss of the last message', async () => {
  await join();
  log.write('created', 'lost');
  await follower.heartbeat({ head: log.head, digest: log.digest });
  await clock.pass(GAP_PATIENCE);
  assertEqualToServer();
});

test('a heartbeat with another digest replaces the copy, but only once in a while', async () => {
  log.write('created', 'a');
  await join();
  const snapshots = () => log.asked.filter(({ since }) => !since).length;
  const before = snapshots();
  const wrong = { head: log.head, digest: 'f'.repeat(16) };
  await follower.heartbeat(wrong);
  assert.equal(snapshots(), before + 1);
  await follower.heartbeat(wrong);
  assert.equal(snapshots(), before + 1);
  await clock.pass(RESET_INTERVAL);
  await follower.heartbeat(wrong);
  assert.equal(snapshots(), before + 2);
});

test('a heartbeat that agrees changes nothing', async () => {
  log.write('created', 'a');
  await join();
  const asked = log.asked.length;
  await follower.heartbeat({ head: log.head, digest: log.digest });
  assert.equal(log.asked.length, asked);
});

test('a failing network is asked again, and nothing is lost', async () => {
  log.write('created', 'a');
  log.refusals = [{ status: 0 }, { status: 503, retryAfter: 2 }];
  const joined = join();
  await clock.pass(1000);
  assert.equal(follower.live, false);
  await clock.pass(5000);
  await joined;
  assertEqualToServer();
});

test('a second join while the first still loads misses nothing of what came between', async () => {
  log.write('created', 'a');
  log.refusals = [{ status: 0 }];
  const first = join();
  await settled();
  follower.disconnected();
  log.write('created', 'b');
  const second = join();
  await clock.pass(2000);
  await Promise.all([first, second]);
  assertEqualToServer();
});

test('a log that is gone is told, and not asked again', async () => {
  log.refusals = [{ status: 404 }];
  await join();
  assert.deepEqual(gone, [{ status: 404 }]);
});
