/** The fields of an event, and what a person has written into them. */

import { addDays, addMinutes, daysBetween, minutesBetween } from '../model/dates.js';
import { valuesOf } from '../model/draft.js';
import { zoneName } from '../model/i18n.js';
import { h } from './h.js';
import { icon } from './icons.js';
import { repeatFields } from './repeat_fields.js';
import { swatches } from './swatches.js';

const WHEN = ['event_date', 'start_time', 'end_date', 'end_time'];

/**
 * @param {{t: import('../model/i18n.js').Translate, event: Record<string, any>, departments: Record<string, any>[],
 *   departmentId: string, colors: Map<string, string>, viewerZone: string}} parts
 */
export function eventForm({ t, event, departments, departmentId, colors, viewerZone }) {
  const values = valuesOf(event);
  const isNew = !event.id;
  const inputs = makeInputs(t, values);
  const department = departmentSelect({ t, departments, departmentId, isNew });
  const when = whenFields(t, inputs, event, viewerZone);
  const repeat = repeatFields(t, event);
  inputs.event_date.addEventListener('change', () => repeat.moveTo(inputs.event_date.value));
  const color = colorField(t, values.color, colors.get(departmentId));
  const link = linkFor(t, inputs.url);
  const elements = [
    field(t, 'title', inputs.title),
    field(t, 'department', department),
    when.element,
    repeat.element,
    field(t, 'location', inputs.location),
    field(t, 'description', inputs.description),
    details(t, [field(t, 'url', inputs.url, link), row(field(t, 'category', inputs.category), field(t, 'tags', inputs.tags)), color.element], values),
  ];
  const form = {
    elements,
    title: inputs.title,
    departmentId: () => department.value,
    read: () => ({ ...readAll(inputs, color), ...repeat.read() }),
    /** @param {Record<string, any>} other an event that takes the place of what was written @param {string[]} [names] only there */
    load: (other, names) => form.put(valuesOf(other), names),
    /** @param {Record<string, any>} written as `read` gave it @param {string[]} [names] the inputs that are written; the others stay as they are */
    put(written, names = Object.keys(written)) {
      writeAll(inputs, written, names);
      if (names.includes('color') && written.color !== color.read()) color.choose(written.color);
      when.refresh();
      const recurrence = written.rrule ? { rrule: written.rrule } : null;
      if (names.includes('rrule')) repeat.load({ ...event, event_date: written.event_date, recurrence });
    },
    /** @param {Record<string, string>} faults words by field; the first gets the focus */
    blame(faults) {
      const repeats = repeat.blame(faults.recurrence);
      return blame(inputs, faults) || repeats;
    },
  };
  return form;
}

/** @param {import('../model/i18n.js').Translate} t @param {import('../model/draft.js').Values} values */
function makeInputs(t, values) {
  const text = (name, limit, extra = {}) => h('input', { type: 'text', name, maxlength: limit, value: values[name], autocomplete: 'off', ...extra });
  const clock = (name, type) => h('input', { type, name, value: values[name], 'aria-label': t(`event.${name}`) });
  return {
    title: text('title', 200, { placeholder: t('event.titlePlaceholder'), required: true }),
    all_day: h('input', { type: 'checkbox', name: 'all_day', checked: values.all_day }),
    event_date: clock('event_date', 'date'),
    start_time: clock('start_time', 'time'),
    end_date: clock('end_date', 'date'),
    end_time: clock('end_time', 'time'),
    time: text('time', 100, { 'aria-describedby': 'time-hint' }),
    location: text('location', 500),
    url: text('url', 2048, { type: 'url', inputmode: 'url', placeholder: 'https://' }),
    category: text('category', 50),
    tags: text('tags', 1000, { placeholder: t('event.tagsHint') }),
    description: h('textarea', { name: 'description', maxlength: 20000, rows: 3, value: values.description }),
  };
}

function readAll(inputs, color) {
  const values = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, name === 'all_day' ? input.checked : input.value]));
  return { ...values, color: color.read() };
}

/** What is there already is not written again: it would move somebody's cursor. */
function writeAll(inputs, values, names) {
  for (const name of names.filter((each) => each in inputs)) {
    if (name === 'all_day') inputs.all_day.checked = values.all_day;
    else if (inputs[name].value !== values[name]) inputs[name].value = values[name];
  }
}

