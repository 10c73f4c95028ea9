/** Puts refusals into words. */

/**
 * @param {any} problem an error of the API @param {import('../model/i18n.js').Translate} t
 * @returns {string}
 */
export function wordsFor(problem, t) {
  if (problem.status === 0) return t('error.offline');
  if (problem.status === 404) return t('error.gone');
  if (problem.code && t.has(`error.${problem.code}`)) return t(`error.${problem.code}`);
  const details = Object.values(faultsByField(problem, t)).join(' · ');
  return t('error.unknown', { detail: details || problem.message });
}

/**
 * @param {any} problem @param {import('../model/i18n.js').Translate} t
 * @returns {Record<string, string>} what is wrong with which field of a form
 */
export function faultsByField(problem, t) {
  const words = ({ pointer, code, detail }) => {
    const field = pointer.split('/')[1];
    const key = `error.${field}.${code}`;
    return [field, t.has(key) ? t(key) : detail];
  };
  return Object.fromEntries((problem.errors ?? []).map(words));
}
