/** Remembers what happens in a range, so that a drawing expands again only the series that have changed. */

import { overlaps } from './event.js';
import { isSeries, occurrencesIn } from './series.js';

/** How many ranges of a series are remembered: the month, the small month beside it, and the pages turned last. */
const RANGES = 6;

/** Occurrences by the entity that they were made from: a changed one is another object, so nothing here is ever stale. */
export class Occurrences {
  /** @type {WeakMap<object, Map<string, Record<string, any>[]>>} */
  #known = new WeakMap();

  /**
   * Lists single events and the occurrences of series, each as an event, that have a day in [from, before).
   * @param {Record<string, any>[]} events @param {string} from @param {string} before
   * @returns {Record<string, any>[]}
   */
  between(events, from, before) {
    const found = [];
    for (const event of events) {
      if (isSeries(event)) found.push(...this.#of(event, from, before));
      else if (overlaps(event, from, before)) found.push(event);
    }
    return found;
  }

  /** @returns {Record<string, any>[]} */
  #of(event, from, before) {
    const ranges = this.#known.get(event) ?? new Map();
    const range = `${from} ${before}`;
    const found = ranges.get(range) ?? occurrencesIn(event, from, before);
    ranges.delete(range);
    ranges.set(range, found);
    if (ranges.size > RANGES) ranges.delete(ranges.keys().next().value);
    this.#known.set(event, ranges);
    return found;
  }
}
