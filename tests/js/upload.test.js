import assert from 'node:assert/strict';
import test from 'node:test';

import { Unfinished } from '../../static/js/model/unfinished.js';
import { Upload } from '../../static/js/model/upload.js';
import { FakeClock, settled } from './clock.js';

const FILE = { size: 25, slice: (from, to) => ({ from, to }) };
const refusal = (status) => Object.assign(new Error(`HTTP ${status}`), { status });

/** A store for one attachment; `plan` decides what becomes of each PUT. */
function stage({ mode = 'multipart', held = [], put = () => null, digest = null } = {}) {
  const clock = new FakeClock();
  const seen = { put: [], signed: [], removed: [], completed: [] };
  const parts = new Map(held.map((number) => [number, { part_number: number, size: 10, etag: `e${number}` }]));
  const attachment = { id: 'a1', status: 'pending' };
  const upload = mode === 'single' ? { mode, method: 'PUT', url: 'u0', headers: {} } : { mode, part_size: 10, part_count: 3 };
  const transport = {
    begin: async () => ({ attachment, upload }),
    sign: async () => ({ method: 'PUT', url: `u${seen.put.length}`, headers: {} }),
    signParts: async (id, wanted) => (seen.signed.push(...wanted), wanted.map(({ part_number }) => ({ url: part_number, method: 'PUT', headers: {} }))),
    held: async () => [...parts.values()],
    complete: async (id, told) => (seen.completed.push(told), { ...attachment, status: 'ready' }),
    remove: async (id) => void seen.removed.push(id),
    put: async (signed, body, sent, signal) => {
      seen.put.push(signed.url);
      sent((body.to ?? 25) - (body.from ?? 0));
      const fault = put(signed.url, seen.put.length, signal);
      if (fault instanceof Error) throw fault;
      if (fault) await fault;
      if (mode !== 'single') parts.set(signed.url, { part_number: signed.url, size: body.to - body.from, etag: `e${signed.url}` });
      return `e${signed.url}`;
    },
  };
  return { clock, seen, upload: new Upload({ source: FILE, transport, digest, clock }) };
}

test('a large file goes up in parts, the last one shorter, and is completed with what the store answered', async () => {
  const { seen, upload } = stage();
  await upload.start();
  assert.equal(upload.state, 'done');
  assert.equal(upload.sent, 25);
  assert.deepEqual(seen.completed, [[1, 2, 3].map((number) => ({ part_number: number, etag: `e${number}` }))]);
});

test('only the parts that the store lacks go up', async () => {
  const { seen, upload } = stage({ held: [1, 3] });
  await upload.start();
  assert.deepEqual(seen.put, [2]);
  assert.equal(upload.state, 'done');
});

test('a part that fails is signed and sent again, later each time', async () => {
  let failures = 3;
  const { clock, seen, upload } = stage({ put: (number) => (number === 2 && failures-- > 0 ? refusal(failures % 2 ? 403 : 0) : null) });
  const done = upload.start();
  await clock.pass(120_000);
  await done;
  assert.equal(upload.state, 'done');
  assert.equal(seen.put.filter((number) => number === 2).length, 4);
  assert.equal(seen.signed.filter(({ part_number }) => part_number === 2).length, 4);
});

test('what is refused for good is told, and nothing is sent any more', async () => {
  const { upload } = stage({ put: () => refusal(413) });
  await upload.start();
  assert.equal(upload.state, 'failed');
  assert.equal(upload.problem.status, 413);
});

test('a pause keeps what is there, and going on sends the rest', async () => {
  let let2 = null;
  const { seen, upload } = stage({ put: (number, count, signal) => (number === 2 && !let2 ? new Promise((resolve, reject) => {
    let2 = resolve;
    signal.addEventListener('abort', () => reject(refusal(0)));
  }) : null) });
  const first = upload.start();
  await settled();
  upload.pause();
  await first;
  assert.equal(upload.state, 'paused');
  await upload.start();
  assert.equal(upload.state, 'done');
  assert.deepEqual(seen.put.sort(), [1, 2, 2, 3]);
  assert.equal(upload.sent, 25);
});

test('a file that is given up is taken from the store', async () => {
  const { seen, upload } = stage({ put: (number, count, signal) => new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(refusal(0)))) });
  const running = upload.start();
  await settled();
  await upload.cancel();
  await running;
  assert.equal(upload.state, 'cancelled');
  assert.deepEqual(seen.removed, ['a1']);
});

test('a small file goes up in one, and a lost answer is no failure', async () => {
  let lost = true;
  const { clock, upload, seen } = stage({ mode: 'single', put: () => (lost ? ((lost = false), refusal(0)) : refusal(412)) });
  const done = upload.start();
  await clock.pass(60_000);
  await done;
  assert.equal(upload.state, 'done');
  assert.deepEqual(seen.completed, [undefined]);
});

test('every part brings its checksum where this browser can make one', async () => {
  const { seen, upload } = stage({ digest: async ({ from, to }) => `${from}-${to}` });
  await upload.start();
  assert.deepEqual(seen.signed.map(({ checksum_sha256 }) => checksum_sha256).sort(), ['0-10', '10-20', '20-25']);
});

test('a file that is chosen again is known by its name, size and moment of change, for a day', () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
  let now = 0;
  const file = { name: '설계도.pdf', size: 10, lastModified: 5 };
  new Unfinished(storage, () => now).begin(file, 'e1', 'a1');
  const other = new Unfinished(storage, () => now);
  assert.equal(other.find(file, 'e1'), 'a1');
  assert.equal(other.find(file, 'e2'), null);
  assert.equal(other.find({ ...file, size: 11 }, 'e1'), null);
  now = 86_400_000;
  assert.equal(other.find(file, 'e1'), null);
  now = 0;
  other.end('a1');
  assert.equal(other.find(file, 'e1'), null);
});

test('a line that is lost for long ends nothing: it goes on with the parts that are there', async () => {
  let offline = true;
  const { clock, seen, upload } = stage({ put: (number) => (offline && number === 3 ? refusal(0) : null) });
  const first = upload.start();
  await clock.pass(300_000);
  await first;
  assert.deepEqual([upload.state, upload.over], ['failed', false]);
  offline = false;
  seen.put.length = 0;
  await upload.start();
  assert.deepEqual([upload.state, upload.over, upload.problem], ['done', true, null]);
  assert.deepEqual(seen.put, [3]);
});

test('what was refused for good is over', async () => {
  const { upload } = stage({ put: () => refusal(413) });
  await upload.start();
  assert.equal(upload.over, true);
});
