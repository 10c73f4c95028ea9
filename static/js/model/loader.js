/** Asks the server for what a copy lacks: pages of changes, or a whole snapshot. */

import { backoff } from './backoff.js';

/** How many entries a page asks for. */
export const PAGE = 1000;

/**
 * @typedef {import('./replica.js').Change} Change
 * @typedef {{changes: Change[], position: string|null, digest?: string, has_more?: boolean, cursor?: string}} Page
 * @typedef {{changes: (query: {since?: string, cursor?: string, limit: number}) => Promise<Page>}} Source
 * @typedef {{now: () => number, setTimeout: (f: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} Clock
 */

/** A log that is no longer there, or that we may not read; `problem` says which. */
export class LogGone extends Error {
  /** @param {any} problem */
  constructor(problem) {
    super('the log cannot be read any more');
    this.problem = problem;
  }
}

/** Reads pages and tries again where the network failed, until it is closed. */
export class Loader {
  #source;
  #clock;
  #closed = false;

  /** @param {Source} source @param {Clock} clock */
  constructor(source, clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Ends all waiting; what is asked later never answers. */
  close() {
    this.#closed = true;
  }

  /**
   * Yields the pages from a position to the head.
   * @param {string} since @returns {AsyncGenerator<Page>}
   */
  async *changesSince(since) {
    for (let position = since; ; ) {
      const page = await this.#ask({ since: position, limit: PAGE });
      yield page;
      if (!page.has_more) return;
      position = page.position;
    }
  }

  /**
   * Reads a snapshot whole; the position comes with its last page.
   * @param {(loaded: number) => void} progress
   * @returns {Promise<{created: Change[], position: string}>}
   */
  async snapshot(progress) {
    const created = [];
    for (let cursor; ; ) {
      const page = await this.#ask({ ...(cursor && { cursor }), limit: PAGE });
      created.push(...page.changes);
      progress(created.length);
      if (page.position) return { created, position: page.position };
      cursor = page.cursor;
    }
  }

  /** @param {number} ms @returns {Promise<void>} */
  wait(ms) {
    return new Promise((resolve) => this.#clock.setTimeout(resolve, ms));
  }

  /** @param {{since?: string, cursor?: string, limit: number}} query @returns {Promise<Page>} */
  async #ask(query) {
    for (let attempt = 0; ; attempt += 1) {
      if (this.#closed) return new Promise(() => {});
      try {
        return await this.#source.changes(query);
      } catch (error) {
        if (error.status === 404 || error.status === 403 || error.status === 401) throw new LogGone(error);
        if (error.status >= 400 && error.status < 500 && error.status !== 429) throw error;
        await this.wait(error.retryAfter ? error.retryAfter * 1000 : backoff(attempt));
      }
    }
  }
}
