/** Tells what others change: aloud to who cannot see it, and by a gentle movement to who can. */

import { newsOf } from '../../model/phrases.js';
import { h } from '../h.js';
import { Gliding } from './gliding.js';

/** What comes within this time is told in one. */
const GATHER = 1200;
const MOST_KEPT = 200;

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function news({ t, preferences, workspace }) {
  const region = h('div', { class: 'news', role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions', 'aria-label': t('news.title') });
  const gliding = new Gliding();
  let waiting = [];
  let timer = null;
  const tell = () => {
    const words = newsOf(waiting, t, (id) => workspace.department(id)?.name);
    waiting = [];
    timer = null;
    // Behind an open dialog nothing is read out.
    const place = document.querySelector('dialog[open]') ?? document.body;
    if (region.parentElement !== place) place.append(region);
    if (words) region.replaceChildren(h('p', {}, words));
  };
  document.body.append(region);
  return {
    updated: ({ changes }) => {
      const others = changes.filter(({ device_id }) => device_id !== preferences.get('device'));
      if (!others.length) return;
      gliding.expect(others);
      if (!(preferences.get('newsAloud') ?? true)) return;
      waiting = [...waiting, ...others].slice(0, MOST_KEPT);
      timer ??= setTimeout(tell, GATHER);
    },
    destroy: () => {
      clearTimeout(timer);
      gliding.stop();
      region.remove();
    },
  };
}
