/** Puts together, field by field, what a person has written into a form and what others made of the event meanwhile. */

import { differences } from './draft.js';

/** @typedef {'title'|'when'|'location'|'url'|'category'|'tags'|'color'|'description'} Unit what is decided as one, as the server has it */

const WHEN = ['event_date', 'end_date', 'start_time', 'end_time', 'time', 'timezone', 'recurrence'];

/** The inputs of the form that a unit is written in. @type {Record<string, string[]>} */
const INPUTS = { when: ['all_day', 'event_date', 'start_time', 'end_date', 'end_time', 'time', 'rrule'] };

/** @param {string} member @returns {Unit} */
export function unitOf(member) {
  return /** @type {Unit} */ (WHEN.includes(member) ? 'when' : member);
}

/** @param {Unit} unit @returns {string[]} */
export function inputsOf(unit) {
  return INPUTS[unit] ?? [unit];
}

/** @param {Record<string, any>} values of the form @param {Unit} unit @returns {Record<string, any>} */
export function partOf(values, unit) {
  return Object.fromEntries(inputsOf(unit).map((name) => [name, values[name]]));
}

/**
 * @param {Record<string, any>} base what both sides began with @param {Record<string, any>} members as one's own form would write them
 * @param {Record<string, any>} current what others made of it
 * @returns {{taken: Unit[], contested: Unit[]}} what only others changed, and what both changed differently
 */
export function mergeOf(base, members, current) {
  const theirs = unitsIn(base, current);
  const mine = new Set(Object.keys(members).map(unitOf));
  const wanted = { ...base, ...members };
  const differing = unitsIn(clocked(wanted, members), clocked(current, members));
  return {
    taken: theirs.filter((unit) => !mine.has(unit)),
    contested: theirs.filter((unit) => mine.has(unit) && differing.includes(unit)),
  };
}

/** @returns {Unit[]} each once */
function unitsIn(one, other) {
  return [...new Set(differences(one, other).map(({ field }) => unitOf(field)))];
}

/** Where clocks were written the words follow from them, and say nothing of their own. */
function clocked(event, members) {
  return 'start_time' in members || 'end_time' in members ? { ...event, time: null } : event;
}
