/** Shows what became of a calendar file, or would: the sums, and a row for each event. */

import { ordered, sums, wanted } from '../../model/import_report.js';
import { h } from '../h.js';

/** More rows say nothing more to a person, and cost the page. */
const MOST = 200;

/** @param {import('../../model/i18n.js').Translate} t @param {any} report @returns {HTMLElement[]} */
export function reportOf(t, report) {
  const rows = ordered(report);
  const found = sums(report);
  const title = !report.dry_run ? 'ics.done' : wanted(report, true) ? 'ics.preview' : 'ics.nothing';
  const sum = ({ outcome, count }) => h('li', { class: `outcome ${outcome}` }, t(`ics.count.${outcome}`, { count: count.toLocaleString(t.language) }));
  return [
    h('p', { class: 'import-sum' }, t(title)),
    h('ul', { class: 'import-sums' }, ...found.map(sum)),
    !report.complete && h('p', { class: 'fault' }, t('ics.cut')),
    rows.length > 0 && table(t, rows.slice(0, MOST)),
    rows.length > MOST && h('small', {}, t('ics.more', { count: (rows.length - MOST).toLocaleString(t.language) })),
  ].filter(Boolean);
}

/** @param {import('../../model/import_report.js').Row[]} rows */
function table(t, rows) {
  const head = ['ics.outcome', 'ics.event', 'ics.date', 'ics.why'].map((key) => h('th', { scope: 'col' }, t(key)));
  return h('div', { class: 'import-rejects', tabindex: 0, role: 'region', 'aria-label': t('ics.rows') },
    h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows.map((row) => line(t, row)))));
}

function line(t, { outcome, title, uid, date, reason, notes, line: number }) {
  const why = [reason, ...notes].filter(Boolean).map((fault) => h('div', {}, ...faultWords(t, fault)));
  return h('tr', {},
    h('td', {}, h('span', { class: `outcome ${outcome}` }, t(`ics.outcome.${outcome}`))),
    h('td', {}, title ?? uid ?? '', h('small', {}, ` ${t('ics.line', { line: number })}`)),
    h('td', {}, date ?? ''),
    h('td', {}, ...why));
}

/** What the server says in English stands behind, for what it names. */
function faultWords(t, { code, detail }) {
  const key = `ics.why.${code}`;
  return t.has(key) ? [t(key), t.language === 'en' ? null : h('small', { class: 'import-detail', lang: 'en' }, detail)].filter(Boolean) : [detail];
}
