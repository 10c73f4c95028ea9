/** Knows how an event lies on a calendar: which days it covers, in its own zone, and what a drag changes. */

import { addDays, addMinutes, daysBetween } from './dates.js';
import { isSeries, lastEndBefore, nextFirstDay } from './series.js';

/** @typedef {Record<string, any>} Event as REST shows it */
/** @typedef {{start: string, end: string|null, allDay: boolean}} Span `end` is exclusive, as calendars draw */

/** @param {Event} event @returns {boolean} */
export function isAllDay(event) {
  return !event.start_time;
}

/** @param {Event} event @param {string} from @param {string} before @returns {boolean} whether it covers a day of [from, before) */
export function overlaps(event, from, before) {
  return event.event_date < before && (event.end_date ?? event.event_date) >= from;
}

/**
 * Finds the day with something on it that is nearest to a range that is empty.
 * @param {Event[]} events @param {string} from @param {string} before
 * @returns {string|null}
 */
export function nearestDay(events, from, before) {
  const past = events.map((event) => (isSeries(event) ? lastEndBefore(event, from) : (event.end_date ?? event.event_date)));
  const coming = events.map((event) => (isSeries(event) ? nextFirstDay(event, before) : event.event_date));
  const last = past.reduce((a, b) => (b && b < from && b > a ? b : a), '');
  const next = coming.reduce((a, b) => (b && b >= before && (!a || b < a) ? b : a), '');
  if (!last || !next) return last || next || null;
  return daysBetween(last, from) < daysBetween(before, next) ? last : next;
}

/** @param {Event} event @returns {Span} */
export function spanOf(event) {
  const last = event.end_date ?? event.event_date;
  if (isAllDay(event)) return { start: event.event_date, end: addDays(last, 1), allDay: true };
  const start = `${event.event_date}T${event.start_time}`;
  if (event.end_time) return { start, end: `${last}T${event.end_time}`, allDay: false };
  return { start, end: last > event.event_date ? `${addDays(last, 1)}T00:00` : null, allDay: false };
}

/** @param {Event} event @returns {string} words about the time that no clock can show, or nothing */
export function looseWords(event) {
  return isAllDay(event) && event.time && !/^(종일|하루 ?종일|all[- ]?day|終日)$/i.test(event.time) ? event.time : '';
}

/**
 * Says which members change when an event is dropped elsewhere.
 * @param {Event} event @param {Span} to
 * @returns {Event}
 */
export function moved(event, to) {
  const target = membersOf(to);
  if (isAllDay(event) === to.allDay) {
    const days = daysBetween(event.event_date, target.event_date);
    if (!to.end || !event.end_time) {
      target.end_date = addDays(event.end_date ?? event.event_date, days);
      target.end_time = event.end_time ?? null;
    }
  }
  return changed(event, target);
}

/** @param {Event} event @param {Span} to @returns {Event} which members change when one of its edges is dragged */
export function resized(event, to) {
  return changed(event, membersOf(to));
}

/** @param {Span} span @returns {Event} the four members that a span means */
export function membersOf({ start, end, allDay }) {
  const event_date = start.slice(0, 10);
  if (allDay) {
    const end_date = end ? addDays(end.slice(0, 10), -1) : event_date;
    return { event_date, end_date, start_time: null, end_time: null };
  }
  const times = { event_date, start_time: start.slice(11, 16) };
  return end ? { ...times, end_date: end.slice(0, 10), end_time: end.slice(11, 16) } : { ...times, end_date: event_date, end_time: null };
}

/** @param {string} date @param {string} time @param {number} minutes @returns {Span} */
export function spanFrom(date, time, minutes) {
  const { time: endTime, days } = addMinutes(time, minutes);
  return { start: `${date}T${time}`, end: `${addDays(date, days)}T${endTime}`, allDay: false };
}

/** @param {Event} event @param {Event} target @returns {Event} the members of `target` that differ */
function changed(event, target) {
  return Object.fromEntries(Object.entries(target).filter(([name, value]) => (event[name] ?? null) !== value));
}
