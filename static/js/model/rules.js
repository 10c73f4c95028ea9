/** Recurrence rules (RFC 5545, section 3.3.10) in the one form in which the server keeps them. */

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/**
 * @typedef {{day: number, nth: number}} Weekday Monday 0, and which one of its month or year; `nth` 0 is every one
 * @typedef {{freq: 'DAILY'|'WEEKLY'|'MONTHLY'|'YEARLY', interval: number, months: number[], weeks: number[], yearDays: number[],
 *   monthDays: number[], weekdays: Weekday[], positions: number[], weekStart: number, count: number|null, until: string|null}} Rule
 *   its end is `count`, or `until` (a date), or there is none
 */

/** How each part is read and written, in the order in which they stand. */
const PARTS = {
  INTERVAL: { member: 'interval', read: Number, write: (interval) => (interval > 1 ? interval : '') },
  BYMONTH: { member: 'months', read: numbers, write: String },
  BYWEEKNO: { member: 'weeks', read: numbers, write: String },
  BYYEARDAY: { member: 'yearDays', read: numbers, write: String },
  BYMONTHDAY: { member: 'monthDays', read: numbers, write: String },
  BYDAY: { member: 'weekdays', read: (text) => text.split(',').map(weekday), write: (days) => days.map(({ day, nth }) => `${nth || ''}${WEEKDAYS[day]}`).join(',') },
  BYSETPOS: { member: 'positions', read: numbers, write: String },
  WKST: { member: 'weekStart', read: (text) => WEEKDAYS.indexOf(text), write: (day) => (day ? WEEKDAYS[day] : '') },
  COUNT: { member: 'count', read: Number, write: (count) => count ?? '' },
  UNTIL: { member: 'until', read: (text) => text.replace(/^(\d{4})(\d\d)(\d\d).*/, '$1-$2-$3'), write: (date) => date?.replaceAll('-', '') ?? '' },
};

/** @param {Partial<Rule>} members @returns {Rule} */
export function makeRule(members) {
  const none = { months: [], weeks: [], yearDays: [], monthDays: [], weekdays: [], positions: [] };
  return { freq: 'DAILY', interval: 1, ...none, weekStart: 0, count: null, until: null, ...members };
}

/** @param {string} text as the server keeps it @returns {Rule} kept: a drawing asks for the same ones again */
export function readRule(text) {
  const known = read.get(text);
  if (known) return known;
  const members = {};
  for (const part of text.split(';')) {
    const [name, value] = part.split('=');
    if (name === 'FREQ') members.freq = value;
    else if (PARTS[name]) members[PARTS[name].member] = PARTS[name].read(value);
  }
  const rule = Object.freeze(makeRule(members));
  if (read.size > 5000) read.clear();
  read.set(text, rule);
  return rule;
}

/** @param {Rule} rule @returns {string} */
export function writeRule(rule) {
  const parts = Object.entries(PARTS).map(([name, { member, write }]) => [name, String(write(rule[member]))]);
  return [['FREQ', rule.freq], ...parts].filter(([, value]) => value).map((part) => part.join('=')).join(';');
}

/** @type {Map<string, Rule>} */
const read = new Map();

/** @param {string} text @returns {number[]} */
function numbers(text) {
  return text.split(',').map(Number);
}

/** @param {string} text @returns {Weekday} */
function weekday(text) {
  return { day: WEEKDAYS.indexOf(text.slice(-2)), nth: Number(text.slice(0, -2)) };
}
