/** The light that says how fresh the page is; in words too. */

import { fill, h } from './h.js';

/** Joining another room takes a moment and is no news. */
const CALM = 400;

/**
 * @param {import('../model/i18n.js').Translate} t
 * @returns {{element: HTMLElement, show: (state: 'connected'|'connecting'|'offline') => void}}
 */
export function light(t) {
  const words = h('span', { class: 'light-words' });
  const element = h('div', { class: 'light', role: 'status', 'aria-live': 'polite' }, h('span', { class: 'light-dot', 'aria-hidden': 'true' }), words);
  let timer = null;
  let shown = null;
  const draw = (state) => {
    shown = state;
    timer = null;
    element.dataset.state = state;
    element.title = t(`light.${state}Hint`);
    fill(words, t(`light.${state}`));
  };
  const show = (state) => {
    clearTimeout(timer);
    timer = null;
    if (state === shown) return;
    if (shown === 'connected' && state === 'connecting') timer = setTimeout(draw, CALM, state);
    else draw(state);
  };
  return { element, show };
}
