/** Lays out what the calendar shows for paper: a heading, the departments, and the days as a table or a list. */

import { isColor } from '../../model/color.js';
import { addDays, wallClock } from '../../model/dates.js';
import { weekdayOf } from '../../model/month.js';
import { clockOn, daysOf } from '../../model/outline.js';
import { daysWords, dayWords } from '../../model/when_words.js';
import { h } from '../h.js';

const WEEK = 7;

/** @param {import('../features.js').Context} context @returns {HTMLElement} */
export function printSheet(context) {
  const { calendar } = context;
  const { from, before } = calendar.range;
  const asTable = calendar.view.startsWith('dayGrid') || calendar.view === 'timeGridWeek';
  const days = daysOf(calendar.seen(from, before), from, before, { empty: asTable });
  const body = asTable ? table(context, days) : list(context, days);
  return h('section', { class: `print-sheet ${asTable ? 'wide' : 'tall'}` }, head(context), body);
}

function head({ t, workspace, calendar }) {
  const { colors, shown } = workspace;
  const name = (department) => h('li', {}, dot(colors.get(department.id)), department.name);
  const today = wallClock(new Date()).slice(0, 10);
  return h(
    'header',
    { class: 'print-head' },
    h('h1', {}, titleOf({ t, calendar }, today)),
    h('ul', {}, ...workspace.departments.filter(({ id }) => shown.has(id)).map(name)),
    h('p', {}, t('print.on', { day: dayWords(today, { language: t.language, today: '' }) })),
  );
}

/** A week is told by its days: the month alone would not say which. */
function titleOf({ t, calendar }, today) {
  const { from, before } = calendar.range;
  if (calendar.view !== 'timeGridWeek') return calendar.title;
  return daysWords({ event_date: from, end_date: addDays(before, -1) }, { language: t.language, today });
}

/** A row for each week; a week alone has one, with room for places. */
function table(context, days) {
  const { language } = context.t;
  const weeks = Array.from({ length: Math.ceil(days.length / WEEK) }, (_, index) => days.slice(index * WEEK, (index + 1) * WEEK));
  const month = weeks.length > 1 ? context.calendar.date.slice(0, 7) : null;
  const name = ({ date }) => h('th', { scope: 'col', class: dayClass(date) }, new Date(`${date}T00:00Z`).toLocaleDateString(language, { weekday: 'short', timeZone: 'UTC' }));
  return h(
    'table',
    { class: `print-grid ${weeks.length > 1 ? 'month' : 'week'}` },
    h('thead', {}, h('tr', {}, ...weeks[0].map(name))),
    h('tbody', {}, ...weeks.map((week) => h('tr', {}, ...week.map((day) => cell(context, day, month))))),
  );
}

function cell(context, { date, events }, month) {
  const outside = month !== null && date.slice(0, 7) !== month;
  const number = h('p', { class: `print-date ${dayClass(date)}` }, String(Number(date.slice(8))));
  return h('td', { class: outside && 'outside' }, number, ...events.map((event) => line(context, event, date, { place: month === null })));
}

function list(context, days) {
  const { t } = context;
  if (!days.length) return h('p', {}, t('event.none'));
  const today = wallClock(new Date()).slice(0, 10);
  const day = ({ date, events }) => h(
    'section',
    { class: 'print-day' },
    h('h2', { class: dayClass(date) }, dayWords(date, { language: t.language, today }, 'long')),
    ...events.map((event) => line(context, event, date, { place: true, department: true })),
  );
  return h('div', { class: 'print-list' }, ...days.map(day));
}

function line({ t, workspace }, event, date, { place, department = false }) {
  const clock = clockOn(event, date, { language: t.language, today: date });
  const beside = [place && event.location, department && workspace.department(event.department_id)?.name].filter(Boolean).join(' · ');
  const color = isColor(event.color) ? event.color : workspace.colors.get(event.department_id);
  return h(
    'p',
    { class: 'print-event', style: { '--department': color } },
    clock && h('span', { class: 'print-clock' }, `${clock} `),
    h('span', { class: 'print-title' }, event.title),
    beside && h('small', {}, ` ${beside}`),
  );
}

function dot(color) {
  return h('span', { class: 'print-dot', style: { '--department': color } });
}

function dayClass(date) {
  return ['', '', '', '', '', 'saturday', 'sunday'][weekdayOf(date)];
}
