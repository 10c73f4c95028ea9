/** Reads how something recurs: 매일, 매주 월수금, 격주 화요일, 매월 15일, every Friday. */

import { addDays } from '../dates.js';
import { addMonths, isDate } from '../month.js';
import { coming } from './korean_days.js';

const LETTERS = '월화수목금토일';
const CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WORKDAYS = 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR';
const WORD = '(?![가-힣A-Za-z])';

/** @type {[RegExp, (match: string[], today: string) => {rule: string, day?: string}|null][]} */
const RULES = [
  [new RegExp(`(?<![가-힣])(?:매일|날마다)${WORD}`), () => ({ rule: 'FREQ=DAILY' })],
  [new RegExp(`(?<![가-힣])(?:평일마다|매\\s?평일)${WORD}`), (_, today) => ({ rule: WORKDAYS, day: next([0, 1, 2, 3, 4], today) })],
  [new RegExp(`(?<![가-힣])(매주|격주)(?:로)?(?:\\s*((?:[${LETTERS}](?:요일)?(?:\\s?[,·/]\\s?)?){1,7}))?${WORD}`), weekly],
  [new RegExp(`(?<![가-힣])(?:매월|매달)\\s*(?:말일|마지막\\s?날)(?:에)?${WORD}`), (_, today) => ({ rule: 'FREQ=MONTHLY;BYMONTHDAY=-1', day: addDays(addMonths(`${today.slice(0, 8)}01`, 1), -1) })],
  [new RegExp(`(?<![가-힣])(?:매월|매달)(?:\\s*(\\d{1,2})일)?(?:에)?${WORD}`), monthly],
  [new RegExp(`(?<![가-힣])(?:매년|해마다)${WORD}`), () => ({ rule: 'FREQ=YEARLY' })],
  [/\bevery (day|weekday|week|month|year)\b/i, ([, word], today) => every(word.toLowerCase(), today)],
  [/\bevery (other )?(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b/i, onWeekday],
];

/** @param {string} text @param {string} today @returns {{rule: string, day?: string, stretches: {from: number, to: number}[]}|null} */
export function readRule(text, today) {
  for (const [pattern, read] of RULES) {
    const match = pattern.exec(text);
    const found = match && read(match, today);
    if (found) return { ...found, stretches: [{ from: match.index, to: match.index + match[0].length }] };
  }
  return null;
}

function weekly([, word, letters], today) {
  const days = [...new Set([...(letters ?? '').replaceAll('요일', '')].map((letter) => LETTERS.indexOf(letter)).filter((index) => index >= 0))].sort();
  const interval = word === '격주' ? ';INTERVAL=2' : '';
  if (!days.length) return { rule: `FREQ=WEEKLY${interval}` };
  return { rule: `FREQ=WEEKLY${interval};BYDAY=${days.map((index) => CODES[index]).join(',')}`, day: next(days, today) };
}

function monthly([, day], today) {
  if (!day) return { rule: 'FREQ=MONTHLY' };
  const months = [0, 1, 2].map((count) => `${addMonths(`${today.slice(0, 8)}01`, count).slice(0, 8)}${day.padStart(2, '0')}`);
  const first = months.find((date) => isDate(date) && date >= today);
  return first ? { rule: `FREQ=MONTHLY;BYMONTHDAY=${Number(day)}`, day: first } : null;
}

function every(word, today) {
  if (word === 'weekday') return { rule: WORKDAYS, day: next([0, 1, 2, 3, 4], today) };
  return { rule: `FREQ=${{ day: 'DAILY', week: 'WEEKLY', month: 'MONTHLY', year: 'YEARLY' }[word]}` };
}

function onWeekday([, other, name], today) {
  const index = NAMES.indexOf(name.toLowerCase());
  return { rule: `FREQ=WEEKLY${other ? ';INTERVAL=2' : ''};BYDAY=${CODES[index]}`, day: next([index], today) };
}

/** @returns {string} the first of these days of the week, from tomorrow's yesterday on */
function next(days, today) {
  return days.map((index) => coming(index, today)).sort()[0] ?? addDays(today, 1);
}
