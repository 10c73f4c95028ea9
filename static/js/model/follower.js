/** Follows one log: keeps a replica equal to the server's, whatever gets lost, doubled, reordered or expired (contract, 4 and 5). */

import { backoff } from './backoff.js';
import { Loader, LogGone } from './loader.js';
import { parsePosition } from './position.js';

/** How long a missing message may be late before it is asked for; several server processes can overtake each other. */
export const GAP_PATIENCE = 200;
/** A wrong digest is answered by a new snapshot, but a fault that repeats must not make a loop of it. */
export const RESET_INTERVAL = 10 * 60_000;
/** When to ask again after an answer that should not be. */
const REFUSAL_PAUSE = 30_000;

/**
 * @typedef {import('./replica.js').Change} Change
 * @typedef {import('./replica.js').Replica} Replica
 * @typedef {{log: string, ids: Iterable<string>, changes: Change[], replaced: boolean}} Update
 * @typedef {{changed?: (update: Update) => void, state?: () => void, gone?: (problem: any) => void,
 *   failed?: (error: any) => void}} Listener
 */

/** The state machine of one log. What live messages tell is held back until the copy is ready for it. */
export class Follower {
  #loader;
  #clock;
  #listener;
  /** @type {Change[]} */
  #held = [];
  #joined = false;
  #healing = false;
  #again = false;
  #headSeq = -1;
  #patience = null;
  #lastReset = -Infinity;
  #expiries = 0;

  /**
   * @param {{replica: Replica, source: import('./loader.js').Source, clock: import('./loader.js').Clock, listener?: Listener}} parts
   */
  constructor({ replica, source, clock, listener = {} }) {
    this.replica = replica;
    this.#clock = clock;
    this.#loader = new Loader(source, clock);
    this.#listener = listener;
    /** @type {number|null} Rows of the snapshot that is being read, for a progress line. */
    this.loaded = null;
  }

  /** @returns {boolean} whether live messages keep the copy at the server's head */
  get live() {
    return this.#joined && !this.#healing && this.replica.position !== null;
  }

  /** Begins a join: messages are held until its ack. */
  joining() {
    this.#joined = false;
    this.#listener.state?.();
  }

  /** Notes that the connection is gone; held messages are, too, since the next join replays them. */
  disconnected() {
    this.#joined = false;
    this.#held = [];
    this.#rest();
    this.#listener.state?.();
  }

  /** Ends the following for good. */
  close() {
    this.disconnected();
    this.#loader.close();
  }

  /** @param {Record<string, any>} ack the server's answer to a join that succeeded */
  async joined(ack) {
    this.#joined = true;
    this.#note(ack.head ?? ack.position);
    if (this.replica.position === null) await this.#heal(() => this.#replace());
    else if (ack.recovered) this.#receive(ack);
    else if (ack.reason === 'too-far') await this.#heal(() => this.#catchUp());
    else await this.#heal(() => this.#replace());
  }

  /** @param {any} problem why the server does not let us join */
  refused(problem) {
    this.#listener.gone?.(problem);
  }

  /** @param {Change} change a live message */
  message(change) {
    this.#held.push(change);
    this.#drain();
  }

  /** @param {{head: string, digest: string}} beat */
  async heartbeat({ head, digest }) {
    if (!this.#joined || this.#healing || this.replica.position === null) return;
    this.#note(head);
    if (head === this.replica.position) await this.#verify(head, digest);
    else this.#drain();
  }

  /** @param {Record<string, any>} ack */
  #receive(ack) {
    this.#held.push(...ack.changes);
    this.#drain();
    this.#listener.state?.();
    void this.#verify(ack.position, ack.digest);
  }

  /** Applies what is held and follows on, then waits for, or asks for, what is missing. */
  #drain() {
    if (!this.#joined || this.#healing || this.replica.position === null) return;
    this.#held.sort((a, b) => a.seq - b.seq);
    const applied = [];
    const { epoch } = this.replica;
    this.#held = this.#held.filter((change) => {
      if (change.epoch !== epoch) return true;
      if (change.seq <= this.replica.seq) return false;
      if (change.seq !== this.replica.seq + 1) return true;
      applied.push(this.#applied(change));
      return false;
    });
    this.#tell(applied);
    if (this.#held.length || this.#behind()) this.#hurry();
    else this.#rest();
  }

