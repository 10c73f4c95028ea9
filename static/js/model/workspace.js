/** Is what the page works on: the departments, the events of those that are shown, and the ways to change them. */

import { colorsFor } from './color.js';
import { Follower } from './follower.js';
import { randomId } from './ids.js';
import { Occurrences } from './occurrences.js';
import { Replica } from './replica.js';
import { deleted, edited, onRule, sentOf } from './scopes.js';
import { isOccurrence, isSeries, occurrence, readKey } from './series.js';
import { Writes } from './writes.js';

export const DIRECTORY = 'directory';

/**
 * @typedef {{follow: (follower: Follower) => void, unfollow: (log: string) => void, state: string}} Connection
 * @typedef {import('./preferences.js').Preferences} Preferences
 * @typedef {import('./scopes.js').Scope} Scope
 * @typedef {{updated: (update: import('./follower.js').Update) => void, state: () => void}} Listener
 */

/** All copies of this tab. They live in memory; each follower's replica could as well begin with a stored one. */
export class Workspace {
  #api;
  #connection;
  #clock;
  #preferences;
  #occurrences = new Occurrences();
  /** @type {Map<string, Follower>} */
  #followers = new Map();
  #writes = new Writes((id) => this.#changed(id));
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
    const seen = this.#writes.overlay.over(stored, (entity) => 'name' in entity);
    return seen.sort((a, b) => a.name.localeCompare(b.name, 'ko'));
  }

  /** @returns {Map<string, string>} the colour of each department */
  get colors() {
    return colorsFor(this.departments);
  }

  /** @param {string} id @returns {Record<string, any>|undefined} */
  department(id) {
    return this.#writes.overlay.view(id, this.#followers.get(DIRECTORY)?.replica.get(id));
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
    return this.#writes.overlay.over(stored, (entity) => shown.has(entity.department_id));
  }

  /** @returns {Record<string, any>[]} the files of all departments that are followed */
  get attachments() {
    return [...this.#followers.values()].flatMap((follower) => follower.replica.all('attachment'));
  }

  /** @param {string} from @param {string} before @returns {Record<string, any>[]} what has a day in a range: single events, and occurrences */
  between(from, before) {
    return this.#occurrences.between(this.events, from, before);
  }

  /**
   * @param {string} key an event's id, or an occurrence's key
   * @returns {Record<string, any>|undefined} nothing, too, for a date on which the series does not happen (any more)
   */
  event(key) {
    const { id, date } = readKey(key);
    const holder = [...this.#followers.values()].find((follower) => follower.replica.get(id));
    const event = this.#writes.overlay.view(id, holder?.replica.get(id));
    if (!event || date === null) return event;
    return isSeries(event) && isOccurrence(event, date) ? occurrence(event, date) : undefined;
  }

  /** @param {Record<string, any>} members @returns {Promise<Record<string, any>>} */
  createDepartment(members) {
    const department = { id: randomId(), ...members };
    return this.#writes.write(department.id, department, 0, () => this.#api.createDepartment(department));
  }

  /** @param {Record<string, any>} department @param {Record<string, any>} members @returns {Promise<any>} */
  updateDepartment(department, members) {
    const { id, version } = department;
    return this.#writes.write(id, { ...department, ...members }, version, (seen) => this.#api.updateDepartment(id, members, seen));
  }

  /** @param {Record<string, any>} department @returns {Promise<any>} */
  deleteDepartment({ id, version }) {
    return this.#writes.write(id, null, version, () => this.#api.deleteDepartment(id));
  }

  /** @param {string} departmentId @param {Record<string, any>} members @returns {Promise<any>} */
  createEvent(departmentId, members) {
    const id = randomId();
    const event = { id, ...onRule(members, members.event_date, members) };
    const shown = { department_id: departmentId, version: 0, ...event };
    return this.#writes.write(id, shown, 0, () => this.#api.createEvent(departmentId, event));
  }

  /**
   * Writes members of an event as it was seen; refused (412) if it has changed since. Of an occurrence, `scope` says which
   * others are meant too; where that cuts the series, the answer is the new one.
   * @param {Record<string, any>} event @param {Record<string, any>} members @param {Scope} [scope] @returns {Promise<any>}
   */
  updateEvent(event, members, scope = 'all') {
    const { id, version } = event;
    const part = partOf(event, scope);
    const series = part && this.event(id);
    const sent = sentOf(event, series, part, members);
    const { series: left, tail } = series ? edited(series, part, sent) : { series: { ...event, ...sent } };
    return this.#writes.write(id, left, version, (seen) => this.#api.updateEvent(id, sent, seen, part), tail);
  }

  /** @param {Record<string, any>} event or an occurrence, for its series @param {string} departmentId where it moves @returns {Promise<any>} */
  moveEvent({ id }, departmentId) {
    const event = this.event(id);
    return this.#writes.write(id, { ...event, department_id: departmentId }, event.version, (seen) => this.#api.moveEvent(id, departmentId, seen));
  }

  /** @param {Record<string, any>} event @param {Scope} [scope] of an occurrence @returns {Promise<any>} */
  deleteEvent(event, scope = 'all') {
    const { id, version } = event;
    const part = partOf(event, scope);
    const series = part && this.event(id);
    const left = series ? deleted(series, part).series : null;
    return this.#writes.write(id, left, version, (seen) => this.#api.deleteEvent(id, seen, part));
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
    if (update.replaced) this.#writes.overlay.dropAnswered();
    for (const change of update.changes) if (change.op === 'deleted') this.#writes.overlay.deleted(change.id);
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

/** @param {Record<string, any>} event @param {Scope} scope @returns {import('./scopes.js').Part|undefined} of an occurrence */
function partOf({ occurrence_of }, scope) {
  return occurrence_of && { scope, date: occurrence_of.date };
}
