/** How this device's calendar looks: what can be chosen, and what holds until somebody does. */

import { isZone } from './zones.js';

/**
 * @typedef {{firstDay: 'auto'|0|1|6, weekNumbers: boolean, weekends: boolean, workOnly: boolean, workFrom: string, workTo: string,
 *   secondZone: string, holidays: string, lunar: boolean, theme: 'system'|'light'|'dark'}} ViewChoices
 *   `holidays` is a country or empty, `secondZone` a zone or empty
 */

/** @type {ViewChoices} */
const AT_FIRST = {
  firstDay: 'auto', weekNumbers: false, weekends: true, workOnly: false, workFrom: '09:00', workTo: '18:00',
  secondZone: '', holidays: 'KR', lunar: false, theme: 'system',
};

/** What the choices are remembered as. */
export const CHOICES = 'viewChoices';

/** @param {import('./preferences.js').Preferences} preferences @returns {ViewChoices} what is remembered and still makes sense */
export function choicesOf(preferences) {
  const chosen = { ...AT_FIRST, ...preferences.get(CHOICES) };
  if (!isZone(chosen.secondZone)) chosen.secondZone = '';
  if (!(chosen.workFrom < chosen.workTo)) Object.assign(chosen, { workFrom: AT_FIRST.workFrom, workTo: AT_FIRST.workTo });
  return chosen;
}

/** @param {import('./preferences.js').Preferences} preferences @param {Partial<ViewChoices>} choices */
export function choose(preferences, choices) {
  preferences.set(CHOICES, { ...preferences.get(CHOICES), ...choices });
}

/** @param {ViewChoices} choices @param {number|undefined} usual of the browser's region @returns {number|undefined} 0 is Sunday */
export function firstDayOf({ firstDay }, usual) {
  return firstDay === 'auto' ? usual : Number(firstDay);
}
