/** Speaks REST with the server: problems as errors, safe retries, conditional writes. */

import { backoff } from './model/backoff.js';
import { randomId } from './model/ids.js';

/** @typedef {import('./model/scopes.js').Part} Part */

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
    this.retryAfter = retryAfter;
  }
}

/** The server's REST interface, as far as the calendar needs it. */
export class Api {
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

  /** @param {string} log @param {Record<string, any>} query @returns {Promise<any>} a page; the caller tries again */
  changes(log, query) {
    return this.#once('GET', `api/departments/${encodeURIComponent(log)}/changes?${new URLSearchParams(query)}`, {});
  }

  /** @param {Record<string, string>} query @returns {Promise<{date: string, name: string}[]>} public holidays; the browser may keep them */
  holidays(query) {
    return this.#once('GET', `api/holidays?${new URLSearchParams(query)}`, { cache: 'default' });
  }

  /** @returns {Promise<{code: string}[]>} the countries whose holidays are known */
  holidayCountries() {
    return this.#once('GET', 'api/holidays/countries', { cache: 'default' });
  }

  /** @param {Record<string, any>} department @returns {Promise<any>} */
  createDepartment(department) {
    return this.#write('POST', 'api/departments', { body: department });
  }

  /** @param {string} id @param {Record<string, any>} members @param {number} [version] @returns {Promise<any>} */
  updateDepartment(id, members, version) {
    return this.#write('PUT', `api/departments/${id}`, { body: members, version });
  }

  /** @param {string} id @param {number} [version] @returns {Promise<void>} */
  deleteDepartment(id, version) {
    return this.#write('DELETE', `api/departments/${id}`, { version });
  }

  /** @param {string} departmentId @param {Record<string, any>} event @returns {Promise<any>} */
  createEvent(departmentId, event) {
    return this.#write('POST', `api/events/${departmentId}`, { body: event });
  }

  /** @param {string} id @param {Record<string, any>} members @param {number} [version] @param {Part} [part] @returns {Promise<any>} */
  updateEvent(id, members, version, part) {
    return this.#write('PUT', `api/events/${id}${queryOf(part)}`, { body: members, version });
  }

  /** @param {string} id @param {number} [version] @param {Part} [part] @returns {Promise<void>} */
  deleteEvent(id, version, part) {
    return this.#write('DELETE', `api/events/${id}${queryOf(part)}`, { version });
  }

  /** @param {string} id @param {{version?: number, instead_of?: string}} how @returns {Promise<any>} */
  restoreEvent(id, how) {
    return this.#write('POST', `api/events/${id}/restore`, { body: how });
  }

  /** @param {Record<string, any>} query @returns {Promise<{entities: Record<string, any>[], next: string|null}>} a page of what was found in all departments */
  async search(query) {
    const response = await this.#ask('GET', `api/search?${new URLSearchParams(query)}`, {});
    return { entities: await answerOf(response), next: nextOf(response) };
  }

  /** @param {string} id @param {string} departmentId @param {number} [version] @returns {Promise<any>} the event in its new department */
  moveEvent(id, departmentId, version) {
    return this.#write('POST', `api/events/${id}/move`, { body: { department_id: departmentId }, version });
  }

  /**
   * Asks once for something that is nobody's entity; what speaks for a part of the server alone is built on it.
   * @param {string} method @param {string} path @param {{body?: any, timeout?: number}} [request] a Blob goes as it is; `timeout` in ms
   * @returns {Promise<any>}
   */
  call(method, path, request = {}) {
    return this.#once(method, path, request);
  }

  /**
   * Writes with one key for all tries, so that a write whose answer was lost is not made twice.
   * @param {string} method @param {string} path @param {{body?: any, version?: number}} request
   */
  async #write(method, path, { body, version }) {
    const headers = { 'Idempotency-Key': randomId(), ...(version && { 'If-Match': `"${version}"` }) };
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#once(method, path, { body, headers });
      } catch (error) {
        if (attempt && isDone(error, method, body, version)) return error.current;
        const passing = error.status === 0 || PASSING.has(error.status);
        if (!passing || attempt + 1 === TRIES) throw error;
        await this.#pause(error.retryAfter ? error.retryAfter * 1000 : backoff(attempt, { base: 500, most: 4000 }));
      }
    }
  }

  /** @param {string} method @param {string} path @param {{body?: any, headers?: Record<string, string>, cache?: RequestCache, timeout?: number}} request */
  async #once(method, path, request) {
    return answerOf(await this.#ask(method, path, request));
  }

  /** @param {string} method @param {string} path @param {{body?: any, headers?: Record<string, string>, cache?: RequestCache, timeout?: number}} request @returns {Promise<Response>} */
  #ask(method, path, { body, headers = {}, cache = 'no-store', timeout = TIMEOUT }) {
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

/** @param {Part} [part] @returns {string} */
function queryOf(part) {
  return part ? `?${new URLSearchParams(part)}` : '';
}

/** @param {Response} response @returns {Promise<any>} @throws {Problem} */
async function answerOf(response) {
  const answer = await read(response);
  if (response.ok) return answer;
  throw new Problem(response.status, answer, Number(response.headers.get('Retry-After')) || undefined);
}

/** @param {Response} response @returns {string|null} the cursor of the page that follows (RFC 8288) */
function nextOf(response) {
  const link = /<([^>]*)>;\s*rel="next"/.exec(response.headers.get('Link') ?? '');
  return link && new URL(link[1], response.url).searchParams.get('cursor');
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
