/** Knows the public holidays of one country, a year at a time, as the server tells them. */

/** How long to let the server alone after it did not answer. */
const PAUSE = 60_000;

/** The holidays that the page has heard of. */
export class Holidays {
  #source;
  #now;
  #listener;
  /** @type {Map<string, string>} names by date */
  #names = new Map();
  /** @type {Map<number, number>} when each year was asked for; Infinity once it is known */
  #asked = new Map();
  #generation = 0;
  #country = '';
  #language = '';

  /**
   * @param {{source: (query: Record<string, string>) => Promise<{date: string, name: string}[]>, changed: () => void, now?: () => number}} parts
   */
  constructor({ source, changed, now = Date.now }) {
    this.#source = source;
    this.#listener = changed;
    this.#now = now;
  }

  /** @param {string} country none where it is empty @param {string} language */
  choose(country, language) {
    if (country === this.#country && language === this.#language) return;
    [this.#country, this.#language] = [country, language];
    this.#generation += 1;
    this.#names.clear();
    this.#asked.clear();
    this.#listener();
  }

  /** @param {string} date @returns {string|undefined} its name, if it is a holiday and known */
  of(date) {
    return this.#names.get(date);
  }

  /** Asks for what is not known of these days. @param {string} from @param {string} to */
  async want(from, to) {
    if (!this.#country) return;
    const [first, last] = [from, to].map((date) => Number(date.slice(0, 4)));
    const years = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    await Promise.all(years.filter((year) => this.#isDue(year)).map((year) => this.#ask(year)));
  }

  #isDue(year) {
    return (this.#asked.get(year) ?? -Infinity) + PAUSE < this.#now();
  }

  async #ask(year) {
    const generation = this.#generation;
    this.#asked.set(year, this.#now());
    try {
      const query = { from: `${year}-01-01`, to: `${year}-12-31`, country: this.#country, language: this.#language };
      const found = await this.#source(query);
      if (generation !== this.#generation) return;
      this.#asked.set(year, Infinity);
      for (const { date, name } of found) this.#names.set(date, name);
      if (found.length) this.#listener();
    } catch {
      // A calendar without its holidays is still a calendar; a later look asks again.
    }
  }
}
