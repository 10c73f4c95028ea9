/** Is what this page has written and the log has not told back yet. */

import { randomId } from './ids.js';
import { Overlay } from './overlay.js';

/** @typedef {Record<string, any>} Entity */

/** Writes of one entity go one after the other; each is seen at once, and taken back if the server refuses it. */
export class Writes {
  overlay = new Overlay();
  #changed;
  /** @type {Map<string, Promise<{answer: any, version: number}>>} the last write of an entity: the next one waits for its version */
  #last = new Map();

  /** @param {(id: string) => void} changed hears of an entity that may look different now */
  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * @param {string} id @param {Entity|null} entity as it will be @param {number} version as it was seen
   * @param {(version: number) => Promise<any>} send @param {Entity} [tail] another one that comes of it, whose id the server gives
   * @returns {Promise<any>} the server's answer
   */
  async write(id, entity, version, send, tail) {
    const before = this.#last.get(id);
    const foreseen = tail && { ...tail, id: randomId(), version: 0 };
    this.overlay.put(id, entity, version);
    if (foreseen) this.overlay.put(foreseen.id, foreseen);
    this.#changed(id);
    const work = this.#send(id, version, send, before);
    this.#last.set(id, work);
    try {
      const { answer } = await work;
      this.#answered(id, answer, this.#last.get(id) === work);
      return answer;
    } catch (error) {
      if (this.#last.get(id) === work) this.overlay.drop(id);
      throw error;
    } finally {
      if (foreseen) this.overlay.drop(foreseen.id);
      if (this.#last.get(id) === work) this.#last.delete(id);
      this.#changed(id);
    }
  }

  /** Waits for the write before, so that a second edit does not refuse itself. */
  async #send(id, version, send, before) {
    const own = await before?.catch(() => undefined);
    const seen = Math.max(version, own?.version ?? 0);
    const answer = await send(seen);
    return { answer, version: answer?.id === id ? answer.version : seen + 1 };
  }

  /** @param {string} id @param {Entity|undefined} answer the entity; where a series was cut the one that goes on @param {boolean} last */
  #answered(id, answer, last) {
    const other = answer && answer.id !== id ? answer : null;
    if (last) this.overlay.settle(id, other ? null : (answer ?? null));
    if (!other) return;
    this.overlay.put(other.id, other);
    this.overlay.settle(other.id, other);
  }
}
