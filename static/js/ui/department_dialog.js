/** Creates a department, renames or recolours it, deletes it. */

import { PALETTE } from '../model/color.js';
import { h } from './h.js';
import { icon } from './icons.js';
import { modal } from './modal.js';
import { faultsByField, wordsFor } from './problems.js';
import { swatches } from './swatches.js';

/**
 * @param {{t: import('../model/i18n.js').Translate, workspace: import('../model/workspace.js').Workspace,
 *   toasts: {say: (text: string) => void, warn: (text: string) => void},
 *   features: import('./features.js').Features, id?: string}} parts without `id` a new one
 */
export function departmentDialog({ t, workspace, toasts, features, id }) {
  const base = id ? workspace.department(id) : { name: '', description: '', color: PALETTE[workspace.departments.length % PALETTE.length] };
  if (!base) return;
  const name = h('input', { type: 'text', name: 'name', maxlength: 200, required: true, value: base.name, placeholder: t('department.namePlaceholder'), autocomplete: 'off' });
  const description = h('input', { type: 'text', name: 'description', maxlength: 500, value: base.description ?? '', autocomplete: 'off' });
  const fault = h('p', { class: 'fault', role: 'alert', hidden: true });
  const save = h('button', { type: 'submit', class: 'primary' }, t(id ? 'action.save' : 'action.create'));
  const cancel = h('button', { type: 'button', class: 'plain', onclick: () => box.close() }, t('action.cancel'));
  const remove = id && h('button', { type: 'button', class: 'danger apart', onclick: () => (box.close(), confirmDeletion({ t, workspace, toasts, department: base })) }, t('department.delete'));
  const box = modal({
    title: t(id ? 'department.edit' : 'department.new'),
    closeWords: t('action.close'),
    className: 'dialog small',
    body: [
      fault,
      field(t('department.name'), name),
      field(t('department.description'), description),
      h('fieldset', { class: 'field' }, h('legend', {}, t('department.color')), swatches({ name: 'color', value: id ? workspace.colors.get(id) : base.color, t })),
      id && actions(features.for('departmentActions', base)),
    ].filter(Boolean),
    foot: [remove, h('span', { class: 'spacer' }), cancel, save].filter(Boolean),
    onsubmit: submit,
  });
  name.focus();

  async function submit() {
    const color = new FormData(box.form).get('color');
    const members = { name: name.value.trim(), description: description.value.trim() || null, color };
    if (!members.name) return say(t('error.required'));
    save.disabled = true;
    try {
      await (id ? workspace.updateDepartment(workspace.department(id) ?? base, members) : workspace.createDepartment(members));
      box.close();
    } catch (problem) {
      say(faultsByField(problem, t).name ?? wordsFor(problem, t));
    } finally {
      save.disabled = false;
    }
  }

  function say(text) {
    fault.textContent = text;
    fault.hidden = false;
    name.focus();
  }
}

/** What else can be done with a department. */
function actions(offered) {
  const button = ({ words, icon: name, run }) => h('button', { type: 'button', class: 'plain', onclick: run }, name && icon(name), words);
  return offered.length > 0 && h('div', { class: 'actions' }, ...offered.map(button));
}

/** Asks in plain words before everybody loses a department. */
function confirmDeletion({ t, workspace, toasts, department }) {
  const count = workspace.count(department.id);
  const text = count === null ? t('department.deleteTextUnloaded', department) : t('department.deleteText', { ...department, count });
  const box = modal({
    title: t('department.delete'),
    closeWords: t('action.close'),
    className: 'dialog small',
    body: [h('p', {}, text)],
    foot: [
      h('span', { class: 'spacer' }),
      h('button', { type: 'button', class: 'plain', autofocus: true, onclick: () => box.close() }, t('action.cancel')),
      h('button', { type: 'submit', class: 'danger solid' }, t('department.deleteConfirm')),
    ],
    onsubmit: async () => {
      box.close();
      try {
        await workspace.deleteDepartment(department);
      } catch (problem) {
        toasts.warn(wordsFor(problem, t));
      }
    },
  });
}

/** @param {string} label @param {HTMLElement} input */
function field(label, input) {
  return h('label', { class: 'field' }, h('span', {}, label), input);
}
