/** Acts on the event that the keyboard is at: moves it, makes it longer, opens its menu. */

import { wallClock } from '../../model/dates.js';
import { isAllDay } from '../../model/event.js';
import { nudged, SLOT, stretched } from '../../model/nudge.js';
import { whenWords } from '../../model/when_words.js';
import { popupMenu } from '../menu.js';

const EVENT = '.calendar [data-event]';
const WEEK = 7;
const PATIENCE = 20;
const BACK = new Set(['ArrowLeft', 'ArrowUp']);

/** The keyboard among events. */
export class EventKeys {
  #context;
  #acts;
  #say;
  /** The event that the keyboard is at, also while the calendar draws it anew somewhere else. */
  #held = null;
  #keeping = false;
  #hear = ({ target }) => (this.#held = target.closest?.(EVENT)?.dataset.event ?? null);
  #letGo = () => (this.#held = null);

  /** @param {import('../features.js').Context} context @param {import('./acts.js').Acts} acts @param {(text: string) => void} say */
  constructor(context, acts, say) {
    this.#context = context;
    this.#acts = acts;
    this.#say = say;
    document.addEventListener('focusin', this.#hear);
    document.addEventListener('pointerdown', this.#letGo, true);
  }

  /** Listens no longer. */
  destroy() {
    document.removeEventListener('focusin', this.#hear);
    document.removeEventListener('pointerdown', this.#letGo, true);
  }

  /** Follows the event that the keyboard was at: what is drawn anew loses the focus, and tells nobody. */
  keep() {
    if (this.#held === null || this.#keeping) return;
    this.#keeping = true;
    this.#keepFor(PATIENCE);
  }

  #keepFor(frames) {
    this.#keeping = frames > 0 && this.#held !== null;
    if (!this.#keeping) return;
    if (document.activeElement === document.body) this.#find(this.#held)?.focus();
    requestAnimationFrame(() => this.#keepFor(frames - 1));
  }

  #find(key) {
    return document.querySelector(`.calendar [data-event="${CSS.escape(key)}"]`);
  }

  /** @returns {HTMLElement|null} */
  get element() {
    return /** @type {HTMLElement|null} */ (document.activeElement?.closest(EVENT) ?? null);
  }

  /** @returns {Record<string, any>|undefined} */
  get event() {
    const key = this.element?.dataset.event;
    return key && this.#context.workspace.event(key);
  }

  /** @param {string} key an arrow */
  walk(key) {
    const events = [...document.querySelectorAll(EVENT)];
    const next = events[events.indexOf(this.element) + (BACK.has(key) ? -1 : 1)];
    next?.focus();
  }

  /** @param {string} key an arrow: days sideways; upright weeks, or half hours where the view has clocks */
  async move(key) {
    const { event } = this;
    if (!event) return;
    const known = this.element.dataset.event;
    const sign = BACK.has(key) ? -1 : 1;
    const sideways = key === 'ArrowLeft' || key === 'ArrowRight';
    const step = sideways ? { days: sign } : this.#clocks() ? { minutes: sign * SLOT } : { days: sign * WEEK };
    await this.#done(known, this.#context.calendar.move(known, nudged(event, step)), 'act.movedTo');
  }

  /** @param {string} key an arrow: a day more or less, or half an hour */
  async resize(key) {
    const { event } = this;
    if (!event) return;
    const known = this.element.dataset.event;
    const sign = BACK.has(key) ? -1 : 1;
    const span = stretched(event, isAllDay(event) ? { days: sign } : { minutes: sign * SLOT });
    if (!span) return this.#say(this.#context.t('act.tooShort'));
    await this.#done(known, this.#context.calendar.resize(known, span), 'act.lasts');
  }

  /** @param {{bottom: number, top: number, right: number}} [at] */
  openMenu(at = this.element?.getBoundingClientRect()) {
    const { event } = this;
    if (!event || !at) return;
    const key = this.element.dataset.event;
    popupMenu({ words: this.#context.t('act.menu', { title: event.title }), actions: this.#acts.all(event), at, back: () => this.focus(key) });
  }

  /** @param {string} key focuses an event, as soon as the calendar has drawn it */
  focus(key) {
    this.#held = key;
    this.#find(key)?.focus();
    this.keep();
  }

  /** @returns {boolean} whether the view has clocks; departments side by side have some, too */
  #clocks() {
    return document.querySelector('.calendar [data-time]') !== null;
  }

  /** Says where the event is now, follows it, and keeps the keyboard at it. */
  async #done(key, written, words) {
    const { t, workspace, calendar } = this.#context;
    const shown = workspace.event(key);
    if (shown) this.#follow(shown);
    this.keep();
    await written;
    const event = workspace.event(key);
    if (!event) return;
    this.keep();
    this.#say(t(words, { title: event.title, when: whenWords(event, { language: t.language, today: wallClock(new Date()).slice(0, 10) }) }));
  }

  #follow(event) {
    const { calendar } = this.#context;
    const { from, before } = calendar.range;
    if (event.event_date < from || event.event_date >= before) calendar.show(event.event_date);
  }
}
