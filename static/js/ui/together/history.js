/** Shows what became of an event, version by version, and makes an older one current again. */

import { kindOf, linesOf } from '../../model/versions.js';
import { fill, h } from '../h.js';
import { modal } from '../modal.js';
import { wordsFor } from '../problems.js';

/** Changes that come one after the other are read once. */
const CALM = 200;

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function history(context) {
  const { t } = context;
  const open = (event) => openHistory(context, { id: event.id, title: event.title });
  return { eventActions: ({ event }) => (event.id ? [{ words: t('history.title'), icon: 'history', run: () => open(event) }] : []) };
}

/** @param {import('../features.js').Context} context @param {{id: string, title: string}} event also a deleted one */
export function openHistory(context, event) {
  return new HistoryDialog(context, event);
}

class HistoryDialog {
  #context;
  #event;
  /** @type {import('../../model/versions.js').Version[]} newest first */
  #versions = [];
  #next = null;
  #complete = true;
  #rows = new Map();
  #timer = null;

  constructor(context, event) {
    const { t, workspace } = context;
    this.#context = context;
    this.#event = event;
    this.list = h('ol', { class: 'versions' });
    this.status = h('p', { class: 'stamp', role: 'status' }, t('history.loading'));
    this.more = h('button', { type: 'button', class: 'plain', hidden: true, onclick: () => void this.#older() }, t('history.more'));
    const stop = workspace.listen({ updated: ({ ids }) => [...ids].includes(event.id) && this.#soon(), state: () => {} });
    this.box = modal({
      title: t('history.of', event),
      closeWords: t('action.close'),
      className: 'dialog history-dialog',
      body: [this.status, this.list, this.more],
      foot: [h('span', { class: 'spacer' }), h('button', { type: 'submit', class: 'plain' }, t('action.close'))],
      onsubmit: () => this.box.close(),
      onclose: () => (stop(), clearTimeout(this.#timer)),
    });
    void this.#newest();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#newest(), CALM);
  }

  /** Reads the newest page, and puts what is new before what is shown. */
  async #newest() {
    await this.#read(null, (page) => {
      const oldest = page.versions.at(-1)?.version ?? 0;
      const kept = this.#versions.filter(({ version }) => version < oldest);
      this.#versions = [...page.versions, ...kept];
      if (!kept.length) this.#ends(page);
    });
  }

  async #older() {
    await this.#read(this.#next, (page) => {
      this.#versions = [...this.#versions, ...page.versions];
      this.#ends(page);
    });
  }

  /** What is older is on the next page, or there is no more, or it is no longer kept. */
  #ends({ next, complete }) {
    this.#next = next;
    this.#complete = complete || next !== null;
  }

  async #read(cursor, take) {
    const { api, t } = this.#context;
    try {
      take(await api.eventHistory(this.#event.id, cursor));
      this.#draw();
    } catch (problem) {
      fill(this.status, wordsFor(problem, t));
      this.status.hidden = false;
    }
  }

  /** Keeps the rows that are there, so that the focus stays where it is. */
  #draw() {
    const { t } = this.#context;
    const [newest] = this.#versions;
    this.#versions.forEach((version, index) => {
      if (!this.#rows.has(version.version)) this.#rows.set(version.version, this.#row(version, this.#versions[index + 1]));
      this.#rows.get(version.version).show(version === newest);
    });
    const wanted = this.#versions.map(({ version }) => this.#rows.get(version).element);
    wanted.forEach((element, index) => this.list.children[index] !== element && this.list.insertBefore(element, this.list.children[index] ?? null));
    this.more.hidden = this.#next === null;
    this.status.hidden = this.#versions.length > 0 && this.#complete;
    fill(this.status, t(this.#versions.length ? 'history.incomplete' : 'history.empty'));
  }

  #row(version, older) {
    const { t, workspace } = this.#context;
    const at = new Date(version.at);
    const when = h('time', { datetime: version.at }, at.toLocaleString(t.language, { dateStyle: 'medium', timeStyle: 'short' }));
    const lines = linesOf(version, { t, department: (id) => workspace.department(id)?.name });
    const value = (text) => text || t('conflict.empty');
    const line = ({ field, before, after }) => h('li', {}, h('b', {}, t(`event.${field}`)), ' ', h('del', {}, value(before)), ' → ', h('ins', {}, value(after)));
    const now = h('span', { class: 'now' }, t('history.now'));
    const revert = version.op !== 'deleted' && h('button', { type: 'button', class: 'plain', onclick: () => void this.#revert(version.version), 'aria-label': t('history.revertNamed', version) }, t('history.revert'));
    const element = h(
      'li',
      { 'data-version': version.version },
      h('p', { class: 'version-head' }, h('b', {}, version.actor || t('deed.somebody')), ' ', t(`history.${kindOf(version, older)}`), ' · ', when, ' ', now),
      lines.length > 0 && h('ul', { class: 'lines' }, ...lines.map(line)),
      revert,
    );
    const show = (isNewest) => {
      now.hidden = !isNewest;
      if (revert) revert.hidden = isNewest;
    };
    return { element, show };
  }

  /** @param {number} version */
  async #revert(version) {
    const { api, t, toasts } = this.#context;
    const [newest] = this.#versions;
    try {
      const answer = await api.restoreEvent(this.#event.id, { version }, newest.version);
      toasts.say(answer.version === newest.version ? t('history.nothing') : t('history.reverted', { version }));
      await this.#newest();
      this.list.querySelector('button:not([hidden])')?.focus();
    } catch (problem) {
      toasts.warn(problem.status === 412 ? t('history.changedMeanwhile') : wordsFor(problem, t));
      if (problem.status === 412) await this.#newest();
    }
  }
}
