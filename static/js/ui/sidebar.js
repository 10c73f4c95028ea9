/** The list of departments: which are shown, in which colour, and how to change them. */

import { fill, h } from './h.js';
import { icon } from './icons.js';

/**
 * @param {{t: import('../model/i18n.js').Translate, workspace: import('../model/workspace.js').Workspace,
 *   preferences: import('../model/preferences.js').Preferences, create: () => void, edit: (id: string) => void, close: () => void,
 *   first: HTMLElement[], extra: HTMLElement[], marks: (id: string) => HTMLElement[]}} parts `first` stands above the list, `marks` beside a name
 */
export function sidebar(parts) {
  const { t, create, close, first, extra } = parts;
  const list = h('ul', { class: 'departments' });
  const all = h('button', { type: 'button', class: 'quiet', onclick: () => showAll(parts) });
  const element = h(
    'aside',
    { class: 'sidebar', id: 'sidebar', 'aria-label': t('department.list') },
    ...first,
    h(
      'div',
      { class: 'sidebar-head' },
      h('h2', {}, t('department.list')),
      all,
      h('button', { type: 'button', class: 'icon-button close-menu', 'aria-label': t('app.closeMenu'), onclick: close }, icon('close')),
    ),
    list,
    h('button', { type: 'button', class: 'plain add-department', onclick: create }, icon('plus'), t('department.new')),
    ...extra,
  );
  const rows = new Map();
  return { element, show: () => draw({ ...parts, list, all, rows }) };
}

/** Keeps the rows that are there, so that the focus stays where it is. */
function draw({ t, workspace, edit, marks, list, all, rows }) {
  const { departments, shown } = workspace;
  const ids = new Set(departments.map(({ id }) => id));
  for (const id of rows.keys()) if (!ids.has(id)) rows.delete(id);
  for (const { id } of departments) if (!rows.has(id)) rows.set(id, row({ id, t, workspace, edit, marks }));
  const wanted = departments.map(({ id }) => rows.get(id).element);
  if (wanted.some((element, index) => list.children[index] !== element) || list.children.length !== wanted.length) fill(list, ...wanted);
  const { colors } = workspace;
  for (const department of departments) rows.get(department.id).show(department, shown.has(department.id), colors.get(department.id));
  all.hidden = departments.length < 2;
  fill(all, t(shown.size === departments.length ? 'department.hideAll' : 'department.showAll'));
}

function row({ id, t, workspace, edit, marks }) {
  const box = h('input', { type: 'checkbox', onchange: () => workspace.show([id], box.checked) });
  const name = h('span', { class: 'department-name' });
  const progress = h('span', { class: 'department-progress' });
  const settings = h('button', { type: 'button', class: 'icon-button', onclick: () => edit(id) }, icon('more'));
  const element = h('li', { 'data-department': id }, h('label', {}, box, h('span', { class: 'department-text' }, name, progress)), ...marks(id), settings);
  const show = (department, visible, color) => {
    const loaded = workspace.progress(id);
    element.style.setProperty('--department', color);
    // For support and tests: by these two, this page's copy can be compared with the server's.
    Object.assign(element.dataset, workspace.whereabouts(id) ?? { position: '', digest: '' });
    box.checked = visible;
    if (name.textContent !== department.name) name.textContent = department.name;
    name.title = department.description ?? department.name;
    settings.setAttribute('aria-label', t('department.editNamed', { name: department.name }));
    progress.hidden = !visible || loaded === null;
    progress.textContent = loaded ? t('department.loading', { count: loaded.toLocaleString(t.language) }) : t('department.loadingFirst');
  };
  return { element, show };
}

function showAll({ workspace }) {
  const { departments, shown } = workspace;
  const ids = departments.map(({ id }) => id);
  workspace.show(ids, shown.size !== departments.length);
}
