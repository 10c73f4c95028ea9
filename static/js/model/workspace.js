/** Is what the page works on: the departments, the events of those that are shown, and the ways to change them. */

import { colorsFor } from './color.js';
import { Follower } from './follower.js';
import { randomId } from './ids.js';
import { Overlay } from './overlay.js';
import { Replica } from './replica.js';

export const DIRECTORY = 'directory';

/**
 * @typedef {{follow: (follower: Follower) => void, unfollow: (log: string) => void, state: string}} Connection
 * @typedef {import('./preferences.js').Preferences} Preferences
 * @typedef {{updated: (update: import('./follower.js').Update) => void, state: () => void}} Listener
 */

/** All copies of this tab. They live in memory; each follower's replica could as well begin with a stored one. */
export class Workspace {
  #api;
  #connection;
  #clock;
  #preferences;
  #overlay = new Overlay();
  /** @type {Map<string, Follower>} */
  #followers = new Map();
  /** @type {Map<string, Promise<any>>} the last write of an entity: the next one waits for its version */
  #writes = new Map();
  /** @type {Set<Listener>} */
  #listeners = new Set();

  /** @param {{api: any, connection: Connection, clock: import('./loader.js').Clock, preferences: Preferences}} parts */
  constructor({ api, connection, clock, preferences }) {
    this.#api = api;
    this.#connection = connection;
    this.#clock = clock;
    this.#preferences = preferences;
  }

  /** Begins to follow the list of departments; those that are shown come as it is known. */
  start() {
    this.#follow(DIRECTORY);
  }

  /** @param {Listener} listener @returns {() => void} how to stop listening */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns {boolean} whether the list of departments is known */
  get ready() {
    return this.#followers.get(DIRECTORY)?.replica.position != null;
  }

