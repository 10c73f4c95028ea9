/** A small panel under a button, gone with a click elsewhere or Escape. */

import { fill, h } from './h.js';

let count = 0;

/**
 * @param {{button: HTMLElement, words: string, build: () => HTMLElement[]}} parts `build` is asked whenever it opens
 * @returns {HTMLElement}
 */
export function popover({ button, words, build }) {
  const id = `popover-${(count += 1)}`;
  const box = h('div', { class: 'menu popover', id, role: 'dialog', popover: 'auto', 'aria-label': words });
  button.setAttribute('popovertarget', id);
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-expanded', 'false');
  box.addEventListener('beforetoggle', ({ newState }) => {
    if (newState === 'open') fill(box, ...build());
  });
  box.addEventListener('toggle', ({ newState }) => {
    button.setAttribute('aria-expanded', String(newState === 'open'));
    if (newState !== 'open') return;
    place(box, button.getBoundingClientRect());
    box.querySelector('input:enabled, button:enabled')?.focus();
  });
  return box;
}

/** Below something, as far as it fits on the screen. @param {HTMLElement} box @param {{bottom: number, top: number, right: number}} rect */
export function place(box, { bottom, right, top }) {
  const { offsetWidth, offsetHeight } = box;
  const left = Math.max(8, Math.min(right - offsetWidth, innerWidth - offsetWidth - 8));
  const under = bottom + 4 + offsetHeight <= innerHeight ? bottom + 4 : Math.max(8, top - offsetHeight - 4);
  box.style.setProperty('left', `${left}px`);
  box.style.setProperty('top', `${under}px`);
}
