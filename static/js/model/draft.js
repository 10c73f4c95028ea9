/** Is what a person has written into an event's form, beside the event that the form was opened with. */

import { addDays } from './dates.js';
import { membersOf } from './event.js';

/**
 * @typedef {{title: string, all_day: boolean, event_date: string, end_date: string, start_time: string, end_time: string,
 *   time: string, location: string, url: string, category: string, tags: string, description: string, color: string, rrule: string,
 *   rruleFault?: string}} Values `rrule` is the rule, or nothing; `rruleFault` the key of what is wrong with it
 */

/** Members of free text, as the form has them. */
const TEXTS = ['title', 'location', 'url', 'category', 'description'];
/** The members in which two versions of an event can differ, in the order in which people read them. */
export const FIELDS = ['title', 'event_date', 'end_date', 'start_time', 'end_time', 'time', 'recurrence', 'location', 'url', 'category', 'tags', 'color', 'description'];

/** @param {Record<string, any>} event @returns {Values} */
export function valuesOf(event) {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, event[name] ?? '']));
  return /** @type {Values} */ ({
    ...texts,
    event_date: event.event_date,
    end_date: event.end_date ?? event.event_date,
    start_time: event.start_time ?? '',
    end_time: event.end_time ?? '',
    time: isDerived(event) ? '' : (event.time ?? ''),
    all_day: !event.start_time && !wordsOnly(event),
    tags: (event.tags ?? []).join(', '),
    color: event.color ?? '',
    rrule: event.recurrence?.rrule ?? '',
  });
}

/** @param {import('./event.js').Span} span @returns {Record<string, any>} an event that is not there yet */
export function blankEvent(span) {
  return { title: '', time: '', tags: [], ...membersOf(span) };
}

/**
 * Says what to send: only what the person changed, so that what others changed meanwhile is not taken back.
 * Words win over the two clocks where both are there, since the form clears one when the other is written.
 * @param {Record<string, any>} base @param {Values} values
 * @returns {Record<string, any>}
 */
export function changesOf(base, values) {
  const before = valuesOf(base);
  const members = {};
  for (const name of TEXTS) if (values[name].trim() !== before[name]) members[name] = values[name].trim() || null;
  if (values.color !== before.color) members.color = values.color || null;
  if (values.tags !== before.tags) members.tags = tagsOf(values.tags);
  if (values.rrule !== before.rrule) members.recurrence = values.rrule ? { exdates: [], overrides: {}, ...base.recurrence, rrule: values.rrule } : null;
  return { ...members, ...whenChanges(before, values) };
}

/** @param {Values} before @param {Values} values */
function whenChanges(before, values) {
  const members = {};
  const dates = { event_date: values.event_date, end_date: lastDay(values) };
  for (const [name, date] of Object.entries(dates)) if (date !== before[name]) members[name] = date;
  if (values.time && values.time !== before.time) {
    const nightShift = values.end_date === values.event_date && before.end_date === before.event_date;
    if (nightShift) delete members.end_date;
    return { ...members, time: values.time };
  }
  const start = values.all_day ? '' : values.start_time;
  const end = values.all_day ? '' : values.end_time;
  if (start !== before.start_time || end !== before.end_time) Object.assign(members, { start_time: start || null, end_time: end || null });
  else if (values.all_day && !before.all_day) members.time = null;
  return members;
}

/** @param {Values} values @returns {string} the next day where a night shift was written with one date */
function lastDay({ event_date, end_date, start_time, end_time, all_day }) {
  const overnight = !all_day && start_time && end_time && end_time <= start_time && (end_date || event_date) === event_date;
  return overnight ? addDays(event_date, 1) : end_date || event_date;
}

/**
 * Names what is wrong before the server has to.
 * @param {Values} values
 * @returns {Record<string, string>} by field, the key of the words
 */
export function faultsOf(values) {
  const faults = {};
  if (!values.title.trim()) faults.title = 'error.required';
  if (!values.event_date) faults.event_date = 'error.required';
  if (values.end_date && values.end_date < values.event_date) faults.end_date = 'error.endBeforeStart';
  if (!values.all_day && !values.time && !values.start_time) faults.start_time = 'error.required';
  if (values.url.trim() && !/^https?:\/\/\S+$/i.test(values.url.trim())) faults.url = 'error.url';
  if (values.rruleFault) faults.recurrence = values.rruleFault;
  return faults;
}

/**
 * Lists the members in which two versions of an event differ.
 * @param {Record<string, any>} one @param {Record<string, any>} other
 * @returns {{field: string, before: string, after: string}[]}
 */
export function differences(one, other) {
  return FIELDS.map((field) => ({ field, before: shown(one[field]), after: shown(other[field]) })).filter(
    ({ before, after }) => before !== after,
  );
}

/** @param {any} value @returns {string} */
function shown(value) {
  if (value?.rrule) return value.rrule;
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

/** @param {string} text @returns {string[]} */
function tagsOf(text) {
  return [...new Set(text.split(/[,，、]/).map((tag) => tag.trim()).filter(Boolean))];
}

/** @param {Record<string, any>} event @returns {boolean} whether its words only repeat its two clocks, or say all day */
function isDerived({ time, start_time, end_time }) {
  return time === [start_time, end_time].filter(Boolean).join('~') || (!start_time && /종일|all[- ]?day/i.test(time ?? ''));
}

/** @param {Record<string, any>} event @returns {boolean} whether its time is words that no clock can show */
function wordsOnly(event) {
  return Boolean(event.time) && !event.start_time && !/종일|all[- ]?day/i.test(event.time);
}
