/** The calendar itself: FullCalendar, fed from the copies, reporting what a person did to it. */

import { Calendar } from 'fullcalendar';

import { thin } from '../model/crowd.js';
import { FILTER, filterOf, testOf } from '../model/filter.js';
import { Holidays } from '../model/holidays.js';
import { CHOICES, choicesOf } from '../model/view_choices.js';
import { CalendarEvents, restOf } from './calendar_event.js';
import { chosenOptions, optionsFor } from './calendar_options.js';
import { DrawnEvents } from './drawn_events.js';
import { h } from './h.js';
import { axisOptions } from './time_axis.js';

/**
 * @typedef {import('../model/event.js').Span} Span
 * @typedef {{t: import('../model/i18n.js').Translate, api: import('../api.js').Api, workspace: import('../model/workspace.js').Workspace, viewerZone: string,
 *   preferences: import('../model/preferences.js').Preferences, view: string, date?: string, firstDay?: number, onDates: (title: string, view: string) => void, onCreate: (span: Span, departmentId?: string) => void,
 *   onOpen: (key: string) => void, onMove: (key: string, to: Span, departmentId?: string) => void, onResize: (key: string, to: Span) => void, onRest?: (date: string) => void}} Parts
 *   `key`: an event's id, or an occurrence's key
 */

/** The grid on the screen, and what it shows. */
export class CalendarView {
  #parts;
  #full;
  #drawn;
  #inputs;
  #dragging = false;
  #waiting = false;
  #holidays;
  #thinned = false;
  #stop;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#inputs = new CalendarEvents(parts.viewerZone);
    this.#drawn = new DrawnEvents(() => this.#full);
    this.element = h('div', { class: 'calendar' });
    this.#holidays = new Holidays({ source: (query) => parts.api.holidays(query), changed: () => this.#full && this.#dress() });
    const grab = () => (this.#dragging = true);
    const letGo = () => this.#letGo();
    const [began, ended] = ['start', 'stop'].map((phase) => (info) => this.#tell(phase, info));
    this.#full = new Calendar(this.element, {
      ...optionsFor({ ...parts, onRest: (date) => this.#showRest(date) }),
      moreLinkText: (count) => (this.#thinned ? parts.t('event.someMore') : parts.t('event.moreCount', { count })),
      ...this.#chosen(),
      events: ({ startStr, endStr }, done) => done(this.#drawn.fetch(() => this.#read(startStr.slice(0, 10), endStr.slice(0, 10)))),
      datesSet: ({ view }) => {
        this.#learn();
        this.#tellClocks();
        parts.onDates(view.title, view.type);
      },
      ...{ eventDragStart: (info) => (grab(), began(info)), eventDragStop: (info) => (letGo(), ended(info)), eventResizeStart: grab, eventResizeStop: letGo },
    });
    this.#stop = parts.preferences.listen((name) => this.#chose(name));
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
    this.#drawn.show(this.#read(from, before));
  }

  /** What is on the screen is not what is stored: a refused drag is put back by the next drawing. */
  forget() {
    this.#drawn.forget();
  }

  /** @param {'prev'|'next'|'today'} where */
  go(where) {
    this.#full[where]();
  }

  /** @param {string} view @param {string} [date] */
  look(view, date) {
    this.#full.changeView(view, date);
  }

  /** @param {string} date */
  show(date) {
    this.#full.gotoDate(date);
  }

  /** @returns {{from: string, before: string, isEmpty: boolean}} the days on the screen */
  get range() {
    const { activeStart, activeEnd } = this.#full.view;
    return { from: activeStart.toISOString().slice(0, 10), before: activeEnd.toISOString().slice(0, 10), isEmpty: this.#drawn.isEmpty };
  }

  /** @param {string} from @param {string} before @returns {Record<string, any>[]} the events of a range that pass the filter */
  seen(from, before) {
    const { workspace, preferences } = this.#parts;
    const passes = testOf(filterOf(preferences), preferences.get('actor'));
    const events = workspace.between(from, before);
    return passes ? events.filter(passes) : events;
  }

  /** @returns {number} the day on which its weeks begin; 0 is Sunday */
  get firstDay() {
    return this.#full.getOption('firstDay') ?? 0;
  }

  /** @returns {string} */
  get date() {
    return this.#full.getDate().toISOString().slice(0, 10);
  }

  /** Takes the grid down. */
  destroy() {
    this.#stop();
    this.#full.destroy();
  }

  /** @param {string} name of the choice that was made */
  #chose(name) {
    if (name === CHOICES) this.#dress();
    if (name === FILTER || name === 'actor') this.draw();
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

  /** FullCalendar keeps its hours from one week to the next; those of another zone may differ. */
  #tellClocks() {
    const choices = choicesOf(this.#parts.preferences);
    if (choices.secondZone) this.#full.setOption('slotHeaderContent', axisOptions(this.#parts, choices).slotHeaderContent);
  }

  #chosen() {
    const choices = choicesOf(this.#parts.preferences);
    this.#holidays.choose(choices.holidays, this.#parts.t.language);
    return chosenOptions({ ...this.#parts, holidays: this.#holidays }, choices);
  }

  #read(from, before) {
    const { workspace, t } = this.#parts;
    const inputs = this.#inputs.of(this.seen(from, before), workspace.colors);
    const { shown, thinned } = thin(inputs, (date, count) => restOf(date, t('event.rest', { count })));
    this.#thinned = thinned;
    return shown;
  }

  /** A crowded day is looked at by itself; one that is still too crowded, as a list. @param {string} date */
  #showRest(date) {
    this.#full.changeView(this.#full.view.type === 'timeGridDay' ? 'listDay' : 'timeGridDay', date);
  }

  /** Where else an event may be dropped is not the grid's business: it only tells. */
  #tell(phase, { event, jsEvent }) {
    const detail = { phase, key: event.id, x: jsEvent.clientX, y: jsEvent.clientY };
    this.element.dispatchEvent(new CustomEvent('eventdrag', { bubbles: true, detail }));
  }

  /** What came while somebody dragged is drawn when the hand lets go. */
  #letGo() {
    this.#dragging = false;
    this.#drawn.forget();
    if (this.#waiting) queueMicrotask(() => this.draw());
  }
}