  /** @param {Change} change @returns {Change} with what was there before */
  #applied(change) {
    const before = this.replica.get(change.id);
    this.replica.apply(change);
    return { ...change, before };
  }

  #behind() {
    return this.#held.length > 0 || this.#headSeq > this.replica.seq;
  }

  #hurry() {
    this.#patience ??= this.#clock.setTimeout(() => {
      this.#patience = null;
      if (this.#behind()) void this.#heal(() => this.#catchUp());
    }, GAP_PATIENCE);
  }

  #rest() {
    if (this.#patience !== null) this.#clock.clearTimeout(this.#patience);
    this.#patience = null;
  }

  /** @param {string} head a position that the log is known to have reached */
  #note(head) {
    const { epoch, seq } = parsePosition(head);
    this.#headSeq = epoch === this.replica.epoch ? Math.max(seq, this.#headSeq) : Infinity;
  }

  /** @param {() => Promise<void>} work one piece of asking at a time; messages wait until it is done */
  async #heal(work) {
    this.#again = this.#healing;
    if (this.#healing) return;
    this.#healing = true;
    this.#listener.state?.();
    try {
      await work();
      while (this.#again) await this.#recheck();
      this.#headSeq = Math.min(this.#headSeq, this.replica.seq);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#healing = false;
      this.loaded = null;
    }
    this.#held = this.#held.filter((change) => change.epoch === this.replica.epoch);
    this.#drain();
    this.#listener.state?.();
  }

  /** Asks once more: something was missed after the running work had read the head. */
  async #recheck() {
    this.#again = false;
    await this.#catchUp();
  }

  /** @param {any} error a refusal that trying again at once would only repeat */
  #failed(error) {
    if (error instanceof LogGone) return this.#listener.gone?.(error.problem);
    this.#listener.failed?.(error);
    const work = () => (this.replica.position === null ? this.#replace() : this.#catchUp());
    this.#clock.setTimeout(() => void this.#heal(work), REFUSAL_PAUSE);
  }

  async #catchUp() {
    let last = null;
    try {
      for await (const page of this.#loader.changesSince(this.replica.position)) {
        const changes = page.changes.map((change) => this.#applied(change));
        this.replica.position = page.position;
        this.#tell(changes);
        last = page;
      }
      this.#expiries = 0;
    } catch (error) {
      if (error.status !== 410) throw error;
      await this.#loader.wait(this.#expiries ? backoff(this.#expiries, { most: 60_000 }) : 0);
      this.#expiries += 1;
      return this.#replace();
    }
    return this.#compare(last.position, last.digest);
  }

  /** Takes a snapshot, then what happened while it was read: only then can its digest be compared. */
  async #replace() {
    const snapshot = await this.#loader.snapshot((loaded) => {
      this.loaded = loaded;
      this.#listener.state?.();
    });
    const gone = this.replica.replace(snapshot.created, snapshot.position);
    const ids = [...snapshot.created.map((change) => change.id), ...gone];
    this.#listener.changed?.({ log: this.replica.log, ids, changes: [], replaced: true });
    return this.#catchUp();
  }

  /** @param {string} position @param {string} digest */
  async #verify(position, digest) {
    if (this.#healing || position !== this.replica.position || digest === this.replica.digest) return;
    await this.#heal(() => this.#compare(position, digest));
  }

  /** @param {string} position @param {string} digest */
  async #compare(position, digest) {
    if (position !== this.replica.position || digest === this.replica.digest) return;
    const now = this.#clock.now();
    if (now - this.#lastReset < RESET_INTERVAL) return;
    this.#lastReset = now;
    await this.#replace();
  }

  /** @param {Change[]} changes */
  #tell(changes) {
    if (!changes.length) return;
    const ids = changes.map((change) => change.id);
    this.#listener.changed?.({ log: this.replica.log, ids, changes, replaced: false });
  }
}
