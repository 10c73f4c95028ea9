/** Remembers what a person chose on this device. */

/** @typedef {{getItem: (key: string) => string|null, setItem: (key: string, value: string) => void}} Storage */

const KEY = 'dayroom';
/** Up to so many departments are shown to somebody who has not chosen yet. */
const SHOWN_AT_FIRST = 20;

/** Choices, kept in a storage where there is one. */
export class Preferences {
  #storage;
  #values;
  /** @type {Set<(name: string) => void>} */
  #listeners = new Set();

  /** @param {Storage|null} storage null where the browser forbids it: choices then live as long as the page */
  constructor(storage) {
    this.#storage = storage;
    this.#values = read(storage);
  }

  /** @param {string} name @returns {any} */
  get(name) {
    return this.#values[name];
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    this.#values[name] = value;
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // A full or forbidden storage must not keep anybody from working.
    }
    for (const listener of this.#listeners) listener(name);
  }

  /** @param {(name: string) => void} listener hears which choice was made @returns {() => void} how to stop listening */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Tells which departments are shown; one that was never ticked or unticked is, while there are few.
   * @param {{id: string}[]} departments @returns {Set<string>}
   */
  shownAmong(departments) {
    const chosen = this.get('shown') ?? {};
    const shown = departments.filter(({ id }, index) => chosen[id] ?? index < SHOWN_AT_FIRST);
    return new Set(shown.map(({ id }) => id));
  }

  /** @param {Iterable<string>} ids @param {boolean} visible */
  show(ids, visible) {
    const chosen = { ...this.get('shown') };
    for (const id of ids) chosen[id] = visible;
    this.set('shown', chosen);
  }
}

/** @param {Storage|null} storage @returns {Record<string, any>} */
function read(storage) {
  try {
    return JSON.parse(storage?.getItem(KEY) ?? '{}') ?? {};
  } catch {
    return {};
  }
}
