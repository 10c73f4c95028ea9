/** Reminds a person of what comes: on the page, by the system's notifications and by a sound, once each. */

import { addDays, wallClock } from '../../model/dates.js';
import { CHOICES, HORIZON_DAYS, ReminderMemory, Reminders } from '../../model/reminders.js';
import { keyOf } from '../../model/series.js';
import { h } from '../h.js';
import { setting } from '../settings_dialog.js';
import { whenTouched } from './android.js';
import { cards } from './cards.js';
import { askPermission, chime, notify, permission } from './signals.js';
import { ticking } from './ticker.js';

/** A tab that nobody looks at lets one that somebody looks at go first. */
const COURTESY = 400;

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function reminders(context) {
  const { t, preferences, calendar } = context;
  const listening = new AbortController();
  whenTouched((event) => calendar.open(event), listening.signal);
  const own = new Reminders({ memory: new ReminderMemory(storage()), now: () => Date.now() });
  const region = cards(t);
  document.body.append(region.element);
  const look = () => setTimeout(() => lookNow(context, own, region), document.hidden ? COURTESY : 0);
  const stop = ticking(look);
  return {
    settings: [{ title: t('reminder.title'), elements: settings(t, preferences) }],
    eventSections: ({ event }) => (event.id ? [choice(t, own, event)] : []),
    destroy: () => {
      listening.abort();
      stop();
      region.element.remove();
    },
  };
}

function lookNow({ t, workspace, preferences, calendar }, own, region) {
  for (const reminder of own.due(upcoming(workspace), preferences.get('remindBefore') ?? null)) {
    if (!own.claim(reminder)) continue;
    const { event, key } = reminder;
    const text = [wordsFor(t, reminder), workspace.department(event.department_id)?.name, event.location].filter(Boolean).join(' · ');
    const open = () => calendar.open(keyOf(event));
    const recall = notify({ key, title: event.title, body: text, event: keyOf(event), open });
    region.show({ key, title: event.title, text, open, snooze: (minutes) => (recall(), own.snooze(reminder, minutes)), close: recall });
    if (preferences.get('remindSound') ?? true) void chime();
  }
}

/** @returns {Record<string, any>[]} what may be due: everything of the next days, and what goes on since yesterday */
function upcoming(workspace) {
  const today = wallClock(new Date()).slice(0, 10);
  const [from, before] = [addDays(today, -1), addDays(today, HORIZON_DAYS)];
  return workspace.between(from, before);
}

function wordsFor(t, { start, missed, event }) {
  const minutes = Math.round((start - Date.now()) / 60_000);
  const clock = event.start_time ? new Date(start).toLocaleTimeString(t.language, { hour: 'numeric', minute: '2-digit' }) : t('event.allDay');
  if (minutes > 0) return t('reminder.in', { span: spanWords(t, minutes), clock });
  return t(missed && minutes < 0 ? 'reminder.since' : 'reminder.now', { span: spanWords(t, -minutes), clock });
}

function spanWords(t, minutes) {
  if (minutes >= 1440) return t('reminder.days', { days: Math.round(minutes / 1440) });
  if (minutes >= 60) return t('reminder.hours', { hours: Math.round(minutes / 60) });
  return t('reminder.minutes', { minutes });
}

function choiceWords(t, minutes) {
  return minutes === 0 ? t('reminder.atStart') : t('reminder.before', { span: spanWords(t, minutes) });
}

function settings(t, preferences) {
  const state = h('p', { class: 'stamp', role: 'status' });
  const tell = () => (state.textContent = t(`reminder.permission.${permission()}`));
  const choose = async (value) => {
    preferences.set('remindBefore', value === '' ? null : Number(value));
    if (value !== '') await askPermission();
    tell();
  };
  tell();
  const options = [['', t('reminder.off')], ...CHOICES.map((minutes) => [String(minutes), choiceWords(t, minutes)])];
  return [
    setting({ words: t('reminder.usual'), hint: t('reminder.usualHint'), value: preferences.get('remindBefore') ?? '', options, choose }),
    setting({ words: t('reminder.sound'), value: preferences.get('remindSound') ?? true, choose: (value) => preferences.set('remindSound', value) }),
    state,
  ];
}

/** A person's own choice for one event; it is this device's, and changes nothing for others. */
function choice(t, own, event) {
  const id = event.occurrence_of?.id ?? event.id;
  const chosen = own.choiceFor(id);
  const value = chosen === undefined ? 'usual' : chosen === null ? '' : String(chosen);
  const options = [['usual', t('reminder.asUsual')], ['', t('reminder.off')], ...CHOICES.map((minutes) => [String(minutes), choiceWords(t, minutes)])];
  const choose = (picked) => {
    own.choose(id, picked === 'usual' ? undefined : picked === '' ? null : Number(picked));
    if (picked !== '' && picked !== 'usual') void askPermission();
  };
  return setting({ words: t('reminder.event'), hint: t('reminder.eventHint'), value, options, choose });
}

/** @returns {Storage|null} */
function storage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
