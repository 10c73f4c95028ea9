/** Speaks Korean and English. */

import acting from './strings/acting.js';
import { withParticles } from './particles.js';
import en from './strings/en.js';
import exchange from './strings/exchange.js';
import finding from './strings/finding.js';
import files from './strings/files.js';
import first from './strings/first.js';
import ko from './strings/ko.js';
import printing from './strings/printing.js';
import recurrence from './strings/recurrence.js';
import reminders from './strings/reminders.js';
import views from './strings/views.js';
import together from './strings/together.js';

/** @typedef {'ko'|'en'} Language */
/** @typedef {{(key: string, values?: Record<string, any>): string, language: Language, has: (key: string) => boolean}} Translate */

/** Features bring their words along: `{ko: {…}, en: {…}}`, one module each in `strings/`. */
const FEATURES = [
  acting,
  exchange,
  finding,
  files,
  first,
  printing,
  recurrence,
  reminders,
  views,
  together,
];

export const STRINGS = {
  ko: Object.assign({}, ko, ...FEATURES.map((words) => words.ko)),
  en: Object.assign({}, en, ...FEATURES.map((words) => words.en)),
};

/** @param {readonly string[]} preferred as `navigator.languages` @returns {Language} */
export function languageFor(preferred) {
  const known = preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find((code) => code in STRINGS);
  return /** @type {Language} */ (known ?? 'en');
}

/** Fills `{name}` in with its value, and `{count:event/events}` with the word for so many. @param {Language} language @returns {Translate} */
export function translator(language) {
  const strings = STRINGS[language];
  const filled = (key, values) =>
    strings[key].replace(/\{(\w+)(?::(\w+)\/(\w+))?\}/g, (_, name, one, many) => (one ? (String(values[name]) === '1' ? one : many) : String(values[name])));
  const translate = (key, values = {}) => (language === 'ko' ? withParticles(filled(key, values)) : filled(key, values));
  return Object.assign(translate, { language, has: (key) => key in strings });
}

/** @param {string} zone @returns {string} `New York` for `America/New_York` */
export function zoneName(zone) {
  return zone.split('/').at(-1).replaceAll('_', ' ');
}
