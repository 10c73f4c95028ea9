/** Brings an old calendar in: its files are sent and rehearsed, the person sees what would come, and then it comes. */

import { OldCalendarImport } from '../../old_calendars.js';
import { fill, h } from '../h.js';
import { modal } from '../modal.js';
import { wordsFor } from '../problems.js';

const LOOK = 400;

/** @param {File} file @returns {string|null} by what name the server takes it */
function nameFor({ name }) {
  if (/\.(db|sqlite3?)$/i.test(name)) return 'calendar.db';
  const plain = name.toLowerCase();
  if (plain === 'departments.json') return plain;
  return /events?\.json$/.test(plain) ? 'calendar_events.json' : null;
}

/** @param {Pick<import('../features.js').Context, 't'|'api'|'toasts'>} context @param {File[]} [dropped] */
export function importDialog(context, dropped = []) {
  const { t } = context;
  const closed = new AbortController();
  const stage = h('div', { class: 'import-stage', 'aria-live': 'polite' });
  const go = h('button', { type: 'submit', class: 'primary', disabled: true }, t('import.go'));
  const cancel = h('button', { type: 'button', class: 'plain', onclick: () => box.close() }, t('action.close'));
  const input = h('input', { type: 'file', multiple: true, accept: '.json,.db,.sqlite,.sqlite3', class: 'import-input', 'aria-label': t('import.choose'), onchange: () => void take([...input.files]) });
  const area = dropArea(t, input, (files) => void take(files));
  const box = modal({
    title: t('import.title'), closeWords: t('action.close'), className: 'dialog import-dialog',
    body: [h('p', {}, t('import.text')), area, stage],
    foot: [h('span', { class: 'spacer' }), cancel, go],
    onsubmit: () => void bring(),
    onclose: () => closed.abort(),
  });
  const incoming = new OldCalendarImport(context.api);
  if (dropped.length) void take(dropped);

  async function take(files) {
    const known = files.map((file) => [nameFor(file), file]).filter(([name]) => name);
    if (!known.length) return say(t('import.unknown'), 'error');
    await careful(async () => {
      for (const [name, file] of known) {
        say(t('import.sending', { name: file.name }));
        await incoming.put(name, file);
      }
      const told = await run(true);
      fill(stage, ...preview(t, told));
      go.disabled = !told.report?.events && !told.report?.departments;
      if (!go.disabled) go.focus();
    });
  }

  async function bring() {
    go.disabled = true;
    await careful(async () => {
      const told = await run(false);
      fill(stage, ...outcome(t, told));
      cancel.focus();
    });
  }

  /** @param {boolean} dryRun */
  async function run(dryRun) {
    let told = await incoming.start(dryRun);
    while (told.state === 'running' && !closed.signal.aborted) {
      fill(stage, h('p', {}, t(dryRun ? 'import.rehearsing' : 'import.running')), h('progress', { max: told.total || null, value: told.total ? told.done : null, 'aria-label': t('import.title') }));
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      told = await incoming.look();
    }
    if (told.state !== 'done') throw Object.assign(new Error(told.detail ?? told.state), { failed: true });
    return told;
  }

  async function careful(work) {
    area.inert = true;
    try {
      await work();
    } catch (problem) {
      say(problem.failed ? t('import.failed', { detail: problem.message }) : wordsFor(problem, t), 'error');
    } finally {
      area.inert = false;
    }
  }

  function say(text, kind = 'plain') {
    fill(stage, h('p', { class: kind === 'error' ? 'fault' : '', role: kind === 'error' ? 'alert' : null }, text));
  }
}

function dropArea(t, input, take) {
  const over = (event) => {
    event.preventDefault();
    area.classList.toggle('over', event.type === 'dragover');
  };
  const drop = (event) => {
    over(event);
    event.stopPropagation();
    take([...event.dataTransfer.files]);
  };
  const area = h('label', { class: 'drop-area', ondragover: over, ondragleave: over, ondrop: drop }, h('strong', {}, t('import.drop')), h('small', {}, t('import.files')), input);
  return area;
}

function preview(t, { report, rejects }) {
  const words = t('import.preview', { departments: report.departments, events: report.events.toLocaleString(t.language) });
  return [h('p', { class: 'import-sum' }, words), ...rejected(t, report, rejects)];
}

function outcome(t, { report, rejects }) {
  const words = t(report.verified ? 'import.done' : 'import.different', { departments: report.departments, events: report.events.toLocaleString(t.language) });
  return [h('p', { class: 'import-sum' }, words), ...rejected(t, report, rejects)];
}

/** The server says it in English, beginning with what kind of fault it is; the value at fault stays as it is. */
function reasonWords(t, reason) {
  const [kind, ...rest] = reason.split(/[:,]/);
  const key = `import.reason.${kind}`;
  return t.has(key) ? [t(key), rest.length > 0 && h('small', {}, rest.join(':').trim())] : [reason];
}

/** Every row that is not taken has a reason that its owner can read. */
function rejected(t, report, rejects) {
  if (!report.rejected) return [];
  const row = ({ source, id, reason }) => h('tr', {}, h('td', {}, source), h('td', {}, id), h('td', {}, ...reasonWords(t, reason)));
  const head = ['import.source', 'import.row', 'import.reason'].map((key) => h('th', { scope: 'col' }, t(key)));
  return [
    h('p', {}, t('import.rejected', { count: report.rejected })),
    h('div', { class: 'import-rejects', tabindex: 0, role: 'region', 'aria-label': t('import.rejected', { count: report.rejected }) },
      h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rejects.map(row)))),
  ];
}
