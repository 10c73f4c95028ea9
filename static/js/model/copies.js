/** Are the copies of logs that a page keeps: one follower each, of the list of departments and of what is shown. */

import { Follower } from './follower.js';
import { Replica } from './replica.js';

export const DIRECTORY = 'directory';

/**
 * @typedef {{follow: (follower: Follower) => void, unfollow: (log: string) => void, state: string}} Connection
 * @typedef {{changed: (update: import('./follower.js').Update) => void, state: () => void, gone: (log: string) => void}} Listener
 */

/** They live in memory; each follower's replica could as well begin with a stored one. */
export class Copies {
  #changes;
  #connection;
  #clock;
  #listener;
  /** @type {Map<string, Follower>} */
  #followers = new Map();

  /**
   * @param {{changes: (log: string, query: any) => Promise<any>, connection: Connection,
   *   clock: import('./loader.js').Clock, listener: Listener}} parts
   */
  constructor({ changes, connection, clock, listener }) {
    this.#changes = changes;
    this.#connection = connection;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** @param {string} log */
  follow(log) {
    const follower = new Follower({
      replica: new Replica(log),
      source: { changes: (query) => this.#changes(log, query) },
      clock: this.#clock,
      listener: { ...this.#listener, gone: () => this.#unfollow(log) },
    });
    this.#followers.set(log, follower);
    this.#connection.follow(follower);
  }

  /** @param {Set<string>} wanted the logs to follow; no others are */
  followOnly(wanted) {
    for (const log of [...this.#followers.keys()]) if (!wanted.has(log)) this.#unfollow(log);
    for (const log of wanted) if (!this.#followers.has(log)) this.follow(log);
  }

  /** @param {string} log */
  #unfollow(log) {
    if (log === DIRECTORY) return;
    this.#connection.unfollow(log);
    this.#followers.delete(log);
    this.#listener.gone(log);
  }

  /** @returns {boolean} whether all are kept at the server's heads */
  get live() {
    return [...this.#followers.values()].every((follower) => follower.live);
  }

  /** @param {string} log @returns {Replica|null} where it has been read once */
  whole(log) {
    const replica = this.#followers.get(log)?.replica;
    return replica?.position ? replica : null;
  }

  /** @param {string} log @returns {number|null} rows that came so far, while the first snapshot loads */
  progress(log) {
    const follower = this.#followers.get(log);
    return follower && follower.replica.position === null ? (follower.loaded ?? 0) : null;
  }

  /** @param {string} log @param {string} type @returns {Record<string, any>[]} none where it is not followed */
  all(log, type) {
    return this.#followers.get(log)?.replica.all(type) ?? [];
  }

  /** @param {string} type @returns {Record<string, any>[]} of every copy */
  everywhere(type) {
    return [...this.#followers.keys()].flatMap((log) => this.all(log, type));
  }

  /** @param {string} id @returns {Record<string, any>|undefined} the entity, in whichever copy it is */
  find(id) {
    return [...this.#followers.values()].map(({ replica }) => replica.get(id)).find(Boolean);
  }

  /** @param {string} log @param {string} id @returns {Record<string, any>|undefined} */
  get(log, id) {
    return this.#followers.get(log)?.replica.get(id);
  }
}
