/** Moves and stretches an event by steps, as arrow keys do. */

import { addDays } from './dates.js';
import { spanOf } from './event.js';

/** @typedef {import('./event.js').Span} Span */
/** @typedef {{days?: number, minutes?: number}} Step */

/** Minutes that a step of the clock has, and that something lasts at least. */
export const SLOT = 30;
const LEAST = 15;
const HOUR = 60;

/** @param {Record<string, any>} event @param {Step} step @returns {Span} */
export function nudged(event, { days = 0, minutes = 0 }) {
  const { start, end, allDay } = spanOf(event);
  const by = allDay ? { days } : { days, minutes };
  return { start: shifted(start, by), end: end && shifted(end, by), allDay };
}

/** @param {Record<string, any>} event @param {Step} step of its end: days for whole days, else minutes @returns {Span|null} null: it cannot be shorter */
export function stretched(event, { days = 0, minutes = 0 }) {
  const { start, end, allDay } = spanOf(event);
  if (allDay) {
    const last = addDays(/** @type {string} */ (end), days);
    return last > start ? { start, end: last, allDay } : null;
  }
  const until = shifted(end ?? shifted(start, { minutes: HOUR }), { minutes });
  return until >= shifted(start, { minutes: LEAST }) ? { start, end: until, allDay } : null;
}

/** @param {string} moment a date, or one with a clock @param {Step} step @returns {string} */
export function shifted(moment, { days = 0, minutes = 0 }) {
  if (moment.length === 10) return addDays(moment, days);
  return new Date(Date.parse(`${moment}Z`) + (days * 1440 + minutes) * 60_000).toISOString().slice(0, 16);
}
