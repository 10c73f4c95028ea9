/** Keeps one socket, in it one room for every log that is followed, and hands what comes to the followers. */

import { io } from 'socket.io-client';

import { backoff } from './model/backoff.js';
import { fromMessage } from './model/change.js';

const ACK_TIMEOUT = 10_000;
const MESSAGES = ['event', 'attachment', 'department'].flatMap((type) => ['created', 'updated', 'deleted'].map((op) => `${type}_${op}`));

/** What a server keeps for a minute is said again this often. */
const STILL_HERE = 20_000;

/** @typedef {import('./model/follower.js').Follower} Follower */
/** @typedef {{id: string, actor: string|null, device_id: string|null, editing: string|null}} Person who is there now */

/** The live connection. It knows rooms and reconnects; what a message means is the follower's business. */
export class Live {
  #socket;
  /** @type {Map<string, Follower>} */
  #followers = new Map();
  #failed = false;
  /** @type {Record<string, any>|null} */
  #here = null;
  /** @type {(told: {department_id: string, people: Person[], count: number}) => void} hears who is in a room, whenever that changes */
  onPresence = () => {};

  /** @param {{base: string, onState?: () => void}} parts `base`: the page's folder, with a slash at its end */
  constructor({ base, onState = () => {} }) {
    const { origin, pathname } = new URL(base);
    this.#socket = io(origin, { path: `${pathname}socket.io/`, autoConnect: false, reconnectionDelayMax: 5000 });
    this.onState = onState;
    this.#listen();
  }

  /** Begins to connect, and never gives up. */
  start() {
    this.#socket.connect();
  }

  /** @returns {'connected'|'connecting'|'offline'} how the connection itself is; copies may still be catching up */
  get state() {
    if (this.#socket.connected) return 'connected';
    return this.#failed || globalThis.navigator?.onLine === false ? 'offline' : 'connecting';
  }

  /** @param {Follower} follower */
  follow(follower) {
    this.#followers.set(follower.replica.log, follower);
    if (this.#socket.connected) void this.#join(follower);
  }

  /** @param {string} log */
  unfollow(log) {
    this.#followers.get(log)?.close();
    this.#followers.delete(log);
    if (this.#socket.connected) this.#socket.emit('leave_department', { department_id: log });
  }

  /** @param {Record<string, any>|null} here who looks at what is followed, and what is edited; null: nobody looks any more */
  announce(here) {
    this.#here = here;
    this.#sayHere();
  }

  #sayHere() {
    if (!this.#socket.connected) return;
    if (this.#here) this.#socket.emit('announce_presence', this.#here, () => {});
    else this.#socket.emit('withdraw_presence', {}, () => {});
  }

  #listen() {
    const socket = this.#socket;
    socket.on('connect', () => this.#connected());
    socket.on('disconnect', (reason) => this.#disconnected(reason));
    socket.on('connect_error', () => this.#state(true));
    socket.on('presence', (told) => this.onPresence(told));
    setInterval(() => this.#here && this.#sayHere(), STILL_HERE);
    socket.on('heartbeat', (beat) => void this.#followers.get(beat.log)?.heartbeat(beat));
    for (const name of MESSAGES) socket.on(name, (payload) => this.#message(name, payload));
    globalThis.addEventListener?.('online', () => this.#hurry());
    globalThis.addEventListener?.('offline', () => this.#dropped());
  }

  #connected() {
    this.#state(false);
    if (this.#here) this.#sayHere();
    for (const follower of this.#followers.values()) void this.#join(follower);
  }

  /** @param {string} reason */
  #disconnected(reason) {
    for (const follower of this.#followers.values()) follower.disconnected();
    // Socket.IO comes back by itself, but not where the server itself ended the session.
    if (reason === 'io server disconnect') this.#socket.connect();
    this.#state(this.#failed);
  }

  /** The network is back: waiting for the next try would only cost time. */
  #hurry() {
    if (!this.#socket.connected) this.#socket.disconnect().connect();
    this.onState();
  }

  /** The device lost its network: the socket would notice only after its ping is missed. */
  #dropped() {
    this.#socket.io.engine?.close();
    this.onState();
  }

  /** @param {boolean} failed */
  #state(failed) {
    this.#failed = failed;
    this.onState();
  }

  /** @param {string} name @param {Record<string, any>} payload */
  #message(name, payload) {
    const change = fromMessage(name, payload);
    if (change) this.#followers.get(change.log)?.message(change);
  }

  /** @param {Follower} follower @param {number} [attempt] */
  async #join(follower, attempt = 0) {
    const { log, position } = follower.replica;
    const session = this.#socket.id;
    follower.joining();
    const ack = await this.#ask({ department_id: log, ...(position && { since: position }) });
    if (session !== this.#socket.id || this.#followers.get(log) !== follower) return;
    if (ack.ok) return follower.joined(ack);
    if ([401, 403, 404].includes(ack.problem?.status)) return follower.refused(ack.problem);
    setTimeout(() => this.#rejoin(follower, session, attempt + 1), backoff(attempt));
  }

  #rejoin(follower, session, attempt) {
    const current = session === this.#socket.id && this.#followers.get(follower.replica.log) === follower;
    if (current) void this.#join(follower, attempt);
  }

  /** @param {Record<string, any>} request @returns {Promise<Record<string, any>>} */
  async #ask(request) {
    try {
      return await this.#socket.timeout(ACK_TIMEOUT).emitWithAck('join_department', request);
    } catch {
      return { ok: false };
    }
  }
}
