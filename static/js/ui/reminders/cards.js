/** The reminders on the page: they stay until somebody has read them. */

import { h } from '../h.js';

const SNOOZE = [5, 10, 30];

/**
 * @param {import('../../model/i18n.js').Translate} t
 * @returns {{element: HTMLElement, show: (card: Card) => void, drop: (key: string) => void, clear: () => void}}
 * @typedef {{key: string, title: string, text: string, open: () => void, snooze: (minutes: number) => void, close: () => void}} Card
 */
export function cards(t) {
  const element = h('div', { class: 'reminders', role: 'region', 'aria-label': t('reminder.region') });
  const shown = new Map();
  const drop = (key) => {
    shown.get(key)?.remove();
    shown.delete(key);
  };
  const show = (card) => {
    drop(card.key);
    const done = (work) => () => {
      drop(card.key);
      work();
    };
    const later = (minutes) => h('button', { type: 'button', class: 'quiet', onclick: done(() => card.snooze(minutes)) }, t('reminder.minutes', { minutes }));
    const face = h(
      'section',
      { class: 'reminder', role: 'alert' },
      h('strong', {}, card.title),
      h('p', {}, card.text),
      h('div', { class: 'reminder-later' }, h('span', {}, t('reminder.later')), ...SNOOZE.map(later)),
      h(
        'div',
        { class: 'reminder-foot' },
        h('button', { type: 'button', class: 'plain', onclick: done(card.open) }, t('reminder.open')),
        h('button', { type: 'button', class: 'primary', onclick: done(card.close) }, t('reminder.done')),
      ),
    );
    shown.set(card.key, face);
    // As toasts do: a modal dialog makes the rest of the page inert.
    (document.querySelector('dialog[open]') ?? document.body).append(element);
    element.append(face);
  };
  return { element, show, drop, clear: () => [...shown.keys()].forEach(drop) };
}
