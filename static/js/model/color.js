/** Gives every department a colour of its own that reads well on light and on dark ground. */

/** Twelve hues of like weight; the interface mixes them with its ground for fills. */
export const PALETTE = [
  '#3b6fe0', '#0d8f7f', '#d2542b', '#8b57d6', '#b7791f', '#c23a75',
  '#2f8a3c', '#0a86b8', '#a8483f', '#5a63c9', '#6f7d1d', '#64748b',
];

/**
 * Gives those without a colour one each, in the order of their making: the same on every screen, and as different as can be.
 * @param {{id: string, color?: string|null, created_at?: string}[]} departments
 * @returns {Map<string, string>}
 */
export function colorsFor(departments) {
  const age = ({ created_at = '~', id }) => created_at + id;
  const byAge = [...departments].sort((a, b) => (age(a) < age(b) ? -1 : 1));
  return new Map(byAge.map(({ id, color }, index) => [id, isColor(color) ? color : PALETTE[index % PALETTE.length]]));
}

/** @param {string|null|undefined} color @returns {boolean} whether it is safe to hand to the style sheet */
export function isColor(color) {
  return /^#[0-9a-f]{3}(?:[0-9a-f]{3})?$/i.test(color ?? '');
}
