import assert from 'node:assert/strict';
import test from 'node:test';

import { sampleCalendar } from '../../static/js/model/sample.js';

for (const language of ['ko', 'en']) {
  for (const today of ['2026-03-04', '2026-12-31', '2028-02-29']) {
    test(`the ${language} sample around ${today} is three departments with whole events`, () => {
      const samples = sampleCalendar(language, today);
      assert.equal(samples.length, 3);
      for (const { department, events } of samples) {
        assert.ok(department.name && /^#[0-9a-f]{6}$/.test(department.color));
        for (const event of events) {
          assert.ok(event.title, JSON.stringify(event));
          assert.match(event.event_date, /^\d{4}-\d{2}-\d{2}$/);
          assert.ok(!event.end_date || event.end_date >= event.event_date);
        }
      }
    });
  }
}
