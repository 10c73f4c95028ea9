/** Searches what this page has a copy of at once, and asks the server for the departments that it has none of. */

import { longestWord, ranker, search } from './search.js';

/** A pause in typing after which the server is asked. */
const PAUSE = 250;
const LIMIT = 50;
const PAGE = 50;

/**
 * @typedef {{search: (query: Record<string, any>) => Promise<{entities: Record<string, any>[], next: string|null}>}} Source
 * @typedef {{events: Record<string, any>[], busy: boolean, failed: boolean}} Result
 */

/** One person's search: what was asked before is dropped as soon as something else is asked. */
export class Everywhere {
  #source;
  #workspace;
  #clock;
  #changed;
  #timer = null;
  #query = '';
  /** @type {Map<string, Record<string, any>>} */
  #remote = new Map();
  #busy = false;
  #failed = false;

  /**
   * @param {{source: Source, workspace: any, clock: import('./loader.js').Clock, changed: () => void}} parts
   *   `changed` is called when the server has answered
   */
  constructor({ source, workspace, clock, changed }) {
    this.#source = source;
    this.#workspace = workspace;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** @param {string} query @param {string} today @returns {Result} */
  find(query, today) {
    if (query !== this.#query) this.#begin(query);
    const copies = this.#workspace.events;
    const known = new Set(copies.map(({ id }) => id));
    const elsewhere = [...this.#remote.values()].filter(({ id }) => !known.has(id));
    return { events: search([...copies, ...elsewhere], query, { today, limit: LIMIT }), busy: this.#busy, failed: this.#failed };
  }

  /** Asks nothing more. */
  stop() {
    this.#begin('');
  }

  #begin(query) {
    this.#query = query;
    this.#remote.clear();
    this.#failed = false;
    this.#clock.clearTimeout(this.#timer);
    const word = longestWord(query);
    this.#busy = word.length > 0 && this.#missing().length > 0;
    if (this.#busy) this.#timer = this.#clock.setTimeout(() => void this.#ask(query, word), PAUSE);
  }

  #missing() {
    const { departments } = this.#workspace;
    return departments.filter(({ id }) => !this.#workspace.whereabouts(id));
  }

  async #ask(query, word) {
    const missing = new Set(this.#missing().map(({ id }) => id));
    const skip = this.#workspace.departments.map(({ id }) => id).filter((id) => !missing.has(id));
    const fits = ranker(query);
    try {
      for (let cursor = null; ; ) {
        const { entities, next } = await this.#source.search({ q: word, limit: PAGE, ...(skip.length && { skip: skip.join() }), ...(cursor && { cursor }) });
        if (query !== this.#query) return;
        for (const event of entities) if (fits?.(event) != null) this.#remote.set(event.id, event);
        this.#busy = next !== null && this.#remote.size < LIMIT;
        this.#changed();
        if (!this.#busy) return;
        cursor = next;
      }
    } catch {
      if (query !== this.#query) return;
      this.#busy = false;
      this.#failed = true;
      this.#changed();
    }
  }
}
