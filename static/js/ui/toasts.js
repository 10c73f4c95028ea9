/** Says briefly what happened, to the eye and to the ear. */

import { h } from './h.js';
import { icon } from './icons.js';

const STAY = 5000;
const STAY_ERROR = 9000;

/**
 * @param {import('../model/i18n.js').Translate} t
 * @returns {{element: HTMLElement, say: (text: string) => void, warn: (text: string) => void}}
 */
export function toasts(t) {
  const element = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'false' });
  const show = (text, kind, stay) => {
    const close = h('button', { type: 'button', class: 'icon-button', 'aria-label': t('action.close'), onclick: () => toast.remove() }, icon('close'));
    const toast = h('div', { class: `toast ${kind}` }, kind === 'error' && icon('warning'), h('p', {}, text), close);
    // A modal dialog makes the rest of the page inert; what is said must lie above it.
    (document.querySelector('dialog[open]') ?? document.body).append(element);
    element.append(toast);
    setTimeout(() => toast.remove(), stay);
  };
  return { element, say: (text) => show(text, 'plain', STAY), warn: (text) => show(text, 'error', STAY_ERROR) };
}
