/** Points to the nearest day with events while the days on the screen have none. */

import { fill, h } from './h.js';

/**
 * @param {{t: import('../model/i18n.js').Translate, go: (day: string) => void}} parts
 * @returns {{element: HTMLElement, show: (day: string|null) => void}}
 */
export function elsewhere({ t, go }) {
  const element = h('p', { class: 'elsewhere', hidden: true });
  let shown = null;
  const show = (day) => {
    if (day === shown) return;
    shown = day;
    element.hidden = day === null;
    if (day === null) return;
    const words = new Date(`${day}T00:00Z`).toLocaleDateString(t.language, { dateStyle: 'long', timeZone: 'UTC' });
    fill(element, h('span', {}, t('elsewhere.text')), h('button', { type: 'button', class: 'plain', onclick: () => go(day) }, t('elsewhere.go', { day: words })));
  };
  return { element, show };
}
