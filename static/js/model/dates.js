/** Counts with dates as people write them, `YYYY-MM-DD` and `HH:MM`; no zone ever touches them. */

const DAY = 86_400_000;

/** @param {string} date @param {number} days @returns {string} */
export function addDays(date, days) {
  return new Date(Date.parse(`${date}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** @param {string} from @param {string} to @returns {number} days from one date to the other */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / DAY);
}

/** @param {string} time @param {number} minutes @returns {{time: string, days: number}} */
export function addMinutes(time, minutes) {
  const [hour, minute] = time.split(':').map(Number);
  const total = hour * 60 + minute + minutes;
  const inDay = ((total % 1440) + 1440) % 1440;
  const text = [Math.floor(inDay / 60), inDay % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return { time: text, days: Math.floor(total / 1440) };
}

/** @param {string} from @param {string} to @returns {number} minutes from one time of day to another, may be negative */
export function minutesBetween(from, to) {
  const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return minutes(to) - minutes(from);
}

/** @param {Date} moment @returns {string} the wall clock of this device, `YYYY-MM-DDTHH:MM:SS` */
export function wallClock(moment) {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** @param {string} a @param {string} b @param {Date} at @returns {boolean} whether two zones show the same time */
export function sameClock(a, b, at) {
  return a === b || offset(a, at) === offset(b, at);
}

/** @param {string} zone @param {Date} at @returns {string} */
function offset(zone, at) {
  const options = { timeZone: zone, timeZoneName: /** @type {const} */ ('longOffset') };
  return formatter(options).formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

const formatters = new Map();

/** @param {Intl.DateTimeFormatOptions} options @returns {Intl.DateTimeFormat} kept: making one costs 50 µs */
function formatter(options) {
  const key = options.timeZone;
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat('en', options));
  return formatters.get(key);
}

/** @param {string} date @returns {number} the day, counted from 1970-01-01: what rules count with */
export function dayNumber(date) {
  return Date.parse(`${date}T00:00Z`) / DAY;
}

/** @param {number} day @returns {string} */
export function dateOf(day) {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** @param {number} day @returns {{year: number, month: number, date: number}} `month` from 1 */
export function partsOf(day) {
  const moment = new Date(day * DAY);
  return { year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1, date: moment.getUTCDate() };
}

/** @param {number} year @param {number} month from 1, may lie outside of the year @returns {number} the month's first day */
export function firstOf(year, month) {
  return Date.UTC(year, month - 1, 1) / DAY;
}

/** @param {number} day @returns {number} Monday 0 */
export function weekdayOf(day) {
  return (((day + 3) % 7) + 7) % 7;
}

/** @param {Date} start of a row of a calendar @returns {number} the ISO week that most of it lies in, whatever day it begins with */
export function isoWeek(start) {
  const thursday = new Date(start.getTime() + ((11 - start.getUTCDay()) % 7) * DAY);
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.floor((thursday.getTime() - newYear) / DAY / 7) + 1;
}
