/** Says briefly what happened, to the eye and to the ear, and offers what can be done about it. */

import { h } from './h.js';
import { icon } from './icons.js';

const STAY = 5000;
const STAY_LONGER = 9000;
/** More at once would hide the page. */
const MOST = 3;

/**
 * @typedef {{words: string, run: () => void}} Offer
 * @typedef {{element: HTMLElement, say: (text: string, offer?: Offer) => () => void, warn: (text: string, offer?: Offer) => () => void}} Toasts
 *   both give what takes the toast away before its time
 */

/**
 * @param {import('../model/i18n.js').Translate} t
 * @returns {Toasts}
 */
export function toasts(t) {
  const element = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'false' });
  const show = (text, offer, kind, stay) => {
    const action = offer && h('button', { type: 'button', class: 'toast-action', onclick: () => (toast.remove(), offer.run()) }, offer.words);
    const close = h('button', { type: 'button', class: 'icon-button', 'aria-label': t('action.close'), onclick: () => toast.remove() }, icon('close'));
    const toast = h('div', { class: `toast ${kind}` }, kind === 'error' && icon('warning'), h('p', {}, text), action, close);
    // A modal dialog makes the rest of the page inert; what is said must lie above it.
    (document.querySelector('dialog[open]') ?? document.body).append(element);
    element.append(toast);
    while (element.children.length > MOST) element.firstElementChild?.remove();
    letGo(toast, stay);
    return () => toast.remove();
  };
  return {
    element,
    say: (text, offer) => show(text, offer, 'plain', offer ? STAY_LONGER : STAY),
    warn: (text, offer) => show(text, offer, 'error', STAY_LONGER),
  };
}

/** Takes a toast away after a while, but not under somebody's hand or focus. */
function letGo(toast, stay) {
  let timer;
  const wait = () => (timer = setTimeout(() => toast.remove(), stay));
  const hold = () => clearTimeout(timer);
  for (const name of ['pointerenter', 'focusin']) toast.addEventListener(name, hold);
  for (const name of ['pointerleave', 'focusout']) toast.addEventListener(name, wait);
  wait();
}
