/** The periods of a rule (days, weeks, months, years), and which dates it takes of one; no period depends on another. */

import { firstOf, partsOf, weekdayOf } from './dates.js';

/**
 * @typedef {import('./rules.js').Rule} Rule
 * @typedef {import('./rules.js').Weekday} Weekday
 * @typedef {{first: number, last: number, year: number}} Period days, both included
 */

/** @param {Rule} rule @param {number} day @returns {number} the first day of the period around it */
export function periodOf(rule, day) {
  if (rule.freq === 'DAILY') return day;
  if (rule.freq === 'WEEKLY') return day - ((weekdayOf(day) - rule.weekStart + 7) % 7);
  const { year, month } = partsOf(day);
  return firstOf(year, rule.freq === 'MONTHLY' ? month : 1);
}

/** @param {Rule} rule @param {number} origin a period's first day @param {number} day @returns {number} how many periods later the day is */
export function distance(rule, origin, day) {
  if (rule.freq === 'DAILY') return day - origin;
  if (rule.freq === 'WEEKLY') return Math.floor((day - origin) / 7);
  const [from, to] = [partsOf(origin), partsOf(day)];
  return rule.freq === 'YEARLY' ? to.year - from.year : (to.year - from.year) * 12 + to.month - from.month;
}

/** @param {Rule} rule @param {number} origin @param {number} periods @returns {number} the first day of the period so many later */
export function advanced(rule, origin, periods) {
  if (rule.freq === 'DAILY') return origin + periods;
  if (rule.freq === 'WEEKLY') return origin + 7 * periods;
  const { year, month } = partsOf(origin);
  return rule.freq === 'YEARLY' ? firstOf(year + periods, 1) : firstOf(year, month + periods);
}

/**
 * Adds what a rule leaves to the first date: its weekday, its day, its month.
 * @param {Rule} rule @param {number} start @returns {Rule}
 */
export function explicit(rule, start) {
  if (rule.freq === 'DAILY' || rule.weekdays.length || rule.monthDays.length || rule.yearDays.length) return rule;
  if (rule.freq === 'WEEKLY' || rule.weeks.length) return { ...rule, weekdays: [{ day: weekdayOf(start), nth: 0 }] };
  const { month, date } = partsOf(start);
  const months = rule.months.length || rule.freq === 'MONTHLY' ? rule.months : [month];
  return { ...rule, months, monthDays: [date] };
}

/** @param {Rule} rule an explicit one @param {number} first a period's first day @returns {number[]} the days that it takes, in order */
export function daysOf(rule, first) {
  const period = { first, last: advanced(rule, first, 1) - 1, year: partsOf(first).year };
  const ordinals = ordinalDays(rule, period);
  const taken = [];
  for (const span of spansOf(rule, period)) {
    for (let day = span.first; day <= span.last; day += 1) if (takes(rule, day, ordinals)) taken.push(day);
  }
  return rule.positions.length ? placed(taken, rule.positions) : taken;
}

/** @param {Rule} rule @param {Period} period @returns {Period[]} where in it to look: a yearly rule names its months, often one of twelve */
function spansOf(rule, period) {
  if (rule.freq !== 'YEARLY' || !rule.months.length) return [period];
  return rule.months.map((month) => monthOf(period.year, month));
}

/** @param {number} year @param {number} month @returns {Period} */
function monthOf(year, month) {
  return { first: firstOf(year, month), last: firstOf(year, month + 1) - 1, year };
}

/** @param {Rule} rule @param {number} day @param {Set<number>} ordinals @returns {boolean} */
function takes(rule, day, ordinals) {
  const { year, month, date } = partsOf(day);
  if (rule.months.length && !rule.months.includes(month)) return false;
  if (rule.weekdays.length && !ordinals.has(day) && !rule.weekdays.some((one) => one.nth === 0 && one.day === weekdayOf(day))) return false;
  if (rule.monthDays.length && !named(rule.monthDays, date, firstOf(year, month + 1) - day)) return false;
  if (rule.yearDays.length && !named(rule.yearDays, day - firstOf(year, 1) + 1, firstOf(year + 1, 1) - day)) return false;
  return !rule.weeks.length || inWeeks(rule, day);
}

/** @param {number[]} numbers @param {number} place from the front, 1 is the first @param {number} left from the back, 1 is the last */
function named(numbers, place, left) {
  return numbers.includes(place) || numbers.includes(-left);
}

/** @param {Rule} rule @param {Period} period @returns {Set<number>} the days that are such as the third Friday */
function ordinalDays(rule, period) {
  const ordinals = rule.weekdays.filter(({ nth }) => nth !== 0);
  const ranges = ordinals.length ? spansOf(rule, period) : [];
  const days = ranges.flatMap((range) => ordinals.map((weekday) => nthDay(weekday, range)));
  return new Set(days.filter((day) => day !== null));
}

/** @param {Weekday} weekday @param {Period} range @returns {number|null} null where there is no such day */
function nthDay({ day, nth }, { first, last }) {
  const found = nth > 0 ? first + ((day - weekdayOf(first) + 7) % 7) + (nth - 1) * 7 : last - ((weekdayOf(last) - day + 7) % 7) + (nth + 1) * 7;
  return found >= first && found <= last ? found : null;
}

/** @param {Rule} rule @param {number} day @returns {boolean} whether it lies in one of the numbered weeks, as ISO 8601 numbers them */
function inWeeks(rule, day) {
  const { year } = partsOf(day);
  const home = [year + 1, year, year - 1].find((one) => firstWeek(one, rule.weekStart) <= day);
  const start = firstWeek(home, rule.weekStart);
  const weeks = (firstWeek(home + 1, rule.weekStart) - start) / 7;
  const week = Math.floor((day - start) / 7) + 1;
  return named(rule.weeks, week, weeks - week + 1);
}

/** @param {number} year @param {number} weekStart @returns {number} the first day of week 1: the one with four days in the year */
function firstWeek(year, weekStart) {
  const fourth = firstOf(year, 1) + 3;
  return fourth - ((weekdayOf(fourth) - weekStart + 7) % 7);
}

/** @param {number[]} days @param {number[]} positions @returns {number[]} */
function placed(days, positions) {
  return days.filter((_, index) => named(positions, index + 1, days.length - index));
}
