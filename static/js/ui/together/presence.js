/** Shows who else looks at a department and who edits which event, and says so of oneself while somebody looks. */

import { hueOf, initialsOf, People } from '../../model/people.js';
import { readKey } from '../../model/series.js';
import { fill, h } from '../h.js';
import { setting } from '../settings_dialog.js';

const FACES = 3;

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function presence(context) {
  const { t, live, preferences } = context;
  const people = new People(preferences.get('device'));
  const faces = new Map();
  const forms = new Set();
  const show = () => {
    for (const [id, element] of faces) drawFaces(element, people.others(id), people.more(id), t);
    for (const form of forms) form.show();
    markEvents(people, t);
  };
  const announce = () => live.announce(document.hidden || !(preferences.get('presence') ?? true) ? null : here(preferences, [...forms].at(-1)));
  const stop = preferences.listen((name) => ['actor', 'presence'].includes(name) && announce());
  document.addEventListener('visibilitychange', announce);
  live.onPresence = (told) => (people.hear(told), show());
  announce();
  return {
    departmentMarks: (id) => {
      faces.set(id, h('span', { class: 'faces', role: 'img', hidden: true }));
      drawFaces(faces.get(id), people.others(id), people.more(id), t);
      return [faces.get(id)];
    },
    eventHeads: (dialog) => (dialog.event.id ? [editing(dialog, people, t, forms, announce)] : []),
    settings: [{ title: t('presence.settings'), elements: [choice(t, preferences, 'presence', 'presence.show'), choice(t, preferences, 'newsAloud', 'presence.aloud')] }],
    draw: () => {
      if (live.state !== 'connected') people.clear();
      show();
    },
    destroy: () => {
      stop();
      document.removeEventListener('visibilitychange', announce);
    },
  };
}

function choice(t, preferences, name, words) {
  return setting({ words: t(words), value: preferences.get(name) ?? true, choose: (value) => preferences.set(name, value) });
}

function here(preferences, form) {
  return { actor: preferences.get('actor') || null, device_id: preferences.get('device'), editing: form?.place ?? null };
}

/** The line in an event's form that says who else has it open. */
function editing({ event, departmentId, closed }, people, t, forms, announce) {
  const element = h('p', { class: 'editing-now', role: 'status', hidden: true });
  let shown = '';
  const form = {
    place: { department_id: departmentId, event_id: event.id },
    show: () => {
      const others = people.editors(departmentId, event.id);
      const words = others.length ? t('presence.editing', { names: namesOf(others, 0, t) }) : '';
      if (words === shown) return;
      shown = words;
      element.hidden = !words;
      fill(element, ...others.slice(0, FACES).map(face), words);
    },
  };
  forms.add(form);
  closed(() => (forms.delete(form), announce()));
  announce();
  form.show();
  return element;
}

function drawFaces(element, others, more, t) {
  const names = namesOf(others, more, t);
  if (element.title === names) return;
  element.hidden = !others.length;
  element.title = names;
  element.setAttribute('aria-label', names && t('presence.here', { names }));
  const left = others.length + more - FACES;
  fill(element, ...others.slice(0, FACES).map(face), left > 0 && h('span', { class: 'face more-faces' }, `+${left}`));
}

/** @param {import('../../model/people.js').Somebody} somebody */
function face({ name, device, editing: event }) {
  return h('span', { class: event ? 'face busy' : 'face', 'aria-hidden': 'true', style: { '--hue': String(hueOf(device)) } }, initialsOf(name));
}

function namesOf(others, more, t) {
  const names = others.map(({ name }) => name || t('presence.guest'));
  if (more > 0) names.push(t('presence.more', { count: more }));
  return names.join(', ');
}

/** Marks what is being edited on the calendar; the grid leaves attributes alone that are not its own. */
export function markEvents(people, t) {
  const found = people.editing;
  for (const element of document.querySelectorAll('.calendar [data-event]')) {
    const editors = found.get(readKey(element.dataset.event).id);
    if (editors) element.dataset.editing = t('presence.editing', { names: namesOf(editors, 0, t) });
    else if (element.dataset.editing) delete element.dataset.editing;
  }
}
