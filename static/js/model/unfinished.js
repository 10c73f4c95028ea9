/** Remembers which files are on their way from this device, so that a file that is chosen again goes on where it was. */

/** @typedef {{getItem: (key: string) => string|null, setItem: (key: string, value: string) => void}} Storage */

const KEY = 'dayroom.uploads';
/** The server gives up what was abandoned for a day. */
const KEPT = 86_400_000;

/** The uploads of this device that have not ended. */
export class Unfinished {
  #storage;
  #now;

  /** @param {Storage|null} storage @param {() => number} now */
  constructor(storage, now) {
    this.#storage = storage;
    this.#now = now;
  }

  /** @param {{name: string, size: number, lastModified: number}} file @param {string} place what it belongs to @returns {string|null} the id of its attachment */
  find(file, place) {
    return this.#read()[nameOf(file, place)]?.id ?? null;
  }

  /** @param {{name: string, size: number, lastModified: number}} file @param {string} place @param {string} id */
  begin(file, place, id) {
    this.#write({ ...this.#read(), [nameOf(file, place)]: { id, at: this.#now() } });
  }

  /** @param {string} id it is ready, or given up */
  end(id) {
    this.#write(Object.fromEntries(Object.entries(this.#read()).filter(([, known]) => known.id !== id)));
  }

  #read() {
    try {
      const stored = JSON.parse(this.#storage?.getItem(KEY) ?? '{}') ?? {};
      return Object.fromEntries(Object.entries(stored).filter(([, { at }]) => this.#now() - at < KEPT));
    } catch {
      return {};
    }
  }

  #write(known) {
    try {
      this.#storage?.setItem(KEY, JSON.stringify(known));
    } catch {
      // Then a closed tab begins anew.
    }
  }
}

/** A file has no id; who has the same name, size and moment of change is taken for the same. */
function nameOf({ name, size, lastModified }, place) {
  return [place, size, lastModified, name].join('|');
}
