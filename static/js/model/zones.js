/** Knows which moment a wall clock of a zone shows, and what a clock elsewhere shows then. */

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

/**
 * @param {string} date @param {string} time a clock's `HH:MM` in zone `here` @param {string} here @param {string} there
 * @returns {string} the clock there, `HH:MM`
 */
export function clockElsewhere(date, time, here, there) {
  return clockOf(there).format(new Date(instantOf(date, time, here)));
}

/**
 * What an hour of the axis is elsewhere: one text, or several where a clock changes between the days that are shown.
 * @param {string[]} dates @param {string} time @param {string} here @param {string} there @returns {string[]}
 */
export function clocksElsewhere(dates, time, here, there) {
  return [...new Set(dates.map((date) => clockElsewhere(date, time, here, there)))];
}

/** @param {string} zone @returns {boolean} */
export function isZone(zone) {
  try {
    return Boolean(zone && clockOf(zone));
  } catch {
    return false;
  }
}

/** @param {string} here stands first @returns {string[]} every zone that there is to choose */
export function allZones(here) {
  const known = Intl.supportedValuesOf?.('timeZone') ?? [];
  return [...new Set([here, 'UTC', ...known])];
}

const clocks = new Map();

/** @param {string} timeZone @returns {Intl.DateTimeFormat} kept, since making one is dear; throws where there is no such zone */
function clockOf(timeZone) {
  if (!clocks.has(timeZone)) clocks.set(timeZone, new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }));
  return clocks.get(timeZone);
}
