/** Says rules in Korean: `매월 셋째 금요일, 10회`. */

import { dateWords, fromFront, isRun, weekdayNames } from './names.js';
import { dayNumber, partsOf, weekdayOf } from '../dates.js';
import { placeInMonth } from '../rule_moves.js';

/** @typedef {import('../rules.js').Rule} Rule */

const EVERY = { DAILY: ['매일', '일마다'], WEEKLY: ['매주', '주마다'], MONTHLY: ['매월', '개월마다'], YEARLY: ['매년', '년마다'] };
const ORDINALS = ['', '첫째', '둘째', '셋째', '넷째', '다섯째'];
const NAMES = weekdayNames('ko', 'short');

export default {
  /** @param {Rule} rule */
  whole(rule) {
    const [every, each] = EVERY[rule.freq];
    const frequency = rule.interval === 1 ? every : `${rule.interval}${each}`;
    const yearly = rule.freq === 'YEARLY';
    const months = rule.months.length ? (yearly ? `${rule.months.join('·')}월` : `${rule.months.join('·')}월에만`) : '';
    const limit = yearly || !months ? '' : ` (${months})`;
    return [frequency, yearly && months, daysOf(rule)].filter(Boolean).join(' ') + limit;
  },
  until: (date) => `, ${dateWords(date, 'ko')}까지`,
  count: (count) => `, ${count}회`,
  /** @param {import('../repeat.js').On} on @param {string} date */
  place(on, date) {
    const day = dayNumber(date);
    if (on === 'date') return `${partsOf(day).date}일`;
    if (on === 'lastDay') return '마지막 날';
    return `${ordinal(on === 'weekday' ? placeInMonth(day).first : -1)} ${NAMES[weekdayOf(day)]}요일`;
  },
};

/** @param {Rule} rule */
function daysOf(rule) {
  const parts = [
    rule.weeks.map((week) => (week > 0 ? `${week}주차` : `끝에서 ${-week}주차`)).join('·'),
    rule.yearDays.map((day) => (day > 0 ? `${day}번째 날` : `끝에서 ${-day}번째 날`)).join('·'),
    monthDays(rule.monthDays),
    weekdays(rule),
  ];
  const said = parts.filter(Boolean).join(' 중 ');
  return rule.positions.length ? `${said} 중 ${fromFront(rule.positions).map(position).join('·')}` : said;
}

/** @param {number[]} days @returns {string} `10~15일`, `1일·마지막 날` */
function monthDays(days) {
  if (isRun(days)) return `${days[0]}~${days.at(-1)}일`;
  return fromFront(days).map(monthDay).join('·');
}

/** @param {number} day */
function monthDay(day) {
  if (day > 0) return `${day}일`;
  return day === -1 ? '마지막 날' : `끝에서 ${-day}번째 날`;
}

/** @param {Rule} rule */
function weekdays({ weekdays: chosen, freq, months, weeks, monthDays: dates, positions }) {
  const plain = chosen.filter(({ nth }) => nth === 0).map(({ day }) => day);
  const ofYear = freq === 'YEARLY' && !months.length && !weeks.length;
  const numbered = chosen.filter(({ nth }) => nth !== 0).map(({ day, nth }) => `${ordinal(nth, ofYear)} ${NAMES[day]}요일`);
  const every = ['MONTHLY', 'YEARLY'].includes(freq) && !weeks.length && !dates.length && !positions.length ? '모든 ' : '';
  return [plain.length ? `${every}${list(plain)}` : '', ...numbered].filter(Boolean).join('·');
}

/** @param {number[]} days @returns {string} `월·수요일`, `월~금요일` */
function list(days) {
  if (days.length === 7) return '요일';
  if (isRun(days)) return `${NAMES[days[0]]}~${NAMES[days.at(-1)]}요일`;
  return `${days.map((day) => NAMES[day]).join('·')}요일`;
}

/** @param {number} nth @param {boolean} [ofYear] */
function ordinal(nth, ofYear = false) {
  const count = Math.abs(nth);
  const words = ORDINALS[count] && !ofYear ? ORDINALS[count] : `${count}번째`;
  if (nth > 0) return words;
  return nth === -1 ? '마지막' : `끝에서 ${words}`;
}

/** @param {number} nth */
function position(nth) {
  return Math.abs(nth) < ORDINALS.length ? ordinal(nth) : ordinal(nth, true);
}
