/** Says in words when something is, as a person would read it out: `11월 27일 (금) 오후 2:00~3:30`. */

import { isAllDay, looseWords } from './event.js';
import { weekdayOf } from './month.js';

const LETTERS = '월화수목금토일';

/** @typedef {{language: string, today: string}} Voice `today` decides whether a year must be said */

/** @param {Record<string, any>} event @param {Voice} voice @returns {string} day and clock */
export function whenWords(event, voice) {
  return [daysWords(event, voice), clockWords(event, voice)].filter(Boolean).join(' ');
}

/** @param {Record<string, any>} event @param {Voice} voice @returns {string} its first day, or both */
export function daysWords(event, voice) {
  const last = lastDay(event);
  const first = dayWords(event.event_date, voice);
  return last === event.event_date ? first : `${first} ~ ${dayWords(last, voice)}`;
}

/** @param {string} date @param {Voice} voice @param {'short'|'long'} [weekday] @returns {string} */
export function dayWords(date, { language, today }, weekday = 'short') {
  const withYear = date.slice(0, 4) !== today.slice(0, 4);
  if (language !== 'ko') return english(weekday, withYear).format(new Date(`${date}T00:00Z`));
  const letter = LETTERS[weekdayOf(date)];
  const day = `${withYear ? `${Number(date.slice(0, 4))}년 ` : ''}${Number(date.slice(5, 7))}월 ${Number(date.slice(8))}일`;
  return weekday === 'long' ? `${day} ${letter}요일` : `${day}(${letter})`;
}

/** @param {Record<string, any>} event @param {Voice} voice @returns {string} nothing for whole days: their days say all */
export function clockWords(event, { language }) {
  if (isAllDay(event)) return looseWords(event);
  const { start_time: start, end_time: end } = event;
  if (!end) return timeWords(start, language);
  const together = isMorning(start) === isMorning(end) && start < end && lastDay(event) === event.event_date;
  if (language === 'ko') return `${timeWords(start, language)}~${together ? twelve(end) : timeWords(end, language)}`;
  return `${together ? twelve(start) : timeWords(start, language)}–${timeWords(end, language)}`;
}

/** @param {string} time `HH:MM` @param {string} language @returns {string} */
export function timeWords(time, language) {
  if (language !== 'ko') return `${twelve(time)} ${isMorning(time) ? 'AM' : 'PM'}`;
  return `${isMorning(time) ? '오전' : '오후'} ${twelve(time)}`;
}

function isMorning(time) {
  return time < '12:00';
}

function twelve(time) {
  return `${Number(time.slice(0, 2)) % 12 || 12}${time.slice(2)}`;
}

/** A night shift ends on the next day, but belongs to the day on which it begins. */
function lastDay({ event_date, end_date, start_time, end_time }) {
  const last = end_date ?? event_date;
  const night = start_time && end_time && end_time <= start_time && Date.parse(last) - Date.parse(event_date) === 86_400_000;
  return night ? event_date : last;
}

const formatters = new Map();

/** @returns {Intl.DateTimeFormat} kept: making one is slow */
function english(weekday, withYear) {
  const key = `${weekday}${withYear}`;
  const options = /** @type {const} */ ({ timeZone: 'UTC', month: 'short', day: 'numeric', weekday, ...(withYear && { year: 'numeric' }) });
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat('en', options));
  return formatters.get(key);
}
