/** Reads the days that Korean names: 내일, 다음 주 금요일, 3월 15일, 3/15(금), 사흘 뒤. */

import { addDays } from '../dates.js';
import { addMonths, isDate, mondayOf, weekdayOf } from '../month.js';

/**
 * @typedef {{today: string, nearest?: boolean}} Now `nearest`: a date without its year may lie behind us
 * @typedef {{date: string, weekday?: boolean}} Day `weekday`: only the day of the week was said
 * @typedef {{to: number, day: Day}} Found
 */

const LETTERS = '월화수목금토일';
const RELATIVE = { 그저께: -2, 그제: -2, 어제: -1, 오늘: 0, 금일: 0, 내일모레: 2, 낼모레: 2, 내일: 1, 낼: 1, 명일: 1, 모레: 2, 글피: 3, 그글피: 4 };
const WEEKS = { 지난: -1, 저번: -1, 이번: 0, 금: 0, 다음: 1, 담: 1, 차: 1, 다다음: 2 };
const MONTHS = { 지난: -1, 저번: -1, 이번: 0, 다음: 1, 담: 1, 다다음: 2 };
const SPANS = { 하루: 1, 이틀: 2, 사흘: 3, 나흘: 4, 닷새: 5, 엿새: 6, 이레: 7, 일주일: 7, 여드레: 8, 아흐레: 9, 열흘: 10, 보름: 15 };

/** What may follow a day: nothing of its own word, so that 3일차 and 오늘의 are none. */
const END = '(?:에는|에|은|는)?(?=$|[^가-힣A-Za-z]|오전|오후|새벽|아침|점심|낮|저녁|밤|정오|자정|부터|까지|종일|하루)';
const IN_BRACKETS = `(?:\\s?\\([${LETTERS}](?:요일)?\\))?`;

/** @type {[RegExp, (match: string[], now: Now) => Day|null][]} the first that matches is it */
const RULES = [
  rule(`(${any(RELATIVE)})${END}`, ([, word], { today }) => ({ date: addDays(today, RELATIVE[word]) })),
  rule(`(${any(WEEKS)})\\s?(?:주(?:의)?\\s?)?(주말)${END}`, ([, which], now) => inWeek(['', which, '토'], now)),
  rule(`(${any(WEEKS)})\\s?주(?:의)?\\s?(?:([${LETTERS}])(?:요일)?)?${END}`, inWeek),
  rule(`([${LETTERS}])요일${END}`, ([, letter], { today }) => ({ date: coming(LETTERS.indexOf(letter), today), weekday: true })),
  rule(`주말${END}`, (_, { today }) => ({ date: coming(5, today), weekday: true })),
  rule(`(\\d{4})\\s?년\\s?(\\d{1,2})\\s?월\\s?(\\d{1,2})\\s?일${IN_BRACKETS}${END}`, ([, ...parts]) => exactly(parts)),
  rule(`(내년|올해|작년)\\s?(\\d{1,2})\\s?월\\s?(\\d{1,2})\\s?일${IN_BRACKETS}${END}`, inYear),
  rule(`(\\d{1,2})\\s?월\\s?(\\d{1,2})\\s?일${IN_BRACKETS}${END}`, ([, ...parts], now) => inSomeYear(parts, now)),
  rule(`(${any(MONTHS)})\\s?달\\s?(?:(\\d{1,2})\\s?일|(말일))${IN_BRACKETS}${END}`, inMonth),
  rule(`(\\d{4})([-./])\\s?(\\d{1,2})\\2\\s?(\\d{1,2})\\.?${IN_BRACKETS}(?!\\d)`, ([, year, , month, day]) => exactly([year, month, day])),
  rule(`(\\d{1,2})/(\\d{1,2})(?![\\d/])${IN_BRACKETS}`, ([, ...parts], now) => inSomeYear(parts, now)),
  rule(`(\\d{1,2})\\.\\s?(\\d{1,2})(?:\\.(?!\\d)|(?=\\s?\\([${LETTERS}]))${IN_BRACKETS}`, ([, ...parts], now) => inSomeYear(parts, now)),
  rule(`(\\d{1,3})\\s?(일|주|주일|개월|달|년)\\s?(?:뒤|후)${END}`, ([, count, unit], { today }) => ({ date: later(today, Number(count), unit) })),
  rule(`(${any(SPANS)})\\s?(?:뒤|후)${END}`, ([, word], { today }) => ({ date: addDays(today, SPANS[word]) })),
  rule(`한\\s?달\\s?(?:뒤|후)${END}`, (_, { today }) => ({ date: addMonths(today, 1) })),
  rule(`(\\d{1,2})일${IN_BRACKETS}${END}`, ([, day], now) => thisOrNextMonth(Number(day), now)),
];

