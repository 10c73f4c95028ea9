/** Answers what the browser makes of rules, series and edits: a line of JSON for each line of JSON. */

import { createInterface } from 'node:readline';

import { addDays } from '../../static/js/model/dates.js';
import { datesBetween } from '../../static/js/model/expansion.js';
import { choicesOf, ruleOf } from '../../static/js/model/repeat.js';
import { ruleWords } from '../../static/js/model/rule_words.js';
import { readRule, writeRule } from '../../static/js/model/rules.js';
import { deleted, edited } from '../../static/js/model/scopes.js';
import { occurrencesIn } from '../../static/js/model/series.js';

const SHOWN = ['event_date', 'end_date', 'start_time', 'end_time', 'starts_at', 'ends_at', 'title', 'tags', 'occurrence_of'];

const ANSWERS = {
  dates: ({ rrule, start, from, to }) => datesBetween(readRule(rrule), start, from, to),
  rewritten: ({ rrule }) => writeRule(readRule(rrule)),
  offered({ rrule, start }) {
    const choices = choicesOf(rrule, start);
    return { kind: choices.kind, rrule: ruleOf(choices, start), words: ['ko', 'en'].map((language) => ruleWords(rrule, start, language)) };
  },
  occurrences: ({ event, from, to }) => shown(event, from, to),
  edited: ({ event, part, members, from, to }) => foreseen(edited(event, part, members), from, to),
  deleted: ({ event, part, from, to }) => foreseen(deleted(event, part), from, to),
};

/** What each of the two series that may come of an edit looks like. */
function foreseen({ series, tail }, from, to) {
  return [series, tail].map((one) => (one ? shown(one, from, to) : null));
}

function shown(event, from, to) {
  return occurrencesIn(event, from, addDays(to, 1)).map((one) => Object.fromEntries(SHOWN.map((name) => [name, one[name]])));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...question } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(ANSWERS[ask](question))}\n`);
}
