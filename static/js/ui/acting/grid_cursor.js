/** Walks through the calendar's cells by keyboard: days, and the half hours of a day where the view has clocks. */

import { addDays, addMinutes, wallClock } from '../../model/dates.js';
import { blankEvent } from '../../model/draft.js';
import { spanFrom } from '../../model/event.js';
import { addMonths, weekdayOf } from '../../model/month.js';
import { SLOT } from '../../model/nudge.js';
import { dayWords, timeWords } from '../../model/when_words.js';

const CELL = '.calendar [role="gridcell"][data-date]';
const SIDEWAYS = { ArrowLeft: -1, ArrowRight: 1 };
const UPRIGHT = { ArrowUp: -1, ArrowDown: 1 };
/** The clock to which one comes from the row of whole days. */
const MORNING = '09:00';
/** Frames that the calendar may take to draw days that were not on the screen. */
const PATIENCE = 20;

/** One place in the grid; the cell there is the one that Tab reaches. */
export class GridCursor {
  #context;
  #date = '';
  /** @type {string|null} `HH:MM`; null is a whole day */
  #time = null;
  #cell = null;

  /** @param {import('../features.js').Context} context */
  constructor(context) {
    this.#context = context;
  }

  /** @returns {boolean} whether the keyboard is in a cell, and not in something that lies in it */
  get isFocused() {
    return document.activeElement?.matches(CELL) ?? false;
  }

  /** @returns {string} the day that it is at */
  get date() {
    return this.#date;
  }

  /** Keeps one cell reachable; the calendar has drawn anew. */
  settle() {
    const { from, before } = this.#context.calendar.range;
    if (this.#date < from || this.#date >= before) [this.#date, this.#time] = [this.#start(from, before), null];
    this.#mark();
  }

  /** Brings the keyboard into the grid. @param {string} [date] */
  focus(date = this.#date) {
    this.#date = date;
    this.#place(PATIENCE);
  }

  /** @param {string} key of an arrow, or Home, End, PageUp, PageDown */
  walk(key) {
    if (key in UPRIGHT && this.#lanes()) this.#time = this.#besideClock(UPRIGHT[key]);
    else this.#date = this.#target(key);
    const { calendar } = this.#context;
    const { from, before } = calendar.range;
    if (this.#date < from || this.#date >= before) calendar.show(this.#date);
    this.#place(PATIENCE);
  }

  /** Opens the form of a new event at this place. */
  create() {
    const span = this.#time ? spanFrom(this.#date, this.#time, 60) : { start: this.#date, end: null, allDay: true };
    this.#context.calendar.create(blankEvent(span));
  }

  /** @returns {HTMLElement|null} the first event of the day */
  firstEvent() {
    const inCell = this.#cell?.querySelector('[data-event]');
    if (inCell) return inCell;
    const box = this.#cell?.getBoundingClientRect();
    const touches = (element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return left < box.right - 2 && right > box.left + 2 && top < box.bottom && bottom > box.top;
    };
    return box ? ([...document.querySelectorAll('.calendar [data-event]')].find(touches) ?? null) : null;
  }

  #start(from, before) {
    const today = wallClock(new Date()).slice(0, 10);
    const { date } = this.#context.calendar;
    return [today, date].find((day) => day >= from && day < before) ?? from;
  }

  #target(key) {
    const date = this.#date;
    const column = (weekdayOf(date) + 1 - this.#context.calendar.firstDay + 7) % 7;
    return {
      ArrowLeft: addDays(date, SIDEWAYS.ArrowLeft), ArrowRight: addDays(date, SIDEWAYS.ArrowRight), ArrowUp: addDays(date, -7), ArrowDown: addDays(date, 7),
      Home: addDays(date, -column), End: addDays(date, 6 - column), PageUp: this.#month(-1), PageDown: this.#month(1),
    }[key] ?? date;
  }

  #month(months) {
    return this.#lanes() ? addDays(this.#date, months * 7) : addMonths(this.#date, months);
  }

  /** @returns {boolean} whether the view has clocks */
  #lanes() {
    return this.#cells().length > 1;
  }

  #cells() {
    return [...document.querySelectorAll(`${CELL}[data-date="${this.#date}"]`)];
  }

  #besideClock(direction) {
    const clocks = [...document.querySelectorAll('.calendar [data-time]')].map((slot) => slot.dataset.time.slice(0, 5));
    const [first, last] = [clocks.reduce((a, b) => (a < b ? a : b), '24:00'), clocks.reduce((a, b) => (a > b ? a : b), '00:00')];
    if (this.#time === null) return direction > 0 ? (MORNING >= first && MORNING <= last ? MORNING : first) : null;
    const { time, days } = addMinutes(this.#time, direction * SLOT);
    if (days < 0 || time < first) return null;
    return days > 0 || time > last ? last : time;
  }

  /** Focuses the cell as soon as it is there. */
  #place(patience) {
    this.#mark();
    if (!this.#cell && patience > 0) return requestAnimationFrame(() => this.#place(patience - 1));
    if (this.#cell) this.#focusCell();
    // A list has no cells, but it has events.
    else document.querySelector('.calendar [data-event]')?.focus();
    return undefined;
  }

  #focusCell() {
    this.#slot()?.scrollIntoView({ block: 'nearest' });
    this.#cell.focus({ preventScroll: this.#time !== null });
  }

  #mark() {
    const cells = this.#cells();
    const cell = cells[this.#time === null ? 0 : cells.length - 1] ?? null;
    if (this.#cell && this.#cell !== cell) this.#release();
    this.#cell = cell;
    if (!cell) return;
    cell.tabIndex = 0;
    this.#describe(cell);
    if (this.#time !== null) this.#drawSlot(cell);
    else cell.classList.remove('slot-cursor');
  }

  #release() {
    this.#cell.removeAttribute('tabindex');
    this.#cell.classList.remove('slot-cursor');
  }

  #describe(cell) {
    const { t, workspace } = this.#context;
    const count = workspace.between(this.#date, addDays(this.#date, 1)).length;
    cell.setAttribute('aria-description', t(count ? 'grid.events' : 'grid.free', { count }));
    if (this.#time === null) return;
    const day = dayWords(this.#date, { language: t.language, today: wallClock(new Date()).slice(0, 10) }, 'long');
    cell.setAttribute('aria-label', `${day} ${timeWords(this.#time, t.language)}`);
  }

  /** @returns {HTMLElement|undefined} the row of this clock */
  #slot() {
    if (this.#time === null) return undefined;
    return [...document.querySelectorAll(`.calendar [data-time="${this.#time}:00"]`)].at(-1);
  }

  #drawSlot(cell) {
    const slot = this.#slot();
    if (!slot) return;
    const [row, lane] = [slot.getBoundingClientRect(), cell.getBoundingClientRect()];
    cell.style.setProperty('--slot-start', `${row.top - lane.top}px`);
    cell.style.setProperty('--slot-size', `${row.height}px`);
    cell.classList.add('slot-cursor');
  }
}
