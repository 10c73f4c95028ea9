/** Takes back what this person did, and does it again: by writes like any other, refused where somebody else came in between. */

import { randomId } from './ids.js';
import { inverseOf, UndoStacks } from './undo.js';

/** How long the log may take to tell of a write before it is asked. */
const PATIENCE = 1500;

/** Is a deed that is not taken back, since somebody changed the same after it. */
export class ChangedSince extends Error {
  /** @param {import('./undo.js').Deed} deed @param {any} current what is there now, null where it is gone */
  constructor(deed, current) {
    super('somebody else changed it since');
    this.deed = deed;
    this.current = current;
  }
}

/** The undoing of one session; it lives as long as the page, whatever language it is shown in. */
export class Undoing {
  #api;
  #workspace;
  #clock;
  #stacks = new UndoStacks();
  #turn = Promise.resolve();
  /** @type {(deed: import('./undo.js').Deed) => void} hears of each deed, and again where more of it is told */
  onDeed = () => {};

  /** @param {{api: any, workspace: import('./workspace.js').Workspace, clock: import('./loader.js').Clock}} parts */
  constructor({ api, workspace, clock }) {
    this.#api = api;
    this.#workspace = workspace;
    this.#clock = clock;
    api.onWrite = { began: (key) => this.#stacks.began(key), ended: (key, place) => this.#ended(key, place) };
    workspace.listen({ updated: ({ changes }) => changes.forEach((change) => this.#hear(change)), state: () => {} });
  }

  /** @param {'undo'|'redo'} direction @returns {import('./undo.js').Deed|undefined} */
  next(direction) {
    return direction === 'undo' ? this.#stacks.last : this.#stacks.undone;
  }

  /**
   * Takes back the last deed, or does again the last that was taken back; raises `ChangedSince`, or what the server refused.
   * @param {'undo'|'redo'} direction @returns {Promise<import('./undo.js').Deed|null>} null where there is none
   */
  run(direction) {
    const work = this.#turn.then(() => this.#run(direction));
    this.#turn = work.then(
      () => undefined,
      () => undefined,
    );
    return work;
  }

  async #run(direction) {
    await this.#stacks.settled();
    const deed = this.#stacks.take(direction);
    if (!deed) return null;
    const batch = randomId();
    try {
      for (const action of inverseOf(deed)) await this.#perform(action, direction, batch, deed);
    } catch (error) {
      if (error instanceof ChangedSince) throw error;
      if ([404, 409, 412].includes(error.status) && error.code !== 'name-taken') throw new ChangedSince(deed, error.current ?? null);
      this.#stacks.putBack(direction, deed);
      throw error;
    }
    await this.#stacks.settled();
    return deed;
  }

  /** @param {import('./undo.js').Action} action */
  async #perform(action, direction, batch, deed) {
    this.#refuse(action, deed);
    const key = randomId();
    this.#stacks.began(key, direction, batch);
    const match = this.#stacks.newest(action.id, action.match);
    const answer = await this.#send(action, match, key);
    if (action.back !== null) this.#stacks.same(action.id, action.back, answer?.version ?? match + 1);
  }

  /** Looks at what the server does not: the other half of a series, and what others put into a department meanwhile. */
  #refuse({ type, id, op, insteadOf }, deed) {
    const other = insteadOf && this.#workspace.event(insteadOf.id);
    if (insteadOf && other?.version !== this.#stacks.newest(insteadOf.id, insteadOf.version)) throw new ChangedSince(deed, other ?? null);
    if (type === 'department' && op === 'delete' && this.#workspace.count(id)) throw new ChangedSince(deed, this.#workspace.department(id));
  }

  /** @param {import('./undo.js').Action} action @param {number} match @param {string} key @returns {Promise<any>} */
  #send({ type, id, op, version, to, members, insteadOf }, match, key) {
    const api = this.#api;
    if (type === 'department') {
      if (op === 'delete') return api.deleteDepartment(id, match, key);
      return op === 'restore' ? api.restoreDepartment(id, {}, key) : api.updateDepartment(id, members, match, key);
    }
    if (type === 'attachment') return op === 'delete' ? api.deleteAttachment(id, match, key) : api.restoreAttachment(id, match, key);
    if (op === 'delete') return api.deleteEvent(id, match, undefined, key);
    if (op === 'move') return api.moveEvent(id, to, match, key);
    return api.restoreEvent(id, { ...(version && { version }), ...(insteadOf && { instead_of: insteadOf.id }) }, match, key);
  }

  #hear(change) {
    const deed = this.#stacks.hear(change);
    if (deed) this.onDeed(deed);
  }

  /** What was refused is told by no log; and a log that is not followed must be asked. */
  #ended(key, place) {
    if (!place) return this.#stacks.forget(key);
    this.#clock.setTimeout(() => void this.#ask(key, place), PATIENCE);
  }

  async #ask(key, { position, log }) {
    if (!this.#stacks.awaits(key)) return;
    const [epoch, seq] = position?.split(':') ?? [];
    try {
      const since = `${epoch}:${Math.max(0, Number(seq) - 3)}`;
      const page = position && log ? await this.#api.changes(log, { since, limit: 10 }) : { changes: [] };
      page.changes.filter((change) => change.mutation_id === key).forEach((change) => this.#hear(change));
    } catch {
      // It cannot be undone, and that is all.
    }
    this.#stacks.forget(key);
  }
}
