/** Knows what this person did since the page was opened, as the log tells it, and what would take it back. */

/**
 * @typedef {import('./replica.js').Change} Change
 * @typedef {'do'|'undo'|'redo'} Role
 * @typedef {{batch: string, role: Role, changes: Change[]}} Deed one thing that a person did: one write, or several that belong together
 * @typedef {{type: string, id: string, op: 'delete'|'restore'|'move'|'update', match: number, back: number|null, version?: number,
 *   to?: string, members?: Record<string, any>, insteadOf?: {id: string, version: number}}} Action
 *   one write that takes a change back; `match`: the version that must still be there, `back`: the version that it brings back
 */

/** What can be edited of a department. */
const DEPARTMENT = ['name', 'description', 'color', 'timezone'];
const MOST = 100;

/** What was done, and what was undone: two stacks that only the log fills. */
export class UndoStacks {
  /** @type {Map<string, {role: Role, batch: string}>} by the mutation ids of this session's writes */
  #own = new Map();
  #waiting = new Set();
  /** @type {(() => void)[]} */
  #listeners = [];
  /** @type {Deed[]} */
  #done = [];
  /** @type {Deed[]} */
  #undone = [];
  /** @type {Map<string, number>} the version that says the same as an older one, by `id:version` */
  #same = new Map();

  /** @returns {Deed|undefined} what would be undone next */
  get last() {
    return this.#done.at(-1);
  }

  /** @returns {Deed|undefined} what would be done again next */
  get undone() {
    return this.#undone.at(-1);
  }

  /**
   * Notes a write of this session; what the log tells of it belongs to this person.
   * @param {string} mutation @param {Role} [role] @param {string} [batch] what belongs together has the same
   */
  began(mutation, role = 'do', batch = mutation) {
    if (this.#own.has(mutation)) return;
    this.#own.set(mutation, { role, batch });
    this.#waiting.add(mutation);
  }

  /** @param {string} mutation refused, or never to be told of by the log */
  forget(mutation) {
    this.#waiting.delete(mutation);
    if (!this.#waiting.size) this.#listeners.splice(0).forEach((resolve) => resolve());
  }

  /** @param {string} mutation @returns {boolean} whether the log has not told of it yet */
  awaits(mutation) {
    return this.#waiting.has(mutation);
  }

  /** @returns {Promise<void>} until the log has told of all that was written: the last write is the first to be undone */
  settled() {
    return this.#waiting.size ? new Promise((resolve) => this.#listeners.push(resolve)) : Promise.resolve();
  }

  /** @param {Change} change @returns {Deed|null} the deed that it is part of, where it is this session's */
  hear(change) {
    const own = this.#own.get(change.mutation_id ?? '');
    if (!own) return null;
    const stack = own.role === 'undo' ? this.#undone : this.#done;
    let deed = stack.find(({ batch }) => batch === own.batch);
    if (deed?.changes.some(({ log, seq }) => log === change.log && seq === change.seq)) return null;
    if (!deed) {
      deed = { batch: own.batch, role: own.role, changes: [] };
      stack.push(deed);
      if (stack.length > MOST) stack.shift();
      if (own.role === 'do') this.#undone = [];
    }
    deed.changes.push(change);
    this.forget(String(change.mutation_id));
    return deed;
  }

  /** @param {'undo'|'redo'} direction @returns {Deed|undefined} taken off its stack */
  take(direction) {
    return (direction === 'undo' ? this.#done : this.#undone).pop();
  }

  /** @param {'undo'|'redo'} direction @param {Deed} deed that could not be taken back just now */
  putBack(direction, deed) {
    (direction === 'undo' ? this.#done : this.#undone).push(deed);
  }

  /** @param {string} id @param {number} older @param {number} newer says again what `older` said: an earlier deed left it so */
  same(id, older, newer) {
    this.#same.set(`${id}:${older}`, newer);
  }

  /** @param {string} id @param {number} version @returns {number} the newest version that says the same */
  newest(id, version) {
    const newer = this.#same.get(`${id}:${version}`);
    return newer === undefined || newer <= version ? version : this.newest(id, newer);
  }
}

/** @param {Deed} deed @returns {Action[]} in the order in which they take it back */
export function inverseOf(deed) {
  const actions = changesIn(deed).map(inverseOfChange).reverse();
  const cut = actions.find(({ type, op, version }) => type === 'event' && op === 'restore' && version !== undefined);
  const tail = actions.find(({ type, op, id }) => type === 'event' && op === 'delete' && id !== cut?.id);
  if (actions.length !== 2 || !cut || !tail) return actions;
  // A series that was cut in two becomes one again in one transaction.
  return [{ ...cut, insteadOf: { id: tail.id, version: tail.match } }];
}

/** @param {Deed} deed @returns {Change[]} a move is told by two logs, and once here; files that go along with their event are not told */
export function changesIn({ changes }) {
  const moved = new Set(changes.filter(({ data }) => data.moved_to).map(({ id }) => id));
  const led = new Set(changes.filter(({ type }) => type !== 'attachment').map(({ mutation_id }) => mutation_id ?? null));
  const follows = ({ type, data, mutation_id }) => type === 'attachment' && (data.with_event || (mutation_id && led.has(mutation_id)));
  return changes.filter((change) => !(moved.has(change.id) && change.op === 'created') && !follows(change));
}

/** @param {Change} change @returns {Action} */
function inverseOfChange({ type, id, op, version, data, before }) {
  const was = before?.version ?? (version === undefined ? null : version - 1);
  const match = version ?? (was ?? 0) + 1;
  const common = { type, id, match, back: op === 'created' ? null : was };
  if (data.moved_to) return { ...common, op: 'move', to: data.department_id };
  if (op === 'created') return { ...common, op: 'delete' };
  if (op === 'deleted' || type === 'attachment') return { ...common, op: 'restore' };
  if (type === 'department') return { ...common, op: 'update', members: differing(before ?? {}, data) };
  return { ...common, op: 'restore', version: was ?? match - 1 };
}

function differing(before, after) {
  const names = DEPARTMENT.filter((name) => (before[name] ?? null) !== (after[name] ?? null));
  return Object.fromEntries(names.map((name) => [name, before[name] ?? null]));
}
