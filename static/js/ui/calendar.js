/** The calendar itself: FullCalendar, fed from the copies, reporting what a person did to it. */

import { Calendar } from 'fullcalendar';
import dayGrid from 'fullcalendar/daygrid';
import interaction from 'fullcalendar/interaction';
import list from 'fullcalendar/list';
import korean from 'fullcalendar/locales/ko';
import breezy from 'fullcalendar/themes/breezy';
import timeGrid from 'fullcalendar/timegrid';

import { wallClock } from '../model/dates.js';
import { visibleEvents } from './calendar_event.js';
import { h } from './h.js';

/**
 * @typedef {import('../model/event.js').Span} Span
 * @typedef {{t: import('../model/i18n.js').Translate, workspace: import('../model/workspace.js').Workspace, viewerZone: string,
 *   view: string, date?: string, firstDay?: number, onDates: (title: string, view: string) => void, onCreate: (span: Span) => void,
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

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.element = h('div', { class: 'calendar' });
    const grab = () => (this.#dragging = true);
    const letGo = () => this.#letGo();
    this.#full = new Calendar(this.element, {
      ...optionsFor(parts),
      events: (range, done) => done(this.#take(range)),
      ...{ eventDragStart: grab, eventDragStop: letGo, eventResizeStart: grab, eventResizeStop: letGo },
    });
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

  /** @returns {string} */
  get date() {
    return this.#full.formatIso(this.#full.getDate(), true);
  }

  /** Takes the grid down. */
  destroy() {
    this.#full.destroy();
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

  /** What came while somebody dragged is drawn when the hand lets go. */
  #letGo() {
    this.#dragging = false;
    this.#mark = null;
    if (this.#waiting) queueMicrotask(() => this.draw());
  }
}

/** @param {Parts} parts */
function optionsFor(parts) {
  return {
    plugins: [dayGrid, timeGrid, list, interaction, breezy],
    ...languageOptions(parts),
    ...timeOptions(),
    ...handlersFor(parts),
    initialView: parts.view,
    ...(parts.date && { initialDate: parts.date }),
    headerToolbar: false,
    height: '100%',
    expandRows: true,
    fixedWeekCount: false,
    dayMaxEvents: true,
    navLinks: true,
    editable: true,
    selectable: true,
    selectMirror: true,
    eventInteractive: true,
    eventResizableFromStart: true,
    longPressDelay: 350,
    eventDidMount: ({ el, event }) => (el.dataset.event = event.id),
    eventClass: ({ event }) => (event.extendedProps.recurs ? 'event recurring' : 'event'),
    dayHeaderInnerClass: weekday,
    dayCellTopInnerClass: weekday,
    listItemEventClass: 'event-line',
    listItemEventBeforeClass: 'event-dot',
    rowMoreLinkClass: 'more-link',
    listDayFormat: { month: 'long', day: 'numeric' },
    listDayAltFormat: { weekday: 'long' },
  };
}

function languageOptions({ t, firstDay }) {
  return {
    locales: [korean],
    locale: t.language,
    ...(firstDay !== undefined && { firstDay }),
    allDayText: t('event.allDay'),
    noEventsText: t('event.none'),
    moreLinkText: (count) => t('event.moreCount', { count }),
    closeHint: t('action.close'),
    eventTimeFormat: t.language === 'ko' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { hour: 'numeric', minute: '2-digit', meridiem: 'short' },
    ...(t.language === 'ko' && { dayCellFormat: (info) => String(info.date.day), slotHeaderFormat: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } }),
  };
}

/** UTC here means: show every date and clock as it is written. "Now" is this device's own wall clock in the same way. */
function timeOptions() {
  return { timeZone: 'UTC', now: () => wallClock(new Date()), nowIndicator: true, scrollTime: '08:00', slotDuration: '00:30', defaultTimedEventDuration: '01:00', nextDayThreshold: '06:00' };
}

/** @param {Parts} parts */
function handlersFor({ onDates, onCreate, onOpen, onMove, onResize }) {
  return {
    datesSet: ({ view }) => onDates(view.title, view.type),
    dateClick: ({ dateStr, allDay }) => onCreate(clicked(dateStr, allDay)),
    select: ({ startStr, endStr, allDay, view }) => {
      view.calendar.unselect();
      if (!isSingle(startStr, endStr, allDay)) onCreate({ start: startStr, end: endStr, allDay });
    },
    eventClick: ({ event, jsEvent }) => {
      jsEvent.preventDefault();
      onOpen(event.id);
    },
    eventDrop: ({ event }) => onMove(event.id, spanFor(event)),
    eventResize: ({ event }) => onResize(event.id, spanFor(event)),
  };
}

/** @param {{dow: number, isToday: boolean}} day @returns {string} Korean calendars print Sundays red and Saturdays blue */
function weekday({ dow, isToday }) {
  return isToday ? '' : ['sunday', '', '', '', '', '', 'saturday'][dow];
}

/** @param {any} event FullCalendar's @returns {Span} */
function spanFor(event) {
  return { start: event.startStr, end: event.endStr || null, allDay: event.allDay };
}

/** @param {string} date @param {boolean} allDay @returns {Span} */
function clicked(date, allDay) {
  if (allDay) return { start: date, end: null, allDay };
  const start = date.slice(0, 16);
  const hourLater = new Date(Date.parse(`${start}Z`) + 3_600_000).toISOString().slice(0, 16);
  return { start, end: hourLater, allDay };
}

/** A click selects one cell, too; it is told as a click already. */
function isSingle(start, end, allDay) {
  return Date.parse(end) - Date.parse(start) <= (allDay ? 86_400_000 : 1_800_000);
}
