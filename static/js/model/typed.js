/** Understands one line that says what happens and when: `내일 오후 3시 주간 회의`, `Fri 9:30 stand-up`. */

import { addDays, addMinutes } from './dates.js';
import { englishPieces } from './typed/english.js';
import { readKorean } from './typed/korean.js';
import { readRule } from './typed/rules.js';

const HOUR = 60;
const FOR = /\bfor (?:(an|\d{1,2}) ?h(?:ours?|rs?)?(?: (\d{1,2}) ?m(?:in(?:utes?)?)?)?|(\d{1,3}) ?m(?:in(?:utes?)?)?)\b/i;
const JOINTS = /^[\s,·:;~–—-]+|[\s,·:;~–—-]+$/g;
/** Words that lead to a time in English and mean nothing without it. */
const LEFT_OVER = /^(?:on|at|from|by)\s+|\s+(?:on|at|from|by)$/gi;

/**
 * @typedef {{title: string, location: string|null, department: string|null, rule: string|null,
 *   said: {day: boolean, clock: boolean}, event_date: string, end_date: string, start_time: string|null, end_time: string|null}} Typed
 */

/**
 * @param {string} line
 * @param {string} now this device's wall clock, `YYYY-MM-DDTHH:MM`
 * @param {{nearest?: boolean}} [options] `nearest`: a date without its year may lie behind us
 * @returns {Typed|null} null where the line says no time at all
 */
export function understand(line, now, options = {}) {
  const text = line.normalize('NFC');
  const reading = readAll(text, now, options);
  const { day, start, rule, allDay } = reading;
  if (day === undefined && start === undefined && !rule && !allDay) return null;
  return {
    ...remainder(text, reading),
    location: reading.location ?? null,
    department: reading.department ?? null,
    rule: rule ?? null,
    said: { day: day !== undefined, clock: start !== undefined },
    ...whenOf(reading, now),
  };
}

/** @returns {string} a title and nothing else: what a line is where nothing was understood */
export function titleOf(line) {
  return line.normalize('NFC').trim();
}

/** A line with Hangul is Korean first; what Korean did not find may be English, and the other way round. */
function readAll(text, now, options) {
  const today = now.slice(0, 10);
  const rules = readRule(text, today);
  const rest = blanked(text, rules?.stretches ?? []);
  const english = /[가-힣]/.test(text) || !/[A-Za-z]/.test(text) ? null : readEnglish(rest, now, {}, options);
  const korean = readKorean(blanked(rest, english?.stretches ?? []), { today, time: now.slice(11, 16), ...options });
  const known = { ...korean, ...english, stretches: [...korean.stretches, ...(english?.stretches ?? [])] };
  const found = english ? known : readEnglish(blanked(rest, known.stretches), now, known, options);
  return { ...rules, ...found, stretches: [...found.stretches, ...(rules?.stretches ?? [])], ...(found.day === undefined && rules?.day && { day: rules.day }) };
}

function readEnglish(text, now, known, options) {
  const length = known.minutes === undefined ? FOR.exec(text) : null;
  const stretches = [...(known.stretches ?? [])];
  if (length) stretches.push({ from: length.index, to: length.index + length[0].length });
  const reading = { ...known, ...(length && { minutes: minutesFor(length) }) };
  const wanted = { day: known.day === undefined, clock: known.start === undefined, ...options };
  for (const { from, to, ...said } of englishPieces(blanked(text, stretches), now, wanted)) {
    Object.assign(reading, said);
    stretches.push({ from, to });
  }
  return { ...reading, stretches };
}

function minutesFor([, hours, and, minutes]) {
  if (minutes) return Number(minutes);
  return (hours.toLowerCase() === 'an' ? 1 : Number(hours)) * HOUR + Number(and ?? 0);
}

/** @returns {string} as long as before, with spaces where something was understood */
function blanked(text, stretches) {
  return stretches.reduce((rest, { from, to }) => rest.slice(0, from) + ' '.repeat(to - from) + rest.slice(to), text);
}

function remainder(text, { stretches }) {
  const rest = blanked(text, stretches).replace(/\(\s*\)/g, ' ').replace(/\s+/g, ' ').replace(JOINTS, '');
  return { title: rest.replace(LEFT_OVER, '').replace(JOINTS, '') };
}

/** The members that say when, as an event has them. */
function whenOf({ day, weekday, last, start, end, minutes, allDay, later = 0 }, now) {
  const today = now.slice(0, 10);
  if (allDay || start === undefined) {
    const first = day ?? today;
    return { event_date: first, end_date: last ?? first, start_time: null, end_time: null };
  }
  const clock = clockOf(start);
  const isOver = clock.time <= now.slice(11, 16) && !later;
  const first = addDays(firstDay({ day, weekday, today, isOver }), clock.days + later);
  const length = end != null ? end - start : (minutes ?? HOUR);
  const until = addMinutes(clock.time, length);
  return { event_date: first, end_date: last ? addDays(last, end != null ? clockOf(end).days : 0) : addDays(first, until.days), start_time: clock.time, end_time: until.time };
}

/** A clock alone is its next one; a day of the week whose clock has passed today is next week's. */
function firstDay({ day, weekday, today, isOver }) {
  if (day === undefined) return isOver ? addDays(today, 1) : today;
  return weekday && day === today && isOver ? addDays(day, 7) : day;
}

function clockOf(minutes) {
  return addMinutes('00:00', minutes);
}
