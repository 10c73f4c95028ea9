/** Says to a screen reader what the keyboard has just done; the eye sees it anyway. */

import { h } from '../h.js';

/** @returns {{element: HTMLElement, say: (text: string) => void}} */
export function announcer() {
  const element = h('div', { class: 'unseen announcer', role: 'status', 'aria-live': 'polite' });
  // The same words twice are news only if the region was empty in between.
  const say = (text) => {
    element.textContent = '';
    setTimeout(() => (element.textContent = text), 30);
  };
  return { element, say };
}
