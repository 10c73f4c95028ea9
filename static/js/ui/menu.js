/** A button that opens a list of actions over the page. */

import { fill, h } from './h.js';
import { icon } from './icons.js';

let count = 0;

/**
 * @param {{words: string, iconName: string, className?: string, actions: () => {words: string, icon?: string, disabled?: boolean, run: () => void}[]}} parts
 *   `actions` are asked for whenever the list opens
 * @returns {HTMLElement[]} the button and the list
 */
export function menu({ words, iconName, className = 'icon-button', actions }) {
  const id = `menu-${(count += 1)}`;
  const list = h('div', { class: 'menu', id, role: 'menu', popover: 'auto', 'aria-label': words });
  const button = h(
    'button',
    { type: 'button', class: className, 'aria-label': words, title: words, 'aria-haspopup': 'menu', 'aria-expanded': 'false', popovertarget: id },
    icon(iconName),
  );
  const item = (action) => h(
    'button',
    { type: 'button', role: 'menuitem', disabled: action.disabled, onclick: () => (list.hidePopover(), action.run()) },
    action.icon && icon(action.icon), h('span', {}, action.words),
  );
  list.addEventListener('beforetoggle', ({ newState }) => {
    if (newState === 'open') fill(list, ...actions().map(item));
  });
  list.addEventListener('toggle', ({ newState }) => {
    button.setAttribute('aria-expanded', String(newState === 'open'));
    if (newState !== 'open') return;
    place(list, button);
    list.querySelector('button:enabled')?.focus();
  });
  list.addEventListener('keydown', (event) => step(list, event));
  return [button, list];
}

/** Below its button, as far as it fits on the screen. */
function place(list, button) {
  const { bottom, right, top } = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = list;
  const left = Math.max(8, Math.min(right - offsetWidth, innerWidth - offsetWidth - 8));
  const under = bottom + 4 + offsetHeight <= innerHeight ? bottom + 4 : Math.max(8, top - offsetHeight - 4);
  list.style.setProperty('left', `${left}px`);
  list.style.setProperty('top', `${under}px`);
}

function step(list, event) {
  const items = [...list.querySelectorAll('button:enabled')];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}
