/** Fills an empty server with the sample, and says how far it is. */

import { wallClock } from '../../model/dates.js';
import { randomId } from '../../model/ids.js';
import { sampleCalendar } from '../../model/sample.js';
import { wordsFor } from '../problems.js';

/**
 * @param {Pick<import('../features.js').Context, 't'|'api'|'toasts'>} context
 * @param {(done: number, total: number) => void} progress
 * @returns {Promise<boolean>} whether all of it is there
 */
export async function fillWithSample({ t, api, toasts }, progress) {
  const samples = sampleCalendar(t.language, wallClock(new Date()).slice(0, 10));
  const total = samples.reduce((sum, { events }) => sum + events.length + 1, 0);
  let done = 0;
  try {
    for (const { department, events } of samples) {
      const { id } = await api.createDepartment({ id: randomId(), ...department });
      progress((done += 1), total);
      for (const event of events) {
        await api.createEvent(id, { id: randomId(), ...event });
        progress((done += 1), total);
      }
    }
    return true;
  } catch (problem) {
    toasts.warn(wordsFor(problem, t));
    return false;
  }
}
