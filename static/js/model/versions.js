/** Says what a version of an event changed, field by field, in words. */

import { zoneName } from './i18n.js';
import { TOLD } from './phrases.js';
import { differenceWords } from './rule_words.js';

/**
 * @typedef {{version: number, op: string, at: string, actor: string|null, device_id: string|null,
 *   changed: Record<string, [any, any]>, data: Record<string, any>}} Version as the history tells it
 * @typedef {{field: string, before: string, after: string}} Line
 */

const CLOCKS = ['start_time', 'end_time'];

/**
 * @param {Version} version @param {{t: import('./i18n.js').Translate, department: (id: string) => string|undefined}} words
 * @returns {Line[]} empty text is nothing
 */
export function linesOf({ changed, data }, { t, department }) {
  const names = TOLD.filter((name) => name in changed && !(name === 'time' && CLOCKS.some((clock) => clock in changed)));
  return names.map((field) => {
    if (field === 'recurrence') return { field, ...differenceWords(changed[field], data?.event_date, t) };
    const [before, after] = changed[field].map((value) => inWords(field, value, t, department));
    return { field, before, after };
  });
}

/** @param {Version} version @param {Version|undefined} older @returns {'created'|'restored'|'moved'|'updated'|'deleted'} */
export function kindOf({ op, version, changed }, older) {
  if (op !== 'created') return /** @type {any} */ (op);
  if (version === 1) return 'created';
  return 'department_id' in changed || (older && older.op !== 'deleted') ? 'moved' : 'restored';
}

/** @param {string} field @param {any} value */
function inWords(field, value, t, department) {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.join(', ');
  if (field === 'department_id') return department(value) ?? '';
  if (field === 'timezone') return zoneName(value);
  if (field === 'event_date' || field === 'end_date') return new Date(`${value}T00:00Z`).toLocaleDateString(t.language, { dateStyle: 'medium', timeZone: 'UTC' });
  return String(value);
}
