/** Shows which keys do what: every command of the page that has some. */

import { keyCaps } from '../commands.js';
import { h } from '../h.js';
import { modal } from '../modal.js';

/** In the order in which people look for them; a command without a group stands in the last. */
const GROUPS = ['find', 'view', 'grid', 'event', 'page'];

/** @param {import('../features.js').Context} context */
export function shortcutsDialog({ t, commands }) {
  const keyed = commands.all.filter(({ keys }) => keys?.length);
  const groupOf = ({ group }) => (GROUPS.includes(group) ? group : 'page');
  const sections = GROUPS.map((group) => section(t, group, keyed.filter((command) => groupOf(command) === group)));
  const box = modal({
    title: t('keys.title'), closeWords: t('action.close'), className: 'dialog shortcuts',
    body: [h('div', { class: 'shortcut-groups' }, ...sections.filter(Boolean)), h('p', { class: 'stamp' }, t('keys.note'))],
    foot: [h('span', { class: 'spacer' }), h('button', { type: 'submit', class: 'primary' }, t('action.close'))],
    onsubmit: () => box.close(),
  });
  // It is longer than most screens: arrows must be able to scroll it.
  box.dialog.querySelector('.dialog-body')?.setAttribute('tabindex', '0');
}

function section(t, group, commands) {
  if (!commands.length) return null;
  const line = ({ words, keys }) => [h('dt', {}, words), h('dd', {}, ...byModifiers(keys).map(chord))];
  return h('section', { class: 'shortcut-group' }, h('h3', {}, t(`keys.${group}`)), h('dl', {}, ...commands.flatMap(line)));
}

/** Four arrows with Alt are Alt and four arrows. @returns {string[][]} the caps of each chord, or of several that are held alike */
function byModifiers(keys) {
  const groups = new Map();
  for (const key of keys) {
    const caps = keyCaps(key);
    const held = caps.slice(0, -1);
    const name = /Arrow\w+$/.test(key) ? held.join() : key;
    groups.set(name, [...(groups.get(name) ?? held), caps.at(-1)]);
  }
  return [...groups.values()];
}

function chord(caps) {
  return h('span', { class: 'chord' }, ...caps.map((cap) => h('kbd', {}, cap)));
}
