import assert from 'node:assert/strict';
import test from 'node:test';

import { ordered, sums, wanted } from '../../static/js/model/import_report.js';

const report = {
  ...{ created: 1, updated: 0, unchanged: 1, kept: 1, rejected: 1 },
  rows: ['unchanged', 'created', 'kept', 'rejected'].map((outcome, line) => ({ outcome, line })),
};

test('what a person must look at comes first', () => {
  assert.deepEqual(ordered(report).map(({ outcome }) => outcome), ['rejected', 'kept', 'created', 'unchanged']);
  assert.deepEqual(report.rows[0].outcome, 'unchanged');
});

test('only outcomes that there are are summed up', () => {
  assert.deepEqual(sums(report).map(({ outcome }) => outcome), ['created', 'kept', 'rejected', 'unchanged']);
});

test('what people changed here is written over only if they want it', () => {
  assert.deepEqual([wanted(report, false), wanted(report, true)], [1, 2]);
});
