/** Brings what can be done with events and days without opening a form: by keys, by a menu, by hand. */

import { Acts } from './acts.js';
import { announcer } from './announcer.js';
import { departmentDrop } from './department_drop.js';
import { EventKeys } from './event_keys.js';
import { GridCursor } from './grid_cursor.js';

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
const arrows = (held) => ARROWS.map((key) => held + key);
const keyOfChord = (chord) => chord.split('+').at(-1);

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function acting(context) {
  const { element, say } = announcer();
  const acts = new Acts(context);
  const cursor = new GridCursor(context);
  const keys = new EventKeys(context, acts, say);
  document.body.append(element);
  const settle = () => cursor.settle();
  addEventListener('resize', settle);
  const stopDrop = departmentDrop(context, acts);
  const stopMenu = contextMenu(keys);
  return {
    commands: [...gridCommands(context, cursor, keys), ...eventCommands(context, cursor, keys, acts)],
    eventActions: ({ event, close }) => (event.id ? acts.beside(event).map(({ words, run }) => ({ words, run: () => (close(), run()) })) : []),
    draw: () => {
      cursor.settle();
      keys.keep();
    },
    destroy: () => {
      keys.destroy();
      removeEventListener('resize', settle);
      stopDrop();
      stopMenu();
      element.remove();
    },
  };
}

function gridCommands({ t }, cursor, keys) {
  const enabled = () => cursor.isFocused;
  const walk = (chord) => cursor.walk(keyOfChord(chord));
  return [
    { id: 'grid.enter', words: t('grid.enter'), group: 'grid', keys: ['KeyC'], run: () => cursor.focus() },
    { id: 'grid.walk', words: t('grid.walk'), group: 'grid', keys: ARROWS, enabled, run: walk },
    { id: 'grid.week', words: t('grid.week'), group: 'grid', keys: ['Home', 'End'], enabled, run: walk },
    { id: 'grid.month', words: t('grid.month'), group: 'grid', keys: ['PageUp', 'PageDown'], enabled, run: walk },
    { id: 'grid.create', words: t('grid.create'), group: 'grid', keys: ['Enter'], enabled, run: () => cursor.create() },
    { id: 'grid.into', words: t('grid.into'), group: 'grid', keys: ['Space'], enabled: () => enabled() && cursor.firstEvent() !== null, run: () => cursor.firstEvent().focus() },
    { id: 'grid.back', words: t('grid.back'), group: 'event', keys: ['Escape'], enabled: () => keys.element !== null, run: () => cursor.focus(keys.event?.event_date) },
  ];
}

function eventCommands({ t }, cursor, keys, acts) {
  const enabled = () => keys.element !== null;
  const one = (act) => () => keys.event && act(keys.event);
  const command = (id, chords, run) => ({ id: `event.${id}`, words: t(`act.${id}`), group: 'event', keys: chords, enabled, run });
  return [
    command('walk', ARROWS, (chord) => keys.walk(keyOfChord(chord))),
    command('shift', arrows('Alt+'), (chord) => void keys.move(keyOfChord(chord))),
    command('stretch', arrows('Alt+Shift+'), (chord) => void keys.resize(keyOfChord(chord))),
    command('options', ['ContextMenu', 'Shift+F10'], () => keys.openMenu()),
    command('duplicate', ['Mod+KeyD'], one((event) => acts.duplicate(event))),
    { ...command('copy', ['Mod+KeyC'], one((event) => void acts.copy(event))), enabled: () => enabled() && !getSelection()?.toString() },
    command('move', ['Shift+KeyM'], one((event) => acts.choose(event))),
    command('delete', ['Delete'], one((event) => void acts.remove(event))),
  ];
}

/** A mouse asks for the menu of the event under it; a finger that stays drags it, and finds the same in its dialog. */
function contextMenu(keys) {
  const open = (event) => {
    const element = event.target.closest?.('.calendar [data-event]');
    if (!element || event.pointerType === 'touch') return;
    event.preventDefault();
    element.focus();
    const { clientX: x, clientY: y } = event;
    keys.openMenu(x || y ? { bottom: y, top: y, right: x + 200 } : undefined);
  };
  document.addEventListener('contextmenu', open);
  return () => document.removeEventListener('contextmenu', open);
}
