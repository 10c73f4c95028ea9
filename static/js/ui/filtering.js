/** The filter above the calendar: by words, category, tag, or only one's own; remembered, and never forgotten to be told. */

import { choicesAmong, clearFilter, countOf, FILTER, filterOf, setFilter } from '../model/filter.js';
import { fill, h } from './h.js';
import { icon } from './icons.js';
import { popover } from './popover.js';

/** So many tags are offered; more are found by the words. */
const MOST = 24;

/** @param {import('./features.js').Context} context @returns {import('./features.js').Feature} */
export function filtering(context) {
  const { t, preferences, workspace } = context;
  const count = h('span', { class: 'filter-count' });
  const effect = h('span', { class: 'spoken' }, t('filter.active'));
  const button = h('button', { type: 'button', class: 'plain filter-button' }, icon('filter'), h('span', { class: 'filter-words' }, t('filter.open')), count, effect);
  const box = popover({ button, words: t('filter.title'), build: () => panel(context) });
  const tell = () => {
    const wishes = countOf(filterOf(preferences));
    button.classList.toggle('active', wishes > 0);
    count.hidden = effect.hidden = wishes === 0;
    fill(count, String(wishes));
  };
  const stop = preferences.listen((name) => name === FILTER && tell());
  tell();
  return {
    commands: [
      { id: 'filter', words: t('filter.title'), group: 'view', keys: ['KeyF'], run: () => button.click() },
      { id: 'filter.clear', words: t('filter.clear'), group: 'view', menu: true, enabled: () => countOf(filterOf(preferences)) > 0, run: () => clearFilter(preferences) },
    ],
    toolbar: [button, box],
    draw: () => (button.disabled = workspace.departments.length === 0),
    destroy: stop,
  };
}

/** @param {import('./features.js').Context} context @returns {HTMLElement[]} what the panel offers, as things are when it opens */
function panel(context) {
  const { t, preferences, workspace } = context;
  const filter = filterOf(preferences);
  const { categories, tags } = choicesAmong(workspace.events);
  const text = h('input', {
    type: 'text', value: filter.text, autocomplete: 'off', placeholder: t('filter.textHint'),
    oninput: () => setFilter(preferences, { text: text.value }),
  });
  const elements = [
    h('label', { class: 'field' }, h('span', {}, t('filter.text')), text),
    chips(context, 'categories', t('event.category'), [...new Set([...filter.categories, ...categories])]),
    chips(context, 'tags', t('event.tags'), [...new Set([...filter.tags, ...tags.slice(0, MOST)])]),
    mine(context, filter),
  ];
  const clear = h('button', { type: 'button', class: 'quiet', onclick: () => (clearFilter(preferences), fill(body, ...panel(context))) }, t('filter.clear'));
  const body = h('div', { class: 'filter-panel' }, ...elements.filter(Boolean), clear);
  return [body];
}

/** Only whoever has given a name has anything that is theirs. */
function mine({ t, preferences }, filter) {
  const hasName = Boolean(preferences.get('actor'));
  const box = h('input', { type: 'checkbox', checked: filter.mine, disabled: !hasName && !filter.mine, onchange: () => setFilter(preferences, { mine: box.checked }) });
  return h('label', { class: 'setting check' }, box, h('span', {}, t('filter.mine'), !hasName && h('small', {}, t('filter.nameless'))));
}

function chips({ preferences }, member, words, names) {
  if (!names.length) return null;
  const chip = (name) => {
    const box = h('input', { type: 'checkbox', checked: filterOf(preferences)[member].includes(name), onchange: () => toggle(preferences, member, name, box.checked) });
    return h('label', { class: 'chip' }, box, h('span', {}, name));
  };
  return h('fieldset', { class: 'field' }, h('legend', {}, words), h('div', { class: 'chips' }, ...names.map(chip)));
}

function toggle(preferences, member, name, wanted) {
  const others = filterOf(preferences)[member].filter((other) => other !== name);
  setFilter(preferences, { [member]: wanted ? [...others, name] : others });
}