/** What may stand behind a dash: a day of the same month, or a day of the week after the first one. */
const SECOND = [
  rule(`(\\d{1,2})일?${IN_BRACKETS}${END}(?![:시분]|\\s?(?:시|[ap]m))`, ([, day], { today }) => exactly([today.slice(0, 4), today.slice(5, 7), day])),
  rule(`([${LETTERS}])(?:요일)?${END}`, ([, letter], { today }) => ({ date: coming(LETTERS.indexOf(letter), today) })),
];

/** @param {string} text @param {number} at @param {Now} now @returns {Found|null} */
export function dayAt(text, at, now) {
  return first(RULES, text, at, now);
}

/** @param {string} text @param {number} at @param {string} from the day before the dash @returns {Found|null} */
export function secondDayAt(text, at, from) {
  return first(SECOND, text, at, { today: from });
}

/** @param {number} index 0 is Monday @param {string} today @returns {string} today or the first such day after it */
export function coming(index, today) {
  return addDays(today, (index - weekdayOf(today) + 7) % 7);
}

function first(rules, text, at, now) {
  for (const [pattern, read] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    const day = match && read(match, now);
    if (day) return { to: pattern.lastIndex, day };
  }
  return null;
}

/** @returns {[RegExp, (match: string[], now: Now) => Day|null]} */
function rule(pattern, read) {
  return [new RegExp(pattern, 'y'), read];
}

/** Longest first, so that 내일모레 is not 내일. */
function any(words) {
  return Object.keys(words).sort((a, b) => b.length - a.length).join('|');
}

function inWeek([, which, letter], { today }) {
  const days = WEEKS[which] * 7;
  return { date: letter ? addDays(mondayOf(today), days + LETTERS.indexOf(letter)) : addDays(today, days) };
}

function inYear([, which, month, day], { today }) {
  const years = { 내년: 1, 올해: 0, 작년: -1 }[which];
  return exactly([String(Number(today.slice(0, 4)) + years), month, day]);
}

function inMonth([, which, day, last], { today }) {
  const month = addMonths(`${today.slice(0, 8)}01`, MONTHS[which]);
  return last ? { date: addDays(addMonths(month, 1), -1) } : exactly([month.slice(0, 4), month.slice(5, 7), day]);
}

function inSomeYear([month, day], { today, nearest }) {
  const year = Number(today.slice(0, 4));
  const dates = [year - 1, year, year + 1].map((each) => exactly([String(each), month, day])?.date).filter(Boolean);
  return closest(dates, today, nearest);
}

function thisOrNextMonth(day, { today, nearest }) {
  const months = [-1, 0, 1, 2].map((count) => addMonths(`${today.slice(0, 8)}01`, count));
  const dates = months.map((month) => exactly([month.slice(0, 4), month.slice(5, 7), String(day)])?.date).filter(Boolean);
  return closest(dates, today, nearest);
}

/** @returns {Day|null} */
function closest(dates, today, nearest) {
  const away = (date) => Math.abs(Date.parse(date) - Date.parse(today));
  const found = nearest ? dates.sort((a, b) => away(a) - away(b))[0] : dates.find((date) => date >= today);
  return found ? { date: found } : null;
}

/** @returns {Day|null} */
function exactly([year, month, day]) {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(date) ? { date } : null;
}

function later(today, count, unit) {
  if (unit === '일') return addDays(today, count);
  if (unit.startsWith('주')) return addDays(today, count * 7);
  return addMonths(today, unit === '년' ? count * 12 : count);
}
