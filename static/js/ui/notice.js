/** Tells, inside an open form, what happened to its event meanwhile, and asks what to keep where both sides changed the same. */

import { valuesOf } from '../model/draft.js';
import { ruleWords } from '../model/rule_words.js';
import { fill, h } from './h.js';
import { icon } from './icons.js';

/** @typedef {import('./merging.js').Contest} Contest */

/** @param {import('../model/i18n.js').Translate} t */
export function notice(t) {
  const element = h('section', { class: 'notice', role: 'alert', hidden: true });
  const show = (...children) => {
    element.hidden = false;
    fill(element, ...children);
    element.scrollIntoView({ block: 'nearest' });
  };
  return {
    element,
    hide: () => (element.hidden = true),
    /**
     * @param {{current: Record<string, any>, lines: {field: string, before: string, after: string}[], contests: Contest[],
     *   choose: (contest: Contest, side: 'mine'|'theirs') => void}} parts `lines`: what came into the form by itself
     */
    merged({ current, lines, contests, choose }) {
      const focused = element.contains(document.activeElement) ? document.activeElement : null;
      const actor = current.updated_by;
      const words = (key, values) => (actor ? t(key, { actor, ...values }) : t(`${key}Unknown`, values));
      element.setAttribute('role', contests.length ? 'alert' : 'status');
      show(
        lines.length > 0 && head(words('merge.taken')),
        lines.length > 0 && changeList(t, told(t, lines, current)),
        contests.length > 0 ? head(words('merge.choose')) : h('p', {}, t('merge.kept')),
        ...contests.map((contest) => contestField(t, contest, words('merge.theirs'), choose)),
      );
      if (focused) element.querySelector(`input[name="${focused.name}"][value="${focused.value}"]`)?.focus();
    },
    /** Leads to the first choice that was not made. */
    ask() {
      const open = [...element.querySelectorAll('.merge')].find((field) => !field.querySelector(':checked'));
      open?.classList.add('asked');
      open?.querySelector('input')?.focus();
    },
    deleted() {
      element.setAttribute('role', 'alert');
      show(head(t('notice.deleted')), h('p', {}, t('notice.deletedKept')));
    },
    /** @param {string} text */
    problem(text) {
      element.setAttribute('role', 'alert');
      show(head(text));
    },
  };
}

/** @param {string} text */
function head(text) {
  return h('h3', {}, icon('warning'), text);
}

/** Says rules in words. */
function told(t, changes, { event_date }) {
  const words = (rrule) => (rrule ? ruleWords(rrule, event_date, t.language) : t('repeat.none'));
  return changes.map((change) => (change.field === 'recurrence' ? { field: change.field, before: words(change.before), after: words(change.after) } : change));
}

function changeList(t, changes) {
  const item = ({ field, before, after }) =>
    h('li', {}, h('b', {}, t(`event.${field}`)), ' ', h('del', {}, before || t('conflict.empty')), ' → ', h('ins', {}, after || t('conflict.empty')));
  return h('ul', {}, ...changes.map(item));
}

/** @param {Contest} contest @param {string} theirs whose the other one is */
function contestField(t, contest, theirs, choose) {
  const side = (name, words, text) => {
    const radio = h('input', { type: 'radio', name: `merge-${contest.unit}`, value: name, checked: contest.choice === name, onchange: () => choose(contest, name) });
    return h('label', {}, radio, h('span', {}, h('b', {}, words), text || t('conflict.empty')));
  };
  return h(
    'fieldset',
    { class: 'merge' },
    h('legend', {}, t(`event.${contest.unit}`)),
    side('mine', t('merge.mine'), written(contest.unit, contest.mine, t)),
    side('theirs', theirs, written(contest.unit, valuesOf(contest.theirs), t)),
  );
}

/** @param {import('../model/merge.js').Unit} unit @param {Record<string, any>} values as a form has them */
function written(unit, values, t) {
  if (unit !== 'when') return values[unit];
  const day = (date) => date && new Date(`${date}T00:00Z`).toLocaleDateString(t.language, { dateStyle: 'medium', timeZone: 'UTC' });
  const days = [...new Set([values.event_date, values.end_date])].filter(Boolean).map(day).join(' ~ ');
  const clock = values.all_day ? t('event.allDay') : values.time || [values.start_time, values.end_time].filter(Boolean).join('~');
  const rule = values.rrule && ruleWords(values.rrule, values.event_date, t.language);
  return [days, clock, rule].filter(Boolean).join(' · ');
}