/** Days, clocks and words; what is written into one of them lets go of what contradicts it. */
function whenFields(t, inputs, event, viewerZone) {
  const all = h('label', { class: 'check' }, inputs.all_day, h('span', {}, t('event.allDay')));
  const edge = (name, date, clock) => h('div', { class: 'edge' }, h('span', { class: 'edge-name' }, t(name)), date, clock);
  const words = field(t, 'time', inputs.time, h('small', { id: 'time-hint' }, t('event.timeHint')));
  const zone = event.timezone && event.timezone !== viewerZone && h('p', { class: 'zone-note' }, t('event.zoneNote', { zone: zoneName(event.timezone) }));
  const element = h('fieldset', { class: 'when' }, all, edge('event.start', inputs.event_date, inputs.start_time), edge('event.end', inputs.end_date, inputs.end_time), words, zone);
  let lastStart = inputs.event_date.value;
  let lastClock = inputs.start_time.value;
  const refresh = () => {
    for (const name of ['start_time', 'end_time']) inputs[name].hidden = inputs.all_day.checked;
    words.hidden = inputs.all_day.checked;
    lastStart = inputs.event_date.value;
    lastClock = inputs.start_time.value;
  };
  inputs.all_day.addEventListener('change', () => {
    inputs.time.value = '';
    if (!inputs.all_day.checked && !inputs.start_time.value) suggestTimes(inputs);
    refresh();
  });
  inputs.time.addEventListener('input', () => {
    inputs.start_time.value = '';
    inputs.end_time.value = '';
  });
  for (const name of WHEN) inputs[name].addEventListener('input', () => name.endsWith('time') && (inputs.time.value = ''));
  inputs.event_date.addEventListener('change', () => {
    keepLength(inputs, lastStart);
    lastStart = inputs.event_date.value;
  });
  inputs.start_time.addEventListener('change', () => {
    keepDuration(inputs, lastClock);
    lastClock = inputs.start_time.value;
  });
  refresh();
  return { element, refresh };
}

/** Moving the first day moves the last one along. */
function keepLength({ event_date, end_date }, lastStart) {
  if (!event_date.value || !lastStart || !end_date.value) return;
  end_date.value = addDays(end_date.value, daysBetween(lastStart, event_date.value));
}

/** Moving the start moves the end along, over midnight too. */
function keepDuration({ start_time, end_time, end_date }, lastClock) {
  if (!start_time.value || !lastClock || !end_time.value) return;
  const { time, days } = addMinutes(end_time.value, minutesBetween(lastClock, start_time.value));
  end_time.value = time;
  if (days && end_date.value) end_date.value = addDays(end_date.value, days);
}

function suggestTimes({ start_time, end_time }) {
  start_time.value = '09:00';
  end_time.value = addMinutes('09:00', 60).time;
}

function departmentSelect({ t, departments, departmentId, isNew }) {
  const option = ({ id, name }) => h('option', { value: id, selected: id === departmentId }, name);
  return h('select', { name: 'department', disabled: !isNew, 'aria-label': t('event.department') }, ...departments.map(option));
}

function colorField(t, value, departmentColor) {
  const holder = h('div', {});
  const choose = (color) => holder.replaceChildren(swatches({ name: 'color', value: color, t, none: t('event.departmentColor'), noneColor: departmentColor }));
  choose(value);
  const element = h('fieldset', { class: 'field' }, h('legend', {}, t('event.color')), holder);
  return { element, choose, read: () => holder.querySelector('input:checked')?.value ?? '' };
}

/** A link is offered only where it is one: nothing but http and https is ever followed. */
function linkFor(t, input) {
  const link = h('a', { class: 'open-link', target: '_blank', rel: 'noopener noreferrer' }, icon('link'), t('event.openLink'));
  const refresh = () => {
    link.hidden = !/^https?:\/\/\S+$/i.test(input.value.trim());
    if (!link.hidden) link.href = input.value.trim();
  };
  input.addEventListener('input', refresh);
  refresh();
  return link;
}

function details(t, elements, values) {
  const open = Boolean(values.url || values.category || values.tags || values.color);
  return h('details', { class: 'more', open }, h('summary', {}, t('event.more')), ...elements);
}

function field(t, name, input, ...after) {
  return h('div', { class: 'field', 'data-field': name }, h('label', {}, h('span', {}, t(`event.${name}`)), input), ...after);
}

function row(...fields) {
  return h('div', { class: 'field-row' }, ...fields);
}

function blame(inputs, faults) {
  for (const input of Object.values(inputs)) {
    input.removeAttribute('aria-invalid');
    input.closest('.field, .edge')?.querySelector('.fault')?.remove();
  }
  const known = Object.entries(faults).filter(([name]) => inputs[name]);
  for (const [name, words] of known) {
    inputs[name].setAttribute('aria-invalid', 'true');
    inputs[name].closest('details')?.setAttribute('open', '');
    inputs[name].closest('.field, .edge')?.append(h('small', { class: 'fault', role: 'alert' }, words));
  }
  inputs[known[0]?.[0]]?.focus();
  return known.length > 0;
}
