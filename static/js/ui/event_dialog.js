/** Creates, edits and deletes an event in a dialog; what others change meanwhile is merged into it, and nothing typed is lost. */

import { changesOf, differences, faultsOf, valuesOf } from '../model/draft.js';
import { inForm } from '../model/series.js';
import { eventForm } from './event_form.js';
import { h } from './h.js';
import { menu } from './menu.js';
import { Merging } from './merging.js';
import { doubtful, modal } from './modal.js';
import { notice } from './notice.js';
import { faultsByField, wordsFor } from './problems.js';
import { askScope } from './scope_dialog.js';

/**
 * @typedef {{t: import('../model/i18n.js').Translate, workspace: import('../model/workspace.js').Workspace,
 *   toasts: {say: (text: string) => void, warn: (text: string) => void}, viewerZone: string,
 *   features: import('./features.js').Features}} Context
 */

/** How often a write is merged and sent again before somebody has to look. */
const TRIES = 4;
/** Something came in between that a person must see first. */
const STOPPED = Symbol('stopped');

/** One open form: the event that it began with, and what is known of that event now. */
class EventDialog {
  #context;
  #base;
  #gone = false;
  #saving = false;
  /** @type {((event: Record<string, any>) => void)[]} what waits for a new event to be there */
  #waiting = [];

