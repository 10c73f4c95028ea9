/** Makes an event of one line, and shows what was understood of it while it is being written. */

import { wallClock } from '../../model/dates.js';
import { ruleWords } from '../../model/rule_words.js';
import { understand } from '../../model/typed.js';
import { clockWords, daysWords } from '../../model/when_words.js';
import { fill, h } from '../h.js';
import { modal } from '../modal.js';
import { wordsFor } from '../problems.js';

/** One line, and the dialog around it. */
class QuickEntry {
  #context;
  #typed = null;
  /** Whether the department was named in the line, and no longer by hand. */
  #named = false;

  /** @param {import('../features.js').Context} context */
  constructor(context) {
    this.#context = context;
    const { t } = context;
    this.input = h('input', {
      type: 'text', name: 'line', maxlength: 300, autocomplete: 'off', enterkeyhint: 'done', placeholder: t('quick.placeholder'),
      'aria-label': t('quick.label'), 'aria-describedby': 'quick-preview', oninput: () => this.#read(),
    });
    this.preview = h('div', { class: 'quick-preview', id: 'quick-preview', role: 'status', 'aria-live': 'polite' });
    this.department = this.#departments();
    this.make = h('button', { type: 'submit', class: 'primary' }, t('action.create'));
    const more = h('button', { type: 'button', class: 'plain', onclick: () => this.#more() }, t('quick.more'));
    this.box = modal({
      title: t('quick.title'), closeWords: t('action.close'), className: 'dialog quick-entry',
      body: [this.input, this.preview, h('label', { class: 'quick-department' }, h('span', {}, t('event.department')), this.department)],
      foot: [h('span', { class: 'spacer' }), more, this.make],
      onsubmit: () => void this.#submit(),
    });
    this.#read();
    this.input.focus();
  }

  #departments() {
    const { departments, shown } = this.#context.workspace;
    const first = departments.find(({ id }) => shown.has(id)) ?? departments[0];
    return h('select', { name: 'department' }, ...departments.map(({ id, name }) => h('option', { value: id, selected: id === first?.id }, name)));
  }

  #read() {
    this.#typed = understand(this.input.value, wallClock(new Date()));
    this.#choose(this.#typed?.department);
    fill(this.preview, ...this.#understood());
  }

  /** @param {string|null|undefined} name the beginning of a department's, after `#` */
  #choose(name) {
    const found = name && this.#context.workspace.departments.find((one) => one.name.toLowerCase().startsWith(name.toLowerCase()));
    if (found) this.department.value = found.id;
    this.#named = Boolean(found);
  }

  #understood() {
    const { t } = this.#context;
    if (!this.#typed) return [h('p', { class: 'quick-hint' }, t(this.input.value.trim() ? 'quick.noTime' : 'quick.examples'))];
    const voice = { language: t.language, today: wallClock(new Date()).slice(0, 10) };
    const { title, location, rule } = this.#typed;
    const part = (name, words) => words && h('span', { class: `quick-part quick-${name}` }, words);
    const clock = clockWords(this.#typed, voice) || t('event.allDay');
    const unknown = this.#typed.department && !this.#named && t('quick.noDepartment', { name: this.#typed.department });
    return [
      h('p', { class: 'quick-when' }, part('day', daysWords(this.#typed, voice)), ' ', part('clock', clock), rule && ' ', rule && part('rule', ruleWords(rule, this.#typed.event_date, t.language))),
      h('p', {}, part('title', title || t('quick.noTitle')), location && ' ', location && part('place', t('quick.at', { place: location }))),
      unknown && h('p', { class: 'quick-hint' }, unknown),
    ];
  }

  /** @returns {Record<string, any>} the members of the new event */
  #members() {
    if (!this.#typed) return { title: this.input.value.trim(), ...wholeDay(wallClock(new Date()).slice(0, 10)) };
    const { title, location, rule, event_date, end_date, start_time, end_time } = this.#typed;
    const recurrence = rule && { rrule: rule, exdates: [], overrides: {} };
    return { title, event_date, end_date, start_time, end_time, ...(location && { location }), ...(recurrence && { recurrence }) };
  }

  /** The whole form, with what was understood so far. */
  #more() {
    const members = this.#members();
    const department = this.department.value;
    this.box.close();
    this.#context.calendar.create({ time: '', tags: [], ...members }, department);
  }

  async #submit() {
    const { t, workspace, calendar, toasts } = this.#context;
    if (!this.input.value.trim()) return;
    if (!this.#typed?.title) return this.#more();
    const members = this.#members();
    const department = this.department.value;
    this.make.disabled = true;
    try {
      if (!workspace.shown.has(department)) workspace.show([department], true);
      await workspace.createEvent(department, members);
      this.box.close();
      if (members.event_date < calendar.range.from || members.event_date >= calendar.range.before) calendar.show(members.event_date);
    } catch (problem) {
      toasts.warn(wordsFor(problem, t));
    } finally {
      this.make.disabled = false;
    }
  }
}

/** @param {import('../features.js').Context} context */
export function quickEntry(context) {
  return new QuickEntry(context);
}

function wholeDay(date) {
  return { event_date: date, end_date: date, start_time: null, end_time: null };
}
