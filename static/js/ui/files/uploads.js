/** All uploads of this page, whichever dialog they were begun in: they go on while the person does something else. */

import { FilesApi, sha256 } from '../../files_api.js';
import { Unfinished } from '../../model/unfinished.js';
import { Upload } from '../../model/upload.js';

/** Files that go up at once; the rest wait. */
const AT_ONCE = 2;

/** @typedef {{file: File, place: {departmentId: string, eventId: string|null}, upload: Upload}} Entry */

/** The page's uploads. */
export class Uploads {
  /** @type {Entry[]} */
  entries = [];
  #files;
  #unfinished;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {import('../../api.js').Api} api @param {Storage|null} storage */
  constructor(api, storage) {
    this.#files = new FilesApi(api);
    this.#unfinished = new Unfinished(storage, () => Date.now());
    addEventListener('beforeunload', (event) => this.busy && event.preventDefault());
    addEventListener('online', () => this.#wake());
  }

  /** @returns {FilesApi} */
  get files() {
    return this.#files;
  }

  /** @returns {boolean} whether leaving the page would interrupt something */
  get busy() {
    return this.entries.some(({ upload }) => ['waiting', 'sending', 'checking'].includes(upload.state));
  }

  /** @param {() => void} listener @returns {() => void} how to stop listening */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param {File[]} files @param {{departmentId: string, eventId: string|null}} place */
  add(files, place) {
    for (const file of files) {
      const transport = this.#files.transport(file, place, this.#unfinished);
      const clock = { now: () => Date.now(), setTimeout: (work, ms) => setTimeout(work, ms) };
      const upload = new Upload({ source: file, transport, digest: sha256, clock, changed: () => this.#tell() });
      this.entries.push({ file, place, upload });
    }
    this.#next();
  }

  /** @param {Entry} entry */
  async run({ upload }) {
    await upload.start();
    if (upload.over && upload.attachment) this.#unfinished.end(upload.attachment.id);
    this.#next();
  }

  /** @param {Entry} entry */
  async cancel(entry) {
    await entry.upload.cancel();
    if (entry.upload.attachment) this.#unfinished.end(entry.upload.attachment.id);
    this.drop(entry);
    this.#next();
  }

  /** @param {Entry} entry it ended, and was seen */
  drop(entry) {
    this.entries = this.entries.filter((one) => one !== entry);
    this.#tell();
  }

  #next() {
    const sending = this.entries.filter(({ upload }) => upload.state === 'sending' || upload.state === 'checking').length;
    const waiting = this.entries.filter(({ upload }) => upload.state === 'waiting');
    for (const entry of waiting.slice(0, Math.max(0, AT_ONCE - sending))) void this.run(entry);
    this.#tell();
  }

  /** The line is back: what gave up for want of one goes on. */
  #wake() {
    for (const entry of this.entries) if (entry.upload.state === 'failed' && entry.upload.problem?.status === 0) void this.run(entry);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
