/** Knows who else is there, by department: one person for each device, whatever number of pages it has open. */

/** @typedef {import('../live.js').Person} Person */
/** @typedef {{name: string|null, device: string, editing: string|null, own: boolean}} Somebody */

/** Hues that tell people apart, readable under white letters. */
const HUES = [212, 152, 26, 286, 340, 190, 100, 250];

/** Who is in each department, as the server last said. */
export class People {
  /** @type {Map<string, {people: Person[], count: number}>} */
  #told = new Map();
  #device;

  /** @param {string} device this one: somebody on it is no news to himself */
  constructor(device) {
    this.#device = device;
  }

  /** @param {{department_id: string, people: Person[], count: number}} told */
  hear({ department_id, people, count }) {
    this.#told.set(department_id, { people, count });
  }

  /** Nobody is known any more: the connection is gone. */
  clear() {
    this.#told.clear();
  }

  /** @param {string} departmentId @returns {Somebody[]} the others, those who edit first */
  others(departmentId) {
    const devices = new Map();
    for (const { id, actor, device_id, editing } of this.#told.get(departmentId)?.people ?? []) {
      const device = device_id ?? id;
      const known = devices.get(device);
      if (device !== this.#device) devices.set(device, { name: actor ?? known?.name ?? null, device, editing: known?.editing ?? editing });
    }
    return [...devices.values()].sort((a, b) => Number(b.editing !== null) - Number(a.editing !== null));
  }

  /** @param {string} departmentId @returns {number} people beyond those who are named */
  more(departmentId) {
    const { people, count } = this.#told.get(departmentId) ?? { people: [], count: 0 };
    return count - people.length;
  }

  /** @param {string} departmentId @param {string} eventId @returns {Somebody[]} who else edits it now */
  editors(departmentId, eventId) {
    return this.others(departmentId).filter(({ editing }) => editing === eventId);
  }

  /** @returns {Map<string, Somebody[]>} who edits, by event */
  get editing() {
    const found = new Map();
    for (const id of this.#told.keys()) {
      for (const somebody of this.others(id)) if (somebody.editing) found.set(somebody.editing, [...(found.get(somebody.editing) ?? []), somebody]);
    }
    return found;
  }
}

/** @param {string|null} name @returns {string} one or two letters: 미나 → 미나, 김민지 → 민지, Mina Kim → MK */
export function initialsOf(name) {
  const words = (name ?? '').trim().split(/\s+/u).filter(Boolean);
  if (!words.length) return '?';
  if (words.length > 1) return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join('');
  const letters = [...words[0]];
  return /^\p{Script=Hangul}+$/u.test(words[0]) ? letters.slice(-2).join('') : letters[0].toUpperCase();
}

/** @param {string} device @returns {number} the hue of somebody's mark, the same for everybody */
export function hueOf(device) {
  let sum = 0;
  for (const letter of device) sum = (sum * 31 + letter.codePointAt(0)) % 65_521;
  return HUES[sum % HUES.length];
}
