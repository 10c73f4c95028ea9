/** Says in words what a change did: for the toast after one's own, and for who hears of others'. */

import { seriesDeedOf } from './series_phrases.js';
import { changesIn } from './undo.js';

/**
 * @typedef {import('./replica.js').Change} Change
 * @typedef {import('./i18n.js').Translate} Translate
 */

/** Members that say when an event is; they count as one. */
export const WHEN = ['event_date', 'end_date', 'start_time', 'end_time', 'time', 'timezone', 'recurrence'];
/** What people see of an event, in the order in which they read it. */
export const TOLD = ['title', ...WHEN, 'location', 'url', 'category', 'tags', 'color', 'description', 'department_id'];
/** Up to so many changes by others are told one by one. */
const FEW = 3;

/** @typedef {(departmentId: string) => string|undefined} NameOf what a department is called */

/** @param {Change} change @param {Translate} t @param {NameOf} [nameOf] @returns {string} without who did it; in English it begins small */
export function deedOf(change, t, nameOf = () => undefined) {
  const { type, data } = change;
  const kind = kindOf(change);
  const series = kind === 'changed' && type === 'event' && String(differing(change.before ?? {}, data)) === 'recurrence' ? seriesDeedOf(change) : null;
  if (series) return t(`deed.series_${series.kind}`, { title: series.title, day: whenWords({ event_date: series.date }, t) });
  const values = { title: titleOf(change), before: change.before?.title, when: kind === 'moved' ? whenWords(data, t) : '', fields: fieldWords(change, t) };
  const name = data.moved_to && nameOf(data.moved_to);
  return name ? t('deed.event_awayTo', { ...values, name }) : t(`deed.${type}_${kind}`, values);
}

/** @param {import('./undo.js').Deed} deed @param {Translate} t @param {NameOf} [nameOf] @returns {string} a whole sentence without a subject */
export function sentenceOf(deed, t, nameOf) {
  const changes = changesIn(deed);
  const main = changes.find(({ op }) => op === 'updated') ?? changes[0];
  const tail = changes.length === 2 && changes[0].type === 'event' ? changes.find((change) => change !== main) : undefined;
  if (tail?.op === 'created') return capital(t('deed.series_following', { title: titleOf(tail), day: whenWords({ event_date: tail.data.event_date }, t) }));
  return capital(changes.length === 1 || tail ? deedOf(main, t, nameOf) : t('deed.several', { count: changes.length }));
}

/**
 * Says what others did: each thing, while they are few.
 * @param {Change[]} changes @param {Translate} t @param {NameOf} [nameOf] @returns {string}
 */
export function newsOf(changes, t, nameOf) {
  // That a file was looked through, or has a picture now, is nobody's deed.
  const told = changesIn({ batch: '', role: 'do', changes }).filter(({ type, op }) => type !== 'attachment' || op !== 'updated');
  if (!told.length) return '';
  const name = (actor) => actor || t('deed.somebody');
  if (told.length <= FEW) return told.map((change) => subject(change, t, nameOf)).join('. ');
  const [first, ...others] = new Set(told.map(({ actor }) => name(actor)));
  const actors = others.length ? t('deed.others', { actor: first, count: others.length }) : first;
  return capital(t('deed.many', { actors, count: told.length }).replace('명 님이', '명이'));
}

function subject(change, t, nameOf) {
  const deed = deedOf(change, t, nameOf);
  return capital(change.actor ? t('deed.by', { actor: change.actor, deed }) : t('deed.bySomebody', { deed }));
}

/** @param {Change} change @returns {string} */
export function titleOf({ data, before }) {
  return data.title ?? data.name ?? data.file_name ?? before?.title ?? before?.name ?? '';
}

/** @param {Record<string, any>} before @param {Record<string, any>} after @returns {string[]} the members that differ, in order */
export function differing(before, after) {
  return TOLD.filter((name) => name in after && JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null));
}

/** @param {Change} change */
function kindOf({ op, type, data, before, version }) {
  if (data.moved_to) return 'away';
  if (op === 'created') return (version ?? 1) > 1 ? 'restored' : 'created';
  if (op === 'deleted') return 'deleted';
  if (type !== 'event' || !before) return 'changed';
  const names = differing(before, data);
  const dates = ['event_date', 'end_date', 'start_time', 'end_time', 'time'];
  if (names.length && names.every((name) => dates.includes(name)) && names.some((name) => name !== 'time')) return 'moved';
  return names.length === 1 && names[0] === 'title' ? 'renamed' : 'changed';
}

/** @param {Change} change @param {Translate} t */
function fieldWords({ before, data }, t) {
  const names = before ? differing(before, data) : [];
  const units = new Set(names.map((name) => (WHEN.includes(name) && name !== 'recurrence' ? 'when' : name)));
  const words = [...units].filter((name) => t.has(`event.${name}`)).map((name) => t(`event.${name}`));
  return new Intl.ListFormat(t.language, { type: 'conjunction' }).format(words.length ? words : [t('event.when')]);
}

/** @param {Record<string, any>} event @param {Translate} t @returns {string} the day, and the clock where there is one */
export function whenWords({ event_date, end_date, start_time }, t) {
  const words = (date) => new Date(`${date}T00:00Z`).toLocaleDateString(t.language, { month: 'long', day: 'numeric', timeZone: 'UTC' });
  const days = end_date && end_date !== event_date && !start_time ? `${words(event_date)}~${words(end_date)}` : words(event_date);
  return [days, start_time].filter(Boolean).join(' ');
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
