/** Picks the events that somebody wants to see among those of the departments that are shown. */

/** @typedef {{text: string, categories: string[], tags: string[], mine: boolean}} Filter empty members let everything pass */

/** @type {Filter} */
const NONE = { text: '', categories: [], tags: [], mine: false };

/** What the filter is remembered as. */
export const FILTER = 'filter';

/** @param {import('./preferences.js').Preferences} preferences @returns {Filter} */
export function filterOf(preferences) {
  return { ...NONE, ...preferences.get(FILTER) };
}

/** @param {import('./preferences.js').Preferences} preferences @param {Partial<Filter>} members */
export function setFilter(preferences, members) {
  preferences.set(FILTER, { ...filterOf(preferences), ...members });
}

/** @param {import('./preferences.js').Preferences} preferences */
export function clearFilter(preferences) {
  preferences.set(FILTER, NONE);
}

/** @param {Filter} filter @returns {number} how many things are asked for */
export function countOf({ text, categories, tags, mine }) {
  return Number(text.trim() !== '') + categories.length + tags.length + Number(mine);
}

/**
 * Makes a test of events: every kind of wish must be met, of several categories or tags one.
 * @param {Filter} filter @param {string} [me] the name that this device writes under
 * @returns {((event: Record<string, any>) => boolean)|null} null where everything passes
 */
export function testOf(filter, me) {
  if (countOf(filter) === 0) return null;
  const sought = folded(filter.text.trim());
  const [categories, tags] = [new Set(filter.categories), new Set(filter.tags)];
  return (event) => (!filter.mine || isMine(event, me))
    && (!categories.size || categories.has(event.category))
    && (!tags.size || (event.tags ?? []).some((tag) => tags.has(tag)))
    && (!sought || textOf(event).includes(sought));
}

/** @param {Iterable<Record<string, any>>} events @returns {{categories: string[], tags: string[]}} those that are in use, the most used first */
export function choicesAmong(events) {
  const [categories, tags] = [new Map(), new Map()];
  const count = (counts, name) => name && counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const event of events) {
    count(categories, event.category);
    for (const tag of event.tags ?? []) count(tags, tag);
  }
  const ranked = (counts) => [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], 'ko')).map(([name]) => name);
  return { categories: ranked(categories), tags: ranked(tags) };
}

/** What nobody signed in for, a name alone can tell. */
function isMine(event, me) {
  return Boolean(me) && (event.created_by === me || event.updated_by === me);
}

/** Like the server's search: case and the way Hangul is composed make no difference. */
function folded(text) {
  return text.normalize('NFC').toLowerCase();
}

function textOf({ title, description, location, category, tags }) {
  return folded([title, description, location, category, ...(tags ?? [])].filter(Boolean).join('\n'));
}
