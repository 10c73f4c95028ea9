/**
 * Brings one file to the object store, in parts where it is large, on however bad a line: what the store holds is the
 * truth, so an upload goes on from there after a pause, a closed lid or a closed tab (contract, 7).
 */

import { backoff } from './backoff.js';
import { Pace } from './pace.js';

/**
 * @typedef {{method: string, url: string, headers: Record<string, string>}} Signed
 * @typedef {{mode: 'single'} & Signed | {mode: 'multipart', part_size: number, part_count: number}} Plan
 * @typedef {{size: number, slice: (from: number, to: number) => any}} Source a `File`
 * @typedef {{
 *   begin: () => Promise<{attachment: Record<string, any>, upload: Plan}>,
 *   sign: (id: string) => Promise<Signed>,
 *   signParts: (id: string, parts: {part_number: number, checksum_sha256?: string}[]) => Promise<Signed[]>,
 *   held: (id: string) => Promise<{part_number: number, size: number, etag: string}[]>,
 *   complete: (id: string, parts?: {part_number: number, etag: string}[]) => Promise<Record<string, any>>,
 *   remove: (id: string) => Promise<void>,
 *   put: (signed: Signed, body: any, sent: (bytes: number) => void, signal: AbortSignal) => Promise<string>,
 * }} Transport `put` gives the entity tag; its errors carry `status`, 0 where nobody answered
 * @typedef {'waiting'|'sending'|'paused'|'checking'|'done'|'failed'|'cancelled'} State
 */

/** Parts that are under way at once: one alone does not fill a long line, many fight for a short one. */
const AT_ONCE = 3;
/** After so many failures of one part in a row the person is asked; each waits longer than the one before. */
const TRIES = 8;
/** An expired signature, or a store that is busy: asking again helps. */
const PASSING = new Set([0, 400, 403, 408, 409, 412, 425, 429, 500, 502, 503, 504]);

/** One file on its way. */
export class Upload {
  #source;
  #transport;
  #digest;
  #clock;
  #changed;
  #stop = new AbortController();
  /** @type {Map<number, number>} bytes of parts that are under way */
  #moving = new Map();
  #kept = 0;
  #pace;

  /**
   * @param {{source: Source, transport: Transport, digest?: ((body: any) => Promise<string>)|null, clock: {now: () => number,
   *   setTimeout: (work: () => void, ms: number) => any}, changed?: () => void}} parts
   *   `digest` gives a part's SHA-256 in hex; null where this browser cannot: then the store proves the size alone
   */
  constructor({ source, transport, digest = null, clock, changed = () => {} }) {
    this.#source = source;
    this.#transport = transport;
    this.#digest = digest;
    this.#clock = clock;
    this.#changed = changed;
    this.#pace = new Pace(() => clock.now());
    /** @type {State} */
    this.state = 'waiting';
    /** @type {Record<string, any>|null} */
    this.attachment = null;
    /** @type {any} why it failed */
    this.problem = null;
  }

  /** @returns {boolean} whether there is nothing to go on with: it is there, given up, or refused for good; a lost line is not the end */
  get over() {
    return ['done', 'cancelled'].includes(this.state) || (this.state === 'failed' && !isPassing(this.problem));
  }

  /** @returns {number} bytes that are there, or nearly */
  get sent() {
    return this.#kept + [...this.#moving.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** @returns {number|null} bytes a second; null while that is a guess */
  get speed() {
    return this.state === 'sending' ? this.#pace.speed : null;
  }

  /** @returns {number|null} seconds */
  get left() {
    return this.speed ? Math.ceil((this.#source.size - this.sent) / this.speed) : null;
  }

  /** Begins, or goes on; ends when the file is ready, paused, cancelled or refused. */
  async start() {
    if (this.state === 'sending' || this.state === 'checking') return;
    this.problem = null;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#to('sending');
    try {
      const { attachment, upload } = await this.#patiently(() => this.#transport.begin(), signal);
      this.attachment = attachment;
      if (attachment.status === 'pending') await this.#send(upload, signal);
      this.#to('done');
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error;
      this.#to('failed');
    }
  }

  /** Stops sending; what the store holds stays there. */
  pause() {
    if (this.state === 'sending') this.#end('paused');
  }

  /** Gives up, and frees what the store holds. */
  async cancel() {
    this.#end('cancelled');
    if (this.attachment) await this.#transport.remove(this.attachment.id).catch(() => undefined); // else the server aborts it after a day
  }

  /** @param {State} state */
  #end(state) {
    this.#stop.abort();
    this.#moving.clear();
    this.#to(state);
  }

  /** @param {State} state */
  #to(state) {
    this.state = state;
    this.#changed();
  }

  /** @param {Plan} plan @param {AbortSignal} signal */
  async #send(plan, signal) {
    const { id } = this.attachment;
    const parts = plan.mode === 'single' ? await this.#sendWhole(plan, signal) : await this.#sendParts(plan, signal);
    this.#to('checking');
    this.attachment = await this.#patiently(() => this.#transport.complete(id, parts), signal);
  }

