/** Decides which reminders are due on this device, and sees to it that each comes once, however many tabs are open. */

/**
 * @typedef {Record<string, any>} Event an event, or one occurrence of a series with `occurrence_of`
 * @typedef {{key: string, event: Event, minutes: number, start: number, missed: boolean}} Reminder `start`: ms since 1970
 * @typedef {{getItem: (key: string) => string|null, setItem: (key: string, value: string) => void}} Storage
 * @typedef {{minutes: Record<string, number|null>, said: Record<string, {at: number, until?: number}>}} Memory
 *   `minutes` by event: how long before, or null for never; `said` by reminder: when, and until when it was put off
 */

/** Minutes before an event at which a person can be reminded. */
export const CHOICES = [0, 5, 10, 15, 30, 60, 120, 1440];
/** All-day events are reminded of as if they began at nine, by this device's clock. */
export const MORNING = '09:00';
/** How far ahead events must be looked at, in days: the longest choice, and the rest of today. */
export const HORIZON_DAYS = 3;

const KEY = 'dayroom.reminders';
const MINUTE = 60_000;
const FORGET = 3 * 86_400_000;

/** What this device remembers of reminders; all tabs share it, so it is read anew each time. */
export class ReminderMemory {
  #storage;
  #own = /** @type {Memory} */ ({ minutes: {}, said: {} });

  /** @param {Storage|null} storage null where the browser forbids it: then each tab remembers for itself */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @returns {Memory} */
  read() {
    try {
      const stored = JSON.parse(this.#storage?.getItem(KEY) ?? 'null');
      if (stored) this.#own = { minutes: stored.minutes ?? {}, said: stored.said ?? {} };
    } catch {
      // What nobody can read is as good as nothing.
    }
    return this.#own;
  }

  /** @param {(memory: Memory) => void} change */
  change(change) {
    const memory = this.read();
    change(memory);
    try {
      this.#storage?.setItem(KEY, JSON.stringify(memory));
    } catch {
      // A full storage: this tab still remembers.
    }
  }
}

/** The reminders of one device. */
export class Reminders {
  #memory;
  #now;

  /** @param {{memory: ReminderMemory, now: () => number}} parts */
  constructor({ memory, now }) {
    this.#memory = memory;
    this.#now = now;
  }

  /** @param {string} id an event's, or a series' @returns {number|null|undefined} undefined: as all others */
  choiceFor(id) {
    return this.#memory.read().minutes[id];
  }

  /** @param {string} id @param {number|null|undefined} minutes */
  choose(id, minutes) {
    this.#memory.change((memory) => {
      if (minutes === undefined) delete memory.minutes[id];
      else memory.minutes[id] = minutes;
    });
  }

  /**
   * Lists what is due now and was not said yet. What was slept through comes late, as long as the event is not over.
   * @param {Event[]} events @param {number|null} usual minutes before, of events without a choice of their own
   * @returns {Reminder[]}
   */
  due(events, usual) {
    const { minutes, said } = this.#memory.read();
    const now = this.#now();
    return events.flatMap((event) => {
      const id = event.occurrence_of?.id ?? event.id;
      const before = id in minutes ? minutes[id] : usual;
      if (before === null || (event.start_time === null && !(id in minutes))) return [];
      const start = startOf(event);
      const key = `${id}@${start}@${before}`;
      const from = said[key]?.until ?? start - before * MINUTE;
      const isNew = !said[key] || said[key].until !== undefined;
      if (!isNew || from > now || endOf(event, start) < now) return [];
      return [{ key, event, minutes: before, start, missed: now - from > 2 * MINUTE }];
    });
  }

  /** @param {Reminder} reminder @returns {boolean} whether it is this tab's to say: another one may have been faster */
  claim({ key }) {
    const now = this.#now();
    const known = this.#memory.read().said[key];
    if (known && (known.until === undefined || known.until > now)) return false;
    this.#memory.change(({ said }) => {
      for (const [old, { at, until }] of Object.entries(said)) if (now - (until ?? at) > FORGET) delete said[old];
      said[key] = { at: now };
    });
    return true;
  }

  /** @param {Reminder} reminder @param {number} minutes */
  snooze({ key }, minutes) {
    const now = this.#now();
    this.#memory.change(({ said }) => (said[key] = { at: now, until: now + minutes * MINUTE }));
  }
}

/** @param {Event} event @returns {number} the moment at which it begins for somebody with this device */
function startOf(event) {
  return event.starts_at ? Date.parse(event.starts_at) : new Date(`${event.event_date}T${event.start_time ?? MORNING}`).getTime();
}

/** @param {Event} event @param {number} start @returns {number} from then on nobody wants to hear of it: its end, an hour without one */
function endOf(event, start) {
  if (!event.start_time) return new Date(`${event.end_date ?? event.event_date}T23:59:59`).getTime();
  const end = event.ends_at ? Date.parse(event.ends_at) : 0;
  return Math.max(end, start + 60 * MINUTE);
}
