/** A small month beside the calendar: where things are, and a way to get there. */

import { addDays, isoWeek, wallClock } from '../../model/dates.js';
import { addMonths, weeksOf, weekdayOf } from '../../model/month.js';
import { choicesOf } from '../../model/view_choices.js';
import { dayWords } from '../../model/when_words.js';
import { fill, h } from '../h.js';
import { icon } from '../icons.js';
import { VIEWS } from '../toolbar.js';

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Follows the calendar, and leads it. */
export class MiniMonth {
  #context;
  #shown = '';
  #mark = '';
  /** The day that the keyboard is at. */
  #focused = '';
  #followed = '';

  /** @param {import('../features.js').Context} context */
  constructor(context) {
    this.#context = context;
    const { t } = context;
    this.title = h('h2', { class: 'mini-title', 'aria-live': 'polite' });
    const step = (months, name) => h('button', { type: 'button', class: 'icon-button', 'aria-label': t(name), onclick: () => this.#turn(months) }, icon(months < 0 ? 'prev' : 'next'));
    this.grid = h('table', { class: 'mini-grid', role: 'grid', onkeydown: (event) => this.#step(event), onclick: (event) => this.#click(event) });
    this.element = h('section', { class: 'mini-month', 'aria-label': t('mini.label') }, h('div', { class: 'mini-head' }, this.title, step(-1, 'mini.prev'), step(1, 'mini.next')), this.grid);
  }

  /** Draws where something would look different; the month is the calendar's as soon as that has moved. */
  draw() {
    const { calendar } = this.#context;
    const followed = calendar.date;
    if (followed !== this.#followed) {
      this.#followed = followed;
      this.#shown = this.#focused = followed;
    }
    this.#drawMonth();
  }

  #drawMonth() {
    const { t, calendar, preferences } = this.#context;
    const weeks = weeksOf(this.#shown, this.#context.calendar.firstDay);
    const busy = busyDays(calendar.seen(weeks[0][0], addDays(weeks[5][6], 1)), weeks[0][0], weeks[5][6]);
    const today = wallClock(new Date()).slice(0, 10);
    const { from, before } = calendar.range;
    const { weekNumbers } = choicesOf(preferences);
    const mark = [this.#shown.slice(0, 7), weeks[0][0], weekNumbers, this.#focused, today, from, before, [...busy].join()].join('|');
    if (mark === this.#mark) return;
    this.#mark = mark;
    const focused = this.grid.contains(document.activeElement);
    fill(this.title, monthWords(this.#shown, t.language));
    const row = (week) => h('tr', {}, weekNumbers && this.#week(week), ...week.map((date) => this.#cell(date, { busy, today, from, before })));
    fill(this.grid, head(weeks[0], t, weekNumbers), h('tbody', {}, ...weeks.map(row)));
    if (focused) this.#button(this.#focused)?.focus();
  }

  /** The number of a week leads to its view. */
  #week([first]) {
    const { t } = this.#context;
    const number = t('week.number', { number: isoWeek(new Date(`${first}T00:00Z`)) });
    return h('th', { scope: 'row' }, h('button', { type: 'button', class: 'mini-week', 'data-week': first, title: t('view.week') }, number));
  }

  #cell(date, { busy, today, from, before }) {
    const { t } = this.#context;
    const words = dayWords(date, { language: t.language, today }, 'long');
    const classes = ['mini-day', date.slice(0, 7) !== this.#shown.slice(0, 7) && 'outside', busy.has(date) && 'busy', date >= from && date < before && 'in-view'];
    const button = h('button', {
      type: 'button', class: classes.filter(Boolean).join(' '), 'data-day': date, tabindex: date === this.#focused ? 0 : -1,
      'aria-current': date === today && 'date',
    }, h('span', { 'aria-hidden': 'true' }, String(Number(date.slice(8)))), h('span', { class: 'unseen' }, busy.has(date) ? t('mini.busy', { day: words, count: busy.get(date) }) : words));
    return h('td', { role: 'gridcell' }, button);
  }

  #button(date) {
    return this.grid.querySelector(`[data-day="${date}"]`);
  }

  #turn(months) {
    this.#shown = this.#focused = addMonths(this.#shown, months);
    this.#drawMonth();
  }

  #click({ target }) {
    const { calendar } = this.#context;
    const week = target.closest?.('[data-week]')?.dataset.week;
    if (week) return calendar.look(VIEWS.week, week);
    const date = target.closest?.('[data-day]')?.dataset.day;
    if (!date) return undefined;
    this.#focused = date;
    return calendar.show(date);
  }

  #step(event) {
    const to = this.#target(event);
    if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#focused = to;
    if (to.slice(0, 7) !== this.#shown.slice(0, 7)) this.#shown = to;
    this.#drawMonth();
    this.#button(to)?.focus();
  }

  /** @returns {string|null} */
  #target({ key }) {
    const from = this.#focused;
    if (key in STEPS) return addDays(from, STEPS[key]);
    if (key === 'PageUp' || key === 'PageDown') return addMonths(from, key === 'PageUp' ? -1 : 1);
    const column = (weekdayOf(from) + 1 - this.#context.calendar.firstDay + 7) % 7;
    return { Home: addDays(from, -column), End: addDays(from, 6 - column) }[key] ?? null;
  }
}

function head(week, t, numbered) {
  const { language } = t;
  const name = (date, weekday) => new Date(`${date}T00:00Z`).toLocaleDateString(language, { weekday, timeZone: 'UTC' });
  const cell = (date) => h('th', { scope: 'col', 'aria-label': name(date, 'long'), class: ['', '', '', '', '', 'saturday', 'sunday'][weekdayOf(date)] }, name(date, 'narrow'));
  return h('thead', {}, h('tr', {}, numbered && h('th', { scope: 'col' }, h('span', { class: 'unseen' }, t('view.week'))), ...week.map(cell)));
}

function monthWords(date, language) {
  return new Date(`${date.slice(0, 8)}01T00:00Z`).toLocaleDateString(language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
}

/** @returns {Map<string, number>} how many events each day has */
function busyDays(events, from, to) {
  const days = new Map();
  for (const event of events) {
    const last = event.end_date ?? event.event_date;
    if (last === event.event_date) {
      if (last >= from && last <= to) days.set(last, (days.get(last) ?? 0) + 1);
      continue;
    }
    for (let date = event.event_date < from ? from : event.event_date; date <= last && date <= to; date = addDays(date, 1)) days.set(date, (days.get(date) ?? 0) + 1);
  }
  return days;
}
