/** Lays out the page and wires its parts; it can be built again in another language at any time. */

import { blankEvent } from '../model/draft.js';
import { moved, resized, spanFrom } from '../model/event.js';
import { wallClock } from '../model/dates.js';
import { calendar } from './calendar.js';
import { departmentDialog } from './department_dialog.js';
import { empty } from './empty.js';
import { openEvent } from './event_dialog.js';
import { batched } from './frames.js';
import { h } from './h.js';
import { header } from './header.js';
import { wordsFor } from './problems.js';
import { sidebar } from './sidebar.js';
import { toasts } from './toasts.js';
import { toolbar, VIEWS } from './toolbar.js';

const PHONE = '(max-width: 760px)';

/**
 * @param {HTMLElement} root
 * @param {{t: import('../model/i18n.js').Translate, workspace: import('../model/workspace.js').Workspace,
 *   preferences: import('../model/preferences.js').Preferences, switchLanguage: () => void, firstDay?: number, date?: string}} parts
 * @returns {{destroy: () => void, date: () => string}}
 */
export function app(root, parts) {
  const { t, workspace, preferences } = parts;
  const said = toasts(t);
  const context = { t, workspace, toasts: said, viewerZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const drawer = drawerOf(root);
  const newDepartment = () => departmentDialog(context);
  const head = header({ t, toggleMenu: () => drawer.toggle(), switchLanguage: parts.switchLanguage });
  const side = sidebar({ t, workspace, preferences, create: newDepartment, edit: (id) => departmentDialog({ ...context, id }), close: () => drawer.close() });
  const nothing = empty({ t, create: newDepartment });
  const bar = toolbar({ t, go: (where) => days.go(where), look: (view) => days.look(view), create: () => createAt(context, nextHour()) });
  const skip = h('a', { class: 'skip', href: '#calendar' }, t('app.skip'));
  const stage = h('main', { class: 'stage', id: 'calendar', tabindex: -1 });
  root.replaceChildren(skip, head.element, h('div', { class: 'scrim', onclick: () => drawer.close() }), side.element, stage);
  document.body.append(said.element);
  drawer.attach(head.menu);

  const view = preferences.get('view') ?? (matchMedia(PHONE).matches ? VIEWS.list : VIEWS.month);
  let period = { title: '', view };
  const days = calendar({
    ...context,
    ...{ view, date: parts.date, firstDay: parts.firstDay },
    onDates: (title, type) => {
      period = { title, view: type };
      preferences.set('view', type);
      draw();
    },
    onCreate: (span) => createAt(context, span),
    onOpen: (id) => open(context, id),
    onMove: (id, to) => shift(id, to, moved),
    onResize: (id, to) => shift(id, to, resized),
  });
  stage.replaceChildren(bar.element, h('div', { class: 'sheet' }, days.element, nothing.element));

  const drawNow = () => {
    const what = emptiness(workspace);
    nothing.show(what);
    root.dataset.empty = what ?? '';
    bar.show(period.title, period.view, workspace.departments.length > 0);
    side.show();
    head.light.show(workspace.state);
    days.draw();
  };
  const draw = batched(drawNow);
  const stop = workspace.listen({ updated: draw, state: draw });
  drawNow();

  /** Moves an event at once, and back with a word if the server refuses. */
  async function shift(id, to, how) {
    const event = workspace.event(id);
    const members = event && how(event, to);
    days.forget();
    if (!members || !Object.keys(members).length) return draw();
    try {
      await workspace.updateEvent(event, members);
    } catch (problem) {
      said.warn(problem.status === 412 ? t('error.moved_meanwhile') : t('error.reverted', { detail: wordsFor(problem, t) }));
    } finally {
      days.forget();
      draw();
    }
  }

  return {
    date: days.date,
    destroy() {
      stop();
      days.destroy();
      said.element.remove();
    },
  };
}

/** @returns {'loading'|'unreachable'|'first'|'hidden'|null} why there is nothing to see */
function emptiness(workspace) {
  if (!workspace.ready) return workspace.state === 'offline' ? 'unreachable' : 'loading';
  if (!workspace.departments.length) return 'first';
  return workspace.shown.size ? null : 'hidden';
}

/** @param {import('./event_dialog.js').Context} context @param {import('../model/event.js').Span} span */
function createAt(context, span) {
  const { departments, shown } = context.workspace;
  const department = departments.find(({ id }) => shown.has(id)) ?? departments[0];
  if (department) openEvent(context, { ...blankEvent(span), timezone: department.timezone }, department.id);
}

/** @param {import('./event_dialog.js').Context} context @param {string} id */
function open(context, id) {
  const event = context.workspace.event(id);
  if (event) openEvent(context, event, event.department_id);
}

/** @returns {import('../model/event.js').Span} the next full hour of today */
function nextHour() {
  const now = wallClock(new Date(Date.now() + 3_600_000));
  return spanFrom(now.slice(0, 10), `${now.slice(11, 13)}:00`, 60);
}

/** The list of departments slides in on a phone. @param {HTMLElement} root */
function drawerOf(root) {
  let button = null;
  const set = (open) => {
    root.classList.toggle('drawer-open', open);
    button?.setAttribute('aria-expanded', String(open));
  };
  const close = () => {
    if (!root.classList.contains('drawer-open')) return;
    set(false);
    button?.focus();
  };
  root.addEventListener('keydown', (event) => event.key === 'Escape' && close());
  return {
    close,
    toggle: () => set(!root.classList.contains('drawer-open')),
    attach(element) {
      button = element;
      set(false);
    },
  };
}
