/** Says what a change did to some occurrences of a series, where it did nothing else. */

import { readRule } from './rules.js';
import { isSeries } from './series.js';

/**
 * @typedef {import('./replica.js').Change} Change
 * @typedef {{kind: 'one_changed'|'one_deleted'|'ended', date: string, title: string}} SeriesDeed `date`: of the occurrence, or the last one
 */

/** @param {Change} change of an event's recurrence alone @returns {SeriesDeed|null} null where it is the rule itself that changed */
export function seriesDeedOf({ before, data }) {
  if (!before || !isSeries(before) || !isSeries(data)) return null;
  const [was, is] = [before.recurrence, data.recurrence];
  if (was.rrule !== is.rrule) return endedDeed(was, is, data.title);
  const gone = is.exdates.filter((date) => !was.exdates.includes(date));
  const back = was.exdates.filter((date) => !is.exdates.includes(date));
  if (gone.length === 1 && !back.length) return { kind: 'one_deleted', date: gone[0], title: titleOn(before, gone[0]) };
  const dates = new Set([...back, ...differingDates(was.overrides, is.overrides)]);
  if (gone.length || dates.size !== 1) return null;
  const [date] = dates;
  return { kind: 'one_changed', date, title: titleOn(data, date) };
}

/** @returns {SeriesDeed|null} */
function endedDeed(was, is, title) {
  const { until } = readRule(is.rrule);
  const end = { count: null, until: null };
  const same = JSON.stringify({ ...readRule(was.rrule), ...end }) === JSON.stringify({ ...readRule(is.rrule), ...end });
  const before = readRule(was.rrule).until;
  return same && until && (!before || until < before) ? { kind: 'ended', date: until, title } : null;
}

/** @returns {string[]} */
function differingDates(one, other) {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((date) => JSON.stringify(one[date]) !== JSON.stringify(other[date]));
}

/** @returns {string} an occurrence may have a title of its own */
function titleOn({ title, recurrence }, date) {
  return recurrence.overrides[date]?.title ?? title;
}
