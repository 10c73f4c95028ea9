/** Speaks with the server about feeds, exports and imports of one department. */

const UPLOAD = 600_000;

/** @typedef {{id: string, name: string, busy_only: boolean, address: string, last_used_at: string|null, last_client: string|null}} Feed */

/** The calendar files of one department. */
export class CalendarFiles {
  #api;
  #path;

  /** @param {import('./api.js').Api} api @param {string} departmentId */
  constructor(api, departmentId) {
    this.#api = api;
    this.#path = `api/departments/${encodeURIComponent(departmentId)}`;
  }

  /** @returns {Promise<Feed[]>} the oldest first */
  feeds() {
    return this.#api.call('GET', `${this.#path}/feeds`);
  }

  /** @param {{id: string, name: string, busy_only: boolean, language: string}} feed @returns {Promise<Feed>} a repeat makes no second one */
  createFeed(feed) {
    return this.#api.call('POST', `${this.#path}/feeds`, { body: feed });
  }

  /** @param {string} id */
  revokeFeed(id) {
    return this.#api.call('DELETE', `${this.#path}/feeds/${id}`);
  }

  /** @param {string} id @returns {string} where its QR code is */
  qr(id) {
    return `${this.#path}/feeds/${id}/qr.svg`;
  }

  /** @param {Record<string, string>} query @returns {string} where the file is */
  exported(query) {
    return `${this.#path}/export?${new URLSearchParams(query)}`;
  }

  /**
   * Imports a file, or only tells what would become of it.
   * @param {Blob} file @param {{dryRun: boolean, overwrite?: boolean}} how @param {(done: number, total: number) => void} told
   * @returns {Promise<any>} the report
   */
  async bring(file, { dryRun, overwrite = false }, told) {
    const path = `${this.#path}/import?dry_run=${dryRun}&overwrite=${overwrite}`;
    const body = new Blob([file], { type: 'text/calendar' });
    let report = null;
    await this.#api.lines('POST', path, { body, timeout: UPLOAD }, (line) => {
      if ('total' in line) told(line.done, line.total);
      report = line.report ?? report;
    });
    return report;
  }
}
