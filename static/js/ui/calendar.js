/** The calendar itself: FullCalendar, fed from the copies, reporting what a person did to it. */

import { Calendar } from 'fullcalendar';

import { Holidays } from '../model/holidays.js';
import { CHOICES, choicesOf } from '../model/view_choices.js';
import { visibleEvents } from './calendar_event.js';
import { chosenOptions, optionsFor } from './calendar_options.js';
import { h } from './h.js';

/**
 * @typedef {import('../model/event.js').Span} Span
 * @typedef {{t: import('../model/i18n.js').Translate, api: import('../api.js').Api, workspace: import('../model/workspace.js').Workspace, viewerZone: string,
 *   preferences: import('../model/preferences.js').Preferences, view: string, date?: string, firstDay?: number, onDates: (title: string, view: string) => void, onCreate: (span: Span) => void,
 *   onOpen: (key: string) => void, onMove: (key: string, to: Span) => void, onResize: (key: string, to: Span) => void}} Parts
 *   `key`: an event's id, or an occurrence's key
 */

/** The grid on the screen, and what it shows. */
export class CalendarView {
  #parts;
  #full;
  #mark = null;
  #prepared = null;
  #dragging = false;
  #waiting = false;
  #holidays;
  #stop;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.element = h('div', { class: 'calendar' });
    this.#holidays = new Holidays({ source: (query) => parts.api.holidays(query), changed: () => this.#full && this.#dress() });
    const grab = () => (this.#dragging = true);
    const letGo = () => this.#letGo();
    const [began, ended] = ['start', 'stop'].map((phase) => (info) => this.#tell(phase, info));
    this.#full = new Calendar(this.element, {
      ...optionsFor({ ...parts, holidays: this.#holidays }),
      ...this.#chosen(),
      events: (range, done) => done(this.#take(range)),
      datesSet: ({ view }) => {
        this.#learn();
        parts.onDates(view.title, view.type);
      },
      ...{ eventDragStart: (info) => (grab(), began(info)), eventDragStop: (info) => (letGo(), ended(info)), eventResizeStart: grab, eventResizeStop: letGo },
    });
    this.#stop = parts.preferences.listen((name) => name === CHOICES && this.#dress());
  }

  /** Draws for the first time; the element must be in the page, since the grid is measured. */
  render() {
    this.#full.render();
  }

  /** Draws again if anything would look different; events keep their places in the page, so nothing flickers. */
  draw() {
    this.#waiting = this.#dragging;
    if (this.#dragging) return;
    const { from, before } = this.range;
    const visible = this.#read(from, before);
    if (visible.mark === this.#mark) return;
    this.#prepared = visible;
    this.#full.refetchEvents();
  }

  /** What is on the screen is not what is stored: a refused drag is put back by the next drawing. */
  forget() {
    this.#mark = null;
  }

  /** @param {'prev'|'next'|'today'} where */
  go(where) {
    this.#full[where]();
  }

  /** @param {string} view */
  look(view) {
    this.#full.changeView(view);
  }

  /** @param {string} date */
  show(date) {
    this.#full.gotoDate(date);
  }

  /** @returns {{from: string, before: string, isEmpty: boolean}} the days on the screen */
  get range() {
    const { activeStart, activeEnd } = this.#full.view;
    return { from: activeStart.toISOString().slice(0, 10), before: activeEnd.toISOString().slice(0, 10), isEmpty: this.#mark === '' };
  }

  /** @returns {number} the day on which its weeks begin; 0 is Sunday */
  get firstDay() {
    return this.#full.getOption('firstDay') ?? 0;
  }

  /** @returns {string} */
  get date() {
    return this.#full.formatIso(this.#full.getDate(), true);
  }

  /** Takes the grid down. */
  destroy() {
    this.#stop();
    this.#full.destroy();
  }

  /** Looks as somebody has just chosen, or as what was learnt about holidays asks for. */
  #dress() {
    for (const [name, value] of Object.entries(this.#chosen())) this.#full.setOption(name, value);
    this.#learn();
  }

  /** Asks for the holidays of the days on the screen. */
  #learn() {
    const { from, before } = this.range;
    void this.#holidays.want(from, before);
  }

  #chosen() {
    const choices = choicesOf(this.#parts.preferences);
    this.#holidays.choose(choices.holidays, this.#parts.t.language);
    return chosenOptions({ ...this.#parts, holidays: this.#holidays }, choices);
  }

  /** @returns {Record<string, any>[]} what FullCalendar asks for, often just after it was looked at */
  #take({ startStr, endStr }) {
    const visible = this.#prepared ?? this.#read(startStr.slice(0, 10), endStr.slice(0, 10));
    this.#prepared = null;
    this.#mark = visible.mark;
    return visible.inputs;
  }

  #read(from, before) {
    const { workspace, viewerZone } = this.#parts;
    return visibleEvents({ events: workspace.between(from, before), colors: workspace.colors, viewerZone });
  }

  /** Where else an event may be dropped is not the grid's business: it only tells. */
  #tell(phase, { event, jsEvent }) {
    const detail = { phase, key: event.id, x: jsEvent.clientX, y: jsEvent.clientY };
    this.element.dispatchEvent(new CustomEvent('eventdrag', { bubbles: true, detail }));
  }

  /** What came while somebody dragged is drawn when the hand lets go. */
  #letGo() {
    this.#dragging = false;
    this.#mark = null;
    if (this.#waiting) queueMicrotask(() => this.draw());
  }
}
