/**
 * Which dates a rule makes, found near where they are asked for and never counted from the beginning. The first date of a
 * series is its first occurrence also where the rule would not make it, and counts as one (RFC 5545, section 3.8.5.3).
 */

import { dateOf, dayNumber, partsOf } from './dates.js';
import { advanced, daysOf, distance, explicit, periodOf } from './periods.js';
import { writeRule } from './rules.js';

/** @typedef {import('./rules.js').Rule} Rule */

/** No rule makes a date after it, so that there is room for what lasts a year. */
const END = dayNumber('9997-12-31');
/** How long a rule with a count may take to reach it. */
const COUNTED_YEARS = 200;
/** How far the first date that a rule makes is looked for: leap days are up to eight years apart. */
const SEARCHED_YEARS = 10;

/**
 * Yields the days of a series that begins on `start`, from `lower` to `upper`, lazily and in order.
 * @param {Rule} rule @param {number} start @param {number} lower @param {number} upper both included
 * @returns {Generator<number>}
 */
export function* days(rule, start, lower, upper) {
  const last = lastDay(rule, start);
  const most = last === null ? upper : Math.min(upper, last);
  if (lower <= start && start <= most) yield start;
  yield* made(rule, start, Math.max(lower, start + 1), most);
}

/** @param {Rule} rule @param {string} start @param {string} date @returns {boolean} whether the series has this date */
export function isDate(rule, start, date) {
  const day = dayNumber(date);
  return !days(rule, dayNumber(start), day, day).next().done;
}

/** @param {Rule} rule @param {string} start @param {string} date @returns {number} how many dates of a counted rule come before */
export function countBefore(rule, start, date) {
  return [...days(rule, dayNumber(start), dayNumber(start), dayNumber(date) - 1)].length;
}

/**
 * Is the last day that a rule can make: its end, or what its count comes to; null where it is endless.
 * @param {Rule} rule @param {number} start @returns {number|null}
 */
export function lastDay(rule, start) {
  if (rule.count === null) return rule.until === null ? null : dayNumber(rule.until);
  const key = `${writeRule(rule)} ${start}`;
  if (!counted.has(key)) {
    if (counted.size > 5000) counted.clear();
    counted.set(key, counting(rule, start));
  }
  return counted.get(key);
}

/** @type {Map<string, number>} what counts come to; counting is the only work that begins at the beginning */
const counted = new Map();

/** @param {Rule} rule @param {number} start @returns {number} */
function counting(rule, start) {
  const horizon = yearsAfter(start, COUNTED_YEARS);
  if (rule.count === 1) return start;
  let left = rule.count - 1;
  for (const day of made(rule, start, start + 1, horizon)) {
    left -= 1;
    if (left === 0) return day;
  }
  return horizon;
}

/** @param {number} day @param {number} years @returns {number} */
function yearsAfter(day, years) {
  const { year, month, date } = partsOf(day);
  return Math.min(END, Date.UTC(year + years, month - 1, Math.min(date, 28)) / 86_400_000);
}

/**
 * Finds the first date from `start` on that a rule makes by itself, so that a series need not begin with an odd one.
 * @param {Rule} rule @param {string} start @returns {string|null} null where there is none for many years
 */
export function firstMade(rule, start) {
  const day = dayNumber(start);
  const { value, done } = made(rule, day, day, yearsAfter(day, SEARCHED_YEARS)).next();
  return done ? null : dateOf(value);
}

/** Yields what the rule makes between two days, whatever its end. */
function* made(rule, start, lower, upper) {
  const whole = explicit(rule, start);
  const origin = periodOf(rule, start);
  const skipped = Math.floor(Math.max(0, distance(rule, origin, lower)) / rule.interval) * rule.interval;
  for (let number = skipped; ; number += rule.interval) {
    const period = advanced(rule, origin, number);
    if (period > upper || period >= END) return;
    for (const day of daysOf(whole, period)) if (day >= lower && day <= upper) yield day;
  }
}

/** @param {Rule} rule @param {string} start @param {string} from @param {string} to @returns {string[]} the dates in a range, both included */
export function datesBetween(rule, start, from, to) {
  return Array.from(days(rule, dayNumber(start), dayNumber(from), dayNumber(to)), dateOf);
}
