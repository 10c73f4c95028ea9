/** Goes to a day that somebody types as people say it. */

import { addDays, wallClock } from '../../model/dates.js';
import { addMonths } from '../../model/month.js';
import { understand } from '../../model/typed.js';
import { dayWords } from '../../model/when_words.js';
import { h } from '../h.js';
import { picker } from './picker.js';

/** @param {import('../features.js').Context} context */
export function jumpDialog(context) {
  const { t } = context;
  picker({ t, title: t('jump.title'), label: t('jump.label'), placeholder: t('jump.placeholder'), find: (text) => find(context, text.trim()) });
}

function find({ t, calendar }, text) {
  const now = wallClock(new Date());
  const today = now.slice(0, 10);
  const choice = (date, name) => {
    const words = dayWords(date, { language: t.language, today }, 'long');
    return { content: [h('span', { class: 'choice-title' }, name ?? t('jump.go', { day: words })), name && h('span', { class: 'choice-when' }, words)], run: () => calendar.show(date) };
  };
  if (!text) return { choices: nearby(today).map(([key, date]) => choice(date, t(key))) };
  const typed = understand(text, now, { nearest: true });
  return typed?.said.day ? { choices: [choice(typed.event_date)] } : { choices: [], note: t('jump.none') };
}

function nearby(today) {
  return [['jump.today', today], ['jump.tomorrow', addDays(today, 1)], ['jump.nextWeek', addDays(today, 7)], ['jump.nextMonth', addMonths(today, 1)]];
}
