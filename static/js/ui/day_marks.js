/** What stands beside a day's number: the holiday that it is, and its date in the lunar calendar. */

import { createElement as v, Fragment } from 'fullcalendar/preact';

import { lunarOf, lunarWords } from '../model/lunar.js';

/**
 * @typedef {import('../model/holidays.js').Holidays} Holidays
 * @typedef {{t: import('../model/i18n.js').Translate, holidays: Holidays, lunar: boolean, full: Intl.DateTimeFormat}} Marks
 */

/** Lunar dates that a narrow cell has room for: the new and the full moon, as wall calendars print them. */
const MOONS = new Set([1, 15]);

/** @param {Omit<Marks, 'full'>} given @returns {Record<string, any>} options that write them */
export function dayMarkOptions(given) {
  const marks = { ...given, full: new Intl.DateTimeFormat(given.t.language, { dateStyle: 'full', timeZone: 'UTC' }) };
  return {
    dayCellDidMount: speakContent,
    dayHeaderDidMount: speakContent,
    listDayHeaderDidMount: speakContent,
    dayCellTopContent: (info) => cellTop(marks, info),
    dayCellTopInnerClass: (info) => `day-top ${restClass(marks, info)} ${info.isToday ? 'today' : ''} ${info.isOther ? 'other-month' : ''}`,
    dayHeaderContent: (info) => header(marks, info),
    dayHeaderInnerClass: (info) => `day-header ${info.dayNumberText ? restClass(marks, info) : weekday(info)} ${info.isToday && info.dayNumberText ? 'today' : ''}`,
    listDayHeaderContent: (info) => listHeader(marks, info),
    listDayHeaderInnerClass: (info) => `list-day ${info.level ? '' : restClass(marks, info)}`,
  };
}

/** @param {Date} date @returns {string} */
function dateOf(date) {
  return date.toISOString().slice(0, 10);
}

/** @param {{dow: number}} day @returns {string} Korean calendars print Sundays red and Saturdays blue */
function weekday({ dow }) {
  return ['sunday', '', '', '', '', '', 'saturday'][dow];
}

function restClass({ holidays }, info) {
  return holidays.of(dateOf(info.date)) ? 'holiday' : weekday(info);
}

/** A day's link is called what stands in it, which says more than the date that FullCalendar would call it. */
function speakContent({ el }) {
  for (const link of el.querySelectorAll('[role="link"][aria-label]')) link.removeAttribute('aria-label');
}

/** The date in full, and all that stands beside it: for ears, in the place of what is for eyes. */
function spoken(marks, date) {
  const words = [marks.full.format(Date.parse(`${date}T00:00Z`)), marks.holidays.of(date), marks.lunar && lunarWords(date, marks.t)];
  return v('span', { class: 'spoken' }, words.filter(Boolean).join(' '));
}

function cellTop(marks, info) {
  const date = dateOf(info.date);
  return v(
    Fragment,
    {},
    v('span', { class: 'day-number', 'aria-hidden': 'true' }, info.monthText && marks.t.language === 'en' ? info.text : info.dayNumberText || String(info.date.getUTCDate())),
    holidayName(marks, date),
    lunarMark(marks, date, info.isNarrow),
    spoken(marks, date),
  );
}

function header(marks, info) {
  if (!info.dayNumberText && !info.inPopover) return info.text;
  const date = dateOf(info.date);
  const under = [holidayName(marks, date), lunarMark(marks, date, false)].filter(Boolean);
  return v(
    Fragment,
    {},
    v('span', { class: 'day-line', 'aria-hidden': 'true' }, v('span', { class: 'day-weekday' }, info.weekdayText), v('span', { class: 'day-number' }, String(info.date.getUTCDate()))),
    under.length > 0 && v('span', { class: 'day-under' }, ...under),
    spoken(marks, date),
  );
}

function listHeader(marks, info) {
  if (!info.level) return info.text;
  const date = dateOf(info.date);
  return v(Fragment, {}, v('span', { 'aria-hidden': 'true' }, info.text), holidayName(marks, date), lunarMark(marks, date, false), spoken(marks, date));
}

function holidayName({ holidays }, date) {
  const name = holidays.of(date);
  return name && v('span', { class: 'holiday-name', title: name, 'aria-hidden': 'true' }, name);
}

function lunarMark({ t, lunar }, date, isNarrow) {
  if (!lunar || (isNarrow && !MOONS.has(lunarOf(date).day))) return null;
  return v('span', { class: 'lunar', 'aria-hidden': 'true' }, lunarWords(date, t));
}
