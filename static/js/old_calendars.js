/** Speaks with the server about the import of old calendars. */

const UPLOAD = 600_000;

/** One import, from its files to its report. */
export class OldCalendarImport {
  #api;
  #id = null;

  /** @param {import('./api.js').Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** @param {string} name as the server knows it @param {Blob} file */
  async put(name, file) {
    this.#id ??= (await this.#api.call('POST', 'api/imports')).id;
    await this.#api.call('PUT', `${this.#path}/files/${name}`, { body: file, timeout: UPLOAD });
  }

  /** @param {boolean} dryRun @returns {Promise<any>} how it stands */
  start(dryRun) {
    return this.#api.call('POST', `${this.#path}/start`, { body: { dry_run: dryRun } });
  }

  /** @returns {Promise<any>} how it stands */
  look() {
    return this.#api.call('GET', this.#path);
  }

  get #path() {
    return `api/imports/${this.#id}`;
  }
}
