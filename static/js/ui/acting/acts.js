/** What can be done with an event beside editing it: the same from its menu, its dialog, the keyboard and by hand. */

import { wallClock } from '../../model/dates.js';
import { daysOf, eventText, outlineText } from '../../model/outline.js';
import { keyOf } from '../../model/series.js';
import { copyText } from '../clipboard.js';
import { picker } from '../finding/picker.js';
import { h } from '../h.js';
import { wordsFor } from '../problems.js';
import { askScope } from '../scope_dialog.js';

/** What a copy of an event takes along; that it recurs, it does not. */
const COPIED = ['title', 'event_date', 'end_date', 'start_time', 'end_time', 'time', 'timezone', 'location', 'url', 'category', 'tags', 'color', 'description'];

/** Acts on the events of one page. */
export class Acts {
  #context;

  /** @param {import('../features.js').Context} context */
  constructor(context) {
    this.#context = context;
  }

  /** @param {Record<string, any>} event @returns {{words: string, run: () => void}[]} */
  all(event) {
    const { t, calendar } = this.#context;
    return [
      { words: t('act.open'), run: () => calendar.open(keyOf(event)) },
      ...this.beside(event),
      { words: t('event.delete'), run: () => void this.remove(event) },
    ];
  }

  /** @param {Record<string, any>} event @returns {{words: string, run: () => void}[]} what its dialog does not offer by itself */
  beside(event) {
    const { t, workspace } = this.#context;
    const move = { words: t('act.move'), run: () => this.choose(event) };
    return [
      { words: t('act.duplicate'), run: () => this.duplicate(event) },
      { words: t('act.copy'), run: () => void this.copy(event) },
      ...(workspace.departments.length > 1 ? [move] : []),
    ];
  }

  /** @param {Record<string, any>} event the form of a new event that says the same */
  duplicate(event) {
    const members = Object.fromEntries(COPIED.filter((name) => event[name] != null).map((name) => [name, event[name]]));
    this.#context.calendar.create({ start_time: null, end_time: null, ...members }, event.department_id);
  }

  /** @param {Record<string, any>} event */
  async copy(event) {
    await this.#copied(eventText(event, this.#teller()), this.#context.t('act.copied'));
  }

  /** Copies the days on the screen. */
  async copyRange() {
    const { t, calendar, toasts } = this.#context;
    const { from, before } = calendar.range;
    const days = daysOf(calendar.seen(from, before), from, before);
    if (!days.length) return toasts.say(t('event.none'));
    return this.#copied(outlineText(days, this.#teller()), t('act.copiedRange', { period: calendar.title }));
  }

  /** @param {Record<string, any>} event asks for the department to which it moves */
  choose(event) {
    const { t, workspace } = this.#context;
    const others = workspace.departments.filter(({ id }) => id !== event.department_id);
    const choice = (department) => ({
      content: [h('span', { class: 'choice-dot', style: { '--department': workspace.colors.get(department.id) } }), h('span', { class: 'choice-title' }, department.name)],
      run: () => void this.move(event, department.id),
    });
    const find = (text) => {
      const fits = others.filter(({ name }) => name.toLowerCase().includes(text.normalize('NFC').trim().toLowerCase()));
      return { choices: fits.map(choice), note: fits.length ? '' : t('act.noDepartment') };
    };
    picker({ t, title: t('act.moveTitle', { title: event.title }), label: t('event.department'), placeholder: t('act.movePlaceholder'), find });
  }

  /** @param {Record<string, any>} event a whole series, where it is one of its occurrences @param {string} departmentId */
  async move(event, departmentId) {
    if (event.department_id === departmentId) return;
    try {
      await this.#context.workspace.moveEvent(event, departmentId);
    } catch (problem) {
      this.#failed(problem);
    }
  }

  /** @param {Record<string, any>} event */
  async remove(event) {
    try {
      const scope = await askScope(this.#context, event, 'delete');
      if (scope) await this.#context.workspace.deleteEvent(event, scope);
    } catch (problem) {
      this.#failed(problem);
    }
  }

  #failed(problem) {
    const { t, toasts, calendar } = this.#context;
    toasts.warn(problem.status === 412 ? t('error.moved_meanwhile') : t('error.reverted', { detail: wordsFor(problem, t) }));
    calendar.redraw();
  }

  async #copied(text, words) {
    const { t, toasts } = this.#context;
    if (await copyText(text)) toasts.say(words);
    else toasts.warn(t('act.notCopied'));
  }

  #teller() {
    const { t, workspace } = this.#context;
    const nameOf = (id) => workspace.department(id)?.name;
    return { language: t.language, today: wallClock(new Date()).slice(0, 10), allDay: t('event.allDay'), nameOf };
  }
}