  /** @param {Signed} first @param {AbortSignal} signal */
  async #sendWhole(first, signal) {
    let signed = first;
    await this.#patiently(async () => {
      try {
        await this.#put(0, signed, this.#source, this.#source.size, signal);
      } catch (error) {
        if (error.status === 412) return; // a try whose answer was lost has brought it
        signed = await this.#transport.sign(this.attachment.id);
        throw error;
      }
    }, signal, isPassing);
  }

  /** @param {{part_size: number, part_count: number}} plan @param {AbortSignal} signal */
  async #sendParts({ part_size: size, part_count: count }, signal) {
    const held = await this.#patiently(() => this.#transport.held(this.attachment.id), signal);
    const there = new Map(held.map((part) => [part.part_number, part]));
    this.#kept = held.reduce((sum, part) => sum + part.size, 0);
    const waiting = Array.from({ length: count }, (_, index) => index + 1).filter((number) => !there.has(number));
    const worker = async () => {
      for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
        const etag = await this.#sendPart(number, size, signal);
        there.set(number, { part_number: number, size, etag });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return [...there.values()].sort((a, b) => a.part_number - b.part_number).map(({ part_number, etag }) => ({ part_number, etag }));
  }

  /** @param {number} number @param {number} size @param {AbortSignal} signal @returns {Promise<string>} */
  async #sendPart(number, size, signal) {
    const from = (number - 1) * size;
    const to = Math.min(from + size, this.#source.size);
    const body = this.#source.slice(from, to);
    const checksum = this.#digest && (await this.#digest(body));
    return this.#patiently(async () => {
      const part = { part_number: number, ...(checksum && { checksum_sha256: checksum }) };
      const [signed] = await this.#transport.signParts(this.attachment.id, [part]);
      return this.#put(number, signed, body, to - from, signal);
    }, signal, isPassing);
  }

  /** @param {number} number @param {Signed} signed @param {any} body @param {number} size @param {AbortSignal} signal */
  async #put(number, signed, body, size, signal) {
    try {
      const tell = (bytes) => {
        if (signal.aborted) return;
        this.#moving.set(number, bytes);
        this.#pace.note(this.sent);
        this.#changed();
      };
      const etag = await this.#transport.put(signed, body, tell, signal);
      this.#kept += size;
      return etag;
    } finally {
      this.#moving.delete(number);
      if (!signal.aborted) this.#changed();
    }
  }

  /**
   * Tries again by itself, for as long as it is worth it.
   * @template Result @param {() => Promise<Result>} work @param {AbortSignal} signal @param {(error: any) => boolean} [passes]
   * @returns {Promise<Result>}
   */
  async #patiently(work, signal, passes = isBusy) {
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        if (signal.aborted || attempt + 1 === TRIES || !passes(error)) throw error;
        await this.#rest(error.retryAfter ? error.retryAfter * 1000 : backoff(attempt, { base: 500, most: 30_000 }), signal);
      }
    }
  }

  /** @param {number} ms @param {AbortSignal} signal */
  #rest(ms, signal) {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      this.#clock.setTimeout(() => resolve(undefined), ms);
    });
  }
}

/** @param {any} error @returns {boolean} whether sending it again, newly signed, may help */
function isPassing({ status }) {
  return PASSING.has(status);
}

/** @param {any} error @returns {boolean} whether the server may be asked again; what it refuses is final */
function isBusy(error) {
  return error.status === 0 || error.status === 429 || error.status >= 500;
}
