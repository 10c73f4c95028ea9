/** Knows which moment a wall clock of a zone shows. */

import { create, toZonedDateTime } from 'temporal-polyfill/fns/PlainDateTime';

/**
 * An hour that happens twice is its first occurrence, and one that a clock change skips is as much later as the clock
 * jumped (RFC 5545, section 3.3.5).
 * @param {string} date @param {string} time @param {string} zone
 * @returns {string} UTC, with milliseconds
 */
export function instantOf(date, time, zone) {
  const [year, month, day] = date.split('-').map(Number);
  const [hour, minute] = time.split(':').map(Number);
  return new Date(toZonedDateTime(create(year, month, day, hour, minute), zone).epochMilliseconds).toISOString();
}
