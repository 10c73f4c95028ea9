/** Says sizes, speeds and times as people do. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** @param {import('../../model/i18n.js').Translate} t @param {number} bytes @returns {string} */
export function sizeWords(t, bytes) {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(t.language, { maximumFractionDigits: digits })} ${UNITS[power]}`;
}

/** @param {import('../../model/i18n.js').Translate} t @param {number} seconds @returns {string} */
export function leftWords(t, seconds) {
  if (seconds < 60) return t('files.leftSeconds', { seconds });
  if (seconds < 3600) return t('files.leftMinutes', { minutes: Math.round(seconds / 60) });
  return t('files.leftHours', { hours: Math.floor(seconds / 3600), minutes: Math.round((seconds % 3600) / 60) });
}
