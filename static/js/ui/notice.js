/** Tells, inside an open form, what happened to its event meanwhile; it never touches the form itself. */

import { differences } from '../model/draft.js';
import { ruleWords } from '../model/rule_words.js';
import { fill, h } from './h.js';
import { icon } from './icons.js';

/**
 * @param {import('../model/i18n.js').Translate} t
 */
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
    /** @param {Record<string, any>} base @param {Record<string, any>} current */
    changed(base, current) {
      const actor = current.updated_by;
      const title = actor ? t('notice.changedBy', { actor }) : t('notice.changed');
      show(head(title), changeList(t, told(t, differences(base, current), current)), h('p', {}, t('notice.kept')));
    },
    deleted() {
      show(head(t('notice.deleted')), h('p', {}, t('notice.deletedKept')));
    },
    /**
     * @param {Record<string, any>} current @param {Record<string, any>} mine
     * @param {{overwrite: () => void, theirs: () => void}} choices
     */
    conflict(current, mine, { overwrite, theirs }) {
      const differing = told(t, differences(current, mine), current);
      show(
        head(t('conflict.title')),
        h('p', {}, t('conflict.text')),
        comparison(t, differing),
        h(
          'div',
          { class: 'choices' },
          h('button', { type: 'button', class: 'plain', onclick: theirs }, t('conflict.theirs')),
          h('button', { type: 'button', class: 'primary', onclick: overwrite }, t('conflict.overwrite')),
        ),
      );
      element.querySelector('.choices button')?.focus();
    },
    /** @param {string} text */
    problem(text) {
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

function comparison(t, changes) {
  const cell = (text) => h('td', {}, text || h('i', {}, t('conflict.empty')));
  const line = ({ field, before, after }) => h('tr', {}, h('th', { scope: 'row' }, t(`event.${field}`)), cell(before), cell(after));
  const heads = ['conflict.field', 'conflict.current', 'conflict.mine'].map((key) => h('th', { scope: 'col' }, t(key)));
  return h('table', { class: 'comparison' }, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...changes.map(line)));
}
