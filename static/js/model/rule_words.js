/** Says a rule in words, in Korean and English; every rule that the server keeps has some. */

import { dayNumber } from './dates.js';
import { explicit } from './periods.js';
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

/** @param {import('./repeat.js').On} on @param {string} date @param {import('./i18n.js').Language} language @returns {string} `셋째 금요일` */
export function placeWords(on, date, language) {
  return SPEAKERS[language].place(on, date);
}
