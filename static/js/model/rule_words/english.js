/** Says rules in English: `Every month on the third Friday, 10 times`. */

import { dateWords, fromFront, isRun, monthNames, weekdayNames } from './names.js';
import { dayNumber, partsOf, weekdayOf } from '../dates.js';
import { placeInMonth } from '../rule_moves.js';

/** @typedef {import('../rules.js').Rule} Rule */

const UNITS = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' };
const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth'];
const NAMES = weekdayNames('en', 'long');
const MONTHS = monthNames('en');
const LIST = new Intl.ListFormat('en');
const PLURALS = new Intl.PluralRules('en', { type: 'ordinal' });
const SUFFIXES = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

export default {
  /** @param {Rule} rule */
  whole(rule) {
    const unit = UNITS[rule.freq];
    const frequency = rule.interval === 1 ? `Every ${unit}` : `Every ${rule.interval} ${unit}s`;
    const months = LIST.format(rule.months.map((month) => MONTHS[month - 1]));
    const days = daysOf(rule);
    if (rule.freq !== 'YEARLY') return [frequency, days && ` on ${days}`, months && `, only in ${months}`].filter(Boolean).join('');
    return isDate(rule) ? `${frequency} on ${months} ${rule.monthDays[0]}` : [frequency, days && ` on ${days}`, months && (days ? ` of ${months}` : ` in ${months}`)].filter(Boolean).join('');
  },
  until: (date) => `, until ${dateWords(date, 'en')}`,
  count: (count) => (count === 1 ? ', once' : `, ${count} times`),
  /** @param {import('../repeat.js').On} on @param {string} date */
  place(on, date) {
    const day = dayNumber(date);
    if (on === 'date') return `the ${numbered(partsOf(day).date)}`;
    if (on === 'lastDay') return 'the last day';
    return `the ${ordinal(on === 'weekday' ? placeInMonth(day).first : -1)} ${NAMES[weekdayOf(day)]}`;
  },
};

/** @param {Rule} rule @returns {boolean} whether it is one date a year, such as March 15 */
function isDate({ months, monthDays, weekdays, weeks, yearDays, positions }) {
  const others = weekdays.length + weeks.length + yearDays.length + positions.length;
  return months.length === 1 && monthDays.length === 1 && monthDays[0] > 0 && others === 0;
}

/** @param {Rule} rule */
function daysOf(rule) {
  const parts = [
    weekdays(rule),
    rule.monthDays.length ? `the ${monthDays(rule.monthDays)}` : '',
    rule.yearDays.length ? `the ${LIST.format(rule.yearDays.map((day) => `${ordinal(day)} day`))} of the year` : '',
    rule.weeks.length ? `the ${LIST.format(rule.weeks.map((week) => `${ordinal(week)} week`))} of the year` : '',
  ];
  const said = parts.filter(Boolean).join(' in ').replace(' in the', rule.weeks.length ? ' in the' : ' that is on the');
  return rule.positions.length ? `the ${LIST.format(fromFront(rule.positions).map((nth) => ordinal(nth)))} of: ${said}` : said;
}

/** @param {number[]} days @returns {string} `10th to 15th`, `1st and the last day` */
function monthDays(days) {
  if (isRun(days)) return `${numbered(days[0])} to ${numbered(days.at(-1))}`;
  return LIST.format(fromFront(days).map((day, index) => (day > 0 ? numbered(day) : `${index ? 'the ' : ''}${ordinal(day)} day`)));
}

/** @param {Rule} rule */
function weekdays({ weekdays: chosen, freq, months, weeks, positions }) {
  const plain = chosen.filter(({ nth }) => nth === 0).map(({ day }) => day);
  const ofYear = freq === 'YEARLY' && !months.length && !weeks.length ? ' of the year' : '';
  const nths = chosen.filter(({ nth }) => nth !== 0).map(({ day, nth }) => `the ${ordinal(nth)} ${NAMES[day]}${ofYear}`);
  const every = plain.length && (freq === 'MONTHLY' || freq === 'YEARLY') && !weeks.length && !positions.length ? 'every ' : '';
  return LIST.format([...(plain.length ? [`${every}${list(plain)}`] : []), ...nths]);
}

/** @param {number[]} days */
function list(days) {
  if (days.length === 7) return 'day of the week';
  return isRun(days) ? `${NAMES[days[0]]} to ${NAMES[days.at(-1)]}` : LIST.format(days.map((day) => NAMES[day]));
}

/** @param {number} nth */
function ordinal(nth) {
  if (nth === -1) return 'last';
  const words = ORDINALS[Math.abs(nth)] ?? numbered(Math.abs(nth));
  return nth > 0 ? words : `${words} to last`;
}

/** @param {number} number */
function numbered(number) {
  return `${number}${SUFFIXES[PLURALS.select(number)]}`;
}
