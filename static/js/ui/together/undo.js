/** Offers to take back what one has just done: by a toast after each write, by the menu, and by the usual keys. */

import { sentenceOf, titleOf } from '../../model/phrases.js';
import { ChangedSince } from '../../model/undoing.js';
import { wordsFor } from '../problems.js';
import { openHistory } from './history.js';

/** Two entries of one write are told one right after the other. */
const GATHER = 60;

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function undo(context) {
  const { t, undoing } = context;
  const waiting = new Map();
  let dismiss = () => {};
  // Only the last deed can be taken back by its toast: another one would offer what it cannot do.
  const say = (text, offer) => {
    dismiss();
    dismiss = context.toasts.say(text, offer);
  };
  const page = { ...context, say, nameOf: (id) => context.workspace.department(id)?.name };
  undoing.onDeed = (deed) => {
    clearTimeout(waiting.get(deed.batch));
    waiting.set(deed.batch, setTimeout(() => (waiting.delete(deed.batch), told(page, deed)), GATHER));
  };
  const command = (direction, words, keys) => {
    return { id: direction, words: t(words), group: t('undo.group'), keys, menu: true, run: () => void back(page, direction) };
  };
  return {
    commands: [command('undo', 'undo.action', ['Mod+KeyZ']), command('redo', 'undo.redo', ['Mod+Shift+KeyZ', 'Mod+KeyY'])],
    destroy: () => waiting.forEach(clearTimeout),
  };
}

/** @typedef {import('../features.js').Context & {say: import('../toasts.js').Toasts['say'], nameOf: import('../../model/phrases.js').NameOf}} Page */

/** @param {Page} context @param {import('../../model/undo.js').Deed} deed */
function told(context, deed) {
  const { t, say, undoing, nameOf } = context;
  if (deed.role !== 'do' || undoing.next('undo') !== deed) return;
  const run = () => void (undoing.next('undo') === deed && back(context, 'undo'));
  say(sentenceOf(deed, t, nameOf), { words: t('undo.action'), run });
}

/** @param {Page} context @param {'undo'|'redo'} direction */
async function back(context, direction) {
  const { t, say, toasts, undoing, nameOf } = context;
  try {
    const deed = await undoing.run(direction);
    if (!deed) return say(t(direction === 'undo' ? 'undo.nothing' : 'undo.nothingAgain'));
    const [said, other] = direction === 'undo' ? ['undo.undone', 'undo.redo'] : ['undo.redone', 'undo.action'];
    const again = { words: t(other), run: () => void back(context, direction === 'undo' ? 'redo' : 'undo') };
    say(t(said, { deed: direction === 'undo' ? sentenceOf(deed, t, nameOf) : titleOf(deed.changes[0]) }), again);
  } catch (error) {
    if (error instanceof ChangedSince) refused(context, error);
    else toasts.warn(wordsFor(error, t));
  }
}

/** Nothing is overwritten; the history says what has happened and can bring any version back. */
function refused(context, { deed, current }) {
  const { t, toasts } = context;
  const change = deed.changes[0];
  const title = titleOf(change);
  const actor = current?.updated_by;
  const words = current === null ? t('undo.gone', { title }) : actor ? t('undo.changedBy', { title, actor }) : t('undo.changed', { title });
  const offer = change.type === 'event' ? { words: t('history.title'), run: () => openHistory(context, { id: change.id, title }) } : undefined;
  toasts.warn(words, offer);
}
