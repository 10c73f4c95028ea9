/** A button that opens a list of actions over the page. */

import { fill, h } from './h.js';
import { icon } from './icons.js';
import { place } from './popover.js';

let count = 0;

/** @typedef {{words: string, icon?: string, disabled?: boolean, run: () => void}} Action */

/**
 * @param {{words: string, iconName: string, className?: string, actions: () => Action[]}} parts
 *   `actions` are asked for whenever the list opens
 * @returns {HTMLElement[]} the button and the list
 */
export function menu({ words, iconName, className = 'icon-button', actions }) {
  const list = listOf(words);
  const button = h(
    'button',
    { type: 'button', class: className, 'aria-label': words, title: words, 'aria-haspopup': 'menu', 'aria-expanded': 'false', popovertarget: list.id },
    icon(iconName),
  );
  list.addEventListener('beforetoggle', ({ newState }) => {
    if (newState === 'open') offer(list, actions());
  });
  list.addEventListener('toggle', ({ newState }) => {
    button.setAttribute('aria-expanded', String(newState === 'open'));
    if (newState === 'open') openAt(list, button.getBoundingClientRect());
  });
  return [button, list];
}

/**
 * Opens a list of actions that belongs to something on the screen, and gives the focus back when it closes.
 * @param {{words: string, actions: Action[], at: {bottom: number, top: number, right: number}, back: () => void}} parts
 */
export function popupMenu({ words, actions, at, back }) {
  const list = listOf(words);
  let chosen = false;
  offer(list, actions.map((action) => ({ ...action, run: () => ((chosen = true), action.run()) })));
  list.addEventListener('toggle', ({ newState }) => {
    if (newState === 'open') return openAt(list, at);
    list.remove();
    return chosen || back();
  });
  document.body.append(list);
  list.showPopover();
}

function listOf(words) {
  const list = h('div', { class: 'menu', id: `menu-${(count += 1)}`, role: 'menu', popover: 'auto', 'aria-label': words });
  list.addEventListener('keydown', (event) => step(list, event));
  return list;
}

/** @param {HTMLElement} list @param {Action[]} actions */
function offer(list, actions) {
  const item = (action) => h(
    'button',
    { type: 'button', role: 'menuitem', disabled: action.disabled, onclick: () => (list.hidePopover(), action.run()) },
    action.icon && icon(action.icon), h('span', {}, action.words),
  );
  fill(list, ...actions.map(item));
}

function openAt(list, rect) {
  place(list, rect);
  list.querySelector('button:enabled')?.focus();
}

function step(list, event) {
  const items = [...list.querySelectorAll('button:enabled')];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}
