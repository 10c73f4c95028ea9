import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { Digest, EMPTY, term } from '../../static/js/model/digest.js';
import { Replica } from '../../static/js/model/replica.js';

const golden = JSON.parse(readFileSync(new URL('../golden/changes.json', import.meta.url), 'utf8'));

const created = ({ type = 'event', ...data }) => ({ op: 'created', type, id: data.id, version: data.version, data });
const byId = (entities) => Object.fromEntries(entities.map(({ type: _, ...entity }) => [entity.id, entity]));

const everything = (replica) => ['event', 'attachment'].flatMap((type) => replica.all(type));

function replicaOf({ entities, position }) {
  const replica = new Replica(golden.log);
  replica.replace(entities.map(created), position);
  return replica;
}

test('a digest is what the server computes', () => {
  assert.equal(term('event', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', 1), 0x3cf222cadcef24ebn);
  const digest = new Digest();
  assert.equal(digest.toString(), EMPTY);
  digest.add(term('event', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', 1));
  digest.add(term('department', '00000000-0000-4000-8000-000000000000', 7));
  assert.equal(digest.toString(), '9baa4b0d1bcd3bd6');
  digest.drop(term('department', '00000000-0000-4000-8000-000000000000', 7));
  digest.drop(term('event', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', 1));
  assert.equal(digest.toString(), EMPTY);
});

test('a stale copy and the delta make a fresh copy', () => {
  const replica = replicaOf(golden.start);
  assert.equal(replica.digest, golden.start.digest);
  assert.ok(golden.changes.length > 0);
  const changed = golden.changes.map((change) => replica.apply(change));
  assert.ok(changed.every(Boolean), 'every entry changes something');
  assert.equal(replica.position, golden.end.position);
  assert.equal(replica.digest, golden.end.digest);
  assert.deepEqual(byId(everything(replica)), byId(golden.end.entities));
});

test('of attachments only those that are ready are in the digest', () => {
  const replica = replicaOf(golden.end);
  const statuses = new Set(replica.all('attachment').map(({ status }) => status));
  assert.deepEqual(statuses, new Set(['ready', 'failed']));
  assert.equal(replica.digest, golden.end.digest);
});

test('a snapshot that is newer than its position does not go back while it catches up', () => {
  const replica = replicaOf({ ...golden.end, position: golden.start.position });
  for (const change of golden.changes) replica.apply(change);
  assert.equal(replica.digest, golden.end.digest);
  assert.deepEqual(byId(everything(replica)), byId(golden.end.entities));
});

test('replacing drops the rows that the snapshot lacks, and names them', () => {
  const replica = replicaOf(golden.start);
  const [first, ...rest] = golden.start.entities;
  assert.deepEqual(replica.replace(rest.map(created), golden.end.position), [first.id]);
  assert.equal(replica.get(first.id), undefined);
  assert.equal(replica.size, rest.length);
});

test('a deletion without a version, as live messages bring it, deletes', () => {
  const replica = replicaOf(golden.start);
  const [{ id }] = golden.start.entities;
  assert.ok(replica.apply({ log: golden.log, seq: replica.seq + 1, epoch: replica.epoch, op: 'deleted', type: 'event', id, data: { id } }));
  assert.equal(replica.get(id), undefined);
});
