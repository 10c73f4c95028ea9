/** A dialog in which somebody types and picks from what fits: by arrows and Enter, or by hand. */

import { fill, h } from '../h.js';
import { modal } from '../modal.js';

/**
 * @typedef {{content: any[], run: () => void, label?: string}} Choice `label`: how it is read out, where its parts do not tell
 * @typedef {{choices: Choice[], note?: string}} Found `note` stands below: that nothing fits, or that more is looked for
 *
 * @param {{t: import('../../model/i18n.js').Translate, title: string, label: string, placeholder: string, find: (text: string) => Found,
 *   onclose?: () => void}} parts
 * @returns {{refresh: () => void, text: () => string, close: () => void}} `refresh` asks again for what fits
 */
export function picker({ t, title, label, placeholder, find, onclose }) {
  let choices = [];
  let active = 0;
  const list = h('ul', { class: 'choices-list', role: 'listbox', id: 'picker-list', 'aria-label': title });
  const note = h('p', { class: 'picker-note', role: 'status', 'aria-live': 'polite' });
  const input = h('input', {
    type: 'text', class: 'picker-input', role: 'combobox', autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'go', maxlength: 200, placeholder,
    'aria-label': label, 'aria-controls': 'picker-list', 'aria-expanded': 'true', 'aria-autocomplete': 'list',
    oninput: () => (active = 0, refresh()), onkeydown: (event) => step(event),
  });
  const point = () => {
    for (const [index, element] of [...list.children].entries()) element.setAttribute('aria-selected', String(index === active));
    const chosen = list.children[active];
    chosen?.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', chosen?.id ?? '');
  };
  const pick = (index) => {
    const choice = choices[index];
    if (!choice) return;
    box.close();
    choice.run();
  };
  const option = (choice, index) => h('li', { role: 'option', id: `picker-${index}`, 'aria-label': choice.label, onclick: () => pick(index) }, ...choice.content);
  const refresh = () => {
    const found = find(input.value);
    ({ choices } = found);
    active = Math.min(active, Math.max(0, choices.length - 1));
    fill(list, ...choices.map(option));
    list.hidden = choices.length === 0;
    input.setAttribute('aria-expanded', String(choices.length > 0));
    if (note.textContent !== (found.note ?? '')) note.textContent = found.note ?? '';
    point();
  };
  const step = (event) => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + 8, PageUp: active - 8 }[event.key];
    if (to === undefined || event.isComposing || !choices.length) return;
    event.preventDefault();
    active = event.key.startsWith('Arrow') ? (to + choices.length) % choices.length : Math.max(0, Math.min(choices.length - 1, to));
    point();
  };
  const box = modal({
    title, closeWords: t('action.close'), className: 'dialog picker', body: [input, list, note], foot: [], onclose, onsubmit: () => pick(active),
  });
  refresh();
  input.focus();
  return { refresh, text: () => input.value, close: box.close };
}
