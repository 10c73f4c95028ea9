/** Reads days and clocks in English, by chrono. */

import { casual } from 'chrono-node/en';

import { settled } from './korean_clocks.js';

/** What looks like a time to chrono and is none: one-to-ones, round the clock. */
const NO_TIMES = /\b(?:1:1|24\/7|[1-9]on[1-9])\b/gi;
const LETTER = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/g;

/**
 * @typedef {{from: number, to: number, day?: string, last?: string, weekday?: boolean, start?: number, end?: number|null}} Piece
 *   clocks in minutes after midnight
 */

/**
 * @param {string} text with what was read already blanked out
 * @param {string} now `YYYY-MM-DDTHH:MM`, a wall clock @param {{day: boolean, clock: boolean, nearest?: boolean}} wanted what is not known yet
 * @returns {Piece[]}
 */
export function englishPieces(text, now, wanted) {
  // A letter of any alphabet belongs to its word; chrono would take what stands before Hangul for a word's end.
  const plain = text.replace(LETTER, 'x').replace(NO_TIMES, (match) => 'x'.repeat(match.length));
  const open = { ...wanted };
  const pieces = [];
  for (const result of casual.parse(plain, new Date(now), { forwardDate: !wanted.nearest })) {
    const piece = pieceOf(result, open);
    if (!piece) continue;
    if (piece.day) open.day = false;
    if (piece.start !== undefined) open.clock = false;
    pieces.push({ from: result.index, to: result.index + result.text.length, ...piece });
  }
  return pieces;
}

function pieceOf({ start, end, text }, open) {
  const clock = start.isCertain('hour');
  const day = !clock || ['day', 'weekday', 'month'].some((name) => start.isCertain(name));
  if ((day && !open.day) || (clock && !open.clock)) return null;
  return { ...(day && daysOf(start, end)), ...(clock && clocksOf(start, end, text)) };
}

function daysOf(start, end) {
  const day = dateOf(start);
  const last = end && dateOf(end);
  const weekday = start.isOnlyWeekdayComponent?.() || (start.isCertain('weekday') && !start.isCertain('day'));
  return { day, weekday, ...(last > day && !end.isCertain('hour') && { last }) };
}

function clocksOf(start, end, text) {
  const zero = /(?:^|[^\d:])0\d/.test(text);
  const clock = (parts) => ({ minutes: parts.get('hour') * 60 + parts.get('minute'), told: parts.isCertain('meridiem') || zero });
  const from = clock(start);
  return settled({ ...from, told: from.told || from.minutes >= 780 }, end?.isCertain('hour') ? clock(end) : null);
}

/** @returns {string} */
function dateOf(parts) {
  const two = (name) => String(parts.get(name)).padStart(2, '0');
  return `${String(parts.get('year')).padStart(4, '0')}-${two('month')}-${two('day')}`;
}
