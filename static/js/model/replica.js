/** Keeps a copy of one log's living entities, at a known position. */

import { Digest, counts, term } from './digest.js';
import { formatPosition, parsePosition } from './position.js';

/**
 * @typedef {{log: string, seq: number, epoch: string, op: 'created'|'updated'|'deleted', type: string, id: string,
 *   version?: number, at?: string, actor?: string|null, device_id?: string|null, mutation_id?: string|null,
 *   data: Record<string, any>, before?: Record<string, any>}} Change `before`: what the copy held until then
 * @typedef {{type: string, id: string, version: number, data: Record<string, any>, term: bigint}} Row
 */

/** A copy that changes only by entries of its log, or by being replaced whole. */
export class Replica {
  #rows = new Map();
  #digest = new Digest();

  /** @param {string} log */
  constructor(log) {
    this.log = log;
    /** @type {string|null} Where the copy is; null while there is none. */
    this.position = null;
  }

  /** @returns {string} */
  get digest() {
    return this.#digest.toString();
  }

  /** @returns {number} */
  get size() {
    return this.#rows.size;
  }

  /** @param {string} id @returns {Record<string, any>|undefined} */
  get(id) {
    return this.#rows.get(id)?.data;
  }

  /** @param {string} type @returns {Record<string, any>[]} */
  all(type) {
    const found = [];
    for (const row of this.#rows.values()) if (row.type === type) found.push(row.data);
    return found;
  }

  /** @returns {number} The sequence number of the last entry that is in the copy. */
  get seq() {
    return this.position === null ? -1 : parsePosition(this.position).seq;
  }

  /** @returns {string|null} */
  get epoch() {
    return this.position === null ? null : parsePosition(this.position).epoch;
  }

  /**
   * Applies an entry and moves to its position. What the copy holds may be newer than the entry (a snapshot's pages are
   * read after its position was taken), so the version decides.
   * @param {Change} change
   * @returns {boolean} whether anything changed
   */
  apply(change) {
    const changed = this.#merge(change);
    this.position = formatPosition(change);
    return changed;
  }

  /**
   * Takes a snapshot's place: rows that it lacks are gone.
   * @param {Change[]} created @param {string} position
   * @returns {string[]} the ids that went
   */
  replace(created, position) {
    const before = [...this.#rows.keys()];
    this.#rows = new Map();
    this.#digest = new Digest();
    for (const change of created) this.#merge(change);
    this.position = position;
    return before.filter((id) => !this.#rows.has(id));
  }

  /** @param {Change} change @returns {boolean} */
  #merge(change) {
    const row = this.#rows.get(change.id);
    const version = change.version ?? change.data.version;
    if (change.op === 'deleted') return this.#remove(row, version);
    if (row && row.version >= version) return false;
    if (row) this.#digest.drop(row.term);
    const counted = counts(change.type, change.data) ? term(change.type, change.id, version) : 0n;
    const fresh = { type: change.type, id: change.id, version, data: change.data, term: counted };
    this.#rows.set(change.id, fresh);
    this.#digest.add(fresh.term);
    return true;
  }

  /** @param {Row|undefined} row @param {number|undefined} version @returns {boolean} */
  #remove(row, version) {
    if (!row || (version !== undefined && row.version > version)) return false;
    this.#rows.delete(row.id);
    this.#digest.drop(row.term);
    return true;
  }
}
