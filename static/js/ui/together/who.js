/** Asks for a name, once and kindly, so that others see who changed what; it can be changed beside the departments. */

import { h } from '../h.js';

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function who(context) {
  const { preferences } = context;
  const you = yourName(context);
  const isAsking = () => !preferences.get('actor') && !preferences.get('nameAsked');
  let card = null;
  let asking = false;
  const stop = preferences.listen((name) => {
    if (name !== 'actor') return;
    you.show();
    if (preferences.get('actor')) card?.remove();
  });
  return {
    sidebar: [you.element],
    eventHeads: ({ closed }) => {
      if (!isAsking()) return [];
      asking = true;
      closed(() => {
        asking = false;
        preferences.set('nameAsked', true);
      });
      return [field(context)];
    },
    updated: ({ changes }) => {
      const own = changes.some(({ device_id, actor }) => device_id === preferences.get('device') && !actor);
      if (!own || !isAsking() || asking || card) return;
      card = ask(context);
      document.body.append(card);
    },
    destroy: () => {
      stop();
      card?.remove();
    },
  };
}

function nameInput(t, props) {
  return h('input', { type: 'text', name: 'actor', maxlength: 50, autocomplete: 'name', placeholder: t('you.placeholder'), ...props });
}

function yourName({ t, preferences }) {
  const input = nameInput(t, { onchange: () => preferences.set('actor', input.value.trim()) });
  const show = () => (input.value = preferences.get('actor') ?? '');
  show();
  return { element: h('label', { class: 'you' }, h('span', {}, t('you.name')), input), show };
}

/** In the form of the first event: the name goes along with this very write. */
function field({ t, preferences }) {
  const input = nameInput(t, { oninput: () => preferences.set('actor', input.value.trim()), 'aria-describedby': 'who-hint' });
  return h('div', { class: 'field who' }, h('label', {}, h('span', {}, t('you.name')), input), h('small', { id: 'who-hint' }, t('who.hint')));
}

/** After a first write without a form, such as a drag. */
function ask({ t, preferences }) {
  const done = (name) => {
    if (name) preferences.set('actor', name);
    preferences.set('nameAsked', true);
    card.remove();
  };
  const input = nameInput(t, { 'aria-label': t('you.name') });
  const form = h(
    'form',
    { onsubmit: (event) => (event.preventDefault(), done(input.value.trim())) },
    h('h2', {}, t('who.title')),
    h('p', {}, t('who.text')),
    input,
    h('div', { class: 'choices' }, h('button', { type: 'button', class: 'plain', onclick: () => done('') }, t('who.later')), h('button', { type: 'submit', class: 'primary' }, t('who.save'))),
  );
  const card = h('section', { class: 'who-card', 'aria-label': t('who.title') }, form);
  return card;
}
