/** Lays out the page and wires its parts; it can be built again in another language at any time. */

import { wallClock } from '../model/dates.js';
import { blankEvent } from '../model/draft.js';
import { moved, nearestDay, resized, spanFrom } from '../model/event.js';
import { departmentDialog } from './department_dialog.js';
import { drawerOf } from './drawer.js';
import { elsewhere } from './elsewhere.js';
import { empty } from './empty.js';
import { openEvent } from './event_dialog.js';
import { Commands } from './commands.js';
import { Features } from './features.js';
import { batched } from './frames.js';
import { h } from './h.js';
import { header } from './header.js';
import { wordsFor } from './problems.js';
import { askScope } from './scope_dialog.js';
import { settingsDialog } from './settings_dialog.js';
import { sidebar } from './sidebar.js';
import { toasts } from './toasts.js';
import { toolbar, VIEWS } from './toolbar.js';
import { Views } from './views.js';

const PHONE = '(max-width: 760px)';

/**
 * @typedef {import('../model/event.js').Span} Span
 * @typedef {{t: import('../model/i18n.js').Translate, workspace: import('../model/workspace.js').Workspace,
 *   api: import('../api.js').Api, live: import('../live.js').Live, undoing: import('../model/undoing.js').Undoing,
 *   preferences: import('../model/preferences.js').Preferences, switchLanguage: () => void, firstDay?: number, date?: string}} Parts
 * @typedef {{readonly date: string, readonly range: {from: string, before: string}, show: (date: string) => void, look: (view: string, date?: string) => void,
 *   redraw: () => void, open: (key: string) => void, create: (members?: Record<string, any>, departmentId?: string) => void,
 *   readonly view: string, readonly firstDay: number, readonly title: string, seen: (from: string, before: string) => Record<string, any>[], go: (where: 'prev'|'next'|'today') => void,
 *   move: (id: string, to: Span) => Promise<void>, resize: (id: string, to: Span) => Promise<void>}} Place
 *   the calendar as features see it: `redraw` draws even where no event has changed, `create` opens the form of a new event, `seen` is
 *   what it shows of a range of days
 */

/** The page as one person sees it. */
export class App {
  #parts;
  #context;
  #period;
  #stop;
  #commands = new Commands();
  /** @type {Features} */
  #features;