  /** @returns {'connected'|'connecting'|'offline'} connected: everything that is shown is followed live */
  get state() {
    if (this.#connection.state !== 'connected') return this.#connection.state;
    return [...this.#followers.values()].every((follower) => follower.live) ? 'connected' : 'connecting';
  }

  /** @returns {Record<string, any>[]} by name */
  get departments() {
    const stored = this.#followers.get(DIRECTORY)?.replica.all('department') ?? [];
    const seen = this.#overlay.over(stored, (entity) => 'name' in entity);
    return seen.sort((a, b) => a.name.localeCompare(b.name, 'ko'));
  }

  /** @returns {Map<string, string>} the colour of each department */
  get colors() {
    return colorsFor(this.departments);
  }

  /** @param {string} id @returns {Record<string, any>|undefined} */
  department(id) {
    return this.#overlay.view(id, this.#followers.get(DIRECTORY)?.replica.get(id));
  }

  /** @returns {Set<string>} ids of the departments that are shown */
  get shown() {
    return this.#preferences.shownAmong(this.departments);
  }

  /** @param {Iterable<string>} ids @param {boolean} visible */
  show(ids, visible) {
    this.#preferences.show(ids, visible);
    this.#followShown();
    this.#state();
  }

  /** @param {string} departmentId @returns {number|null} events of its copy; null where it has none yet */
  count(departmentId) {
    const replica = this.#followers.get(departmentId)?.replica;
    return replica?.position ? replica.all('event').length : null;
  }

  /** @param {string} departmentId @returns {{position: string, digest: string}|null} how its copy could be compared */
  whereabouts(departmentId) {
    const replica = this.#followers.get(departmentId)?.replica;
    return replica?.position ? { position: replica.position, digest: replica.digest } : null;
  }

  /** @param {string} departmentId @returns {number|null} rows that came so far, while the first snapshot loads */
  progress(departmentId) {
    const follower = this.#followers.get(departmentId);
    return follower && follower.replica.position === null ? (follower.loaded ?? 0) : null;
  }

  /** @returns {Record<string, any>[]} the events of all departments that are shown */
  get events() {
    const shown = this.shown;
    const stored = [...shown].flatMap((id) => this.#followers.get(id)?.replica.all('event') ?? []);
    return this.#overlay.over(stored, (entity) => shown.has(entity.department_id));
  }

  /** @param {string} id @returns {Record<string, any>|undefined} */
  event(id) {
    const holder = [...this.#followers.values()].find((follower) => follower.replica.get(id));
    return this.#overlay.view(id, holder?.replica.get(id));
  }

  /** @param {Record<string, any>} members @returns {Promise<Record<string, any>>} */
  createDepartment(members) {
    const department = { id: randomId(), ...members };
    return this.#write(department.id, department, 0, () => this.#api.createDepartment(department));
  }

  /** @param {Record<string, any>} department @param {Record<string, any>} members @returns {Promise<any>} */
  updateDepartment(department, members) {
    const { id, version } = department;
    return this.#write(id, { ...department, ...members }, version, (seen) => this.#api.updateDepartment(id, members, seen));
  }

  /** @param {Record<string, any>} department @returns {Promise<any>} */
  deleteDepartment({ id, version }) {
    return this.#write(id, null, version, () => this.#api.deleteDepartment(id));
  }

  /** @param {string} departmentId @param {Record<string, any>} members @returns {Promise<any>} */
  createEvent(departmentId, members) {
    const id = randomId();
    const shown = { id, department_id: departmentId, version: 0, ...members };
    return this.#write(id, shown, 0, () => this.#api.createEvent(departmentId, { id, ...members }));
  }

  /**
   * Writes members of an event as it was seen; refused (412) if it has changed since.
   * @param {Record<string, any>} event @param {Record<string, any>} members @returns {Promise<any>}
   */
  updateEvent(event, members) {
    const { id, version } = event;
    return this.#write(id, { ...event, ...members }, version, (seen) => this.#api.updateEvent(id, members, seen));
  }

  /** @param {Record<string, any>} event @returns {Promise<any>} */
  deleteEvent({ id, version }) {
    return this.#write(id, null, version, (seen) => this.#api.deleteEvent(id, seen));
  }

  /**
   * Shows at once what was done, and takes it back if the server refuses.
   * @param {string} id @param {Record<string, any>|null} entity @param {number} version
   * @param {(version: number) => Promise<any>} send
   */
  async #write(id, entity, version, send) {
    const before = this.#writes.get(id);
    this.#overlay.put(id, entity, version);
    this.#changed(id);
    const work = (async () => {
      const own = await before?.catch(() => undefined);
      return send(Math.max(version, own?.version ?? 0));
    })();
    this.#writes.set(id, work);
    try {
      const answer = await work;
      if (this.#writes.get(id) === work) this.#overlay.settle(id, answer ?? null);
      return answer;
    } catch (error) {
      if (this.#writes.get(id) === work) this.#overlay.drop(id);
      throw error;
    } finally {
      if (this.#writes.get(id) === work) this.#writes.delete(id);
      this.#changed(id);
    }
  }

  /** @param {string} log */
  #follow(log) {
    const follower = new Follower({
      replica: new Replica(log),
      source: { changes: (query) => this.#api.changes(log, query) },
      clock: this.#clock,
      listener: {
        changed: (update) => this.#updated(update),
        state: () => this.#state(),
        gone: () => this.#unfollow(log),
      },
    });
    this.#followers.set(log, follower);
    this.#connection.follow(follower);
  }

  /** @param {string} log */
  #unfollow(log) {
    if (log === DIRECTORY) return;
    this.#connection.unfollow(log);
    this.#followers.delete(log);
    this.#changed(log);
  }

  /** Follows what is shown and nothing else. */
  #followShown() {
    if (!this.ready) return;
    const stored = this.#followers.get(DIRECTORY).replica;
    const shown = new Set([...this.shown].filter((id) => stored.get(id)));
    for (const log of [...this.#followers.keys()]) if (log !== DIRECTORY && !shown.has(log)) this.#unfollow(log);
    for (const id of shown) if (!this.#followers.has(id)) this.#follow(id);
  }

  /** @param {import('./follower.js').Update} update */
  #updated(update) {
    if (update.replaced) this.#overlay.dropAnswered();
    for (const change of update.changes) if (change.op === 'deleted') this.#overlay.deleted(change.id);
    if (update.log === DIRECTORY) this.#followShown();
    for (const listener of this.#listeners) listener.updated(update);
  }

  /** @param {string} id */
  #changed(id) {
    this.#updated({ log: '', ids: [id], changes: [], replaced: false });
  }

  /** The connection came or went. */
  connectionChanged() {
    this.#state();
  }

  #state() {
    for (const listener of this.#listeners) listener.state();
  }
}
