/** Turns a live message back into the log entry that it tells of. */

const OPS = new Set(['created', 'updated', 'deleted']);

/**
 * Reads `event_updated` and its kind; null for what is no entry (a department that is gone tells its room so without one).
 * @param {string} name @param {Record<string, any>} payload
 * @returns {import('./replica.js').Change|null}
 */
export function fromMessage(name, payload) {
  const [type, op] = name.split('_');
  if (!payload?.change || !OPS.has(op)) return null;
  const { change, ...data } = payload;
  return { ...change, op, type, id: data.id, version: data.version, data };
}
