/** The uploads that are under way, at the edge of the page: how far, how fast, how long, and what can be done. */

import { fill, h } from '../h.js';
import { icon } from '../icons.js';
import { wordsFor } from '../problems.js';
import { leftWords, sizeWords } from './sizes.js';

/** An upload that is done is shown a little longer. */
const STAY = 4000;

/**
 * @param {import('../../model/i18n.js').Translate} t @param {import('./uploads.js').Uploads} uploads
 * @returns {{element: HTMLElement, draw: () => void}}
 */
export function tray(t, uploads) {
  const list = h('ul', {});
  const element = h('section', { class: 'uploads', 'aria-label': t('files.uploads'), hidden: true }, list);
  const rows = new Map();
  const draw = () => {
    const { entries } = uploads;
    for (const entry of rows.keys()) if (!entries.includes(entry)) rows.delete(entry);
    for (const entry of entries) if (!rows.has(entry)) rows.set(entry, row(t, uploads, entry));
    const wanted = entries.map((entry) => rows.get(entry).element);
    if (wanted.length !== list.children.length || wanted.some((one, index) => list.children[index] !== one)) fill(list, ...wanted);
    for (const { show } of rows.values()) show();
    element.hidden = entries.length === 0;
    // As toasts do: a modal dialog makes the rest of the page inert.
    const home = document.querySelector('dialog[open]') ?? document.body;
    if (element.parentElement !== home) home.append(element);
  };
  return { element, draw };
}

function row(t, uploads, entry) {
  const { file, upload } = entry;
  const bar = h('progress', { max: Math.max(1, file.size), 'aria-label': file.name });
  const state = h('span', { class: 'upload-state' });
  const heard = h('span', { class: 'heard', role: 'status' });
  const button = (name, words, run) => h('button', { type: 'button', class: 'icon-button', 'aria-label': `${words}: ${file.name}`, title: words, onclick: run }, icon(name));
  const pause = button('pause', t('files.pause'), () => upload.pause());
  const resume = button('resume', t('files.resume'), () => void uploads.run(entry));
  const cancel = button('close', t('files.cancel'), () => void (upload.state === 'done' || upload.state === 'failed' ? uploads.drop(entry) : uploads.cancel(entry)));
  const element = h('li', { class: 'upload' }, h('strong', {}, file.name), h('div', { class: 'upload-line' }, bar, pause, resume, cancel), state, heard);
  let last = null;
  const show = () => {
    bar.value = upload.state === 'done' ? bar.max : upload.sent;
    fill(state, words(t, file, upload));
    element.dataset.state = upload.state;
    pause.hidden = upload.state !== 'sending';
    resume.hidden = !['paused', 'failed'].includes(upload.state);
    if (upload.state === last) return;
    last = upload.state;
    if (['done', 'failed', 'paused'].includes(last)) fill(heard, `${file.name}: ${t(`files.state.${last}`)}`);
    if (last === 'done') setTimeout(() => uploads.drop(entry), STAY);
  };
  return { element, show };
}

function words(t, file, upload) {
  if (upload.state === 'failed') return wordsFor(upload.problem, t);
  if (upload.state !== 'sending') return t(`files.state.${upload.state}`);
  const amount = t('files.of', { sent: sizeWords(t, upload.sent), size: sizeWords(t, file.size) });
  return upload.speed ? `${amount} · ${t('files.speed', { speed: sizeWords(t, upload.speed) })} · ${leftWords(t, upload.left)}` : amount;
}
