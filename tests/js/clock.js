/** A clock that stands still until a test moves it. */

/** Timers in the order of their time. */
export class FakeClock {
  #now = 0;
  #timers = [];

  /** @returns {number} */
  now = () => this.#now;

  /** @param {() => void} work @param {number} ms @returns {object} */
  setTimeout = (work, ms) => {
    const timer = { work, at: this.#now + ms };
    this.#timers.push(timer);
    return timer;
  };

  /** @param {object} timer */
  clearTimeout = (timer) => {
    this.#timers = this.#timers.filter((other) => other !== timer);
  };

  /** @param {number} ms lets so much time pass, and everything happen that is due in it */
  async pass(ms) {
    const until = this.#now + ms;
    await settled();
    for (let next = this.#due(until); next; next = this.#due(until)) {
      this.#now = Math.max(this.#now, next.at);
      this.clearTimeout(next);
      next.work();
      await settled();
    }
    this.#now = until;
  }

  #due(until) {
    return this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  }
}

/** Lets every promise that can settle do so. */
export async function settled() {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
