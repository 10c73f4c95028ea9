/** Says a rule in words, in Korean and English; every rule that the server keeps has some. */

import { dayNumber } from './dates.js';
import { explicit } from './periods.js';
import { dateWords } from './rule_words/names.js';
import { readRule } from './rules.js';
import english from './rule_words/english.js';
import korean from './rule_words/korean.js';

const SPEAKERS = { ko: korean, en: english };

/**
 * @param {string} rrule @param {string} start the first date, which says what the rule leaves out
 * @param {import('./i18n.js').Language} language
 * @returns {string} `매주 월·수요일, 2026년 12월 31일까지`
 */
export function ruleWords(rrule, start, language) {
  const speaker = SPEAKERS[language];
  const rule = explicit(readRule(rrule), dayNumber(start));
  const end = rule.until ? speaker.until(rule.until) : rule.count ? speaker.count(rule.count) : '';
  return `${speaker.whole(rule)}${end}`;
}

/**
 * Says what differs between two recurrences: the rules, and which dates only one of them leaves out or changes.
 * @param {[any, any]} recurrences either may be null @param {string|undefined} start @param {import('./i18n.js').Translate} t
 * @returns {{before: string, after: string}} empty where nothing recurs
 */
export function differenceWords([before, after], start, t) {
  return { before: sideWords(before, after, start, t), after: sideWords(after, before, start, t) };
}

/** @returns {string} */
function sideWords(recurrence, other, start, t) {
  if (!recurrence) return '';
  const { rrule, exdates, overrides } = recurrence;
  const without = exdates.filter((date) => !other?.exdates.includes(date));
  const own = Object.keys(overrides).filter((date) => JSON.stringify(overrides[date]) !== JSON.stringify(other?.overrides[date]));
  const dates = (list) => list.map((date) => dateWords(date, t.language)).join(', ');
  const parts = [start ? ruleWords(rrule, start, t.language) : rrule, without.length && t('repeat.without', { dates: dates(without) }), own.length && t('repeat.changed', { dates: dates(own) })];
  return parts.filter(Boolean).join(' · ');
}

/** @param {import('./repeat.js').On} on @param {string} date @param {import('./i18n.js').Language} language @returns {string} `셋째 금요일` */
export function placeWords(on, date, language) {
  return SPEAKERS[language].place(on, date);
}
