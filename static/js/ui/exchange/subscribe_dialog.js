/** Shows a department's feeds, makes new ones and revokes them, and says how phones subscribe. */

import { randomId } from '../../model/ids.js';
import { fill, h } from '../h.js';
import { modal } from '../modal.js';
import { faultsByField, wordsFor } from '../problems.js';
import { feedRow } from './feed_row.js';

/**
 * @param {import('../features.js').Context} context @param {Record<string, any>} department
 * @param {import('../../calendar_files.js').CalendarFiles} files
 */
export function subscribeDialog(context, department, files) {
  const { t, toasts } = context;
  const list = h('ul', { class: 'feeds', 'aria-live': 'polite' }, h('li', { class: 'stamp' }, t('feeds.loading')));
  const name = h('input', { type: 'text', name: 'feed', maxlength: 100, required: true, placeholder: t('feeds.namePlaceholder'), autocomplete: 'off' });
  const busy = h('input', { type: 'checkbox', name: 'busy' });
  const create = h('button', { type: 'submit', class: 'primary' }, t('feeds.create'));
  const fault = h('p', { class: 'fault', role: 'alert', hidden: true });
  const local = h('p', { class: 'feed-local', hidden: true }, t('feeds.local'));
  const box = modal({
    title: t('feeds.title', department), closeWords: t('action.close'), className: 'dialog feeds-dialog',
    body: [
      h('p', {}, t('feeds.text')),
      h('fieldset', { class: 'feed-new' },
        h('legend', {}, t('feeds.new')),
        h('label', { class: 'field' }, h('span', {}, t('feeds.name')), name),
        h('label', { class: 'setting check' }, busy, h('span', {}, t('feeds.busyOnly'), h('small', {}, t('feeds.busyOnlyHint')))),
        h('div', { class: 'actions' }, create), fault),
      local, list, how(t),
    ],
    foot: [h('span', { class: 'spacer' }), h('button', { type: 'button', class: 'plain', onclick: () => box.close() }, t('action.close'))],
    onsubmit: () => void make(),
  });
  name.focus();
  void show(null);

  /** @param {string|null} fresh the feed whose code is shown at once */
  async function show(fresh) {
    try {
      const feeds = await files.feeds();
      local.hidden = !feeds.some(({ address }) => isLocal(address));
      const rows = feeds.reverse().map((feed) => feedRow({ t, toasts, files, feed, open: feed.id === fresh, revoke: () => revoke(feed) }));
      fill(list, ...(rows.length ? rows : [h('li', { class: 'stamp' }, t('feeds.none'))]));
      if (fresh) list.querySelector('.feed-copy')?.focus();
    } catch (problem) {
      fill(list, h('li', { class: 'fault' }, wordsFor(problem, t)));
    }
  }

  async function make() {
    if (!name.value.trim()) return say(t('error.required'));
    create.disabled = true;
    fault.hidden = true;
    const id = randomId();
    try {
      await files.createFeed({ id, name: name.value.trim(), busy_only: busy.checked, language: t.language });
      name.value = '';
      busy.checked = false;
      await show(id);
    } catch (problem) {
      say(faultsByField(problem, t).name ?? wordsFor(problem, t));
    } finally {
      create.disabled = false;
    }
  }

  async function revoke(feed) {
    try {
      await files.revokeFeed(feed.id);
      toasts.say(t('feeds.revoked', feed));
    } catch (problem) {
      toasts.warn(wordsFor(problem, t));
    }
    await show(null);
    name.focus();
  }

  function say(text) {
    fault.textContent = text;
    fault.hidden = false;
    name.focus();
  }
}

/** @param {string} address @returns {boolean} whether no phone can reach it */
function isLocal(address) {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(address).hostname);
}

/** Three lines: one for each kind of phone or program. */
function how(t) {
  const line = (key) => [h('dt', {}, t(`feeds.${key}`)), h('dd', {}, t(`feeds.${key}How`))];
  return h('section', { class: 'feed-how' }, h('h3', {}, t('feeds.how')), h('dl', {}, ...['iphone', 'android', 'outlook'].flatMap(line)));
}
