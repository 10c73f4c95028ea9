/** Opens a native dialog: it traps the focus, closes with Escape and gives the focus back by itself. */

import { h } from './h.js';
import { icon } from './icons.js';

let opened = 0;

/**
 * @param {{title: string, closeWords: string, className: string, body: Node[], foot: Node[], onsubmit: () => void, onclose?: () => void}} parts
 * @returns {{dialog: HTMLDialogElement, form: HTMLFormElement, close: () => void, setTitle: (text: string) => void}}
 */
export function modal({ title, closeWords, className, body, foot, onsubmit, onclose }) {
  const id = `dialog-title-${(opened += 1)}`;
  const heading = h('h2', { id }, title);
  const form = h(
    'form',
    { method: 'dialog', novalidate: true, onsubmit: (event) => (event.preventDefault(), onsubmit()) },
    h('div', { class: 'dialog-head' }, heading, h('button', { type: 'button', class: 'icon-button', 'aria-label': closeWords, onclick: () => dialog.close() }, icon('close'))),
    h('div', { class: 'dialog-body' }, ...body),
    h('div', { class: 'dialog-foot' }, ...foot),
  );
  const dialog = h('dialog', { class: className, 'aria-labelledby': id }, form);
  dialog.addEventListener('close', () => {
    onclose?.();
    // Toasts that were said inside live on.
    for (const region of dialog.querySelectorAll('.toasts')) document.body.append(region);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, form, close: () => dialog.close(), setTitle: (text) => (heading.textContent = text) };
}

/**
 * Makes a button that asks once more before it acts.
 * @param {{words: string, sure: string, act: () => void}} parts
 * @returns {HTMLButtonElement}
 */
export function doubtful({ words, sure, act }) {
  let asked = false;
  const calm = () => {
    asked = false;
    button.textContent = words;
    button.classList.remove('asked');
  };
  const button = h('button', {
    type: 'button', class: 'danger', onblur: calm,
    onclick: () => {
      if (asked) return act();
      asked = true;
      button.textContent = sure;
      button.classList.add('asked');
    },
  }, words);
  return button;
}
