/** The top line: the name, the light, the language. */

import { h } from './h.js';
import { icon } from './icons.js';
import { light } from './light.js';
import { menu as menuOf } from './menu.js';

/**
 * @param {{t: import('../model/i18n.js').Translate, toggleMenu: () => void, switchLanguage: () => void,
 *   extra: HTMLElement[], actions: () => {words: string, run: () => void}[]}} parts
 */
export function header({ t, toggleMenu, switchLanguage, extra, actions }) {
  const lamp = light(t);
  const menu = h(
    'button',
    { type: 'button', class: 'icon-button menu-button', 'aria-label': t('app.menu'), 'aria-expanded': 'false', 'aria-controls': 'sidebar', onclick: toggleMenu },
    icon('menu'),
  );
  const language = h(
    'button',
    { type: 'button', class: 'quiet language', lang: t.language === 'ko' ? 'en' : 'ko', title: t('app.languageHint'), onclick: switchLanguage },
    t('app.language'),
  );
  const brand = h('h1', { class: 'brand' }, h('span', { class: 'brand-mark', 'aria-hidden': 'true' }), 'Dayroom');
  const more = menuOf({ words: t('app.more'), iconName: 'more', actions });
  const element = h('header', { class: 'header' }, menu, brand, h('div', { class: 'spacer' }), ...extra, lamp.element, language, ...more);
  return { element, light: lamp, menu };
}
