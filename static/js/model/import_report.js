/** Orders what became of a calendar file: what a person must look at comes first. */

/** @typedef {'rejected'|'kept'|'created'|'updated'|'unchanged'} Outcome */
/** @typedef {{line: number, outcome: Outcome, uid: string|null, title: string|null, date: string|null, id: string|null, reason: {code: string, detail: string}|null, notes: {code: string, detail: string}[]}} Row */

/** @type {Outcome[]} */
export const OUTCOMES = ['rejected', 'kept', 'updated', 'created', 'unchanged'];

/** @param {any} report @returns {{outcome: Outcome, count: number}[]} those that there are, what comes in first */
export function sums(report) {
  const order = /** @type {Outcome[]} */ (['created', 'updated', 'kept', 'rejected', 'unchanged']);
  return order.map((outcome) => ({ outcome, count: report[outcome] })).filter(({ count }) => count > 0);
}

/** @param {any} report @returns {Row[]} */
export function ordered(report) {
  const rank = (row) => OUTCOMES.indexOf(row.outcome);
  return [...report.rows].sort((a, b) => rank(a) - rank(b) || a.line - b.line);
}

/** @param {any} report @param {boolean} overwrite @returns {number} how many events an import would write */
export function wanted(report, overwrite) {
  return report.created + report.updated + (overwrite ? report.kept : 0);
}
