/** A server's log in memory: what a follower asks it, and what it would send. */

import { Digest, term } from '../../static/js/model/digest.js';

/** Answers `changes` as the contract says. */
export class FakeLog {
  #versions = new Map();
  entries = [];
  asked = [];
  refusals = [];
  pageSize = 2;

  /** @param {string} epoch */
  constructor(epoch = 'e1') {
    this.epoch = epoch;
  }

  get head() {
    return `${this.epoch}:${this.entries.length}`;
  }

  get digest() {
    const digest = new Digest();
    for (const [id, version] of this.#versions) digest.add(term('event', id, version));
    return digest.toString();
  }

  /** @param {'created'|'updated'|'deleted'} op @param {string} id @returns {any} the entry, as a live message brings it */
  write(op, id) {
    const version = (this.#versions.get(id) ?? 0) + 1;
    if (op === 'deleted') this.#versions.delete(id);
    else this.#versions.set(id, version);
    const change = { log: 'd', seq: this.entries.length + 1, epoch: this.epoch, op, type: 'event', id, version, data: { id, version, title: `${id} ${version}` } };
    this.entries.push({ ...change, digest: this.digest });
    return change;
  }

  /** Restores the log: same entities, another epoch, nothing to resume from. */
  restore(epoch) {
    this.epoch = epoch;
    this.entries = [...this.#versions].map(([id, version], index) => ({ log: 'd', seq: index + 1, epoch, op: 'created', type: 'event', id, version, data: { id, version } }));
  }

  /** @param {string} [since] @returns {any} the ack of a join */
  join(since) {
    const here = { ok: true, log: 'd', position: this.head, head: this.head, digest: this.digest };
    if (!since) return { ...here, recovered: true, changes: [] };
    const [epoch, seq] = since.split(':');
    if (epoch !== this.epoch) return { ...here, recovered: false, reason: 'epoch' };
    const changes = this.entries.slice(Number(seq));
    return changes.length > 5 ? { ...here, recovered: false, reason: 'too-far' } : { ...here, recovered: true, changes };
  }

  /** @param {{since?: string, cursor?: string}} query */
  async changes(query) {
    this.asked.push(query);
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    return query.since ? this.#delta(query.since) : this.#snapshot(Number(query.cursor ?? 0));
  }

  #delta(since) {
    const [epoch, seq] = since.split(':');
    if (epoch !== this.epoch) throw Object.assign(new Error('expired'), { status: 410 });
    const changes = this.entries.slice(Number(seq), Number(seq) + this.pageSize);
    const at = Number(seq) + changes.length;
    const digest = at === this.entries.length ? this.digest : this.entries[at - 1].digest;
    return { changes, position: `${this.epoch}:${at}`, digest, head: this.head, has_more: at < this.entries.length };
  }

  #snapshot(from) {
    const rows = [...this.#versions].map(([id, version]) => ({ op: 'created', type: 'event', id, version, data: { id, version } }));
    const changes = rows.slice(from, from + this.pageSize);
    const last = from + this.pageSize >= rows.length;
    return { changes, snapshot: true, has_more: !last, position: last ? this.head : null, ...(!last && { cursor: String(from + this.pageSize) }) };
  }
}
