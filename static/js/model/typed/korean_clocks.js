/** Reads the clocks that Korean writes: 오후 3시 반, 14:00, 밤 11시 20분, 정오; and how long something lasts. */

import { addMinutes } from '../dates.js';

/**
 * @typedef {{minutes: number, told: boolean}} Clock minutes after midnight; `told`: which half of the day is certain
 * @typedef {{to: number, clock: Clock}} Found
 */

const HALF = 720;
const WORD = '오전|오후|새벽|아침|낮|점심|저녁|밤|[ap]\\.?m\\.?';
const DASH = '\\s*(?:[~～〜\\-–—]|부터|에서)\\s*';
const MINUTES = `\\s?시(?!간)(?:\\s?([0-5]?\\d)\\s?분(?!\\s?(?:간|동안))|\\s?(반)(?![가-힣])|\\s?정각)?`;
const NAMED = { 정오: HALF, 자정: 0 };
const PATTERN = new RegExp(`(?:(${WORD})\\s*)?(\\d{1,2})(?:(?::([0-5]\\d)(?!\\d)|${MINUTES})(?:\\s*([ap]\\.?m\\b\\.?))?|\\s*([ap]\\.?m\\b\\.?))`, 'iy');
const NAME = /(정오|자정)(?![가-힣])|(정오|자정)(?=부터|까지|에)/y;
/** The first hour of `오후 3~5시`: only what follows tells that it is one. */
const BARE = new RegExp(`(?:(${WORD})\\s*)?(\\d{1,2})(?=${DASH}(?:(?:${WORD})\\s*)?\\d{1,2}\\s?시(?!간))`, 'iy');
const PARTICLE = /(?:에는|에|쯤|경)(?=$|[^가-힣])/y;
/** Meals say when, too, but they also say what. */
const MEALS = [[/아침(?=\s)/y, 480], [/점심(?=\s)/y, HALF], [/저녁(?=\s)/y, 1080]];
const LENGTHS = [
  [/(\d{1,2})(\.5)?\s?시간(?:\s?(\d{1,2})\s?분|\s?(반)(?![가-힣]))?\s?(?:동안|간)?(?![가-힣]|\s?(?:뒤|후|전))/y, ([, hours, half, minutes, and]) => Number(hours) * 60 + (half || and ? 30 : Number(minutes ?? 0))],
  [/(\d{1,3})\s?분\s?(?:동안|간)(?![가-힣])/y, ([, minutes]) => Number(minutes)],
];
const LATER = /(?:(\d{1,2})\s?시간)?\s?(?:(\d{1,3})\s?분|(반))?\s?(?:뒤|후)(?:에)?(?![가-힣])/y;

/** @param {string} text @param {number} at @returns {Found|null} */
export function clockAt(text, at) {
  const named = exec(NAME, text, at);
  if (named) return found(text, NAME.lastIndex, { minutes: NAMED[named[1] ?? named[2]], told: true });
  return written(text, at, PATTERN) ?? written(text, at, BARE);
}

/** @param {string} text @param {number} at @returns {Found|null} a meal's hour; its word stays in the title */
export function mealAt(text, at) {
  const meal = MEALS.find(([pattern]) => exec(pattern, text, at));
  return meal ? { to: meal[0].lastIndex, clock: { minutes: meal[1], told: true } } : null;
}

/** @param {string} text @param {number} at @returns {{to: number, minutes: number}|null} how long it lasts */
export function lengthAt(text, at) {
  for (const [pattern, read] of LENGTHS) {
    const match = exec(pattern, text, at);
    if (match) return { to: pattern.lastIndex, minutes: read(match) };
  }
  return null;
}

/** @param {string} text @param {number} at @param {string} now `HH:MM` @returns {{to: number, time: string, days: number}|null} */
export function laterAt(text, at, now) {
  const match = exec(LATER, text, at);
  if (!match || !(match[1] || match[2])) return null;
  const minutes = Number(match[1] ?? 0) * 60 + (match[3] ? 30 : Number(match[2] ?? 0));
  return { to: LATER.lastIndex, ...addMinutes(now, minutes) };
}

/**
 * Settles in which half of the day two clocks are. An hour from 1 to 6 that nothing tells is in the afternoon: nobody
 * meets at three at night, and the page shows what it understood; whoever means the night writes 03:00.
 * @param {Clock} start @param {Clock|null} end @returns {{start: number, end: number|null}} an end on the next day is over 1440
 */
export function settled(start, end) {
  const from = startBefore(start, end);
  return { start: from, end: end && endAfter(from, end) };
}

function startBefore({ minutes, told }, end) {
  if (told) return minutes;
  if (!end?.told || minutes >= HALF + 60 || end.minutes <= minutes) return minutes >= 60 && minutes < 420 ? minutes + HALF : minutes;
  return end.minutes - ((end.minutes - minutes) % HALF || HALF);
}

function endAfter(start, { minutes, told }) {
  if (told) return minutes > start ? minutes : minutes + 1440;
  return start + ((((minutes - start) % HALF) + HALF) % HALF || HALF);
}

function written(text, at, pattern) {
  const match = exec(pattern, text, at);
  if (!match) return null;
  const word = halfOf(match[1] ?? match[6] ?? match[7]);
  const hour = hourOf(Number(match[2]), word);
  if (hour === null) return null;
  const minutes = hour * 60 + (match[5] ? 30 : Number(match[3] ?? match[4] ?? 0));
  const told = Boolean(word) || hour > 12 || match[2].startsWith('0');
  return minutes > 1440 ? null : found(text, pattern.lastIndex, { minutes, told });
}

function found(text, to, clock) {
  return { to: exec(PARTICLE, text, to) ? PARTICLE.lastIndex : to, clock };
}

/** @returns {string|undefined} */
function halfOf(word) {
  const letter = word?.toLowerCase()[0];
  return { a: '오전', p: '오후', 점: '낮' }[letter] ?? word;
}

/** @returns {number|null} the hour that the word makes of it; null where they contradict each other */
function hourOf(hour, word) {
  if (hour > 24) return null;
  if (!word || hour > 12) return hour;
  if (word === '오전' || word === '새벽' || word === '아침') return hour % 12;
  if (word === '밤') return hour === 12 ? 24 : hour < 5 ? hour : hour + 12;
  if (word === '낮') return hour >= 10 ? hour : hour + 12;
  return (hour % 12) + 12;
}

function exec(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
