/** Shows an event the way FullCalendar wants it: wall-clock times of the event's own zone, coerced to nobody's. */

import { isColor } from '../model/color.js';
import { sameClock } from '../model/dates.js';
import { looseWords, spanOf } from '../model/event.js';
import { zoneName } from '../model/i18n.js';
import { keyOf } from '../model/series.js';

/**
 * @typedef {{id: string, title: string, start: string, end: string|null, allDay: boolean, color: string|undefined, recurs: boolean,
 *   rest?: string, editable?: boolean}} Input `rest`: the day whose further events it stands for
 */

/** Inputs by the entity that they were made from: a changed one is another object, so nothing here is ever stale. */
export class CalendarEvents {
  /** @type {WeakMap<object, Input>} */
  #made = new WeakMap();
  #viewerZone;

  /** @param {string} viewerZone */
  constructor(viewerZone) {
    this.#viewerZone = viewerZone;
  }

  /**
   * @param {Record<string, any>[]} events what has a day in the range @param {Map<string, string>} colors of departments
   * @returns {Map<string, Input>} by their keys; an event that would look the same is the same object
   */
  of(events, colors) {
    return new Map(events.map((event) => [keyOf(event), this.#input(event, colors.get(event.department_id))]));
  }

  #input(event, departmentColor) {
    const color = isColor(event.color) ? event.color : departmentColor;
    const made = this.#made.get(event);
    if (made && made.color === color) return made;
    const input = inputFor(event, color, this.#viewerZone);
    this.#made.set(event, input);
    return input;
  }
}

/** @param {string} date @param {string} words @returns {Input} the line that stands for what a crowded day has no room for */
export function restOf(date, words) {
  return { id: `rest ${date}`, title: words, start: date, end: null, allDay: true, color: 'var(--text-muted)', recurs: false, rest: date, editable: false };
}

/** @returns {Input} */
function inputFor(event, color, viewerZone) {
  const { start, end, allDay } = spanOf(event);
  return { id: keyOf(event), title: titleFor(event, viewerZone), start, end, allDay, color, recurs: Boolean(event.occurrence_of) };
}

/** Puts first what the place on the calendar cannot show: words for a time, or a zone whose clock is not the viewer's. */
function titleFor(event, viewerZone) {
  const words = looseWords(event);
  const foreign = event.start_time && event.timezone && !sameClock(event.timezone, viewerZone, new Date(event.starts_at ?? Date.now()));
  const mark = words || (foreign && zoneName(event.timezone));
  return mark ? `${mark} · ${event.title}` : event.title;
}
