/** What the form of an event offers for how it recurs, and the rule that a choice means. */

import { dayNumber, firstOf, partsOf, weekdayOf } from './dates.js';
import { explicit } from './periods.js';
import { placeInMonth } from './rule_moves.js';
import { makeRule, readRule, writeRule } from './rules.js';

/**
 * @typedef {'date'|'weekday'|'lastWeekday'|'lastDay'} On which day of a month: its number, the third Friday, the last Friday, the last day
 * @typedef {{kind: 'none'|'daily'|'weekly'|'monthly'|'yearly'|'other', interval: number, days: number[], on: On,
 *   end: 'never'|'until'|'count', until: string, count: number, weekStart: number, rrule: string}} Choices
 *   `rrule` is kept where `kind` is `other`: a rule that this form has no fields for
 */

export const KINDS = ['none', 'daily', 'weekly', 'monthly', 'yearly'];
export const MAX_INTERVAL = 999;
export const MAX_COUNT = 5000;

const FREQUENCIES = { daily: 'DAILY', weekly: 'WEEKLY', monthly: 'MONTHLY', yearly: 'YEARLY' };
const ENDS = { never: () => ({}), until: ({ until }) => ({ until }), count: ({ count }) => ({ count }) };

/** @param {string} date @returns {Choices} of an event that does not recur (yet) */
export function blankChoices(date) {
  return { kind: 'none', interval: 1, days: [weekdayOf(dayNumber(date))], on: 'date', end: 'never', until: '', count: 10, weekStart: 0, rrule: '' };
}

/** @param {string} date @returns {On[]} which days of a month a date can stand for */
export function placesOf(date) {
  const day = dayNumber(date);
  const { year, month } = partsOf(day);
  const { first, last } = placeInMonth(day);
  const possible = { date: true, lastDay: day === firstOf(year, month + 1) - 1, weekday: first < 5, lastWeekday: last === -1 };
  return /** @type {On[]} */ (Object.keys(possible).filter((on) => possible[on]));
}

/** @param {Choices} choices @param {string} date one of the occurrences' @returns {string} the rule, nothing where there is none */
export function ruleOf(choices, date) {
  const { kind, interval, weekStart } = choices;
  if (kind === 'none') return '';
  if (kind === 'other') return choices.rrule;
  return writeRule(makeRule({ freq: FREQUENCIES[kind], interval, weekStart, ...daysFor(choices, date), ...ENDS[choices.end](choices) }));
}

/** @param {Choices} choices @param {string} date @returns {Partial<import('./rules.js').Rule>} */
function daysFor({ kind, days, on }, date) {
  if (kind === 'daily') return {};
  if (kind === 'weekly') return { weekdays: [...days].sort((a, b) => a - b).map((day) => ({ day, nth: 0 })) };
  const months = kind === 'yearly' ? [partsOf(dayNumber(date)).month] : [];
  return { months, ...placeFor(on, dayNumber(date)) };
}

/** @param {On} on @param {number} day @returns {Partial<import('./rules.js').Rule>} */
function placeFor(on, day) {
  if (on === 'date') return { monthDays: [partsOf(day).date] };
  if (on === 'lastDay') return { monthDays: [-1] };
  const { first, last } = placeInMonth(day);
  return { weekdays: [{ day: weekdayOf(day), nth: on === 'weekday' ? first : last }] };
}

/**
 * Finds the choices that mean a rule; where none do, it is `other`.
 * @param {string} rrule @param {string} date one of the occurrences'
 * @returns {Choices}
 */
export function choicesOf(rrule, date) {
  const blank = blankChoices(date);
  if (!rrule) return blank;
  const rule = explicit(readRule(rrule), dayNumber(date));
  const kind = Object.keys(FREQUENCIES).find((each) => FREQUENCIES[each] === rule.freq);
  const { interval, weekStart, count, until } = rule;
  const end = { end: count ? 'count' : until ? 'until' : 'never', count: count ?? blank.count, until: until ?? '' };
  const days = rule.freq === 'WEEKLY' ? rule.weekdays.map(({ day }) => day) : blank.days;
  const wanted = writeRule(rule);
  const tried = placesOf(date).map((on) => ({ ...blank, kind, interval, weekStart, days, on, ...end }));
  return /** @type {Choices} */ (tried.find((choices) => ruleOf(choices, date) === wanted) ?? { ...blank, kind: 'other', rrule });
}

/**
 * Names what is wrong before the server has to.
 * @param {Choices} choices @param {string} date
 * @returns {{field: 'interval'|'days'|'until'|'count', key: string}|null} `key` of the words
 */
export function faultOf({ kind, interval, days, end, until, count }, date) {
  if (kind === 'none' || kind === 'other') return null;
  if (!within(interval, MAX_INTERVAL)) return { field: 'interval', key: 'repeat.intervalFault' };
  if (kind === 'weekly' && !days.length) return { field: 'days', key: 'repeat.daysFault' };
  if (end === 'until' && !until) return { field: 'until', key: 'error.required' };
  if (end === 'until' && until < date) return { field: 'until', key: 'repeat.untilFault' };
  if (end === 'count' && !within(count, MAX_COUNT)) return { field: 'count', key: 'repeat.countFault' };
  return null;
}

/** @param {number} number @param {number} most */
function within(number, most) {
  return Number.isInteger(number) && number >= 1 && number <= most;
}
