import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Api, Problem } from '../../static/js/api.js';

let calls;
let answers;
let api;

const json = (status, body, headers = {}) => new Response(status === 204 ? null : JSON.stringify(body), { status, headers });

beforeEach(() => {
  calls = [];
  answers = [];
  const fetch = async (url, init) => {
    calls.push({ url, ...init });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  api = new Api({ base: 'http://host/sub/', identity: () => ({ device: 'd-1', actor: '김민아' }), fetch, pause: async () => {} });
});

test('a request says which device and who', async () => {
  answers = [json(200, { changes: [] })];
  await api.changes('directory', { since: 'e:1', limit: 1000 });
  assert.equal(calls[0].url, 'http://host/sub/api/departments/directory/changes?since=e%3A1&limit=1000');
  assert.equal(calls[0].headers['X-Device-Id'], 'd-1');
  assert.equal(decodeURIComponent(calls[0].headers['X-Actor']), '김민아');
});

test('an update names the version that it was made from', async () => {
  answers = [json(200, { id: 'e', version: 4 })];
  await api.updateEvent('e', { title: '새' }, 3);
  assert.equal(calls[0].headers['If-Match'], '"3"');
  assert.equal(calls[0].method, 'PUT');
});

test('an edit of some occurrences says which, and a restoration instead of what', async () => {
  answers = [json(200, { id: 'e', version: 4 }), json(204), json(200, { id: 'e', version: 5 })];
  await api.updateEvent('e', { title: '새' }, 3, { scope: 'following', date: '2024-01-15' });
  await api.deleteEvent('e', 4, { scope: 'this', date: '2024-01-16' });
  await api.restoreEvent('e', { version: 3, instead_of: 't' });
  assert.deepEqual(calls.map(({ method, url }) => `${method} ${url.slice('http://host/sub/api/events/'.length)}`), [
    'PUT e?scope=following&date=2024-01-15',
    'DELETE e?scope=this&date=2024-01-16',
    'POST e/restore',
  ]);
});

test('a write that the network swallowed is sent again with the same key', async () => {
  answers = [new TypeError('network'), json(503, { code: 'unavailable' }), json(201, { id: 'e', version: 1 })];
  assert.deepEqual(await api.createEvent('d', { id: 'e', title: '회의' }), { id: 'e', version: 1 });
  const keys = new Set(calls.map(({ headers }) => headers['Idempotency-Key']));
  assert.equal(calls.length, 3);
  assert.equal(keys.size, 1);
});

test('two writes have two keys', async () => {
  answers = [json(204), json(204)];
  await api.deleteEvent('a', 1);
  await api.deleteEvent('b', 1);
  assert.notEqual(calls[0].headers['Idempotency-Key'], calls[1].headers['Idempotency-Key']);
});

test('an update whose answer was lost is recognised by what is there', async () => {
  answers = [new TypeError('network'), json(412, { code: 'precondition-failed', current: { id: 'e', version: 4, title: '새' } })];
  assert.equal((await api.updateEvent('e', { title: '새' }, 3)).version, 4);
});

test('an update that somebody else overtook is refused with what is there, also after a retry', async () => {
  answers = [new TypeError('network'), json(412, { code: 'precondition-failed', current: { id: 'e', version: 4, title: '남의 것' } })];
  await assert.rejects(api.updateEvent('e', { title: '새' }, 3), (problem) => problem.status === 412 && problem.current.title === '남의 것');
});

test('a deletion whose answer was lost has happened', async () => {
  answers = [new TypeError('network'), json(404, { code: 'not-found' })];
  assert.equal(await api.deleteEvent('e', 3), undefined);
});

test('a refusal is not tried again, and carries what was wrong', async () => {
  answers = [json(422, { code: 'validation', detail: 'no', errors: [{ pointer: '/title', code: 'required', detail: 'is required' }] })];
  await assert.rejects(api.createEvent('d', {}), (problem) => problem instanceof Problem && problem.errors[0].pointer === '/title');
  assert.equal(calls.length, 1);
});

test('a page of HTML from a proxy is a problem, not a crash', async () => {
  answers = [new Response('<h1>Forbidden</h1>', { status: 403 })];
  await assert.rejects(api.changes('d', {}), { status: 403 });
});

test('a server that stays away is told after some tries', async () => {
  answers = Array.from({ length: 4 }, () => new TypeError('network'));
  await assert.rejects(api.createDepartment({ name: '팀' }), { status: 0 });
  assert.equal(calls.length, 4);
});
