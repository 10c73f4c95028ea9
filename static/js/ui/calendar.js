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
 *   onOpen: (id: string) => void, onMove: (id: string, to: Span) => void, onResize: (id: string, to: Span) => void}} Parts
 */

/** @param {Parts} parts */
export function calendar(parts) {
  const element = h('div', { class: 'calendar' });
  let mark = null;
  let dragging = false;
  let dirty = false;
  const read = ({ startStr, endStr }) =>
    visibleEvents({ ...parts, events: parts.workspace.events, colors: parts.workspace.colors, from: startStr.slice(0, 10), before: endStr.slice(0, 10) });
  const full = new Calendar(element, {
    ...optionsFor(parts),
    events: (range, done) => {
      const visible = read(range);
      mark = visible.mark;
      done(visible.inputs);
    },
    eventDragStart: () => (dragging = true),
    eventDragStop: () => settle(),
    eventResizeStart: () => (dragging = true),
    eventResizeStop: () => settle(),
  });

  /** What came while somebody dragged is drawn when the hand lets go. */
  function settle() {
    dragging = false;
    mark = null;
    if (dirty) queueMicrotask(draw);
  }

  /** Draws again if anything would look different; events keep their places in the page, so nothing flickers. */
  function draw() {
    dirty = dragging;
    if (dragging) return;
    const { activeStart, activeEnd } = full.view;
    if (read({ startStr: activeStart.toISOString(), endStr: activeEnd.toISOString() }).mark !== mark) full.refetchEvents();
  }

  return {
    element,
    draw,
    /** Draws for the first time; the element must be in the page, since the grid is measured. */
    render: () => full.render(),
    /** @param {'prev'|'next'|'today'} where */
    go: (where) => full[where](),
    /** @param {string} view */
    look: (view) => full.changeView(view),
    /** @param {string} date */
    show: (date) => full.gotoDate(date),
    /** @returns {{from: string, before: string, isEmpty: boolean}} the days on the screen */
    range() {
      const { activeStart, activeEnd } = full.view;
      return { from: activeStart.toISOString().slice(0, 10), before: activeEnd.toISOString().slice(0, 10), isEmpty: mark === '' };
    },
    date: () => full.formatIso(full.getDate(), true),
    /** What is on the screen is not what is stored: a refused drag is put back. */
    forget: () => (mark = null),
    destroy: () => full.destroy(),
  };
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
    eventClass: 'event',
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
