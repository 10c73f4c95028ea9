/** The line above the calendar: where we are in time, how we look at it, and a new event. */

import { fill, h } from './h.js';
import { icon } from './icons.js';
import { LANE_DAYS } from './lanes_view.js';

export const VIEWS = { month: 'dayGridMonth', week: 'timeGridWeek', day: 'timeGridDay', list: 'listMonth', lanes: 'lanesDay' };

/**
 * @param {{t: import('../model/i18n.js').Translate, go: (where: 'prev'|'next'|'today') => void,
 *   look: (view: string) => void, create: () => void, extra: HTMLElement[]}} parts
 */
export function toolbar({ t, go, look, create, extra }) {
  const title = h('h2', { class: 'period', 'aria-live': 'polite' });
  const step = (where) => h('button', { type: 'button', class: 'icon-button', 'aria-label': t(`nav.${where}`), onclick: () => go(where) }, icon(where));
  const today = h('button', { type: 'button', class: 'plain today', onclick: () => go('today') }, t('nav.today'));
  const views = Object.keys(VIEWS).map((name) => viewButton(name, t, look));
  const add = h('button', { type: 'button', class: 'primary add', onclick: create }, icon('plus'), h('span', {}, t('event.new')));
  const element = h(
    'div',
    { class: 'toolbar' },
    h('div', { class: 'steps' }, today, step('prev'), step('next')),
    title,
    h('div', { class: 'views', role: 'group', 'aria-label': t('nav.views') }, ...views),
    ...extra,
    add,
  );
  return {
    element,
    /** @param {string} text @param {string} view @param {boolean} canCreate */
    show(text, view, canCreate) {
      fill(title, text);
      for (const button of views) button.setAttribute('aria-pressed', String(VIEWS[button.dataset.view] === (view in LANE_DAYS ? VIEWS.lanes : view)));
      add.disabled = !canCreate;
    },
  };
}

/** @param {string} name @param {import('../model/i18n.js').Translate} t @param {(view: string) => void} look */
function viewButton(name, t, look) {
  return h('button', { type: 'button', 'data-view': name, 'aria-pressed': 'false', onclick: () => look(VIEWS[name]) }, t(`view.${name}`));
}