  /** @param {HTMLElement} root @param {Parts} parts */
  constructor(root, parts) {
    const { t, workspace, preferences, api, live, undoing } = parts;
    this.root = root;
    this.#parts = parts;
    this.#context = {
      ...{ t, workspace, api, live, undoing, preferences, toasts: toasts(t), commands: this.#commands },
      viewerZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      calendar: this.#place(),
      features: /** @type {any} */ (null),
    };
    this.#features = this.#context.features = new Features(this.#context);
    this.#period = { title: '', view: preferences.get('view') ?? (matchMedia(PHONE).matches ? VIEWS.list : VIEWS.month) };
    this.draw = batched(() => this.#drawNow());
    this.#build();
    this.#stop = workspace.listen({ updated: (update) => this.#updated(update), state: this.draw });
    this.days.render();
    this.#drawNow();
  }

  /** @returns {string} the day that the calendar is at */
  get date() {
    return this.days.date;
  }

  /** Takes the page down; the copies live on. */
  destroy() {
    this.#stop();
    this.#stop = null;
    this.#features.tell('destroy');
    this.#commands.destroy();
    this.days.destroy();
    this.#context.toasts.element.remove();
  }

  #build() {
    const { t, switchLanguage, preferences, workspace } = this.#parts;
    const drawer = drawerOf(this.root);
    const create = () => departmentDialog(this.#context);
    const edit = (id) => departmentDialog({ ...this.#context, id });
    const at = (place) => this.#features.at(place);
    this.head = header({ t, toggleMenu: drawer.toggle, switchLanguage, extra: at('header'), actions: () => this.#menu() });
    this.side = sidebar({
      ...{ t, workspace, preferences, create, edit, close: drawer.close, first: at('overview'), extra: at('sidebar') },
      marks: (id) => this.#features.for('departmentMarks', id),
    });
    this.nothing = empty({ t, create, extra: at('first') });
    this.bar = toolbar({ t, go: (where) => this.days.go(where), look: (view) => this.days.look(view), create: () => this.#create(), extra: at('toolbar') });
    this.days = new Views(this.#calendarParts());
    this.elsewhere = elsewhere({ t, go: (day) => this.days.show(day) });
    const skip = h('a', { class: 'skip', href: '#calendar' }, t('app.skip'));
    const sheet = h('div', { class: 'sheet' }, this.days.element, this.elsewhere.element, this.nothing.element);
    const stage = h('main', { class: 'stage', id: 'calendar', tabindex: -1 }, this.bar.element, sheet);
    this.root.replaceChildren(skip, this.head.element, h('div', { class: 'scrim', onclick: drawer.close }), this.side.element, stage);
    document.body.append(this.#context.toasts.element);
    drawer.attach(this.head.menu);
  }

  #calendarParts() {
    const { date, firstDay, preferences } = this.#parts;
    return {
      ...this.#context,
      ...{ view: this.#period.view, date, firstDay },
      onDates: (title, view) => {
        this.#period = { title, view };
        preferences.set('view', view);
        this.draw();
      },
      onCreate: (span, departmentId) => this.#create(blankEvent(span), departmentId),
      onOpen: (key) => this.#open(key),
      onMove: (key, to, departmentId) => void this.#shift(key, to, moved, departmentId),
      onResize: (key, to) => void this.#shift(key, to, resized),
    };
  }

  /** @param {import('../model/follower.js').Update} update */
  #updated(update) {
    this.draw();
    this.#features.tell('updated', update);
    const { t, preferences } = this.#parts;
    const gone = update.changes.filter((change) => change.type === 'department' && change.op === 'deleted');
    const byOthers = gone.filter((change) => change.device_id !== preferences.get('device'));
    for (const { data } of byOthers) this.#context.toasts.say(t('department.gone', data));
  }

  #drawNow() {
    if (this.#stop === null) return;
    const { workspace } = this.#parts;
    const what = emptiness(workspace);
    this.nothing.show(what);
    this.bar.show(this.#period.title, this.#period.view, workspace.departments.length > 0);
    this.side.show();
    this.head.light.show(workspace.state);
    this.days.draw();
    this.#pointElsewhere(what === null);
    this.#features.tell('draw');
  }

  /** @returns {Place} */
  #place() {
    const app = this;
    return {
      get date() {
        return app.days.date;
      },
      get range() {
        return app.days.range;
      },
      get view() {
        return app.#period.view;
      },
      get title() {
        return app.#period.title;
      },
      get firstDay() {
        return app.days.firstDay;
      },
      seen: (from, before) => this.days.seen(from, before),
      go: (where) => this.days.go(where),
      show: (date) => this.days.show(date),
      look: (view, date) => this.days.look(view, date),
      redraw: () => {
        this.days.forget();
        this.draw();
      },
      open: (key) => this.#open(key),
      create: (members, departmentId) => this.#create(members, departmentId),
      move: (id, to) => this.#shift(id, to, moved),
      resize: (id, to) => this.#shift(id, to, resized),
    };
  }

  /** What the page's menu offers: what commands want to stand there, then the settings. */
  #menu() {
    const { t } = this.#parts;
    const commands = this.#commands.all.filter(({ menu }) => menu);
    const offered = commands.map(({ words, run, enabled }) => ({ words, run, disabled: !(enabled?.() ?? true) }));
    return [...offered, { words: t('settings.title'), run: () => settingsDialog(this.#context) }];
  }

  /** An empty month beside a full calendar looks like a loss: say where the events are. */
  #pointElsewhere(open) {
    const { from, before, isEmpty } = this.days.range;
    this.elsewhere.show(open && isEmpty ? nearestDay(this.#parts.workspace.events, from, before) : null);
  }

  /** @param {Record<string, any>} [members] of the new event @param {string} [departmentId] where it belongs, if that is known */
  #create(members = blankEvent(nextHour()), departmentId = undefined) {
    const { departments, shown } = this.#parts.workspace;
    const department = departments.find(({ id }) => id === departmentId) ?? departments.find(({ id }) => shown.has(id)) ?? departments[0];
    if (department) openEvent(this.#context, { timezone: department.timezone, ...members }, department.id);
  }

  /** @param {string} key an event's id, or an occurrence's key */
  #open(key) {
    const event = this.#parts.workspace.event(key);
    if (event) openEvent(this.#context, event, event.department_id);
  }

  /**
   * Moves an event at once, and back with a word if the server refuses.
   * @param {string} key @param {Span} to @param {(event: Record<string, any>, to: Span) => Record<string, any>} how
   * @param {string} [departmentId] whose it becomes
   */
  async #shift(key, to, how, departmentId) {
    const { t, workspace } = this.#parts;
    let event = workspace.event(key);
    const members = event ? how(event, to) : {};
    try {
      if (event && departmentId && departmentId !== event.department_id) event = await workspace.moveEvent(event, departmentId);
      const scope = Object.keys(members).length ? await askScope(this.#context, event, 'move') : null;
      if (scope) await workspace.updateEvent(event, members, scope);
    } catch (problem) {
      const words = problem.status === 412 ? t('error.moved_meanwhile') : t('error.reverted', { detail: wordsFor(problem, t) });
      this.#context.toasts.warn(words);
    } finally {
      this.days.forget();
      this.draw();
    }
  }
}

/** @returns {'loading'|'unreachable'|'first'|'hidden'|null} why there is nothing to see */
function emptiness(workspace) {
  if (!workspace.ready) return workspace.state === 'offline' ? 'unreachable' : 'loading';
  if (!workspace.departments.length) return 'first';
  return workspace.shown.size ? null : 'hidden';
}

/** @returns {Span} the next full hour of today */
function nextHour() {
  const now = wallClock(new Date(Date.now() + 3_600_000));
  return spanFrom(now.slice(0, 10), `${now.slice(11, 13)}:00`, 60);
}
