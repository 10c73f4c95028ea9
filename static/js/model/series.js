/**
 * The occurrences of a recurring event: when they are, and each as an event of its own. An occurrence is known by its
 * original date, the one that the rule makes, also where an override moved it elsewhere.
 */

import { addDays, dateOf, dayNumber, daysBetween } from './dates.js';
import { days, isDate, lastDay } from './expansion.js';
import { readRule } from './rules.js';
import { instantOf } from './zones.js';

/**
 * @typedef {Record<string, any>} Event
 * @typedef {{rrule: string, exdates: string[], overrides: Record<string, Event>}} Recurrence
 */

/** The last date before a day is looked for in ever wider ranges. */
const DAYS_TO_LOOK_BACK = [40, 400, 4000];

/** @param {Event} event @returns {boolean} */
export function isSeries(event) {
  return event.recurrence != null;
}

/** @param {Event} event an event or an occurrence @returns {string} by what a calendar knows it */
export function keyOf(event) {
  return event.occurrence_of ? `${event.id}@${event.occurrence_of.date}` : event.id;
}

/** @param {string} key @returns {{id: string, date: string|null}} */
export function readKey(key) {
  const [id, date] = key.split('@');
  return { id, date: date ?? null };
}

/** @param {Event} event @param {string} date @returns {boolean} whether the series has an occurrence that is known by this date */
export function isOccurrence({ recurrence, event_date }, date) {
  return !recurrence.exdates.includes(date) && isDate(readRule(recurrence.rrule), event_date, date);
}

/**
 * Lists the occurrences with a day in a range, by first day.
 * @param {Event} event a series @param {string} from @param {string} before
 * @returns {Event[]}
 */
export function occurrencesIn(event, from, before) {
  return [...regular(event, from, before), ...overridden(event, from, before)]
    .map((date) => occurrence(event, date))
    .sort((a, b) => order(a.event_date, b.event_date) || order(a.occurrence_of.date, b.occurrence_of.date));
}

/** Yields the original dates of occurrences that no override speaks of. */
function* regular(event, from, before) {
  const { rrule, exdates, overrides } = event.recurrence;
  const lower = dayNumber(from) - lengthOf(event);
  const gone = new Set(exdates);
  for (const day of days(readRule(rrule), dayNumber(event.event_date), lower, dayNumber(before) - 1)) {
    const date = dateOf(day);
    if (!gone.has(date) && !(date in overrides)) yield date;
  }
}

/** Yields the original dates of those that an override has put into the range, or left there. */
function* overridden(event, from, before) {
  for (const [date, members] of Object.entries(event.recurrence.overrides)) {
    const { event_date, end_date } = { ...placed(event, date), ...members };
    if (event_date < before && end_date >= from && isOccurrence(event, date)) yield date;
  }
}

/**
 * Shows one occurrence as an event: it has the series' id and version, no rule, and says whose it is.
 * @param {Event} event a series @param {string} date its original date
 * @returns {Event}
 */
export function occurrence(event, date) {
  const shown = { ...event, ...placed(event, date), ...event.recurrence.overrides[date], recurrence: null, occurrence_of: { id: event.id, date } };
  const moment = (day, time) => (shown.start_time && time ? instantOf(day, time, shown.timezone) : null);
  // Zones are asked only where somebody wants to know: most of those who draw do not.
  return Object.defineProperties(shown, {
    starts_at: { enumerable: true, get: () => moment(shown.event_date, shown.start_time) },
    ends_at: { enumerable: true, get: () => later(moment(shown.event_date, shown.start_time), moment(shown.end_date, shown.end_time)) },
  });
}

/**
 * Shows an event as its form does: an occurrence beside the rule of its series.
 * @param {Event} seen an event or an occurrence @param {Event|undefined} entity what it is, or is of, now
 * @returns {Event|undefined} nothing for an occurrence that does not happen (any more)
 */
export function inForm({ occurrence_of }, entity) {
  if (!entity || !occurrence_of) return entity;
  const { date } = occurrence_of;
  return isSeries(entity) && isOccurrence(entity, date) ? { ...occurrence(entity, date), recurrence: entity.recurrence } : undefined;
}

/** @param {Event} event a series @param {string} date @returns {{event_date: string, end_date: string}} when its occurrence would be without an override */
export function placed(event, date) {
  return { event_date: date, end_date: addDays(date, lengthOf(event)) };
}

/** @param {Event} event @returns {number} days from its first to its last */
function lengthOf({ event_date, end_date }) {
  return end_date ? daysBetween(event_date, end_date) : 0;
}

/** @param {Event} event a series @returns {string|null} the last date that its rule makes; null where it never ends */
export function lastDate({ recurrence, event_date }) {
  const last = lastDay(readRule(recurrence.rrule), dayNumber(event_date));
  return last === null ? null : dateOf(last);
}

/** @param {Event} event a series @returns {boolean} whether nothing is left of it: every date of it is taken out */
export function isOver(event) {
  const last = lastDate(event);
  if (last === null) return false;
  const { rrule, exdates } = event.recurrence;
  const [start, end] = [event.event_date, last].map(dayNumber);
  for (const day of days(readRule(rrule), start, start, end)) if (!exdates.includes(dateOf(day))) return false;
  return true;
}

/** @param {Event} event a series @param {string} day @returns {string|null} the first day on which an occurrence begins from `day` on */
export function nextFirstDay(event, day) {
  const found = [...moved(event).filter(({ event_date }) => event_date >= day).map(({ event_date }) => event_date)];
  for (const date of regular(event, day, '9998-01-01')) {
    if (date < day) continue;
    found.push(date);
    break;
  }
  return found.sort()[0] ?? null;
}

/** @param {Event} event a series @param {string} day @returns {string|null} the last day before `day` on which an occurrence ends */
export function lastEndBefore(event, day) {
  const length = lengthOf(event);
  const found = moved(event).map(({ end_date }) => end_date).filter((end) => end < day);
  for (const back of [...DAYS_TO_LOOK_BACK, Infinity]) {
    const from = back === Infinity ? event.event_date : addDays(day, -back);
    const dates = [...regular(event, from < event.event_date ? event.event_date : from, day)];
    const last = dates.map((date) => addDays(date, length)).filter((end) => end < day).at(-1);
    if (last) found.push(last);
    if (last || from <= event.event_date) break;
  }
  return found.sort().at(-1) ?? null;
}

/** @param {Event} event @returns {Event[]} the occurrences that overrides speak of */
function moved(event) {
  return Object.keys(event.recurrence.overrides).filter((date) => isOccurrence(event, date)).map((date) => occurrence(event, date));
}

/** @param {string|null} one @param {string|null} other @returns {string|null} an end that is never before its start */
function later(one, other) {
  return one && other && one > other ? one : other;
}

/** @param {string} a @param {string} b @returns {number} */
function order(a, b) {
  return a < b ? -1 : Number(a > b);
}
