/** Takes a department's events out as a file. */

import { h } from '../h.js';
import { modal } from '../modal.js';

const FORMATS = ['ics', 'csv', 'json'];

/**
 * @param {Pick<import('../features.js').Context, 't'>} context @param {Record<string, any>} department
 * @param {import('../../calendar_files.js').CalendarFiles} files
 */
export function exportDialog({ t }, department, files) {
  const fault = h('p', { class: 'fault', role: 'alert', hidden: true });
  const from = h('input', { type: 'date', name: 'from' });
  const to = h('input', { type: 'date', name: 'to' });
  const choice = (format) => h('label', { class: 'setting check' },
    h('input', { type: 'radio', name: 'format', value: format, checked: format === FORMATS[0] }),
    h('span', {}, t(`export.${format}`), h('small', {}, t(`export.${format}Hint`))));
  const box = modal({
    title: t('export.title', department), closeWords: t('action.close'), className: 'dialog small export-dialog',
    body: [
      h('fieldset', { class: 'export-part' }, h('legend', {}, t('export.format')), ...FORMATS.map(choice)),
      h('fieldset', { class: 'export-part' }, h('legend', {}, t('export.range')),
        h('div', { class: 'export-range' }, field(t('export.from'), from), field(t('export.to'), to)), h('small', {}, t('export.rangeHint'))),
      fault,
    ],
    foot: [
      h('span', { class: 'spacer' }),
      h('button', { type: 'button', class: 'plain', onclick: () => box.close() }, t('action.cancel')),
      h('button', { type: 'submit', class: 'primary' }, t('export.go')),
    ],
    onsubmit: download,
  });

  function download() {
    if (from.value && to.value && to.value < from.value) {
      fault.textContent = t('export.order');
      fault.hidden = false;
      return to.focus();
    }
    const format = String(new FormData(box.form).get('format'));
    const range = { ...(from.value && { from: from.value }), ...(to.value && { to: to.value }) };
    // The server names the file; a link that is followed by itself lets the browser save it as it comes.
    const link = h('a', { href: files.exported({ format, language: t.language, ...range }), download: '' });
    box.form.append(link);
    link.click();
    box.close();
  }
}

function field(label, input) {
  return h('label', { class: 'field' }, h('span', {}, label), input);
}
