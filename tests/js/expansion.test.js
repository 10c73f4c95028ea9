import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { datesBetween } from '../../static/js/model/expansion.js';
import { readRule, writeRule } from '../../static/js/model/rules.js';

const GOLDEN = JSON.parse(readFileSync(new URL('../golden/recurrence.json', import.meta.url), 'utf-8'));

for (const { name, rrule, event_date, exdates, from, to, dates } of GOLDEN.rules) {
  test(`as the RFC and the server expand it: ${name}`, () => {
    const found = datesBetween(readRule(rrule), event_date, from, to);
    assert.deepEqual(found.filter((date) => !exdates.includes(date)), dates);
    assert.equal(writeRule(readRule(rrule)), rrule);
  });
}
