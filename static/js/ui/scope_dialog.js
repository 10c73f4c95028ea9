/** Asks which occurrences of a series are meant: this one, this and those that follow, or all. */

import { h } from './h.js';
import { modal } from './modal.js';

/**
 * @typedef {import('../model/scopes.js').Scope} Scope
 * @typedef {{t: import('../model/i18n.js').Translate, workspace: import('../model/workspace.js').Workspace}} Context
 */

/**
 * Asks where there is something to ask. What does not recur, and what can only mean all, is `all`.
 * @param {Context} context @param {Record<string, any>} event @param {'save'|'move'|'delete'} doing
 * @param {{ruleChanges?: boolean}} [how] a rule is never that of one occurrence
 * @returns {Promise<Scope|null>} null: rather not
 */
export function askScope({ t, workspace }, event, doing, { ruleChanges = false } = {}) {
  if (!event.occurrence_of) return Promise.resolve('all');
  const isFirst = workspace.event(event.id)?.event_date === event.occurrence_of.date;
  /** @type {Scope[]} */
  const scopes = [...(ruleChanges ? [] : ['this']), ...(isFirst ? [] : ['following']), 'all'];
  return scopes.length > 1 ? choice(t, doing, scopes) : Promise.resolve('all');
}

/** @param {import('../model/i18n.js').Translate} t @param {string} doing @param {Scope[]} scopes @returns {Promise<Scope|null>} */
function choice(t, doing, scopes) {
  return new Promise((resolve) => {
    const radios = scopes.map((scope, index) => h('input', { type: 'radio', name: 'scope', value: scope, checked: index === 0 }));
    const lines = radios.map((radio) => h('label', { class: 'check choice' }, radio, h('span', {}, t(`scope.${radio.value}`))));
    const isDeletion = doing === 'delete';
    let answer = null;
    const box = modal({
      title: t(`scope.${doing}`),
      closeWords: t('action.close'),
      className: 'dialog small',
      body: [h('fieldset', { class: 'scopes' }, h('legend', {}, t('scope.ask')), ...lines)],
      foot: [
        h('span', { class: 'spacer' }),
        h('button', { type: 'button', class: 'plain', onclick: () => box.close() }, t('action.cancel')),
        h('button', { type: 'submit', class: isDeletion ? 'danger solid' : 'primary' }, t(isDeletion ? 'event.delete' : 'action.ok')),
      ],
      onsubmit: () => {
        answer = radios.find((radio) => radio.checked).value;
        box.close();
      },
      onclose: () => resolve(answer),
    });
    radios[0].focus();
  });
}
