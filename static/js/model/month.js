/** Counts in weeks and months, on dates as people write them. */

import { addDays } from './dates.js';

/** @param {string} date @returns {boolean} whether the calendar has such a day */
export function isDate(date) {
  const moment = new Date(`${date}T00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 10) === date;
}

/** @param {string} date @returns {number} 0 is Monday */
export function weekdayOf(date) {
  return (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7;
}

/** @param {string} date @returns {string} */
export function mondayOf(date) {
  return addDays(date, -weekdayOf(date));
}

/** @param {string} date @param {number} months @returns {string} the last day of a month that is too short */
export function addMonths(date, months) {
  const count = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const month = `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
  const last = new Date(Date.UTC(Math.floor(count / 12), (count % 12) + 1, 0)).getUTCDate();
  return `${month}-${String(Math.min(Number(date.slice(8)), last)).padStart(2, '0')}`;
}

/**
 * Lays a month out in weeks, whole ones: days of its neighbours fill the first and the last.
 * @param {string} date any day of the month @param {number} firstDay 0 is Sunday
 * @returns {string[][]} six weeks, so that nothing below jumps when the month changes
 */
export function weeksOf(date, firstDay) {
  const first = `${date.slice(0, 8)}01`;
  const start = addDays(first, -((weekdayOf(first) + 1 - firstDay + 7) % 7));
  return Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (__, day) => addDays(start, week * 7 + day)));
}
