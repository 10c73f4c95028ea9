/** Says what to do where there is nothing to see yet. */

import { fill, h } from './h.js';
import { icon } from './icons.js';

/**
 * @param {{t: import('../model/i18n.js').Translate, create: () => void, extra: HTMLElement[]}} parts
 * @returns {{element: HTMLElement, show: (what: 'loading'|'unreachable'|'first'|'hidden'|null) => void}}
 */
export function empty({ t, create, extra }) {
  const element = h('section', { class: 'empty', hidden: true });
  const faces = {
    loading: () => [h('p', { class: 'empty-wait' }, t('empty.loading'))],
    unreachable: () => [h('p', { class: 'empty-wait' }, t('empty.unreachable'))],
    hidden: () => [h('p', {}, t('empty.hidden'))],
    first: () => [
      h('div', { class: 'empty-picture' }, icon('calendar')),
      h('h2', {}, t('empty.title')),
      h('p', {}, t('empty.text')),
      h('button', { type: 'button', class: 'primary', onclick: create }, icon('plus'), t('empty.action')),
      ...extra,
    ],
  };
  let shown;
  const show = (what) => {
    if (what === shown) return;
    shown = what;
    element.hidden = !what;
    element.dataset.kind = what ?? '';
    fill(element, ...(what ? faces[what]() : []));
  };
  return { element, show };
}
