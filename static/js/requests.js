/** Sends requests: problems as errors, safe retries, conditional writes. */

import { backoff } from './model/backoff.js';
import { randomId } from './model/ids.js';

const TRIES = 4;
const TIMEOUT = 15_000;
/** Answers of something between us and the application; a write with a key may be sent again. */
const PASSING = new Set([502, 503, 504]);

/** Is a refusal that the server explained, or (status 0) a server that could not be reached. */
export class Problem extends Error {
  /** @param {number} status @param {Record<string, any>} body @param {number} [retryAfter] seconds */
  constructor(status, body = {}, retryAfter) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? null;
    this.errors = body.errors ?? [];
    this.current = body.current;
    this.conflicts = body.conflicts ?? [];
    this.retryAfter = retryAfter;
  }
}

/** Speaks HTTP with the server, for one device and person. */
export class Requests {
  #base;
  #identity;
  #fetch;
  #pause;

  /**
   * @param {{base: string, identity: () => {device: string, actor?: string}, fetch?: typeof fetch,
   *   pause?: (ms: number) => Promise<void>}} parts
   */
  constructor({ base, identity, fetch = (...call) => globalThis.fetch(...call), pause }) {
    this.#base = base;
    this.#identity = identity;
    this.#fetch = fetch;
    this.#pause = pause ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  /**
   * Hears of every write under its key, as it begins and as it ends: `{position, log}` where it succeeded, else null.
   * @type {{began: (key: string) => void, ended: (key: string, place: {position: string|null, log: string|null}|null) => void}}
   */
  onWrite = { began: () => {}, ended: () => {} };

  /**
   * Writes with one key for all tries, so that a write whose answer was lost is not made twice.
   * @param {string} method @param {string} path @param {{body?: any, version?: number|'*', key?: string}} request
   */
  async write(method, path, { body, version, key = randomId() }) {
    this.onWrite.began(key);
    let place = null;
    try {
      const { answer, headers } = await this.#tried(method, path, { body, version, key });
      const log = path.startsWith('api/departments') ? 'directory' : (answer?.department_id ?? null);
      place = { position: headers?.get('X-Position') ?? null, log };
      return answer;
    } finally {
      this.onWrite.ended(key, place);
    }
  }

  async #tried(method, path, { body, version, key }) {
    const tag = version === '*' ? version : version && `"${version}"`;
    const headers = { 'Idempotency-Key': key, ...(tag && { 'If-Match': tag }) };
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.ask(method, path, { body, headers });
      } catch (error) {
        if (attempt && isDone(error, method, body, version)) return { answer: error.current };
        const passing = error.status === 0 || PASSING.has(error.status);
        if (!passing || attempt + 1 === TRIES) throw error;
        await this.#pause(error.retryAfter ? error.retryAfter * 1000 : backoff(attempt, { base: 500, most: 4000 }));
      }
    }
  }

  /** @param {string} method @param {string} path @param {{body?: any, headers?: Record<string, string>, cache?: RequestCache}} [request] */
  async once(method, path, request) {
    return (await this.ask(method, path, request)).answer;
  }

  async ask(method, path, request = {}) {
    const response = await this.#response(method, path, request);
    const answer = await read(response);
    if (response.ok) return { answer, headers: response.headers };
    throw refusal(response, answer);
  }

  /**
   * Asks once for what tells how far it is: each line of the answer is JSON; one that is a problem ends it.
   * @param {string} method @param {string} path @param {{body?: any, timeout?: number}} request @param {(line: any) => void} told
   */
  async lines(method, path, request, told) {
    const response = await this.#response(method, path, { ...request, headers: { Accept: 'application/x-ndjson' } });
    if (!response.ok || !response.body) throw refusal(response, await read(response));
    for await (const line of linesOf(response.body)) {
      const said = JSON.parse(line);
      if (said.problem) throw new Problem(said.problem.status, said.problem);
      told(said);
    }
  }

  async #response(method, path, { body, headers = {}, cache = 'no-store', timeout = TIMEOUT }) {
    const isFile = body instanceof Blob;
    return this.#send(method, path, {
      method,
      headers: { Accept: 'application/json', ...this.#who(), ...headers, ...(body && !isFile && { 'Content-Type': 'application/json' }) },
      body: isFile ? body : body && JSON.stringify(body),
      cache,
      signal: AbortSignal.timeout(timeout),
    });
  }

  async #send(method, path, init) {
    try {
      return await this.#fetch(this.#base + path, init);
    } catch {
      throw new Problem(0, { code: 'offline', detail: `${method} could not reach the server` });
    }
  }

  #who() {
    const { device, actor } = this.#identity();
    return { 'X-Device-Id': device, ...(actor && { 'X-Actor': encodeURIComponent(actor) }) };
  }
}

/**
 * Tells whether the refusal of a repeated write only says that the first one, whose answer was lost, has arrived.
 * @param {any} error @param {string} method @param {any} body @param {number|undefined} version
 */
function isDone(error, method, body, version) {
  if (method === 'DELETE') return error.status === 404;
  const { current } = error;
  const next = error.status === 412 && current?.version === (version ?? 0) + 1;
  return next && Object.entries(body).every(([name, value]) => JSON.stringify(current[name] ?? null) === JSON.stringify(value));
}

/** @param {Response} response @param {any} answer @returns {Problem} */
function refusal(response, answer) {
  return new Problem(response.status, answer, Number(response.headers.get('Retry-After')) || undefined);
}

/** @param {ReadableStream<Uint8Array>} body */
async function* linesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let piece = await next(reader); !piece.done; piece = await next(reader)) {
    const lines = (rest + piece.value).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

async function next(reader) {
  try {
    return await reader.read();
  } catch {
    throw new Problem(0, { code: 'offline', detail: 'the answer was cut off' });
  }
}

/** @param {Response} response @returns {Promise<any>} undefined where there is nothing, or nothing that we understand */
async function read(response) {
  const text = await response.text().catch(() => '');
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
