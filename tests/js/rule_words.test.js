import assert from 'node:assert/strict';
import test from 'node:test';

import { translator } from '../../static/js/model/i18n.js';
import { differenceWords, ruleWords } from '../../static/js/model/rule_words.js';

/** By rule: what is said of a series that begins on Friday, the 20th of November 2026. */
const SAID = [
  ['FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261231', '매주 월·수요일, 2026년 12월 31일까지', 'Every week on Monday and Wednesday, until December 31, 2026'],
  ['FREQ=WEEKLY;INTERVAL=2', '2주마다 금요일', 'Every 2 weeks on Friday'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '매주 월~금요일', 'Every week on Monday to Friday'],
  ['FREQ=DAILY', '매일', 'Every day'],
  ['FREQ=DAILY;INTERVAL=3;COUNT=10', '3일마다, 10회', 'Every 3 days, 10 times'],
  ['FREQ=MONTHLY', '매월 20일', 'Every month on the 20th'],
  ['FREQ=MONTHLY;BYDAY=3FR', '매월 셋째 금요일', 'Every month on the third Friday'],
  ['FREQ=MONTHLY;BYDAY=-1FR', '매월 마지막 금요일', 'Every month on the last Friday'],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', '매월 마지막 날', 'Every month on the last day'],
  ['FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR', '매월 13일 중 금요일', 'Every month on every Friday that is on the 13th'],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', '매월 월~금요일 중 마지막', 'Every month on the last of: Monday to Friday'],
  ['FREQ=YEARLY', '매년 11월 20일', 'Every year on November 20'],
  ['FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=3FR', '2년마다 3월 셋째 금요일', 'Every 2 years on the third Friday of March'],
  ['FREQ=YEARLY;BYDAY=20MO', '매년 20번째 월요일', 'Every year on the 20th Monday of the year'],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '매년 20주차 중 월요일', 'Every year on Monday in the 20th week of the year'],
  ['FREQ=DAILY;BYMONTH=1,6', '매일 (1·6월에만)', 'Every day, only in January and June'],
];

for (const [rule, korean, english] of SAID) {
  test(`${rule} is said in words`, () => {
    assert.equal(ruleWords(rule, '2026-11-20', 'ko'), korean);
    assert.equal(ruleWords(rule, '2026-11-20', 'en'), english);
  });
}

test('what differs between two recurrences is said without what is the same', () => {
  const before = { rrule: 'FREQ=DAILY', exdates: ['2026-11-21'], overrides: {} };
  const after = { ...before, exdates: ['2026-11-21', '2026-11-23'], overrides: { '2026-11-24': { title: '특별' } } };
  assert.deepEqual(differenceWords([before, after], '2026-11-20', translator('ko')), { before: '매일', after: '매일 · 빠진 날 2026년 11월 23일 · 따로 바꾼 날 2026년 11월 24일' });
  assert.deepEqual(differenceWords([null, before], '2026-11-20', translator('en')), { before: '', after: 'Every day · without November 21, 2026' });
});
