/** The hours at the side of a week or a day: here, and in a second zone beside it where one is chosen. */

import { createElement as v, Fragment } from 'fullcalendar/preact';

import { addDays, daysBetween } from '../model/dates.js';
import { zoneName } from '../model/i18n.js';
import { clocksElsewhere } from '../model/zones.js';

/**
 * @param {{t: import('../model/i18n.js').Translate, viewerZone: string}} parts @param {import('../model/view_choices.js').ViewChoices} choices
 * @returns {Record<string, any>}
 */
export function axisOptions({ t, viewerZone }, { secondZone }) {
  return {
    weekNumberHeaderContent: (info) => t('week.number', { number: info.num }),
    slotHeaderContent: secondZone ? (info) => hours(info, viewerZone, secondZone) : undefined,
    slotHeaderClass: secondZone ? 'two-zones' : '',
    allDayHeaderContent: secondZone ? ({ text }) => zoneNames(text, viewerZone, secondZone) : undefined,
  };
}

/** Which column of hours is whose, above them. */
function zoneNames(text, here, there) {
  const names = v('span', { class: 'zone-names' }, v('span', {}, zoneName(there)), v('span', {}, zoneName(here)));
  return v(Fragment, {}, v('span', { class: 'all-day-words' }, text), names);
}

/** The other zone's clock first, as the one that is looked up; where it changes in these days, both. */
function hours(info, here, there) {
  if (!info.time) return true;
  const { activeStart, activeEnd } = info.view;
  const [from, before] = [activeStart, activeEnd].map((date) => date.toISOString().slice(0, 10));
  const days = Array.from({ length: Math.max(1, daysBetween(from, before)) }, (_, index) => addDays(from, index));
  const time = new Date(info.time.milliseconds).toISOString().slice(11, 16);
  const others = clocksElsewhere(days, time, here, there);
  return v(Fragment, {}, v('span', { class: 'other-zone' }, others.join(' · ')), v('span', {}, info.text));
}
