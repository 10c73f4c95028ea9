/** Reads a line word by word: days, clocks, what joins two of them, and what else it says beside its title. */

import { clockAt, laterAt, lengthAt, mealAt, settled } from './korean_clocks.js';
import { dayAt, secondDayAt } from './korean_days.js';

const DASH = /\s*(?:[~～〜–—-]|부터|에서)\s*/y;
const UNTIL = /\s*까지(?![가-힣])/y;
const GAP = /[\s,(·]*/y;
const ALL_DAY = /(?:하루\s?|온)?종일(?![가-힣])|all[ -]day(?![A-Za-z])/iy;
const PLACE = /@(?:"([^"]+)"|([^\s@#"]+))/y;
const DEPARTMENT = /#([^\s#@]+)/y;
const WORD = /[^\s(,·]*[\s(,·]*/y;

/**
 * @typedef {{from: number, to: number}} Stretch
 * @typedef {{day?: string, weekday?: boolean, last?: string, start?: number, end?: number|null, minutes?: number, allDay?: boolean, meal?: number, later?: number,
 *   location?: string, department?: string, stretches: Stretch[]}} Reading `stretches`: where the text says it; the rest is a title
 */

/**
 * @param {string} text @param {{today: string, time: string, nearest?: boolean}} now
 * @returns {Reading}
 */
export function readKorean(text, now) {
  const line = new Line(text, now);
  while (line.at < text.length) line.step();
  const { meal, ...reading } = line.reading;
  return meal === undefined || reading.start !== undefined ? reading : { ...reading, start: meal };
}

/** A reader's place in a line, and what it knows so far. */
class Line {
  #text;
  #now;
  at = 0;
  /** @type {Reading} */
  reading = { stretches: [] };

  constructor(text, now) {
    this.#text = text;
    this.#now = now;
    this.at = this.#past(GAP, 0);
  }

  step() {
    const from = this.at;
    const to = this.#when() ?? this.#beside();
    if (to === null) {
      this.at = this.#past(WORD, from);
      return;
    }
    this.reading.stretches.push({ from, to });
    this.at = this.#past(GAP, to);
  }

  /** A day, a clock or both, and the same again behind a dash. */
  #when() {
    const first = this.#moment(this.at, this.reading);
    if (!first) return this.#meal();
    const dash = this.#match(DASH, first.to);
    const second = dash && this.#second(DASH.lastIndex, first);
    Object.assign(this.reading, first.day && { day: first.day.date, weekday: first.day.weekday });
    if (second?.day) this.reading.last = second.day.date;
    if (first.clock) Object.assign(this.reading, second?.day ? settledApart(first.clock, second.clock) : settled(first.clock, second?.clock ?? null));
    const to = second?.to ?? (dash && /부터|에서/.test(dash[0]) ? DASH.lastIndex : first.to);
    return this.#past(UNTIL, to);
  }

  /** @returns {{to: number, day?: any, clock?: any}|null} only what is not known yet */
  #moment(at, known) {
    const day = known.day ? null : dayAt(this.#text, at, this.#now);
    const between = day ? this.#past(GAP, day.to) : at;
    const clock = known.start === undefined ? clockAt(this.#text, between) : null;
    if (!day && !clock) return null;
    return { to: clock?.to ?? day.to, day: day?.day, clock: clock?.clock };
  }

  #second(at, first) {
    const start = first.day?.date ?? this.reading.day;
    const day = start && this.#secondDay(at, start, Boolean(first.clock));
    const clock = first.clock ? clockAt(this.#text, day ? this.#past(GAP, day.to) : at) : null;
    if (!day && !clock) return null;
    return { to: clock?.to ?? day.to, day: day?.day, clock: clock?.clock };
  }

  /** Wednesday behind a dash is the one after the first day; tomorrow is today's. */
  #secondDay(at, start, beforeClock) {
    const found = dayAt(this.#text, at, this.#now);
    const counted = found && !found.day.weekday && found.day.date >= start;
    const day = counted ? found : (dayAt(this.#text, at, { today: start }) ?? (beforeClock ? null : secondDayAt(this.#text, at, start)));
    return day && day.day.date >= start ? day : null;
  }

  /** A meal tells when only where no clock does, before it or behind it. */
  #meal() {
    this.reading.meal ??= mealAt(this.#text, this.at)?.clock.minutes;
    return null;
  }

  /** Whatever else a word may say. */
  #beside() {
    return this.#later() ?? this.#length() ?? this.#allDay() ?? this.#named(PLACE, 'location') ?? this.#named(DEPARTMENT, 'department');
  }

  #later() {
    const later = this.reading.start === undefined && laterAt(this.#text, this.at, this.#now.time);
    if (!later) return null;
    Object.assign(this.reading, { start: Number(later.time.slice(0, 2)) * 60 + Number(later.time.slice(3)), later: later.days });
    return later.to;
  }

  #length() {
    const length = this.reading.minutes === undefined && lengthAt(this.#text, this.at);
    if (!length) return null;
    this.reading.minutes = length.minutes;
    return length.to;
  }

  #allDay() {
    if (!this.#match(ALL_DAY, this.at)) return null;
    this.reading.allDay = true;
    return ALL_DAY.lastIndex;
  }

  #named(pattern, name) {
    const match = this.reading[name] === undefined && this.#match(pattern, this.at);
    if (!match) return null;
    this.reading[name] = (match[1] ?? match[2]).replaceAll('_', ' ');
    return pattern.lastIndex;
  }

  #match(pattern, at) {
    pattern.lastIndex = at;
    return pattern.exec(this.#text);
  }

  #past(pattern, at) {
    return this.#match(pattern, at) ? pattern.lastIndex : at;
  }
}

/** The clocks of two days: neither tells anything of the other. */
function settledApart(start, end) {
  return { ...settled(start, null), end: end ? settled(end, null).start : null };
}
