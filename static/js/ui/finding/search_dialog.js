/** Finds events in every department while somebody types, and goes to the one that is picked. */

import { addDays, wallClock } from '../../model/dates.js';
import { Everywhere } from '../../model/everywhere.js';
import { isSeries, keyOf, occurrencesIn } from '../../model/series.js';
import { understand } from '../../model/typed.js';
import { dayWords, whenWords } from '../../model/when_words.js';
import { h } from '../h.js';
import { picker } from './picker.js';

const CLOCK = { now: () => Date.now(), setTimeout: (work, ms) => setTimeout(work, ms), clearTimeout: (timer) => clearTimeout(timer) };
/** How long the copy of a department that was hidden may take until an event of it is opened. */
const PATIENCE = 15_000;

/** @param {import('../features.js').Context} context */
export function searchDialog(context) {
  const { t, workspace, api } = context;
  const everywhere = new Everywhere({ source: api, workspace, clock: CLOCK, changed: () => box.refresh() });
  const box = picker({
    t,
    title: t('search.title'),
    label: t('search.label'),
    placeholder: t('search.placeholder'),
    onclose: () => everywhere.stop(),
    find: (text) => find(context, everywhere, text.trim()),
  });
}

function find(context, everywhere, text) {
  const { t } = context;
  if (!text) return { choices: [], note: t('search.hint') };
  const now = wallClock(new Date());
  const { events, busy, failed } = everywhere.find(text, now.slice(0, 10));
  const choices = [...dateChoice(context, text, now), ...events.map((event) => eventChoice(context, event, now.slice(0, 10)))];
  return { choices, note: noteFor(t, events.length, { busy, failed }) };
}

function noteFor(t, count, { busy, failed }) {
  if (busy) return t('search.busy');
  if (failed) return t('search.failed');
  return count ? t('search.count', { count }) : t('search.none');
}

/** Whoever types a date and nothing else wants to go there. */
function dateChoice({ t, calendar }, text, now) {
  const typed = understand(text, now, { nearest: true });
  if (!typed?.said.day || typed.title) return [];
  const words = dayWords(typed.event_date, { language: t.language, today: now.slice(0, 10) }, 'long');
  return [{ content: [h('span', { class: 'choice-title' }, t('jump.go', { day: words }))], run: () => calendar.show(typed.event_date) }];
}

function eventChoice(context, found, today) {
  const { t, workspace } = context;
  const event = nextOf(found, today);
  const name = workspace.department(event.department_id)?.name ?? '';
  const when = whenWords(event, { language: t.language, today });
  const dot = h('span', { class: 'choice-dot', style: { '--department': workspace.colors.get(event.department_id) } });
  return {
    content: [dot, h('span', { class: 'choice-title' }, event.title), h('span', { class: 'choice-when' }, [when, event.location, name].filter(Boolean).join(' · '))],
    run: () => void goTo(context, event),
  };
}

/** @returns {Record<string, any>} of a series the next time that it happens, or the first */
function nextOf(event, today) {
  return isSeries(event) ? (occurrencesIn(event, today, addDays(today, 366))[0] ?? occurrencesIn(event, event.event_date, addDays(event.event_date, 366))[0] ?? event) : event;
}

/** Shows the department where it is hidden, goes to the day, and opens the event as soon as its copy is here. */
async function goTo({ workspace, calendar, toasts, t }, event) {
  if (!workspace.shown.has(event.department_id)) workspace.show([event.department_id], true);
  calendar.show(event.event_date);
  if (await arrived(workspace, keyOf(event))) calendar.open(keyOf(event));
  else toasts.warn(t('search.gone'));
}

/** @returns {Promise<boolean>} */
function arrived(workspace, key) {
  if (workspace.event(key)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const done = (found) => {
      clearTimeout(timer);
      stop();
      resolve(found);
    };
    const timer = setTimeout(done, PATIENCE, false);
    const look = () => workspace.event(key) && done(true);
    const stop = workspace.listen({ updated: look, state: look });
  });
}
