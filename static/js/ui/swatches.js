/** Lets a person pick a colour with one click or with the arrow keys. */

import { PALETTE } from '../model/color.js';
import { h } from './h.js';

/**
 * @param {{name: string, value: string, t: import('../model/i18n.js').Translate, none?: string, noneColor?: string}} options
 *   `none`: the words of a first choice that means no colour of its own
 * @returns {HTMLElement}
 */
export function swatches({ name, value, t, none, noneColor }) {
  const colors = value && !PALETTE.includes(value) ? [value, ...PALETTE] : PALETTE;
  const choices = colors.map((color, index) => choice(name, color, t('department.colorPick', { number: index + 1 }), color, color === value));
  if (none) choices.unshift(choice(name, '', none, noneColor, !value));
  return h('div', { class: 'swatches' }, ...choices);
}

/** @param {string} name @param {string} value @param {string} label @param {string} color @param {boolean} checked */
function choice(name, value, label, color, checked) {
  const input = h('input', { type: 'radio', name, value, checked, 'aria-label': label, title: label });
  return h('label', { class: value ? 'swatch' : 'swatch none', style: { '--swatch': color } }, input);
}
