/** How FullCalendar is set: its parts, its words, what it reports, and what a person has chosen. */

import dayGrid from 'fullcalendar/daygrid';
import interaction from 'fullcalendar/interaction';
import list from 'fullcalendar/list';
import korean from 'fullcalendar/locales/ko';
import breezy from 'fullcalendar/themes/breezy';
import timeGrid from 'fullcalendar/timegrid';

import { isoWeek, wallClock } from '../model/dates.js';
import { firstDayOf } from '../model/view_choices.js';
import { dayMarkOptions } from './day_marks.js';
import { axisOptions } from './time_axis.js';

/**
 * @typedef {import('./calendar.js').Parts} Parts
 * @typedef {import('../model/event.js').Span} Span
 */

/** @param {Parts} parts @returns {Record<string, any>} what stays as it is */
export function optionsFor(parts) {
  return {
    plugins: [dayGrid, timeGrid, list, interaction, breezy],
    ...languageOptions(parts),
    ...timeOptions(),
    ...handlersFor(parts),
    ...touchOptions(),
    initialView: parts.view,
    ...(parts.date && { initialDate: parts.date }),
    headerToolbar: false,
    height: '100%',
    expandRows: true,
    fixedWeekCount: false,
    dayMaxEvents: true,
    eventOrder: [inOrder, 'start', '-duration', 'allDay', 'title'],
    slotEventOverlap: false,
    eventMinHeight: 20,
    slotMinHeight: 26,
    navLinks: true,
    editable: true,
    selectable: true,
    selectMirror: true,
    eventInteractive: true,
    eventResizableFromStart: true,
    ...eventClasses(),
    rowMoreLinkClass: 'more-link',
    inlineWeekNumberClass: 'week-number',
  };
}

/** @param {Parts & {holidays: import('../model/holidays.js').Holidays}} parts @param {import('../model/view_choices.js').ViewChoices} choices */
export function chosenOptions(parts, choices) {
  const { weekNumbers, weekends, workOnly, workFrom, workTo, lunar } = choices;
  const first = firstDayOf(choices, parts.firstDay);
  return {
    ...(first !== undefined && { firstDay: first }),
    weekends,
    weekNumbers,
    slotMinTime: workOnly ? workFrom : '00:00',
    slotMaxTime: workOnly ? workTo : '24:00',
    businessHours: { daysOfWeek: [1, 2, 3, 4, 5], startTime: workFrom, endTime: workTo },
    ...axisOptions(parts, choices),
    ...dayMarkOptions({ t: parts.t, holidays: parts.holidays, lunar }),
  };
}

/** Names of our own for the parts of an event, which the style sheets know. */
function eventClasses() {
  return {
    eventClass: ({ event }) => (event.extendedProps.recurs ? 'event recurring' : 'event'),
    eventInnerClass: 'event-inner',
    eventTimeClass: 'event-time',
    eventTitleClass: 'event-title',
    blockEventClass: 'event-block',
    rowEventClass: ({ isStart }) => `event-row ${isStart ? 'event-begins' : ''}`,
    columnEventClass: 'event-column',
    listItemEventClass: ({ isNarrow }) => `event-line ${isNarrow ? 'narrow' : ''}`,
    listItemEventBeforeClass: 'event-dot',
    listDaysClass: 'agenda',
    listDayClass: 'agenda-day',
    listDayHeaderClass: 'agenda-head',
    listDayBodyClass: 'agenda-body',
  };
}

function languageOptions({ t }) {
  return {
    locales: [korean],
    locale: t.language,
    allDayText: t('event.allDay'),
    noEventsText: t('event.none'),
    closeHint: t('action.close'),
    eventsHint: t('event.list'),
    timedText: t('event.timed'),
    eventTimeFormat: t.language === 'ko' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { hour: 'numeric', minute: '2-digit', meridiem: 'short' },
    inlineWeekNumberContent: ({ num }) => t('week.number', { number: num }),
    weekNumberCalculation: isoWeek,
    listDayFormat: { month: 'long', day: 'numeric' },
    listDayAltFormat: { weekday: 'long' },
    ...(t.language === 'ko' && { slotHeaderFormat: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } }),
  };
}

/** UTC here means: show every date and clock as it is written. "Now" is this device's own wall clock in the same way. */
function timeOptions() {
  return { timeZone: 'UTC', now: () => wallClock(new Date()), nowIndicator: true, scrollTime: '08:00', slotDuration: '00:30', defaultTimedEventDuration: '01:00', nextDayThreshold: '06:00' };
}

/** A finger that stays makes or moves something; one that goes on scrolls or turns the page. */
function touchOptions() {
  return { longPressDelay: 350, eventLongPressDelay: 350, selectLongPressDelay: 350 };
}

/** @param {Parts} parts */
function handlersFor({ onRest, onCreate, onOpen, onMove, onResize }) {
  return {
    dateClick: ({ dateStr, allDay }) => onCreate(clicked(dateStr, allDay)),
    select: ({ startStr, endStr, allDay, view }) => {
      view.calendar.unselect();
      if (!isSingle(startStr, endStr, allDay)) onCreate({ start: startStr, end: endStr, allDay });
    },
    eventClick: ({ event, jsEvent }) => {
      jsEvent.preventDefault();
      const { rest } = event.extendedProps;
      if (rest) onRest(rest);
      else onOpen(event.id);
    },
    // By this, what is drawn can be found by what it is.
    eventDidMount: mark,
    eventDrop: ({ event }) => onMove(event.id, spanFor(event)),
    eventResize: ({ event }) => onResize(event.id, spanFor(event)),
  };
}

/** @param {{el: HTMLElement, event: any}} drawn its events are buttons, and a list of buttons is none to a screen reader: a group is */
function mark({ el, event }) {
  el.dataset.event = event.id;
  el.closest('.agenda-body')?.setAttribute('role', 'group');
}

/** What stands for the rest of a day stands last. */
function inOrder(one, other) {
  return Number(Boolean(one.rest)) - Number(Boolean(other.rest));
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
