/** The ways to look at the calendar: one grid for all departments, or a lane for each. What is not looked at rests. */

import { CalendarView } from './calendar.js';
import { fill, h } from './h.js';
import { LANE_DAYS, LanesView } from './lanes_view.js';
import { onSwipe } from './swipe.js';

/** Has what a view of the calendar has, and passes it on to the one that is looked at. */
export class Views {
  #grid;
  #lanes;
  #now;
  #first;

  /** @param {import('./calendar.js').Parts} parts */
  constructor(parts) {
    const isLanes = parts.view in LANE_DAYS;
    this.#first = parts.view;
    this.#grid = new CalendarView({ ...parts, view: isLanes ? 'dayGridMonth' : parts.view, onDates: (...words) => this.#now === this.#grid && parts.onDates(...words) });
    this.#lanes = new LanesView(parts);
    this.#now = isLanes ? this.#lanes : this.#grid;
    this.element = h('div', { class: 'view-stage' });
    onSwipe(this.element, (where) => this.go(where));
    this.#swap();
  }

  /** Draws for the first time; the element must be in the page. */
  render() {
    if (this.#now === this.#grid) this.#grid.render();
    else this.#lanes.look(this.#first);
  }

  /** @param {string} view @param {string} [date] */
  look(view, date = this.date) {
    const next = view in LANE_DAYS ? this.#lanes : this.#grid;
    const isNew = next !== this.#now;
    this.#now = next;
    this.#swap();
    if (isNew && next === this.#grid) this.#grid.render();
    next.look(view, date);
    next.draw();
  }

  draw() {
    this.#now.draw();
  }

  forget() {
    this.#now.forget();
  }

  /** @param {'prev'|'next'|'today'} where */
  go(where) {
    this.#now.go(where);
  }

  /** @param {string} date */
  show(date) {
    this.#now.show(date);
  }

  /** @param {string} from @param {string} before @returns {Record<string, any>[]} the events of a range that pass the filter */
  seen(from, before) {
    return this.#grid.seen(from, before);
  }

  get range() {
    return this.#now.range;
  }

  get date() {
    return this.#now.date;
  }

  get firstDay() {
    return this.#now.firstDay;
  }

  /** Takes all of it down. */
  destroy() {
    this.#grid.destroy();
    this.#lanes.destroy();
  }

  #swap() {
    if (this.element.firstChild !== this.#now.element) fill(this.element, this.#now.element);
  }
}
