/** Brings a calendar file in: it is rehearsed, the person sees what would come, and then it comes. */

import { wanted } from '../../model/import_report.js';
import { fill, h } from '../h.js';
import { modal } from '../modal.js';
import { wordsFor } from '../problems.js';
import { reportOf } from './import_report.js';

/**
 * @param {import('../features.js').Context} context @param {Record<string, any>} department
 * @param {import('../../calendar_files.js').CalendarFiles} files
 */
export function importDialog({ t }, department, files) {
  /** @type {File|null} */
  let chosen = null;
  let report = null;
  const stage = h('div', { class: 'import-stage', 'aria-live': 'polite' });
  const overwrite = h('input', { type: 'checkbox', name: 'overwrite', onchange: () => ready() });
  const option = h('label', { class: 'setting check', hidden: true }, overwrite, h('span', {}, t('ics.overwrite'), h('small', {}, t('ics.overwriteHint'))));
  const go = h('button', { type: 'submit', class: 'primary', disabled: true }, t('ics.go'));
  const close = h('button', { type: 'button', class: 'plain', onclick: () => box.close() }, t('action.close'));
  const input = h('input', { type: 'file', accept: '.ics,.ical,.ifb,text/calendar', class: 'import-input', 'aria-label': t('ics.choose'), onchange: () => void take(input.files[0]).then(() => (input.value = '')) });
  const area = dropArea(t, input, (file) => void take(file));
  const box = modal({
    title: t('ics.title', department), closeWords: t('action.close'), className: 'dialog import-dialog',
    body: [h('p', {}, t('ics.text')), area, stage, option],
    foot: [h('span', { class: 'spacer' }), close, go],
    onsubmit: () => void bring(),
  });

  /** @param {File|undefined} file */
  async function take(file) {
    if (!file) return;
    chosen = file;
    await careful(t('ics.reading', { name: file.name }), async (told) => {
      report = await files.bring(file, { dryRun: true }, told);
      fill(stage, ...reportOf(t, report));
      option.hidden = !report.kept;
      ready();
      (go.disabled ? close : go).focus();
    });
  }

  async function bring() {
    if (!chosen) return;
    await careful(t('ics.importing'), async (told) => {
      report = await files.bring(chosen, { dryRun: false, overwrite: overwrite.checked }, told);
      fill(stage, ...reportOf(t, report));
      option.hidden = true;
      overwrite.checked = false;
      close.focus();
    });
  }

  /** @param {string} words @param {(told: (done: number, total: number) => void) => Promise<void>} work */
  async function careful(words, work) {
    const bar = h('progress', { 'aria-label': words });
    const count = h('small', {});
    fill(stage, h('p', {}, words), bar, count);
    area.inert = go.disabled = true;
    try {
      await work((done, total) => {
        Object.assign(bar, { max: Math.max(total, 1), value: done });
        count.textContent = t('ics.progress', { done, total });
      });
    } catch (problem) {
      report = null;
      fill(stage, h('p', { class: 'fault', role: 'alert' }, wordsFor(problem, t)));
    } finally {
      area.inert = false;
    }
  }

  function ready() {
    go.disabled = !report?.dry_run || wanted(report, overwrite.checked) === 0;
  }
}

/** @param {(file: File|undefined) => void} take */
function dropArea(t, input, take) {
  const over = (event) => {
    event.preventDefault();
    area.classList.toggle('over', event.type === 'dragover');
  };
  const drop = (event) => {
    over(event);
    event.stopPropagation();
    take(event.dataTransfer.files[0]);
  };
  const area = h('label', { class: 'drop-area', ondragover: over, ondragleave: over, ondrop: drop }, h('strong', {}, t('ics.drop')), h('small', {}, t('ics.kind')), input);
  return area;
}
