/** Says what becomes of a rule when its series moves to other days, as the server will. */

import { dateOf, dayNumber, daysBetween, firstOf, partsOf, weekdayOf } from './dates.js';

/**
 * The days of a weekly rule turn by as many days. A single day of the month, or weekday in it, becomes the new one's.
 * What says more than the first day does stays as it is. The last date moves along.
 * @param {import('./rules.js').Rule} rule @param {string} before @param {string} after the first date, then and now
 * @returns {import('./rules.js').Rule}
 */
export function movedRule(rule, before, after) {
  const shift = daysBetween(before, after);
  const [from, to] = [before, after].map((date) => partsOf(dayNumber(date)));
  const moved = { ...rule, until: rule.until && dateOf(dayNumber(rule.until) + shift) };
  if (rule.freq === 'WEEKLY') moved.weekdays = inOrder(rule.weekdays.map(({ day }) => ({ day: (((day + shift) % 7) + 7) % 7, nth: 0 })));
  if (rule.freq === 'MONTHLY' || (rule.freq === 'YEARLY' && String(rule.months) === String(from.month))) {
    if (String(rule.monthDays) === String(from.date)) moved.monthDays = [to.date];
    if (rule.weekdays.length === 1) moved.weekdays = [samePlace(rule.weekdays[0], dayNumber(after))];
    if (rule.freq === 'YEARLY') moved.months = [to.month];
  }
  return moved;
}

/** @param {number} day @returns {{first: number, last: number}} which one of its weekday it is in its month, from either side */
export function placeInMonth(day) {
  const { year, month, date } = partsOf(day);
  return { first: Math.floor((date - 1) / 7) + 1, last: -(Math.floor((firstOf(year, month + 1) - day - 1) / 7) + 1) };
}

/** @param {import('./rules.js').Weekday} weekday @param {number} day */
function samePlace({ nth }, day) {
  const { first, last } = placeInMonth(day);
  return { day: weekdayOf(day), nth: nth === 0 ? 0 : nth > 0 ? first : last };
}

/** @param {import('./rules.js').Weekday[]} weekdays @returns {import('./rules.js').Weekday[]} */
function inOrder(weekdays) {
  return weekdays.sort((a, b) => a.day - b.day);
}
