/** Shows what a person just did before the log has told it back, and lets go of it as soon as the log has. */

/** @typedef {{entity: Record<string, any>|null, base: number, answered: number|null}} Pending `entity` null: deleted */

/** Pending writes by the id of their entity. */
export class Overlay {
  /** @type {Map<string, Pending>} */
  #pending = new Map();

  /**
   * Shows `entity` (null: nothing) in place of what is stored.
   * @param {string} id @param {Record<string, any>|null} entity @param {number} [base] the version that it was made from
   */
  put(id, entity, base = 0) {
    this.#pending.set(id, { entity, base, answered: null });
  }

  /**
   * Notes the server's answer: from its version on the log is believed. Without an entity, what was foreseen came true.
   * @param {string} id @param {Record<string, any>|null} entity
   */
  settle(id, entity) {
    const pending = this.#pending.get(id);
    if (!pending) return;
    pending.answered = entity ? entity.version : pending.base + 1;
    if (entity) pending.entity = entity;
    else if (pending.entity) pending.entity = { ...pending.entity, version: pending.answered };
  }

  /** @param {string} id refused, or known to be gone */
  drop(id) {
    this.#pending.delete(id);
  }

  /** Lets go of everything that was answered; a copy was replaced and holds it already. */
  dropAnswered() {
    for (const [id, pending] of this.#pending) if (pending.answered !== null) this.#pending.delete(id);
  }

  /** @param {string} id a deletion came by the log: an answered write before it must not come back as a ghost */
  deleted(id) {
    if (this.#pending.get(id)?.answered != null) this.#pending.delete(id);
  }

  /** @param {string} id @param {Record<string, any>|undefined} stored @returns {Record<string, any>|undefined} */
  view(id, stored) {
    const pending = this.#pending.get(id);
    if (!pending) return stored;
    if (pending.answered !== null && stored && stored.version >= pending.answered) {
      this.#pending.delete(id);
      return stored;
    }
    return pending.entity ?? undefined;
  }

  /**
   * Lays the pending writes over a list.
   * @param {Record<string, any>[]} stored @param {(entity: Record<string, any>) => boolean} belongs for what is not stored yet
   * @returns {Record<string, any>[]}
   */
  over(stored, belongs) {
    if (!this.#pending.size) return stored;
    const ids = new Set(stored.map((entity) => entity.id));
    const seen = stored.map((entity) => this.view(entity.id, entity)).filter(Boolean);
    for (const [id, { entity }] of this.#pending) if (entity && !ids.has(id) && belongs(entity)) seen.push(entity);
    return seen;
  }
}
