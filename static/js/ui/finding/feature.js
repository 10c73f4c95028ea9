/** Finds one's way through the calendar: search, dates, a small month, an event in one line, keys for everything. */

import { h } from '../h.js';
import { icon } from '../icons.js';
import { setting } from '../settings_dialog.js';
import { VIEWS } from '../toolbar.js';
import { jumpDialog } from './jump_dialog.js';
import { MiniMonth } from './mini_month.js';
import { quickEntry } from './quick_entry.js';
import { searchDialog } from './search_dialog.js';
import { shortcutsDialog } from './shortcuts_dialog.js';

const VIEW_KEYS = { month: ['KeyM', 'Digit1'], week: ['KeyW', 'Digit2'], day: ['KeyD', 'Digit3'], list: ['KeyL', 'Digit4'], lanes: ['KeyS', 'Digit5'] };

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function finding(context) {
  const { t, workspace, commands, preferences } = context;
  const month = new MiniMonth(context);
  // The first day, the numbers of weeks, the filter: the calendar hears of them first.
  let gone = false;
  const stop = preferences.listen(() => queueMicrotask(() => gone || month.draw()));
  commands.lettersOff = () => preferences.get('letters') === false;
  const some = () => workspace.departments.length > 0;
  const quick = button('pen', t('quick.open'), () => quickEntry(context), 'quick-button');
  return {
    commands: [
      { id: 'event.new', words: t('event.new'), group: 'find', keys: ['KeyN'], enabled: some, run: () => context.calendar.create() },
      { id: 'event.quick', words: t('quick.open'), group: 'find', keys: ['KeyQ'], enabled: some, menu: true, run: () => quickEntry(context) },
      { id: 'search', words: t('search.title'), group: 'find', keys: ['Slash', 'Mod+KeyK'], enabled: some, run: () => searchDialog(context) },
      { id: 'jump', words: t('jump.title'), group: 'find', keys: ['KeyG'], menu: true, run: () => jumpDialog(context) },
      ...viewCommands(context),
      { id: 'keys', words: t('keys.open'), group: 'page', keys: ['Shift+Slash'], menu: true, run: () => shortcutsDialog(context) },
    ],
    toolbar: [quick],
    header: [button('search', t('search.open'), () => searchDialog(context), 'search-button')],
    overview: [month.element],
    settings: [{ title: t('keys.title'), elements: [letters(context)] }],
    draw: () => {
      quick.disabled = !some();
      month.draw();
    },
    destroy: () => {
      gone = true;
      stop();
    },
  };
}

function viewCommands({ t, calendar }) {
  const look = (name) => ({ id: `view.${name}`, words: t('nav.toView', { view: t(`view.${name}`) }), group: 'view', keys: VIEW_KEYS[name], run: () => calendar.look(VIEWS[name]) });
  return [
    { id: 'go.today', words: t('nav.today'), group: 'view', keys: ['KeyT'], run: () => calendar.go('today') },
    { id: 'go.prev', words: t('nav.prevPeriod'), group: 'view', keys: ['ArrowLeft', 'KeyK'], run: () => calendar.go('prev') },
    { id: 'go.next', words: t('nav.nextPeriod'), group: 'view', keys: ['ArrowRight', 'KeyJ'], run: () => calendar.go('next') },
    ...Object.keys(VIEWS).map(look),
  ];
}

function letters({ t, preferences }) {
  const choose = (value) => preferences.set('letters', value);
  return setting({ words: t('keys.letters'), hint: t('keys.lettersHint'), value: preferences.get('letters') !== false, choose });
}

function button(iconName, words, run, className) {
  return h('button', { type: 'button', class: `icon-button ${className}`, 'aria-label': words, title: words, onclick: run }, icon(iconName));
}
