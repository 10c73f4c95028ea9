/** Measures how fast bytes go, over the last seconds, so that one slow moment does not make hours of a minute. */

const WINDOW = 8000;
const LEAST = 1000;

/** The speed of one transfer. */
export class Pace {
  #now;
  /** @type {{at: number, bytes: number}[]} */
  #notes = [];

  /** @param {() => number} now ms */
  constructor(now) {
    this.#now = now;
  }

  /** @param {number} bytes that went altogether */
  note(bytes) {
    const at = this.#now();
    this.#notes.push({ at, bytes });
    while (this.#notes.length > 2 && at - this.#notes[1].at > WINDOW) this.#notes.shift();
  }

  /** @returns {number|null} bytes a second; null as long as it is a guess */
  get speed() {
    const [first, last] = [this.#notes[0], this.#notes.at(-1)];
    if (!first || last.at - first.at < LEAST || last.bytes <= first.bytes) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}
