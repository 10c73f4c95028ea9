/** Is what the page works on: the departments, the events of those that are shown, and the ways to change them. */

import { colorsFor } from './color.js';
import { Copies, DIRECTORY } from './copies.js';
import { randomId } from './ids.js';
import { Occurrences } from './occurrences.js';
import { deleted, edited, onRule, sentOf } from './scopes.js';
import { isOccurrence, isSeries, occurrence, readKey } from './series.js';
import { Writes } from './writes.js';

/**
 * @typedef {import('./preferences.js').Preferences} Preferences
 * @typedef {import('./scopes.js').Scope} Scope
 * @typedef {{updated: (update: import('./follower.js').Update) => void, state: () => void}} Listener
 */

/** What its copies say, with what was written and is not yet in them. */
export class Workspace {
  #api;
  #connection;
  #preferences;
  #copies;
  #occurrences = new Occurrences();
  #writes = new Writes((id) => this.#changed(id));
  /** @type {Set<Listener>} */
  #listeners = new Set();

  /** @param {{api: any, connection: import('./copies.js').Connection, clock: import('./loader.js').Clock, preferences: Preferences}} parts */
  constructor({ api, connection, clock, preferences }) {
    this.#api = api;
    this.#connection = connection;
    this.#preferences = preferences;
    const listener = { changed: (update) => this.#updated(update), state: () => this.#state(), gone: (log) => this.#changed(log) };
    this.#copies = new Copies({ changes: (log, query) => api.changes(log, query), connection, clock, listener });
  }

  /** Begins to follow the list of departments; those that are shown come as it is known. */
  start() {
    this.#copies.follow(DIRECTORY);
  }

  /** @param {Listener} listener @returns {() => void} how to stop listening */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns {boolean} whether the list of departments is known */
  get ready() {
    return this.#copies.whole(DIRECTORY) !== null;
  }

  /** @returns {'connected'|'connecting'|'offline'} connected: everything that is shown is followed live */
  get state() {
    if (this.#connection.state !== 'connected') return this.#connection.state;
    return this.#copies.live ? 'connected' : 'connecting';
  }

  /** @returns {Record<string, any>[]} by name */
  get departments() {
    const stored = this.#copies.all(DIRECTORY, 'department');
    const seen = this.#writes.overlay.over(stored, (entity) => 'name' in entity);
    return seen.sort((a, b) => a.name.localeCompare(b.name, 'ko'));
  }

  /** @returns {Map<string, string>} the colour of each department */
  get colors() {
    return colorsFor(this.departments);
  }

  /** @param {string} id @returns {Record<string, any>|undefined} */
  department(id) {
    return this.#writes.overlay.view(id, this.#copies.get(DIRECTORY, id));
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
    return this.#copies.whole(departmentId)?.all('event').length ?? null;
  }

  /** @param {string} departmentId @returns {{position: string, digest: string}|null} how its copy could be compared */
  whereabouts(departmentId) {
    const replica = this.#copies.whole(departmentId);
    return replica && { position: replica.position, digest: replica.digest };
  }

  /** @param {string} departmentId @returns {number|null} rows that came so far, while the first snapshot loads */
  progress(departmentId) {
    return this.#copies.progress(departmentId);
  }

  /** @returns {Record<string, any>[]} the events of all departments that are shown */
  get events() {
    const shown = this.shown;
    const stored = [...shown].flatMap((id) => this.#copies.all(id, 'event'));
    return this.#writes.overlay.over(stored, (entity) => shown.has(entity.department_id));
  }

  /** @returns {Record<string, any>[]} the files of all departments that are followed */
  get attachments() {
    return this.#copies.everywhere('attachment');
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
    const event = this.#writes.overlay.view(id, this.#copies.find(id));
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

  /** Follows what is shown and nothing else. */
  #followShown() {
    if (!this.ready) return;
    const stored = [...this.shown].filter((id) => this.#copies.get(DIRECTORY, id));
    this.#copies.followOnly(new Set([DIRECTORY, ...stored]));
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
