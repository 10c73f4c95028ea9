/** Lays events out by their days, as a list on paper or in a message has them. */

import { addDays } from './dates.js';
import { isAllDay } from './event.js';
import { clockWords, dayWords, daysWords, whenWords } from './when_words.js';

/**
 * @typedef {import('./when_words.js').Voice} Voice
 * @typedef {Voice & {allDay: string, nameOf: (departmentId: string) => string|undefined}} Teller
 * @typedef {{date: string, events: Record<string, any>[]}} Day
 */

/**
 * @param {Record<string, any>[]} events @param {string} from @param {string} before @param {{empty?: boolean}} [options] `empty`: days without events, too
 * @returns {Day[]} whole days first, then by the clock; what goes on for days stands on each of them
 */
export function daysOf(events, from, before, { empty = false } = {}) {
  const days = new Map();
  for (let date = from; date < before; date = addDays(date, 1)) days.set(date, []);
  for (const event of events) for (const date of datesOf(event, from, before)) days.get(date)?.push(event);
  const all = [...days].map(([date, found]) => ({ date, events: found.sort((a, b) => order(a, b, date)) }));
  return empty ? all : all.filter((day) => day.events.length);
}

/** @param {Record<string, any>} event @returns {string[]} the days that it stands on; the end of a night shift is none */
function datesOf(event, from, before) {
  const ends = event.end_date ?? event.event_date;
  const last = !isAllDay(event) && event.end_time && event.end_time <= '06:00' && ends > event.event_date ? addDays(ends, -1) : ends;
  const dates = [];
  for (let date = event.event_date < from ? from : event.event_date; date <= last && date < before; date = addDays(date, 1)) dates.push(date);
  return dates;
}

function order(a, b, date) {
  const clock = (event) => (isAllDay(event) || event.event_date < date ? '' : event.start_time);
  return clock(a).localeCompare(clock(b)) || a.event_date.localeCompare(b.event_date) || a.title.localeCompare(b.title);
}

/** @param {Record<string, any>} event @param {string} date @param {Voice} voice @returns {string} what stands before its title on a day */
export function clockOn(event, date, voice) {
  return event.event_date === date ? clockWords(event, voice) : '';
}

/** @param {Record<string, any>} event @param {Teller} teller @returns {string} an event as a message of some lines */
export function eventText(event, teller) {
  const when = isAllDay(event) ? [daysWords(event, teller), clockWords(event, teller) || teller.allDay].join(' ') : whenWords(event, teller);
  return [event.title, when, event.location, teller.nameOf(event.department_id), event.url, event.description?.trim()].filter(Boolean).join('\n');
}

/** @param {Day[]} days @param {Teller} teller @returns {string} a list as a message: each day, and its events below it */
export function outlineText(days, teller) {
  return days.map(({ date, events }) => [dayWords(date, teller, 'long'), ...events.map((event) => `- ${lineFor(event, date, teller)}`)].join('\n')).join('\n\n');
}

function lineFor(event, date, teller) {
  const beside = [event.location, teller.nameOf(event.department_id)].filter(Boolean).join(', ');
  return [clockOn(event, date, teller) || teller.allDay, event.title, beside && `(${beside})`].filter(Boolean).join(' ');
}
