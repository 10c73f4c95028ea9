/** The fields that say how an event recurs, and the words that say it back. */

import { addDays, daysBetween } from '../model/dates.js';
import { addMonths } from '../model/month.js';
import { blankChoices, choicesOf, faultOf, KINDS, MAX_COUNT, MAX_INTERVAL, placesOf, ruleOf } from '../model/repeat.js';
import { movedRule } from '../model/rule_moves.js';
import { placeWords, ruleWords } from '../model/rule_words.js';
import { weekdayNames } from '../model/rule_words/names.js';
import { readRule, writeRule } from '../model/rules.js';
import { fill, h } from './h.js';

/** Weeks are written from Sunday on, as Korean calendars print them. */
const WEEK = [6, 0, 1, 2, 3, 4, 5];
/** How many months a rule goes on at first where somebody wants an end. */
const MONTHS_AT_FIRST = { daily: 1, weekly: 3, monthly: 12, yearly: 60 };

/** @typedef {import('../model/repeat.js').Choices} Choices */

/** The choices of one form; a rule that nobody touches is kept as it was written. */
class RepeatFields {
  #t;
  #kept;
  #anchor;
  #shownDate;
  #touched = false;
  #isNew = false;
  /** @type {Choices} */
  #choices;

  /** @param {import('../model/i18n.js').Translate} t @param {Record<string, any>} event as its form shows it */
  constructor(t, event) {
    this.#t = t;
    this.kind = h('select', { name: 'repeat', 'aria-label': t('repeat.title'), 'aria-describedby': 'rule-words', onchange: () => this.#choose({ kind: this.kind.value }) });
    this.details = h('div', { class: 'repeat-details' });
    this.words = h('p', { class: 'rule-words', id: 'rule-words', 'aria-live': 'polite' });
    this.element = h('div', { class: 'repeat', 'data-field': 'recurrence' }, h('label', { class: 'repeat-kind' }, h('span', {}, t('repeat.title')), this.kind), this.details, this.words);
    this.load(event);
  }

  /** @param {Record<string, any>} event takes the place of what was chosen */
  load(event) {
    this.#kept = event.recurrence?.rrule ?? '';
    this.#anchor = event.occurrence_of?.date ?? event.event_date;
    this.#shownDate = event.event_date;
    this.#touched = false;
    this.#isNew = !event.id;
    this.#choices = choicesOf(this.#kept, this.#anchor);
    this.#draw();
  }

  /** @param {string} date the event's first day: what a rule says of the old one holds for the new one */
  moveTo(date) {
    if (!date || date === this.#shownDate) return;
    const anchor = addDays(this.#anchor, daysBetween(this.#shownDate, date));
    const rule = this.#rule();
    this.#shownDate = date;
    // A series that is there is moved by the server, and its last date along; a new one is as it is seen here.
    if (this.#isNew && rule) this.#touched = true;
    if (rule) {
      const before = readRule(rule);
      const moved = movedRule(before, this.#anchor, anchor);
      const until = this.#touched ? before.until : moved.until;
      this.#choices = choicesOf(writeRule({ ...moved, until }), anchor);
    } else this.#choices = blankChoices(anchor);
    this.#anchor = anchor;
    this.#draw();
  }

  /** @returns {{rrule: string, rruleFault: string|undefined}} */
  read() {
    if (!this.#touched) return { rrule: this.#kept, rruleFault: undefined };
    return { rrule: this.#rule(), rruleFault: faultOf(this.#choices, this.#anchor)?.key };
  }

  /** @param {string|undefined} words what is wrong; the field that it is about gets the focus @returns {boolean} */
  blame(words) {
    for (const control of this.element.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
    this.element.querySelector('.fault')?.remove();
    if (!words) return false;
    const name = faultOf(this.#choices, this.#anchor)?.field;
    const control = this.element.querySelector(`[name="repeat_${name}"]`) ?? this.kind;
    control.setAttribute('aria-invalid', 'true');
    this.element.append(h('small', { class: 'fault', role: 'alert' }, words));
    control.focus();
    return true;
  }

  #rule() {
    return ruleOf(this.#choices, this.#anchor);
  }

  /** @param {Partial<Choices>} chosen fields that come or go with it are drawn again */
  #choose(chosen) {
    this.#set(chosen);
    this.#draw();
  }

  /** @param {Partial<Choices>} chosen */
  #set(chosen) {
    this.#touched = true;
    this.#choices = { ...this.#choices, ...chosen };
    if (this.#choices.end === 'until' && !this.#choices.until) this.#choices.until = addMonths(this.#anchor, MONTHS_AT_FIRST[this.#choices.kind] ?? 3);
    this.blame('');
    this.#say();
  }

  #draw() {
    const t = this.#t;
    const { kind } = this.#choices;
    fill(this.kind, ...[...KINDS, ...(kind === 'other' ? ['other'] : [])].map((value) => h('option', { value, selected: value === kind }, t(`repeat.${value}`))));
    this.kind.value = kind;
    const plain = kind === 'none' || kind === 'other';
    fill(this.details, ...(plain ? [] : [this.#every(), kind === 'weekly' && this.#days(), (kind === 'monthly' || kind === 'yearly') && this.#on(), this.#end()]));
    this.#say();
  }

  #say() {
    const rule = faultOf(this.#choices, this.#anchor) ? '' : this.#rule();
    this.words.hidden = !rule;
    this.words.textContent = rule && ruleWords(rule, this.#anchor, this.#t.language);
  }

  #every() {
    const t = this.#t;
    const { kind, interval } = this.#choices;
    const unit = h('span', {});
    const name = (number) => (unit.textContent = t(`repeat.${kind}Unit${number === 1 ? '' : 's'}`));
    name(interval);
    const input = numberInput({ name: 'repeat_interval', value: interval, max: MAX_INTERVAL, label: t('repeat.interval') }, (number) => {
      this.#set({ interval: number });
      name(number);
    });
    const before = t('repeat.every');
    return h('div', { class: 'repeat-line' }, before && h('span', {}, before), input, unit);
  }

  #days() {
    const t = this.#t;
    const [short, long] = ['short', 'long'].map((length) => weekdayNames(t.language, /** @type {'short'|'long'} */ (length)));
    const box = (day) => h('input', { type: 'checkbox', name: 'repeat_days', value: String(day), checked: this.#choices.days.includes(day), 'aria-label': long[day], onchange: () => this.#set({ days: this.#checked() }) });
    const lines = WEEK.map((day) => h('label', { class: 'weekday' }, box(day), h('span', { 'aria-hidden': 'true' }, short[day])));
    return h('fieldset', { class: 'repeat-line weekdays', 'aria-label': t('repeat.days') }, ...lines);
  }

  #checked() {
    return [...this.details.querySelectorAll('[name="repeat_days"]:checked')].map((input) => Number(input.value)).sort();
  }

  #on() {
    const t = this.#t;
    const options = placesOf(this.#anchor).map((on) => h('option', { value: on }, placeWords(on, this.#anchor, t.language)));
    const select = h('select', { name: 'repeat_on', 'aria-label': t('repeat.on'), onchange: () => this.#set({ on: select.value }) }, ...options);
    select.value = this.#choices.on;
    return h('div', { class: 'repeat-line' }, select);
  }

  #end() {
    const t = this.#t;
    const { end, until, count } = this.#choices;
    const select = h('select', { name: 'repeat_end', 'aria-label': t('repeat.end'), onchange: () => (this.#choose({ end: select.value }), this.details.querySelector('[name="repeat_end"]').focus()) }, ...['never', 'until', 'count'].map((value) => h('option', { value }, t(`repeat.${value}`))));
    select.value = end;
    const date = end === 'until' && h('input', { type: 'date', name: 'repeat_until', value: until, min: this.#anchor, 'aria-label': t('repeat.lastDate'), oninput: (event) => this.#set({ until: event.target.value }) });
    const number = end === 'count' && numberInput({ name: 'repeat_count', value: count, max: MAX_COUNT, label: t('repeat.countLabel') }, (times) => this.#set({ count: times }));
    return h('div', { class: 'repeat-line' }, select, date, number, number && h('span', {}, t('repeat.times')));
  }
}

/** @param {{name: string, value: number, max: number, label: string}} parts @param {(number: number) => void} changed */
function numberInput({ name, value, max, label }, changed) {
  return h('input', { type: 'number', name, value, min: 1, max, step: 1, inputmode: 'numeric', 'aria-label': label, oninput: (event) => changed(event.target.valueAsNumber) });
}

/** @param {import('../model/i18n.js').Translate} t @param {Record<string, any>} event as its form shows it */
export function repeatFields(t, event) {
  return new RepeatFields(t, event);
}
