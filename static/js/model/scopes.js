/**
 * Foresees what the server will make of a series that is edited from one of its occurrences on, so that it is seen at once:
 * this occurrence, this and those that follow, or all. What the server then answers takes its place.
 */

import { addDays, daysBetween } from './dates.js';
import { countBefore } from './expansion.js';
import { movedRule } from './rule_moves.js';
import { readRule, writeRule } from './rules.js';
import { isOver, occurrence, placed } from './series.js';

/**
 * @typedef {'this'|'following'|'all'} Scope
 * @typedef {{scope: Scope, date: string}} Part which occurrences are meant; `date` is the original one
 * @typedef {Record<string, any>} Event
 * @typedef {{series: Event|null, tail?: Event}} Foreseen what is left of the series, and the one that goes on where it was cut
 */

const DATES = ['event_date', 'end_date'];
const TIMES = ['start_time', 'end_time', 'time'];

/** @param {Event} series @param {Part} part @param {Event} members of that occurrence, as they will be @returns {Foreseen} */
export function edited(series, { scope, date }, members) {
  if (scope === 'this') return { series: withOverride(series, date, members) };
  if (scope === 'all' || date === series.event_date) return { series: changedAll(series, date, members) };
  return { series: ended(series, date), tail: changedAll(restOf(series, date), date, members) };
}

/** @param {Event} series @param {Part} part @returns {Foreseen} */
export function deleted(series, { scope, date }) {
  if (scope === 'all') return { series: null };
  return { series: scope === 'this' ? withoutOne(series, date) : ended(series, date) };
}

/** @param {Event} series @param {string} date @param {Event} members @returns {Event} */
function withOverride(series, date, members) {
  const { overrides } = series.recurrence;
  return withRecurrence(series, { overrides: { ...overrides, [date]: { ...overrides[date], ...members } } });
}

/** @param {Event} series @param {string} date @returns {Event|null} */
function withoutOne(series, date) {
  const { exdates, overrides } = series.recurrence;
  const { [date]: _, ...rest } = overrides;
  return unlessOver(withRecurrence(series, { exdates: [...exdates, date].sort(), overrides: rest }));
}

/** @param {Event} series @param {string} date @returns {Event|null} what comes before the date */
function ended(series, date) {
  if (date === series.event_date) return null;
  const rule = { ...readRule(series.recurrence.rrule), count: null, until: addDays(date, -1) };
  return unlessOver({ ...series, recurrence: cut(series.recurrence, writeRule(rule), (key) => key < date) });
}

/** @param {Event} series @param {string} date @returns {Event} what comes from the date on */
function restOf(series, date) {
  const rrule = restOfRule(series, date);
  return { ...series, ...placed(series, date), recurrence: cut(series.recurrence, rrule, (key) => key >= date) };
}

/** @param {Event} series @param {string} date @returns {string} the rule from the date on: of so many times those are left */
export function restOfRule({ recurrence, event_date }, date) {
  const rule = readRule(recurrence.rrule);
  const count = rule.count === null ? null : rule.count - countBefore(rule, event_date, date);
  return writeRule({ ...rule, count });
}

/** @param {Event} series @param {string} date @param {Event} members @returns {Event} */
function changedAll(series, date, members) {
  const shown = occurrence(series, date);
  const target = { ...members, ...shifted(shown, members, daysBetween(shown.event_date, series.event_date)) };
  const changed = { ...trimmed(series, date, members), ...target };
  if (members.recurrence !== undefined || changed.event_date === series.event_date) return changed;
  return { ...changed, recurrence: movedRecurrence(changed.recurrence, series.event_date, changed.event_date) };
}

/** @returns {Event} the dates that were sent of an occurrence, as those of the series' first */
function shifted(shown, members, shift) {
  if (!DATES.some((name) => name in members)) return {};
  const dates = DATES.map((name) => [name, addDays(members[name] ?? shown[name], shift)]);
  return Object.fromEntries(dates);
}

/** Takes from an occurrence's override what an edit speaks of; one date or time speaks of all. */
function trimmed(series, date, members) {
  const { overrides } = series.recurrence;
  if (!overrides[date]) return series;
  const touched = new Set(Object.keys(members));
  for (const unit of [DATES, TIMES]) if (unit.some((name) => touched.has(name))) unit.forEach((name) => touched.add(name));
  const left = Object.entries(overrides[date]).filter(([name]) => !touched.has(name));
  const { [date]: _, ...rest } = overrides;
  return withRecurrence(series, { overrides: left.length ? { ...rest, [date]: Object.fromEntries(left) } : rest });
}

/** @returns {import('./series.js').Recurrence} */
function movedRecurrence({ rrule, exdates, overrides }, before, after) {
  const shift = daysBetween(before, after);
  const later = ([name, value]) => [name, DATES.includes(name) ? addDays(value, shift) : value];
  const moved = Object.entries(overrides).map(([date, members]) => [addDays(date, shift), Object.fromEntries(Object.entries(members).map(later))]);
  return {
    rrule: writeRule(movedRule(readRule(rrule), before, after)),
    exdates: exdates.map((date) => addDays(date, shift)),
    overrides: Object.fromEntries(moved),
  };
}

/** @returns {import('./series.js').Recurrence} */
function cut({ exdates, overrides }, rrule, keeps) {
  return { rrule, exdates: exdates.filter(keeps), overrides: Object.fromEntries(Object.entries(overrides).filter(([date]) => keeps(date))) };
}

/** @param {Event} series @param {Partial<import('./series.js').Recurrence>} members */
function withRecurrence(series, members) {
  return { ...series, recurrence: { ...series.recurrence, ...members } };
}

/** @param {Event} series @returns {Event|null} */
function unlessOver(series) {
  return isOver(series) ? null : series;
}
