/** The settings of this device: a section for each feature that has some, in effect at once. */

import { h } from './h.js';
import { modal } from './modal.js';

/** @param {import('./features.js').Context} context */
export function settingsDialog({ t, features }) {
  const section = ({ title, elements }) => h('section', { class: 'settings-section' }, h('h3', {}, title), ...elements);
  const box = modal({
    title: t('settings.title'),
    closeWords: t('action.close'),
    className: 'dialog settings-dialog',
    body: [h('p', { class: 'stamp' }, t('settings.device')), ...features.at('settings').map(section)],
    foot: [h('span', { class: 'spacer' }), h('button', { type: 'submit', class: 'primary' }, t('action.close'))],
    onsubmit: () => box.close(),
  });
}

/**
 * One choice of a person: a checkbox, or a list where there are `options`.
 * @param {{words: string, hint?: string, value: any, options?: [value: string, words: string][], choose: (value: any) => void}} parts
 * @returns {HTMLElement}
 */
export function setting({ words, hint, value, options, choose }) {
  const small = hint && h('small', {}, hint);
  if (!options) {
    const box = h('input', { type: 'checkbox', checked: Boolean(value), onchange: () => choose(box.checked) });
    return h('label', { class: 'setting check' }, box, h('span', {}, words, small));
  }
  const option = ([own, label]) => h('option', { value: own, selected: String(own) === String(value) }, label);
  const select = h('select', { onchange: () => choose(select.value) }, ...options.map(option));
  return h('label', { class: 'setting' }, h('span', {}, words, small), select);
}
