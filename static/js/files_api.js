/** Speaks with the server about files, and brings their bytes to where the server says: it never carries them itself. */

import { randomId } from './model/ids.js';

const SINGLE = 100 * 2 ** 20;

/** The files of departments and events. */
export class FilesApi {
  #api;

  /** @param {import('./api.js').Api} api */
  constructor(api) {
    this.#api = api;
  }

  /**
   * Is how one file goes up, and goes on.
   * @param {File} file @param {{departmentId: string, eventId: string|null}} place
   * @param {import('./model/unfinished.js').Unfinished} unfinished
   * @returns {import('./model/upload.js').Transport}
   */
  transport(file, place, unfinished) {
    const one = (id, rest = '') => `api/attachments/${id}${rest}`;
    return {
      begin: () => this.#begin(file, place, unfinished),
      sign: async (id) => (await this.#api.call('POST', one(id, '/upload'), { body: {} })).upload,
      signParts: async (id, parts) => (await this.#api.call('POST', one(id, '/parts'), { body: { parts } })).parts,
      held: (id) => this.#api.call('GET', one(id, '/parts')),
      complete: (id, parts) => this.#api.call('POST', one(id, '/complete'), { body: parts ? { parts } : {} }),
      remove: (id) => this.#api.call('DELETE', one(id)),
      put,
    };
  }

  /** @param {string} id @returns {Promise<void>} what one has done, and can take back */
  remove(id) {
    return this.#api.deleteAttachment(id);
  }

  /** @param {string} id @returns {Promise<any>} asks the store to bring an archived file back */
  retrieve(id) {
    return this.#api.call('POST', `api/attachments/${id}/retrieve`, { body: {} });
  }

  /** @param {string} id @param {'inline'|'attachment'} disposition @returns {string} */
  address(id, disposition) {
    return `api/attachments/${id}/download?disposition=${disposition}`;
  }

  /** @param {{id: string, version: number}} attachment @returns {string} */
  thumbnail({ id, version }) {
    return `api/attachments/${id}/download?variant=thumbnail&disposition=inline&v=${version}`;
  }

  async #begin(file, { departmentId, eventId }, unfinished) {
    const place = eventId ?? departmentId;
    const known = unfinished.find(file, place);
    const id = known ?? randomId();
    const body = {
      id, department_id: departmentId, event_id: eventId, file_name: file.name.normalize('NFC'), file_size: file.size,
      mime_type: file.type || 'application/octet-stream', ...(await this.#proof(file)),
    };
    unfinished.begin(file, place, id);
    try {
      const begun = await this.#api.call('POST', 'api/attachments', { body });
      if (!known || begun.attachment.status !== 'failed') return begun;
    } catch (problem) {
      if (![404, 409].includes(problem.status)) throw problem;
      if (!known) {
        unfinished.end(id);
        throw problem;
      }
    }
    unfinished.end(id);
    return this.#begin(file, { departmentId, eventId }, unfinished); // that one was given up meanwhile: begin anew
  }

  /** What the store can check: a small file's own SHA-256, a large one's part by part. */
  async #proof(file) {
    if (!sha256) return {};
    return file.size <= SINGLE ? { checksum_sha256: await sha256(file) } : { part_checksums: true };
  }
}

/** SHA-256 in hex; null where browsers keep it from pages, which is on plain HTTP. */
export const sha256 = globalThis.crypto?.subtle ? hexOf : null;

/** @param {Blob} body @returns {Promise<string>} */
async function hexOf(body) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await body.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Sends bytes to the store. `fetch` does not tell how far an upload is; XMLHttpRequest does.
 * @param {import('./model/upload.js').Signed} signed @param {Blob} body @param {(bytes: number) => void} sent @param {AbortSignal} signal
 * @returns {Promise<string>} the entity tag
 */
function put({ method, url, headers }, body, sent, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (status) => reject(Object.assign(new Error(`the store answered ${status}`), { status }));
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) if (!isBrowsers(name)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => sent(loaded);
    request.onload = () => (request.status < 300 ? resolve(request.getResponseHeader('ETag') ?? '') : fail(request.status));
    request.onerror = request.onabort = () => fail(0);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}

/** @param {string} name @returns {boolean} whether the browser sets this header itself, and lets nobody else */
function isBrowsers(name) {
  return ['content-length', 'host'].includes(name.toLowerCase());
}
