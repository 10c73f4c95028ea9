/** Files on events and departments: dropped, chosen or photographed, sent in the background, seen by everyone at once. */

import { readKey } from '../../model/series.js';
import { modal } from '../modal.js';
import { fileSection, waitingFiles } from './section.js';
import { tray } from './tray.js';
import { Uploads } from './uploads.js';

/** Uploads outlive a page that is built anew in another language. @type {WeakMap<object, Uploads>} */
const ongoing = new WeakMap();

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function files(context) {
  const { t, workspace, api } = context;
  if (!ongoing.has(workspace)) ongoing.set(workspace, new Uploads(api, storage()));
  const uploads = ongoing.get(workspace);
  const shown = tray(t, uploads);
  const stop = uploads.listen(shown.draw);
  const listening = new AbortController();
  takeDrops(context, uploads, listening.signal);
  document.body.append(shown.element);
  shown.draw();
  return {
    eventSections: (dialog) => [sectionFor(context, uploads, dialog)],
    departmentActions: (department) => [{ words: t('files.ofDepartment'), icon: 'clip', run: () => departmentFiles(context, uploads, department) }],
    destroy: () => {
      stop();
      listening.abort();
      shown.element.remove();
    },
  };
}

function sectionFor(context, uploads, dialog) {
  const { event, departmentId } = dialog;
  if (!event.id) return waitingFiles(context, uploads, dialog);
  const home = () => context.workspace.event(event.id)?.department_id ?? departmentId;
  return fileSection(context, uploads, { departmentId: home, eventId: event.id });
}

function departmentFiles(context, uploads, { id, name }) {
  const { t } = context;
  const box = modal({
    title: t('files.inDepartment', { name }),
    closeWords: t('action.close'),
    className: 'dialog',
    body: [fileSection(context, uploads, { departmentId: () => id, eventId: null })],
    foot: [],
    onsubmit: () => box.close(),
  });
}

/** Files that are dropped on an event of the calendar are put there, without opening it. */
function takeDrops({ t, workspace, toasts }, uploads, signal) {
  const targetOf = (event) => {
    if (![...(event.dataTransfer?.types ?? [])].includes('Files')) return null;
    return event.target instanceof Element ? event.target.closest('.calendar [data-event]') : null;
  };
  const mark = (element) => {
    document.querySelector('.file-target')?.classList.remove('file-target');
    element?.classList.add('file-target');
  };
  document.addEventListener('dragover', (event) => {
    const target = targetOf(event);
    mark(target);
    if (target) event.preventDefault();
  }, { signal });
  document.addEventListener('drop', (event) => {
    const target = targetOf(event);
    mark(null);
    const found = target && workspace.event(readKey(target.dataset.event).id);
    if (!found) return;
    event.preventDefault();
    uploads.add([...event.dataTransfer.files], { departmentId: found.department_id, eventId: found.id });
    toasts.say(t('files.sending', { title: found.title }));
  }, { signal });
}

/** @returns {Storage|null} */
function storage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
