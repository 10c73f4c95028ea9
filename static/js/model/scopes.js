/**
 * Foresees what the server will make of a series that is edited from one of its occurrences on, so that it is seen at once:
 * this occurrence, this and those that follow, or all. What the server then answers takes its place.
 */

import { addDays, daysBetween } from './dates.js';
import { countBefore, firstMade } from './expansion.js';
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

/**
 * Says what to send of an edit that has a new rule: what it says of dates before the cut is left out, of so many times those
 * are left, and the series does not begin with a date that the rule does not make.
 * @param {Event} event as it was seen @param {Event|undefined} series of which it is an occurrence @param {Part|undefined} part
 * @param {Event} members @returns {Event}
 */
export function sentOf(event, series, part, members) {
  if (!members.recurrence) return members;
  if (!series || !part || part.scope === 'this') return onRule(event, event.event_date, members);
  if (part.scope === 'all' || part.date === series.event_date) return onRule(event, series.event_date, members);
  const own = readRule(series.recurrence.rrule);
  const rule = readRule(members.recurrence.rrule);
  const same = rule.count !== null && rule.count === own.count;
  const rrule = same ? writeRule({ ...rule, count: rule.count - countBefore(own, series.event_date, part.date) }) : members.recurrence.rrule;
  return onRule(event, part.date, { ...members, recurrence: cut(members.recurrence, rrule, (key) => key >= part.date) });
}

/** @param {Event} event @param {string} start the first date of the series that is meant @param {Event} members @returns {Event} */
export function onRule(event, start, members) {
  if (!members.recurrence) return members;
  const [first, last] = [members.event_date ?? event.event_date, members.end_date ?? event.end_date];
  const begins = addDays(start, daysBetween(event.event_date, first));
  const shift = daysBetween(begins, firstMade(readRule(members.recurrence.rrule), begins) ?? begins);
  if (!shift) return members;
  return { ...members, event_date: addDays(first, shift), ...(last && { end_date: addDays(last, shift) }) };
}

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
function restOfRule({ recurrence, event_date }, date) {
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
