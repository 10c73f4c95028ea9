/** Keeps what FullCalendar holds equal to what is to be seen: a change of one event costs that event, not the month. */

/** @typedef {import('./calendar_event.js').Input} Input */

/** With more changes than these, fetching everything again is cheaper. */
const FEW = 40;

/** The events that FullCalendar was given. */
export class DrawnEvents {
  #full;
  /** @type {Map<string, Input>|null} null where nobody knows, as after a drag that was refused */
  #drawn = null;
  /** @type {Map<string, Input>|null} what is about to be fetched */
  #next = null;

  /** @param {() => any} full FullCalendar, which asks for events while it is made */
  constructor(full) {
    this.#full = full;
  }

  /** @returns {boolean} whether it is known that nothing is there */
  get isEmpty() {
    return this.#drawn?.size === 0;
  }

  /** What is on the screen is not what was given. */
  forget() {
    this.#drawn = null;
  }

  /** @param {() => Map<string, Input>} read asked where nothing was prepared @returns {Input[]} all, as FullCalendar fetches them */
  fetch(read) {
    this.#drawn = this.#next ?? read();
    this.#next = null;
    return [...this.#drawn.values()];
  }

  /** @param {Map<string, Input>} wanted */
  show(wanted) {
    const before = this.#drawn;
    const changes = before && changesBetween(before, wanted);
    if (changes?.length === 0) return;
    if (!changes || changes.length > FEW) {
      this.#next = wanted;
      this.#full().refetchEvents();
      return;
    }
    this.#drawn = wanted;
    this.#full().batchRendering(() => {
      for (const id of changes) this.#redraw(id, before.get(id), wanted.get(id));
    });
  }

  /** An event that stays keeps its element, and with it the focus. @param {string} id @param {Input} [old] @param {Input} [now] */
  #redraw(id, old, now) {
    const event = old && this.#full().getEventById(id);
    if (!now) return event?.remove();
    if (!event) return this.#full().addEvent(now, true);
    if (old.title !== now.title) event.setProp('title', now.title);
    if (old.color !== now.color) event.setProp('color', now.color);
    if (old.recurs !== now.recurs) event.setExtendedProp('recurs', now.recurs);
    if (old.start !== now.start || old.end !== now.end || old.allDay !== now.allDay) event.setDates(now.start, now.end, { allDay: now.allDay });
  }
}

/** @param {Map<string, Input>} before @param {Map<string, Input>} after @returns {string[]} the keys of what would look different */
function changesBetween(before, after) {
  const changed = [];
  for (const id of before.keys()) if (!after.has(id)) changed.push(id);
  for (const [id, input] of after) if (!looksLike(before.get(id), input)) changed.push(id);
  return changed;
}

function looksLike(one, other) {
  return one === other || (one !== undefined && Object.keys(other).every((name) => one[name] === other[name]));
}
