/** A first visit that explains itself: a sample, an import of old files, and a tour of four steps. */

import { fill, h } from '../h.js';
import { icon } from '../icons.js';
import { importDialog } from './import_dialog.js';
import { fillWithSample } from './sample.js';
import { tour } from './tour.js';

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function firstVisit(context) {
  const { t, workspace, preferences } = context;
  const listening = new AbortController();
  catchFiles(context, listening.signal);
  let wasEmpty = false;
  const show = () => tour(t, () => preferences.set('toured', true));
  return {
    commands: [
      { id: 'import', words: t('import.menu'), menu: true, run: () => importDialog(context) },
      { id: 'tour', words: t('tour.menu'), menu: true, run: show },
    ],
    first: [choices(context)],
    draw: () => {
      if (!workspace.ready) return;
      const isEmpty = workspace.departments.length === 0;
      const begins = wasEmpty && !isEmpty && !preferences.get('toured');
      wasEmpty = isEmpty;
      if (begins) whenFree(show, listening.signal);
    },
    destroy: () => listening.abort(),
  };
}

/** A tour never covers what somebody is doing: it waits until no dialog is open. */
function whenFree(work, signal) {
  if (signal.aborted) return;
  if (document.querySelector('dialog[open]')) setTimeout(whenFree, 500, work, signal);
  else work();
}

function choices(context) {
  const { t } = context;
  const progress = h('p', { class: 'first-progress', role: 'status' });
  const sample = h('button', { type: 'button', class: 'plain', onclick: () => void make() }, icon('calendar'), t('first.sample'));
  const old = h('button', { type: 'button', class: 'plain', onclick: () => importDialog(context) }, icon('plus'), t('first.import'));
  const make = async () => {
    sample.disabled = true;
    const done = await fillWithSample(context, (count, total) => fill(progress, t('first.filling', { count, total })));
    sample.disabled = false;
    fill(progress);
    if (done && context.preferences.get('toured')) context.toasts.say(t('first.filled')); // else the tour is there
  };
  return h('div', { class: 'first-choices' }, h('p', {}, t('first.or')), h('div', { class: 'actions' }, sample, old), h('small', {}, t('first.drop')), progress);
}

/** On an empty server, files may be dropped anywhere. */
function catchFiles(context, signal) {
  const isOurs = (event) => context.workspace.ready && !context.workspace.departments.length && [...(event.dataTransfer?.types ?? [])].includes('Files');
  document.addEventListener('dragover', (event) => isOurs(event) && event.preventDefault(), { signal });
  document.addEventListener('drop', (event) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    importDialog(context, [...event.dataTransfer.files]);
  }, { signal });
}
