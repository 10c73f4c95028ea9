/** Finds events by what they say, as fast as a person types: also by halves of syllables, and by initial consonants. */

import { addDays } from './dates.js';

const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
/** Consonants that a keyboard joins though two initials were meant. */
const JOINED = { ㄳ: 'ㄱㅅ', ㄵ: 'ㄴㅈ', ㄶ: 'ㄴㅎ', ㄺ: 'ㄹㄱ', ㄻ: 'ㄹㅁ', ㄼ: 'ㄹㅂ', ㄽ: 'ㄹㅅ', ㄾ: 'ㄹㅌ', ㄿ: 'ㄹㅍ', ㅀ: 'ㄹㅎ', ㅄ: 'ㅂㅅ' };
const FINALS = ['', ...'ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'];
const FIRST = 0xac00;
const PER_INITIAL = 588;
const PER_VOWEL = 28;
/** How many vowels a vowel can still become: ㅗ is on the way to ㅘ, ㅙ and ㅚ. */
const BECOMES = { 8: 3, 13: 3, 18: 1 };

/** @typedef {{event: Record<string, any>, rank: number}} Hit */

/** The texts of events are folded once; what a copy holds is replaced, and never changed. */
const folds = new WeakMap();

/** @param {string} text @returns {string} neither case nor the way of composing Hangul makes a difference */
export function folded(text) {
  return text.normalize('NFC').toLowerCase();
}

/**
 * @param {Iterable<Record<string, any>>} events @param {string} query @param {{today: string, limit: number}} options
 * @returns {Record<string, any>[]} titles first, what comes before what was, the nearest first
 */
export function search(events, query, { today, limit }) {
  const rank = ranker(query);
  if (!rank) return [];
  const hits = [];
  for (const event of events) {
    const found = rank(event);
    if (found !== null) hits.push({ event, rank: found });
  }
  return hits.sort((a, b) => a.rank - b.rank || byNearness(a.event, b.event, today)).slice(0, limit).map(({ event }) => event);
}

/** @param {string} query @returns {((event: Record<string, any>) => number|null)|null} null: there is nothing to look for */
export function ranker(query) {
  const words = folded(query).split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  const patterns = words.map(patternFor);
  return (event) => {
    const { title, rest } = textsOf(event);
    if (patterns.every((pattern) => pattern.test(title))) return title.startsWith(words[0]) ? 0 : 1;
    return patterns.every((pattern) => pattern.test(title) || pattern.test(rest)) ? 2 : null;
  };
}

/** @param {string} query @returns {string} what a server that knows whole text only is asked for */
export function longestWord(query) {
  const words = folded(query).split(/\s+/).filter((word) => !/[ㄱ-ㅎㅏ-ㅣ]/.test(word));
  return words.sort((a, b) => b.length - a.length)[0] ?? '';
}

/** @param {string} word folded @returns {RegExp} */
export function patternFor(word) {
  const letters = [...word].flatMap((letter) => [...(JOINED[letter] ?? letter)]);
  const last = letters.pop();
  const before = letters.map(whole).join('');
  return new RegExp(`${before}(?:${[whole(last), ...unfinished(last)].join('|')})`);
}

/** @param {string} letter a lone consonant stands for every syllable that it begins */
function whole(letter) {
  const initial = INITIALS.indexOf(letter);
  if (initial < 0) return letter.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  const start = FIRST + initial * PER_INITIAL;
  return `[${letter}${range(start, start + PER_INITIAL - 1)}]`;
}

/** Whoever is in the middle of a syllable has not written its end, or has written the next one's beginning. */
function unfinished(letter) {
  const code = letter.charCodeAt(0) - FIRST;
  if (code < 0 || code >= INITIALS.length * PER_INITIAL) return [];
  const final = code % PER_VOWEL;
  const open = FIRST + code - final;
  const more = BECOMES[Math.floor((code % PER_INITIAL) / PER_VOWEL)] ?? 0;
  if (!final) return [`[${range(open, open + (more + 1) * PER_VOWEL - 1)}]`];
  const tail = [...(JOINED[FINALS[final]] ?? FINALS[final])];
  const kept = tail.length > 1 ? String.fromCharCode(open + FINALS.indexOf(tail[0])) : String.fromCharCode(open);
  return INITIALS.includes(tail.at(-1)) ? [kept + whole(tail.at(-1))] : [];
}

function range(from, to) {
  return `${String.fromCharCode(from)}-${String.fromCharCode(to)}`;
}

function textsOf(event) {
  let texts = folds.get(event);
  if (!texts) {
    const rest = [event.location, event.category, ...(event.tags ?? []), event.description].filter(Boolean).join('\n');
    texts = { title: folded(event.title ?? ''), rest: folded(rest) };
    folds.set(event, texts);
  }
  return texts;
}

function byNearness(a, b, today) {
  const [one, other] = [a, b].map((event) => (event.end_date ?? event.event_date) >= today);
  if (one !== other) return one ? -1 : 1;
  const order = a.event_date < b.event_date ? -1 : Number(a.event_date > b.event_date);
  return one ? order : -order;
}

/** @param {string} today @returns {{from: string, to: string}} how far a server looks: a year back and ahead */
export function reach(today) {
  return { from: addDays(today, -366), to: addDays(today, 366) };
}
