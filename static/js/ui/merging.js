/** Keeps an open form and what others make of its event together: what only they changed comes in by itself, the rest is asked. */

import { changesOf, differences } from '../model/draft.js';
import { inputsOf, mergeOf, partOf, unitOf } from '../model/merge.js';

/**
 * @typedef {import('../model/merge.js').Unit} Unit
 * @typedef {'mine'|'theirs'} Side
 * @typedef {{unit: Unit, mine: Record<string, any>, base: Record<string, any>, theirs: Record<string, any>, choice: Side|null}} Contest
 *   `mine`: what the form says of it, `theirs`: the event as others left it
 */

/** The merging of one form. */
export class Merging {
  #form;
  #notice;
  /** @type {Map<Unit, Contest>} */
  #contests = new Map();
  /** What the form began with, and which units of it others have changed since. */
  #since = null;
  /** @type {Set<Unit>} */
  #taken = new Set();

  /** @param {{form: any, notice: ReturnType<import('./notice.js').notice>}} parts */
  constructor({ form, notice }) {
    this.#form = form;
    this.#notice = notice;
  }

  /** @returns {boolean} whether somebody must choose before it can be saved */
  get isOpen() {
    return [...this.#contests.values()].some(({ choice }) => choice === null);
  }

  /**
   * Takes in what others changed, without touching what was written here.
   * @param {Record<string, any>} base @param {Record<string, any>} current
   * @returns {Record<string, any>} what the form is to be compared with from now on
   */
  take(base, current) {
    const values = this.#form.read();
    const { taken, contested } = mergeOf(base, changesOf(base, values), current);
    this.#since ??= base;
    for (const unit of taken) {
      this.#form.load(current, inputsOf(unit));
      this.#taken.add(unit);
    }
    for (const unit of contested) this.#contests.set(unit, { unit, mine: partOf(values, unit), base, theirs: current, choice: null });
    this.#settle(current);
    if (taken.length || contested.length) this.#show(current);
    return current;
  }

  /** It was saved: there is nothing left to tell. */
  done() {
    this.#contests.clear();
    this.#taken.clear();
    this.#since = null;
    this.#notice.hide();
  }

  /** Leads to the first choice that was not made. */
  ask() {
    this.#notice.ask();
  }

  /** What both sides now say alike is no question any more. */
  #settle(current) {
    const differing = new Set(Object.keys(changesOf(current, this.#form.read())).map(unitOf));
    for (const [unit, { choice }] of this.#contests) if (choice !== 'theirs' && !differing.has(unit)) this.#contests.delete(unit);
  }

  #show(current) {
    const lines = differences(this.#since, current).filter(({ field }) => this.#taken.has(unitOf(field)));
    this.#notice.merged({ current, lines, contests: [...this.#contests.values()], choose: (contest, side) => this.#choose(contest, side) });
  }

  /** @param {Contest} contest @param {Side} side what was written here is kept, whatever is chosen */
  #choose(contest, side) {
    const names = inputsOf(contest.unit);
    if (side === 'theirs') {
      if (contest.choice !== 'theirs') contest.mine = partOf(this.#form.read(), contest.unit);
      this.#form.load(contest.theirs, names);
    } else if (contest.choice === 'theirs') this.#form.put(contest.mine, names);
    contest.choice = side;
  }
}