  /** @param {Context} context @param {Record<string, any>} event @param {string} departmentId */
  constructor(context, event, departmentId) {
    const { t, workspace, viewerZone } = context;
    this.#context = context;
    this.#base = event.id ? inForm(event, workspace.event(event.id)) : event;
    this.form = eventForm({ t, event: this.#base, departments: workspace.departments, colors: workspace.colors, departmentId, viewerZone });
    this.notice = notice(t);
    this.merging = new Merging({ form: this.form, notice: this.notice });
    this.save = h('button', { type: 'submit', class: 'primary' }, t(event.id ? 'action.save' : 'action.create'));
    this.remove = event.id && this.#removal(t, event);
    this.#open(t, event, departmentId);
  }

  #open(t, event, departmentId) {
    const { features } = this.#context;
    const ends = [this.#context.workspace.listen({ updated: (update) => this.#updated(update), state: () => {} })];
    const opened = { event, departmentId, form: this.form, close: () => this.box.close(), closed: (work) => ends.push(work), created: (work) => this.#waiting.push(work) };
    const actions = features.for('eventActions', opened);
    const more = actions.length > 0 ? menu({ words: t('event.actions'), iconName: 'more', actions: () => actions }) : [];
    const cancel = h('button', { type: 'button', class: 'plain', onclick: () => this.box.close() }, t('action.cancel'));
    this.box = modal({
      title: t(event.id ? 'event.edit' : 'event.new'),
      closeWords: t('action.close'),
      className: 'dialog event-dialog',
      body: [...features.for('eventHeads', opened), this.notice.element, ...this.form.elements, ...features.for('eventSections', opened), event.id && this.#stamp(t, event)].filter(Boolean),
      foot: [this.remove, ...more, h('span', { class: 'spacer' }), cancel, this.save].filter(Boolean),
      onsubmit: () => void this.#submit(),
      onclose: () => ends.forEach((end) => end()),
    });
    this.box.dialog.addEventListener('keydown', (pressed) => this.#pressed(pressed));
    if (event.id) this.save.focus();
    else this.form.title.focus();
  }

  /** ⌘S or Ctrl+S saves, and leaves the cursor where it is. @param {KeyboardEvent} pressed */
  #pressed(pressed) {
    if (!(pressed.ctrlKey || pressed.metaKey) || pressed.altKey || pressed.code !== 'KeyS') return;
    pressed.preventDefault();
    void this.#submit(true);
  }

  /** Deleting a single event asks once more; of an occurrence the question is which ones. */
  #removal(t, event) {
    const act = () => void this.#delete();
    if (event.occurrence_of) return h('button', { type: 'button', class: 'danger', onclick: act }, t('event.delete'));
    return doubtful({ words: t('event.delete'), sure: t('event.deleteConfirm'), act });
  }

  #stamp(t, event) {
    const at = new Date(event.last_modified ?? event.created_at ?? Date.now()).toLocaleString(t.language, { dateStyle: 'medium', timeStyle: 'short' });
    return h('p', { class: 'stamp' }, t(event.updated_by ? 'event.versionBy' : 'event.version', { version: event.version, at, actor: event.updated_by }));
  }

  /** @param {import('../model/follower.js').Update} update somebody wrote: say so, and leave the form alone */
  #updated(update) {
    const { id, version } = this.#base;
    if (!id || this.#saving || ![...update.ids].includes(id)) return;
    const current = inForm(this.#base, this.#context.workspace.event(id));
    if (!current) return this.#deleted();
    if (this.#gone) this.#back();
    if (current.version > version) this.#changed(current);
  }

  /** @param {Record<string, any>} current what others did to the rest of a series is no news here */
  #changed(current) {
    this.#base = sameHere(this.#base, current) ? current : this.merging.take(this.#base, current);
  }

  #deleted() {
    this.#gone = true;
    this.notice.deleted();
    this.save.textContent = this.#context.t('conflict.saveAsNew');
    if (this.remove) this.remove.hidden = true;
  }

  /** It was brought back while the form was open. */
  #back() {
    this.#gone = false;
    this.notice.hide();
    this.save.textContent = this.#context.t('action.save');
    if (this.remove) this.remove.hidden = false;
  }

  /** @param {boolean} [stays] whether the form stays open, with the cursor where it is */
  async #submit(stays = false) {
    const { t, workspace } = this.#context;
    if (this.#saving) return;
    const values = this.form.read();
    const faults = faultsOf(values);
    const words = Object.fromEntries(Object.entries(faults).map(([name, key]) => [name, t(key)]));
    if (this.form.blame(words)) return;
    if (!this.#base.id || this.#gone) return this.#write(() => workspace.createEvent(this.form.departmentId(), this.#newEvent(values)), { creates: true });
    if (this.merging.isOpen) return this.#ask();
    const members = changesOf(this.#base, values);
    if (!Object.keys(members).length) return stays ? undefined : this.box.close();
    const scope = await askScope(this.#context, this.#base, 'save', { ruleChanges: 'recurrence' in members });
    if (scope) await this.#write(() => this.#update(scope), { members, stays });
  }

  /** What was merged since the form was opened is sent along as it is now in the form. */
  #update(scope) {
    return this.#context.workspace.updateEvent(this.#base, changesOf(this.#base, this.form.read()), scope);
  }

  #ask() {
    this.#context.toasts.warn(this.#context.t('merge.first'));
    this.merging.ask();
  }

  /** Of a series that goes on without this occurrence, the occurrence alone is saved. */
  #newEvent(values) {
    const { occurrence_of } = this.#base;
    const goesOn = occurrence_of && this.#context.workspace.event(occurrence_of.id);
    return changesOf({}, goesOn ? { ...values, rrule: '' } : values);
  }

  async #delete() {
    const { workspace } = this.#context;
    const scope = await askScope(this.#context, this.#base, 'delete');
    if (scope) await this.#write(() => workspace.deleteEvent(this.#base, scope), { merges: false });
  }

  /** @param {() => Promise<any>} send @param {{members?: Record<string, any>, stays?: boolean, merges?: boolean, creates?: boolean}} [how] */
  async #write(send, { members, stays = false, merges = true, creates = false } = {}) {
    this.#busy(true);
    try {
      const answer = await this.#sent(send, merges);
      if (answer === STOPPED) return;
      if (creates) for (const work of this.#waiting) work(answer);
      if (stays && answer?.id === this.#base.id) this.#goOn(answer);
      else this.box.close();
      this.#report(answer, members);
    } catch (problem) {
      this.#refused(problem);
    } finally {
      this.#busy(false);
    }
  }

  /** Merges what came in between, and sends again: at once where nobody has to choose. */
  async #sent(send, merges) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await send();
      } catch (problem) {
        const current = inForm(this.#base, problem.current);
        if (problem.status !== 412 || !current || attempt === TRIES) throw problem;
        const same = sameHere(this.#base, current);
        this.#changed(current);
        if (this.merging.isOpen) this.#ask();
        if (this.merging.isOpen || (!merges && !same)) return STOPPED;
      }
    }
  }

  /** @param {Record<string, any>} answer what was saved; what was typed while it was is still to be saved */
  #goOn(answer) {
    this.#base = inForm(this.#base, answer) ?? answer;
    this.merging.done();
    const current = inForm(this.#base, this.#context.workspace.event(this.#base.id));
    if (current && current.version > this.#base.version) this.#changed(current);
  }

  #report(answer, members) {
    const { t, toasts } = this.#context;
    const misread = answer?.time && !answer.start_time && members?.time !== null && !valuesOf(answer).all_day;
    // That it is done, and how to take it back, is said wherever a write comes from.
    if (misread) toasts.say(t('event.wordsKept', { words: answer.time }));
  }

  #refused(problem) {
    const { t } = this.#context;
    if (problem.status === 404 || (problem.status === 412 && !inForm(this.#base, problem.current))) return this.#deleted();
    if (!this.form.blame(faultsByField(problem, t))) this.notice.problem(wordsFor(problem, t));
  }

  /** A disabled button would lose the focus. */
  #busy(saving) {
    this.#saving = saving;
    this.save.setAttribute('aria-busy', String(saving));
  }
}

/** @param {Record<string, any>} base @param {Record<string, any>} current @returns {boolean} of an occurrence: whether nothing of it has changed */
function sameHere(base, current) {
  return Boolean(base.occurrence_of) && !differences(base, current).length;
}

/** @param {Context} context @param {Record<string, any>} event without `id` a new one @param {string} departmentId */
export function openEvent(context, event, departmentId) {
  return new EventDialog(context, event, departmentId);
}
