/** Shows what was deleted, by whom and when, and brings it back. */

import { DIRECTORY } from '../../model/copies.js';
import { fill, h } from '../h.js';
import { icon } from '../icons.js';
import { modal } from '../modal.js';
import { wordsFor } from '../problems.js';
import { openHistory } from './history.js';

const CALM = 250;
const DAY = 86_400_000;

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function trash(context) {
  const { t } = context;
  const open = () => new TrashDialog(context);
  const button = h('button', { type: 'button', class: 'plain open-trash', onclick: open }, icon('trash'), t('trash.title'));
  return {
    sidebar: [button],
    commands: [{ id: 'trash', words: t('trash.open'), group: t('undo.group'), menu: true, run: open }],
  };
}

class TrashDialog {
  #context;
  /** @type {Map<string, string|null>} where each log's next page begins */
  #next = new Map();
  /** @type {any[]} newest first */
  #items = [];
  #timer = null;
  #asked = 0;

  constructor(context) {
    const { t, workspace } = context;
    this.#context = context;
    this.search = h('input', { type: 'search', class: 'trash-search', placeholder: t('trash.search'), 'aria-label': t('trash.search'), oninput: () => this.#soon() });
    const option = ([value, words]) => h('option', { value }, words);
    const places = [['', t('trash.everywhere')], ...workspace.departments.map(({ id, name }) => [id, name]), [DIRECTORY, t('trash.departments')]];
    this.where = h('select', { 'aria-label': t('trash.where'), onchange: () => void this.#read() }, ...places.map(option));
    this.list = h('ul', { class: 'trash-list' });
    this.status = h('p', { class: 'stamp', role: 'status' }, t('trash.loading'));
    this.more = h('button', { type: 'button', class: 'plain', hidden: true, onclick: () => void this.#read(true) }, t('trash.more'));
    const heard = ({ changes }) => changes.some(({ op }) => op !== 'updated') && this.#soon();
    const stop = workspace.listen({ updated: heard, state: () => {} });
    this.box = modal({
      title: t('trash.title'),
      closeWords: t('action.close'),
      className: 'dialog trash-dialog',
      body: [h('p', { class: 'stamp' }, t('trash.hint')), h('div', { class: 'trash-tools' }, this.search, this.where), this.status, this.list, this.more],
      foot: [h('span', { class: 'spacer' }), h('button', { type: 'submit', class: 'plain' }, t('action.close'))],
      onsubmit: () => this.box.close(),
      onclose: () => (stop(), clearTimeout(this.#timer)),
    });
    void this.#read();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), CALM);
  }

  get #logs() {
    return this.where.value ? [this.where.value] : [...this.#context.workspace.shown, DIRECTORY];
  }

  /** @param {boolean} [on] the next pages, after what is shown */
  async #read(on = false) {
    const { api, t } = this.#context;
    const turn = (this.#asked += 1);
    const text = this.search.value.trim();
    const logs = on ? this.#logs.filter((log) => this.#next.get(log)) : this.#logs;
    try {
      const pages = await Promise.all(logs.map((log) => api.trash(log, text, on ? this.#next.get(log) : null)));
      if (turn !== this.#asked) return;
      if (!on) this.#next.clear();
      logs.forEach((log, index) => this.#next.set(log, pages[index].next));
      this.#items = [...(on ? this.#items : []), ...pages.flatMap(({ items }) => items)];
      this.#items.sort((a, b) => (a.deleted_at < b.deleted_at ? 1 : -1));
      this.#draw(text);
    } catch (problem) {
      fill(this.status, wordsFor(problem, t));
      this.status.hidden = false;
    }
  }

  #draw(text) {
    const { t } = this.#context;
    const focused = document.activeElement?.closest?.('[data-item]')?.dataset.item;
    const at = [...this.list.children].findIndex((row) => row.dataset.item === focused);
    fill(this.list, ...this.#items.map((item) => this.#row(item)));
    this.status.hidden = this.#items.length > 0;
    fill(this.status, t(text ? 'trash.none' : 'trash.empty'));
    this.more.hidden = ![...this.#next.values()].some(Boolean);
    if (at < 0) return;
    const row = this.list.querySelector(`[data-item="${focused}"]`) ?? this.list.children[Math.min(at, this.list.children.length - 1)];
    (row?.querySelector('button') ?? this.search).focus();
  }

  #row(item) {
    const { t, workspace } = this.#context;
    const { type, id, data, deleted_at, deleted_by } = item;
    const title = data.title ?? data.name ?? data.file_name;
    const at = new Date(deleted_at).toLocaleString(t.language, { dateStyle: 'medium', timeStyle: 'short' });
    const days = Math.max(0, Math.ceil((Date.parse(item.restorable_until) - Date.now()) / DAY));
    const day = data.event_date && new Date(`${data.event_date}T00:00Z`).toLocaleDateString(t.language, { dateStyle: 'medium', timeZone: 'UTC' });
    const place = type === 'department' ? t('event.department') : workspace.department(data.department_id)?.name;
    const by = deleted_by ? t('trash.by', { actor: deleted_by, at }) : t('trash.at', { at });
    const restore = h('button', { type: 'button', class: 'plain', 'aria-label': t('trash.restoreNamed', { title }), onclick: () => void this.#restore(item, restore) }, t('trash.restore'));
    const past = () => openHistory(this.#context, { id, title });
    return h(
      'li',
      { 'data-item': id, style: { '--department': data.color ?? workspace.colors.get(data.department_id) ?? '' } },
      h('span', { class: 'event-dot', 'aria-hidden': 'true' }),
      h('div', { class: 'trash-text' }, h('b', {}, title), h('small', {}, [place, day, data.start_time].filter(Boolean).join(' · ')), h('small', {}, `${by} · ${t('trash.left', { days })}`)),
      type === 'event' && h('button', { type: 'button', class: 'icon-button', 'aria-label': t('trash.history', { title }), title: t('history.title'), onclick: past }, icon('history')),
      restore,
    );
  }

  async #restore(item, button) {
    const { api, t, toasts } = this.#context;
    button.setAttribute('aria-busy', 'true');
    try {
      if (item.type === 'department') await this.#restoreDepartment(item);
      else await (item.type === 'attachment' ? api.restoreAttachment(item.id, item.version) : api.restoreEvent(item.id, {}, item.version));
      await this.#read();
    } catch (problem) {
      toasts.warn(wordsFor(problem, t));
      button.removeAttribute('aria-busy');
    }
  }

  /** Its name may belong to another by now: then it comes back under one that says so. */
  async #restoreDepartment({ id, data }) {
    const { api, t, toasts } = this.#context;
    try {
      await api.restoreDepartment(id, {});
    } catch (problem) {
      if (problem.code !== 'name-taken') throw problem;
      const name = t('trash.restoredSuffix', data);
      await api.restoreDepartment(id, { name });
      toasts.say(t('trash.nameTaken', { name }));
    }
  }
}
