/**
 * Puts departments side by side: each gets a lane of a calendar that has no dates of its own.
 * Lanes are stretches of days long ago, one after the other; what is drawn there is moved there and back by whole days.
 */

import { addDays, daysBetween } from './dates.js';

/** A Monday on which nobody plans anything; today is never near it. */
const BASE = '1990-01-01';

/** @typedef {import('./event.js').Span} Span */

/** The lanes of one day or one week. */
export class Lanes {
  /** @param {string[]} departmentIds in their order @param {string} from the first real day @param {number} days of each lane */
  constructor(departmentIds, from, days) {
    this.departmentIds = departmentIds;
    this.from = from;
    this.days = days;
  }

  /** @returns {string} the first day of the first lane */
  get start() {
    return BASE;
  }

  /** @returns {string} the real day after the last */
  get before() {
    return addDays(this.from, this.days);
  }

  /** @param {string} laneDate @returns {{departmentId: string, date: string}} */
  at(laneDate) {
    const offset = daysBetween(BASE, laneDate.slice(0, 10));
    const lane = Math.floor(offset / this.days);
    return { departmentId: this.departmentIds[lane], date: addDays(this.from, offset - lane * this.days) };
  }

  /**
   * Cuts an event to the lane's days and puts it there.
   * @param {Span} span @param {string} departmentId @returns {(Span & {cut: boolean})|null} null where it has no lane, or no day in it
   */
  place(span, departmentId) {
    const lane = this.departmentIds.indexOf(departmentId);
    const [first, last] = [this.#edge(this.from, span), this.#edge(this.before, span)];
    const end = span.end ?? span.start;
    if (lane < 0 || span.start >= last || (span.end ? end <= first : end < first)) return null;
    const cut = span.start < first || end > last;
    const shift = daysBetween(this.from, BASE) + lane * this.days;
    const to = (moment) => addDays(moment.slice(0, 10), shift) + moment.slice(10);
    return { start: to(span.start < first ? first : span.start), end: span.end && to(end > last ? last : end), allDay: span.allDay, cut };
  }

  /** @param {Span} span in a lane @returns {{span: Span, departmentId: string}} where that really is */
  read({ start, end, allDay }) {
    const { departmentId, date } = this.at(start);
    const shift = daysBetween(start.slice(0, 10), date);
    const from = (moment) => addDays(moment.slice(0, 10), shift) + moment.slice(10);
    return { span: { start: from(start), end: end && from(end), allDay }, departmentId };
  }

  /** @param {string} start @param {string} end exclusive @returns {boolean} whether both lie in one lane */
  isOneLane(start, end) {
    const last = end.length > 10 && !end.slice(11).startsWith('00:00') ? end.slice(0, 10) : addDays(end.slice(0, 10), -1);
    return last < start.slice(0, 10) || this.at(start).departmentId === this.at(last).departmentId;
  }

  /** The beginning of a day, as an event of this kind writes it. */
  #edge(date, { allDay }) {
    return allDay ? date : `${date}T00:00`;
  }
}
