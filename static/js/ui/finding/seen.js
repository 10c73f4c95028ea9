/** What the calendar shows, and how its weeks lie. */

import { overlaps } from '../../model/event.js';

/** @param {any} workspace @param {string} from @param {string} before @returns {Record<string, any>[]} single events, and occurrences of those that recur */
export function eventsBetween(workspace, from, before) {
  if (workspace.between) return workspace.between(from, before);
  return workspace.events.filter((event) => overlaps(event, from, before));
}

/** @param {{calendar: import('../app.js').Place}} context @returns {number} the day on which the calendar's weeks begin; 0 is Sunday */
export function firstDayOfWeek({ calendar }) {
  return calendar.firstDay;
}
