/** Departments side by side: a day with a column for each, a week with a row for each; what is dragged across changes hands. */

import { Calendar } from 'fullcalendar';
import { createElement as v } from 'fullcalendar/preact';

import { addDays, dayNumber, wallClock, weekdayOf } from '../model/dates.js';
import { filterOf, testOf } from '../model/filter.js';
import { Lanes } from '../model/lanes.js';
import { keyOf } from '../model/series.js';
import { choicesOf, firstDayOf } from '../model/view_choices.js';
import { CalendarEvents } from './calendar_event.js';
import { optionsFor } from './calendar_options.js';
import { DrawnEvents } from './drawn_events.js';
import { h } from './h.js';

/** The views that this is, and how many days each lane has. */
export const LANE_DAYS = { lanesDay: 1, lanesWeek: 7 };

/** Columns narrower than this would hold no Korean word. */
const NARROWEST = 108;

/** The lanes on the screen; has what CalendarView has. */
export class LanesView {
  #parts;
  #inputs;
  #full = null;
  #drawn = null;
  #view = 'lanesDay';
  #date;
  #lanes = new Lanes([], '2000-01-01', 1);
  #built = '';
  #dragging = false;

  /** @param {import('./calendar.js').Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#inputs = new CalendarEvents(parts.viewerZone);
    this.#date = parts.date ?? wallClock(new Date()).slice(0, 10);
    this.lanes = h('div', { class: 'calendar lanes' });
    this.choice = Object.keys(LANE_DAYS).map((view) => h('button', { type: 'button', 'data-lanes': view, onclick: () => this.look(view) }, parts.t(`view.${view}`)));
    const group = h('div', { class: 'views lane-choice', role: 'group', 'aria-label': parts.t('view.lanes') }, ...this.choice);
    this.element = h('div', { class: 'lane-stage' }, group, h('div', { class: 'lane-scroll' }, this.lanes));
  }

  /** Draws again what would look different; all of it where there are other departments or days. */
  draw() {
    if (this.#dragging) return;
    this.#build();
    this.#drawn.show(this.#read());
  }

  /** What is on the screen is not what is stored. */
  forget() {
    this.#drawn?.forget();
  }

  /** @param {'prev'|'next'|'today'} where */
  go(where) {
    const days = LANE_DAYS[this.#view];
    this.show(where === 'today' ? wallClock(new Date()).slice(0, 10) : addDays(this.#date, where === 'prev' ? -days : days));
  }

  /** @param {string} view @param {string} [date] */
  look(view, date = this.#date) {
    this.#view = view;
    this.show(date);
  }

  /** @param {string} date */
  show(date) {
    this.#date = date.slice(0, 10);
    for (const button of this.choice) button.setAttribute('aria-pressed', String(button.dataset.lanes === this.#view));
    this.draw();
    this.#parts.onDates(this.#title(), this.#view);
  }

  /** @returns {{from: string, before: string, isEmpty: boolean}} */
  get range() {
    const { from, before } = this.#lanes;
    return { from, before, isEmpty: false };
  }

  /** @returns {number} 0 is Sunday */
  get firstDay() {
    return firstDayOf(choicesOf(this.#parts.preferences), this.#parts.firstDay) ?? 0;
  }

  /** @returns {string} */
  get date() {
    return this.#date;
  }

  /** Takes the lanes down. */
  destroy() {
    this.#full?.destroy();
  }

  /** Lanes are few and change seldom: they are made anew. */
  #build() {
    const { workspace, preferences } = this.#parts;
    const { shown, departments } = workspace;
    const seen = departments.filter(({ id }) => shown.has(id));
    const days = LANE_DAYS[this.#view];
    const from = days === 1 ? this.#date : addDays(this.#date, -daysInto(this.#date, this.firstDay));
    this.#lanes = new Lanes(seen.map(({ id }) => id), from, days);
    const built = JSON.stringify([this.#view, from, seen.map(({ id, name }) => [id, name]), choicesOf(preferences), [...workspace.colors]]);
    if (built === this.#built) return;
    this.#built = built;
    this.#full?.destroy();
    this.#drawn = new DrawnEvents(() => this.#full);
    this.element.style.setProperty('--lanes', `${days === 1 ? (seen.length + 0.5) * NARROWEST : 7 * NARROWEST}px`);
    this.#full = new Calendar(this.lanes, this.#options());
    this.#full.render();
  }

  #read() {
    const { workspace, preferences } = this.#parts;
    const passes = testOf(filterOf(preferences), preferences.get('actor')) ?? (() => true);
    const events = workspace.between(this.#lanes.from, this.#lanes.before).filter(passes);
    const inputs = this.#inputs.of(events, workspace.colors);
    return new Map(events.flatMap((event) => this.#placed(inputs.get(keyOf(event)), event.department_id)));
  }

  /** @returns {[string, import('./calendar_event.js').Input][]} */
  #placed(input, departmentId) {
    const place = this.#lanes.place(input, departmentId);
    if (!place) return [];
    const { cut, ...span } = place;
    return [[input.id, { ...input, ...span, ...(cut && { editable: false }) }]];
  }

  /** @returns {Record<string, any>} */
  #options() {
    const { workOnly, workFrom, workTo } = choicesOf(this.#parts.preferences);
    const grab = () => (this.#dragging = true);
    return {
      ...optionsFor({ ...this.#parts, ...this.#handlers(), view: 'lanes', date: this.#lanes.start }),
      ...this.#words(),
      views: { lanes: this.#shape() },
      events: (_, done) => done(this.#drawn.fetch(() => this.#read())),
      ...{ firstDay: 1, navLinks: false, nowIndicator: false, now: '1980-01-01', businessHours: false, moreLinkText: (count) => this.#parts.t('event.moreCount', { count }) },
      ...{ slotMinTime: workOnly ? workFrom : '00:00', slotMaxTime: workOnly ? workTo : '24:00' },
      selectAllow: ({ startStr, endStr }) => this.#lanes.isOneLane(startStr, endStr),
      eventAllow: ({ startStr, endStr }, event) => this.#lanes.isOneLane(startStr, endStr) && (!event.extendedProps.recurs || this.#isAtHome(startStr, event)),
      ...{ eventDragStart: grab, eventDragStop: () => this.#letGo(), eventResizeStart: grab, eventResizeStop: () => this.#letGo() },
    };
  }

  #shape() {
    const lanes = Math.max(1, this.#lanes.departmentIds.length);
    return this.#lanes.days === 1 ? { type: 'timeGrid', duration: { days: lanes } } : { type: 'dayGrid', duration: { weeks: lanes } };
  }

  /** Only a whole series changes hands, and that not by a drag of one of its days. */
  #isAtHome(start, event) {
    return this.#lanes.at(start).departmentId === this.#parts.workspace.event(event.id)?.department_id;
  }

  #handlers() {
    const { onCreate, onMove, onResize } = this.#parts;
    return {
      onCreate: (laneSpan) => {
        const { span, departmentId } = this.#lanes.read(laneSpan);
        onCreate(span, departmentId);
      },
      onMove: (key, laneSpan) => {
        const { span, departmentId } = this.#lanes.read(laneSpan);
        onMove(key, span, departmentId);
      },
      onResize: (key, laneSpan) => onResize(key, this.#lanes.read(laneSpan).span),
    };
  }

  /** What lanes are called, in the place of their dates; to screen readers, too. */
  #words() {
    const isDay = this.#lanes.days === 1;
    const name = (date) => this.#parts.workspace.department(this.#lanes.at(iso(date)).departmentId)?.name ?? '';
    const label = ({ el, date }) => el.setAttribute('aria-label', isDay ? name(date) : `${name(date)}, ${this.#dayWords(iso(date))}`);
    return {
      dayHeaderContent: ({ date, weekdayText }) => (isDay ? this.#heading(date, name) : this.#weekday(date, weekdayText)),
      dayHeaderInnerClass: 'lane-header',
      dayCellTopContent: ({ date }) => (isDay || !this.#isFirst(date) ? '' : this.#heading(date, name)),
      dayCellTopInnerClass: 'lane-top',
      ...{ dayHeaderDidMount: isDay ? label : undefined, dayCellDidMount: label, dayLaneDidMount: label },
    };
  }

  #isFirst(date) {
    return this.#lanes.at(iso(date)).date === this.#lanes.from;
  }

  #heading(date, name) {
    const { departmentId } = this.#lanes.at(iso(date));
    return v('span', { class: 'lane-name' }, v('i', { style: { '--department': this.#parts.workspace.colors.get(departmentId) ?? 'transparent' } }), name(date));
  }

  /** The header's weekdays are those of lanes; the real ones begin with the week's first day. */
  #weekday(date) {
    const real = addDays(this.#lanes.from, weekdayOf(dayNumber(iso(date))));
    const isToday = real === wallClock(new Date()).slice(0, 10);
    return v('span', { class: `day-line ${isToday ? 'today' : ''}` }, v('span', { class: 'day-weekday' }, this.#format(real, { weekday: 'short' })), v('span', { class: 'day-number' }, String(Number(real.slice(8)))));
  }

  #dayWords(laneDate) {
    return this.#format(this.#lanes.at(laneDate).date, { month: 'long', day: 'numeric', weekday: 'long' });
  }

  #title() {
    const words = { month: 'long', day: 'numeric', timeZone: 'UTC' };
    if (this.#lanes.days === 1) return this.#format(this.#date, { ...words, year: 'numeric', weekday: 'short' });
    const [first, last] = [this.#lanes.from, addDays(this.#lanes.before, -1)];
    const isThisYear = first.slice(0, 4) === wallClock(new Date()).slice(0, 4);
    const format = new Intl.DateTimeFormat(this.#parts.t.language, isThisYear ? words : { ...words, year: 'numeric' });
    return format.formatRange(...[first, last].map((date) => Date.parse(`${date}T00:00Z`)));
  }

  #format(date, options) {
    return new Intl.DateTimeFormat(this.#parts.t.language, { ...options, timeZone: 'UTC' }).format(Date.parse(`${date}T00:00Z`));
  }

  #letGo() {
    this.#dragging = false;
    this.#drawn.forget();
    queueMicrotask(() => this.draw());
  }
}

/** @param {Date} date @returns {string} */
function iso(date) {
  return date.toISOString().slice(0, 10);
}

/** @param {string} date @param {number} firstDay @returns {number} how many days the week is old then */
function daysInto(date, firstDay) {
  return (weekdayOf(dayNumber(date)) + 8 - firstDay) % 7;
}
