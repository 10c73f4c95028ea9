/** Says how long to wait before the next try: twice as long each time, spread so that clients do not come at once. */

/**
 * @param {number} attempt counted from 0
 * @param {{base?: number, most?: number, random?: () => number}} [options] in milliseconds
 * @returns {number} milliseconds
 */
export function backoff(attempt, { base = 1000, most = 30_000, random = Math.random } = {}) {
  const full = Math.min(most, base * 2 ** attempt);
  return full / 2 + (full / 2) * random();
}
