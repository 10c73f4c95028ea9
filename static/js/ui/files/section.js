/** The files of one event or department: seen as they arrive, opened, taken away, and more of them put there. */

import { fill, h } from '../h.js';
import { icon } from '../icons.js';
import { wordsFor } from '../problems.js';
import { canPreview, preview } from './preview.js';
import { sizeWords } from './sizes.js';

/**
 * @param {import('../features.js').Context} context @param {import('./uploads.js').Uploads} uploads
 * @param {{departmentId: () => string, eventId: string|null}} place
 * @returns {HTMLElement} it draws itself for as long as it is in the page
 */
export function fileSection(context, uploads, place) {
  const { t, workspace } = context;
  const list = h('ul', { class: 'files' });
  const area = picker(t, (files) => uploads.add(files, { departmentId: place.departmentId(), eventId: place.eventId }));
  const element = h('fieldset', { class: 'field file-section' }, h('legend', {}, t('files.title')), list, area);
  const rows = new Map();
  const draw = () => {
    const belongs = ({ event_id, department_id }) => event_id === place.eventId && (place.eventId || department_id === place.departmentId());
    const shown = workspace.attachments.filter((one) => belongs(one) && one.status !== 'pending').sort((a, b) => a.created_at.localeCompare(b.created_at));
    for (const [id, row] of rows) if (!shown.some((one) => one.id === id && one.version === row.version)) rows.delete(id);
    for (const one of shown) if (!rows.has(one.id)) rows.set(one.id, { version: one.version, element: fileRow(context, uploads.files, one) });
    fill(list, ...shown.map(({ id }) => rows.get(id).element));
    list.hidden = shown.length === 0;
  };
  draw();
  const stop = workspace.listen({ updated: () => (element.isConnected ? draw() : stop()), state: () => {} });
  return element;
}

/**
 * The same for an event that is not there yet: what is chosen waits for it.
 * @param {import('../features.js').Context} context @param {import('./uploads.js').Uploads} uploads @param {import('../features.js').OpenDialog} dialog
 * @returns {HTMLElement}
 */
export function waitingFiles({ t }, uploads, dialog) {
  /** @type {File[]} */
  const waiting = [];
  const list = h('ul', { class: 'files', hidden: true });
  const drop = (file, row) => {
    waiting.splice(waiting.indexOf(file), 1);
    row.remove();
    list.hidden = waiting.length === 0;
  };
  const show = (file) => {
    const words = t('files.removeNamed', { name: file.name });
    const remove = h('button', { type: 'button', class: 'icon-button', 'aria-label': words, title: t('files.remove'), onclick: () => drop(file, row) }, icon('close'));
    const notes = h('small', {}, `${sizeWords(t, file.size)} · ${t('files.waits')}`);
    const row = h('li', { class: 'file' }, face(null, { file_name: file.name }), h('div', { class: 'file-text' }, h('span', { class: 'file-name' }, file.name), notes), remove);
    list.append(row);
  };
  const area = picker(t, (chosen) => {
    waiting.push(...chosen);
    chosen.forEach(show);
    list.hidden = waiting.length === 0;
  });
  dialog.created(({ id, department_id: departmentId }) => uploads.add(waiting, { departmentId, eventId: id }));
  return h('fieldset', { class: 'field file-section' }, h('legend', {}, t('files.title')), list, area);
}

/** Buttons to choose files or take a photo, and a place to drop them. @param {(files: File[]) => void} add */
function picker(t, add) {
  const take = (input) => {
    add([...input.files]);
    input.value = '';
  };
  const input = h('input', { type: 'file', multiple: true, class: 'import-input', 'aria-label': t('files.add'), onchange: () => take(input) });
  const camera = h('input', { type: 'file', accept: 'image/*', capture: 'environment', class: 'import-input', 'aria-label': t('files.photo'), onchange: () => take(camera) });
  const over = (event) => {
    if (![...event.dataTransfer.types].includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    area.classList.toggle('over', event.type === 'dragover');
    if (event.type === 'drop') add([...event.dataTransfer.files]);
  };
  const area = h(
    'div', { class: 'file-drop', ondragover: over, ondragleave: over, ondrop: over },
    h('label', { class: 'button plain' }, icon('clip'), t('files.add'), input),
    h('label', { class: 'button plain camera' }, icon('camera'), t('files.photo'), camera),
    h('small', {}, t('files.drop')),
  );
  return area;
}

function fileRow(context, files, attachment) {
  const { t, toasts } = context;
  const { id, file_name: name, file_size: size, status } = attachment;
  const open = canPreview(attachment) ? () => preview(context, attachment, files) : null;
  const title = open
    ? h('button', { type: 'button', class: 'file-name', onclick: open }, name)
    : status === 'ready' ? h('a', { class: 'file-name', href: files.address(id, 'attachment'), download: name }, name) : h('span', { class: 'file-name' }, name);
  const remove = async () => {
    try {
      await files.remove(id);
    } catch (problem) {
      toasts.warn(wordsFor(problem, t));
    }
  };
  const retrieve = async () => {
    try {
      await files.retrieve(id);
      toasts.say(t('files.retrieving'));
    } catch (problem) {
      toasts.warn(wordsFor(problem, t));
    }
  };
  const notes = [sizeWords(t, size), attachment.created_by, status === 'ready' ? null : t(`files.is.${status}`)];
  return h(
    'li', { class: 'file', 'data-attachment': id },
    face(files, attachment),
    h('div', { class: 'file-text' }, title, h('small', {}, notes.filter(Boolean).join(' · '))),
    status === 'archived' && h('button', { type: 'button', class: 'quiet', onclick: retrieve }, t('files.retrieve')),
    status === 'ready' && h('a', { class: 'icon-button', href: files.address(id, 'attachment'), download: name, 'aria-label': t('files.downloadNamed', { name }), title: t('files.download') }, icon('download')),
    h('button', { type: 'button', class: 'icon-button', 'aria-label': t('files.removeNamed', { name }), title: t('files.remove'), onclick: () => void remove() }, icon('close')),
  );
}

function face(files, attachment) {
  const { thumbnail, file_name: name } = attachment;
  if (thumbnail?.status === 'ready') return h('img', { class: 'file-face', src: files.thumbnail(attachment), alt: '', loading: 'lazy', width: 44, height: 44 });
  const [, ending] = /\.([\p{L}\p{N}]{1,5})$/u.exec(name) ?? [];
  return h('span', { class: 'file-face', 'aria-hidden': 'true' }, ending ?? icon('clip'));
}
