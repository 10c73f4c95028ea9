/** One feed: whose it is, when it was last used, its address to copy or to scan, and its end. */

import { copyText } from '../clipboard.js';
import { h } from '../h.js';
import { doubtful } from '../modal.js';

const STEPS = /** @type {[Intl.RelativeTimeFormatUnit, number][]} */ ([['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]]);

/**
 * @param {{t: import('../../model/i18n.js').Translate, toasts: {say: (text: string) => void, warn: (text: string) => void},
 *   files: import('../../calendar_files.js').CalendarFiles, feed: import('../../calendar_files.js').Feed, open: boolean, revoke: () => void}} parts
 *   `open` shows its code at once
 * @returns {HTMLElement}
 */
export function feedRow({ t, toasts, files, feed, open, revoke }) {
  const address = h('input', { type: 'text', class: 'feed-address', readonly: true, value: feed.address, 'aria-label': t('feeds.address', feed), onfocus: () => address.select() });
  const copy = async () => {
    if (await copyText(feed.address)) return toasts.say(t('feeds.copied'));
    address.focus();
    toasts.warn(t('feeds.notCopied'));
  };
  const code = h('div', { class: 'feed-code', hidden: !open });
  const draw = () => {
    if (!code.firstChild) code.append(...scanned(t, files, feed));
  };
  if (open) draw();
  const show = h('button', {
    type: 'button', class: 'plain', 'aria-expanded': String(open),
    onclick: () => {
      draw();
      code.hidden = !code.hidden;
      show.setAttribute('aria-expanded', String(!code.hidden));
    },
  }, t('feeds.qr'));
  return h('li', { class: 'feed' },
    h('div', { class: 'feed-head' }, h('strong', {}, feed.name), feed.busy_only && h('span', { class: 'feed-badge' }, t('feeds.busyBadge')), h('small', {}, used(t, feed))),
    address,
    h('div', { class: 'actions' },
      h('button', { type: 'button', class: 'plain feed-copy', onclick: copy }, t('feeds.copy')), show,
      h('span', { class: 'spacer' }), doubtful({ words: t('feeds.revoke'), sure: t('feeds.revokeSure'), act: revoke })),
    code);
}

/** The code for a camera, and a link for this very device. */
function scanned(t, files, feed) {
  return [
    h('img', { src: files.qr(feed.id), alt: t('feeds.qrOf', feed), width: 164, height: 164 }),
    h('div', {}, h('p', {}, t('feeds.scan')), h('a', { href: feed.address.replace(/^https?:/, 'webcal:') }, t('feeds.open'))),
  ];
}

function used(t, { last_used_at: at, last_client: client }) {
  if (!at) return t('feeds.never');
  const passed = Date.now() - Date.parse(at);
  const [unit, size] = STEPS.find(([, length]) => passed >= length) ?? STEPS.at(-1);
  const when = new Intl.RelativeTimeFormat(t.language, { numeric: 'auto' }).format(-Math.floor(passed / size), unit);
  return t(client ? 'feeds.usedBy' : 'feeds.used', { when, client: client?.split('/')[0] });
}
