/** Shows an event the way FullCalendar wants it: wall-clock times of the event's own zone, coerced to nobody's. */

import { isColor } from '../model/color.js';
import { sameClock } from '../model/dates.js';
import { looseWords, spanOf } from '../model/event.js';
import { zoneName } from '../model/i18n.js';
import { keyOf } from '../model/series.js';

/**
 * @param {{events: Record<string, any>[], colors: Map<string, string>, viewerZone: string}} parts what has a day in the range
 * @returns {{inputs: Record<string, any>[], mark: string}} `mark` is equal as long as they would look the same
 */
export function visibleEvents({ events, colors, viewerZone }) {
  const inputs = events.map((event) => inputFor(event, colors, viewerZone));
  const mark = inputs.map((input) => Object.values(input).join('\u0001')).join('\u0002');
  return { inputs, mark };
}

/** @returns {Record<string, any>} */
function inputFor(event, colors, viewerZone) {
  const { start, end, allDay } = spanOf(event);
  const color = isColor(event.color) ? event.color : colors.get(event.department_id);
  return { id: keyOf(event), title: titleFor(event, viewerZone), start, end, allDay, color, recurs: Boolean(event.occurrence_of) };
}

/** Puts first what the place on the calendar cannot show: words for a time, or a zone whose clock is not the viewer's. */
function titleFor(event, viewerZone) {
  const words = looseWords(event);
  const foreign = event.start_time && event.timezone && !sameClock(event.timezone, viewerZone, new Date(event.starts_at ?? Date.now()));
  const mark = words || (foreign && zoneName(event.timezone));
  return mark ? `${mark} · ${event.title}` : event.title;
}
