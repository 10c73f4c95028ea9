/** Speaks REST with the server. */

import { Problem, Requests } from './requests.js';

/** @typedef {import('./model/scopes.js').Part} Part */

export { Problem };

/** The server's REST interface, as far as the calendar needs it. */
export class Api extends Requests {
  /** @param {string} log @param {Record<string, any>} query @returns {Promise<any>} a page; the caller tries again */
  changes(log, query) {
    return this.once('GET', `api/departments/${encodeURIComponent(log)}/changes?${new URLSearchParams(query)}`, {});
  }

  /** @param {Record<string, string>} query @returns {Promise<{date: string, name: string}[]>} public holidays; the browser may keep them */
  holidays(query) {
    return this.once('GET', `api/holidays?${new URLSearchParams(query)}`, { cache: 'default' });
  }

  /** @returns {Promise<{code: string}[]>} the countries whose holidays are known */
  holidayCountries() {
    return this.once('GET', 'api/holidays/countries', { cache: 'default' });
  }

  /** @param {Record<string, any>} department @returns {Promise<any>} */
  createDepartment(department) {
    return this.write('POST', 'api/departments', { body: department });
  }

  /** @param {string} id @param {Record<string, any>} members @param {number} [version] @param {string} [key] @returns {Promise<any>} */
  updateDepartment(id, members, version, key) {
    return this.write('PUT', `api/departments/${id}`, { body: members, version, key });
  }

  /** @param {string} id @param {number} [version] @param {string} [key] @returns {Promise<void>} */
  deleteDepartment(id, version, key) {
    return this.write('DELETE', `api/departments/${id}`, { version, key });
  }

  /** @param {string} departmentId @param {Record<string, any>} event @returns {Promise<any>} */
  createEvent(departmentId, event) {
    return this.write('POST', `api/events/${departmentId}`, { body: event });
  }

  /** @param {string} id @param {Record<string, any>} members @param {number} [version] @param {Part} [part] @returns {Promise<any>} */
  updateEvent(id, members, version, part) {
    return this.write('PUT', `api/events/${id}${queryOf(part)}`, { body: members, version });
  }

  /** @param {string} id @param {number} [version] @param {Part} [part] @param {string} [key] @returns {Promise<void>} */
  deleteEvent(id, version, part, key) {
    return this.write('DELETE', `api/events/${id}${queryOf(part)}`, { version, key });
  }

  /**
   * Undeletes an event, or makes an old `version` of it the newest, perhaps in the place of another.
   * @param {string} id @param {{version?: number, instead_of?: string}} what @param {number} [version] @param {string} [key]
   */
  restoreEvent(id, what, version, key) {
    return this.write('POST', `api/events/${id}/restore`, { body: what, version, key });
  }

  /** @param {string} id @param {string} departmentId @param {number} [version] @param {string} [key] @returns {Promise<any>} */
  moveEvent(id, departmentId, version, key) {
    return this.write('POST', `api/events/${id}/move`, { body: { department_id: departmentId }, version, key });
  }

  /** @param {string} id @param {number} [version] @param {string} [key] @returns {Promise<void>} */
  deleteAttachment(id, version, key) {
    return this.write('DELETE', `api/attachments/${id}`, { version, key });
  }

  /** @param {string} id @param {number} [version] @param {string} [key] @returns {Promise<any>} */
  restoreAttachment(id, version, key) {
    return this.write('POST', `api/attachments/${id}/restore`, { body: {}, version, key });
  }

  /** @param {string} id @param {{name?: string}} what @param {string} [key] @returns {Promise<any>} */
  restoreDepartment(id, what, key) {
    return this.write('POST', `api/departments/${id}/restore`, { body: what, key });
  }

  /** @param {Record<string, any>} query @returns {Promise<{entities: Record<string, any>[], next: string|null}>} a page of what was found in all departments */
  async search(query) {
    const { answer, headers } = await this.ask('GET', `api/search?${new URLSearchParams(query)}`);
    return { entities: answer, next: nextOf(headers) };
  }

  /** @param {string} id @param {string|null} [cursor] @returns {Promise<{versions: any[], complete: boolean, next: string|null}>} */
  async eventHistory(id, cursor) {
    const { answer, headers } = await this.ask('GET', `api/events/${id}/history?${pageOf(20, cursor)}`);
    return { ...answer, next: nextOf(headers) };
  }

  /** @param {string} log @param {string} [text] @param {string|null} [cursor] @returns {Promise<{items: any[], next: string|null}>} */
  async trash(log, text, cursor) {
    const { answer, headers } = await this.ask('GET', `api/departments/${log}/trash?${pageOf(50, cursor, text)}`);
    return { items: answer, next: nextOf(headers) };
  }

  /**
   * Asks once for something that is nobody's entity; what speaks for a part of the server alone is built on it.
   * @param {string} method @param {string} path @param {{body?: any, timeout?: number}} [request] a Blob goes as it is; `timeout` in ms
   * @returns {Promise<any>}
   */
  call(method, path, request = {}) {
    return this.once(method, path, request);
  }
}

/** @param {Part} [part] @returns {string} */
function queryOf(part) {
  return part ? `?${new URLSearchParams(part)}` : '';
}

/** @param {number} limit @param {string|null} [cursor] @param {string} [q] @returns {URLSearchParams} */
function pageOf(limit, cursor, q) {
  return new URLSearchParams({ limit: String(limit), ...(cursor && { cursor }), ...(q && { q }) });
}

/** @param {Headers} headers @returns {string|null} the cursor of the next page (RFC 8288) */
function nextOf(headers) {
  const address = headers.get('Link')?.match(/<([^>]+)>; rel="next"/)?.[1];
  return address ? new URL(address, 'http://any').searchParams.get('cursor') : null;
}
