/** Gives every department a colour of its own that reads well on light and on dark ground. */

/** Twelve hues of like weight; the interface mixes them with its ground for fills. */
export const PALETTE = [
  '#3b6fe0', '#0d8f7f', '#d2542b', '#8b57d6', '#b7791f', '#c23a75',
  '#2f8a3c', '#0a86b8', '#a8483f', '#5a63c9', '#6f7d1d', '#64748b',
];

/** @param {string} id @returns {string} the same colour for the same id, on every screen */
export function colorOf(id) {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return PALETTE[sum % PALETTE.length];
}

/** @param {string|null|undefined} color @returns {boolean} whether it is safe to hand to the style sheet */
export function isColor(color) {
  return /^#[0-9a-f]{3}(?:[0-9a-f]{3})?$/i.test(color ?? '');
}

/**
 * @param {{color?: string|null}|undefined} event @param {{id: string, color?: string|null}|undefined} department
 * @returns {string}
 */
export function shownColor(event, department) {
  const own = [event?.color, department?.color].find((color) => isColor(color));
  return own ?? colorOf(department?.id ?? '');
}
