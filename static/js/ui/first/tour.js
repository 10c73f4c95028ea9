/** Shows in four steps what a newcomer would not guess; it can be left at any of them, and comes once. */

import { fill, h } from '../h.js';

const GAP = 10;
const STEPS = [
  { name: 'create', at: '.add' },
  { name: 'departments', at: '.departments' },
  { name: 'safe', at: '.header .icon-button[aria-haspopup="menu"]' },
  { name: 'together', at: '.light' },
];

/** @param {import('../../model/i18n.js').Translate} t @param {() => void} ended */
export function tour(t, ended) {
  let step = 0;
  const words = h('p', { id: 'tour-text' });
  const heading = h('h2', { id: 'tour-title' });
  const count = h('span', { class: 'tour-count' });
  const next = h('button', { type: 'submit', class: 'primary' });
  const leave = h('button', { type: 'button', class: 'quiet', onclick: () => card.close() }, t('tour.leave'));
  const form = h('form', { method: 'dialog', onsubmit: advance }, heading, words, h('div', { class: 'tour-foot' }, count, h('span', { class: 'spacer' }), leave, next));
  const card = h('dialog', { class: 'tour', 'aria-labelledby': 'tour-title', 'aria-describedby': 'tour-text', onclose: end }, form);
  document.body.append(card);
  card.showModal();
  show();

  function advance(event) {
    event.preventDefault();
    step += 1;
    if (step === STEPS.length) return card.close();
    show();
  }

  function show() {
    const { name, at } = STEPS[step];
    fill(heading, t(`tour.${name}`));
    fill(words, t(`tour.${name}Text`));
    fill(count, t('tour.count', { step: step + 1, all: STEPS.length }));
    fill(next, t(step + 1 === STEPS.length ? 'tour.done' : 'tour.next'));
    leave.hidden = step + 1 === STEPS.length;
    mark(visible(at));
    next.focus();
  }

  /** @param {Element|null} target what the card speaks of; without one it stands in the middle */
  function mark(target) {
    document.querySelector('.tour-target')?.classList.remove('tour-target');
    target?.classList.add('tour-target');
    card.classList.toggle('free', !target);
    if (!target) return;
    const place = target.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = card;
    const below = place.bottom + GAP + height < innerHeight;
    const beside = place.right + GAP + width < innerWidth && place.height > innerHeight / 4;
    const left = beside ? place.right + GAP : Math.min(place.left, innerWidth - width - GAP);
    const top = beside ? place.top : below ? place.bottom + GAP : place.top - height - GAP;
    card.style.setProperty('--left', `${Math.max(GAP, left)}px`);
    card.style.setProperty('--top', `${Math.max(GAP, top)}px`);
  }

  function end() {
    mark(null);
    card.remove();
    ended();
  }
}

/** @param {string} selector @returns {Element|null} null where it is not on the screen: a phone hides the departments */
function visible(selector) {
  const found = document.querySelector(selector);
  const place = found?.getBoundingClientRect();
  return place && place.width && place.left >= 0 && place.right <= innerWidth + 1 ? found : null;
}
