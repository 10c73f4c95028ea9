import assert from 'node:assert/strict';
import test from 'node:test';

import { isoWeek } from '../../static/js/model/dates.js';
import { Holidays } from '../../static/js/model/holidays.js';
import { translator } from '../../static/js/model/i18n.js';
import { lunarOf, lunarWords } from '../../static/js/model/lunar.js';
import { Preferences } from '../../static/js/model/preferences.js';
import { choicesOf, choose, firstDayOf } from '../../static/js/model/view_choices.js';

const lunar = {
  '2024-02-10': [1, 1], // 설날
  '2025-01-29': [1, 1],
  '2026-02-17': [1, 1],
  '2027-02-07': [1, 1],
  '2026-05-24': [4, 8], // 부처님오신날
  '2026-09-25': [8, 15], // 추석
  '2025-10-06': [8, 15],
};

for (const [date, [month, day]] of Object.entries(lunar)) {
  test(`${date} is ${month}.${day} of the lunar calendar`, () => assert.deepEqual(lunarOf(date), { month, day, leap: false }));
}

test('a leap month is told from the month before it', () => {
  assert.deepEqual(lunarOf('2025-06-25'), { month: 6, day: 1, leap: false });
  assert.deepEqual(lunarOf('2025-07-25'), { month: 6, day: 1, leap: true });
  assert.equal(lunarWords('2025-07-25', translator('ko')), '음 윤6.1');
  assert.equal(lunarWords('2026-02-17', translator('ko')), '음 1.1');
});

test('a week has the number of its Thursday, whatever day it begins with', () => {
  const week = (date) => isoWeek(new Date(`${date}T00:00Z`));
  assert.equal(week('2026-05-18'), 21);
  assert.equal(week('2026-05-17'), 21); // the Sunday before
  assert.equal(week('2026-05-16'), 21); // the Saturday before
  assert.equal(week('2025-12-29'), 1);
  assert.equal(week('2026-12-28'), 53);
  assert.equal(week('2027-01-04'), 1);
});

function scripted(answers) {
  const asked = [];
  const clock = { now: 0 };
  let changes = 0;
  const source = async (query) => {
    asked.push(query);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const holidays = new Holidays({ source, changed: () => (changes += 1), now: () => clock.now });
  return { holidays, asked, clock, changes: () => changes };
}

test('a year of holidays is asked for once, when its days are looked at', async () => {
  const { holidays, asked } = scripted([[{ date: '2026-02-17', name: '설날' }], []]);
  holidays.choose('KR', 'ko');
  await holidays.want('2026-02-01', '2026-03-01');
  await holidays.want('2026-03-01', '2026-04-01');
  assert.equal(holidays.of('2026-02-17'), '설날');
  assert.deepEqual(asked, [{ from: '2026-01-01', to: '2026-12-31', country: 'KR', language: 'ko' }]);
  await holidays.want('2026-12-27', '2027-02-07');
  assert.equal(asked.length, 2);
});

test('a server that does not answer is let alone for a minute', async () => {
  const { holidays, asked, clock } = scripted([new Error('offline'), [{ date: '2026-01-01', name: '신정' }]]);
  holidays.choose('KR', 'ko');
  await holidays.want('2026-01-01', '2026-01-31');
  await holidays.want('2026-01-01', '2026-01-31');
  assert.equal(asked.length, 1);
  clock.now = 61_000;
  await holidays.want('2026-01-01', '2026-01-31');
  assert.equal(holidays.of('2026-01-01'), '신정');
});

test('what was asked for another country does not come in late', async () => {
  let answer;
  const holidays = new Holidays({ source: () => new Promise((resolve) => (answer = resolve)), changed: () => {} });
  holidays.choose('JP', 'ko');
  const late = holidays.want('2026-01-01', '2026-01-31');
  holidays.choose('', 'ko');
  answer([{ date: '2026-01-12', name: '성년의 날' }]);
  await late;
  assert.equal(holidays.of('2026-01-12'), undefined);
});

test('no country asks for nothing', async () => {
  const { holidays, asked } = scripted([]);
  await holidays.want('2026-01-01', '2026-01-31');
  assert.equal(asked.length, 0);
});

test('a choice is remembered, and one that makes no sense any more is left out', () => {
  const stored = new Map();
  const storage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) };
  choose(new Preferences(storage), { firstDay: '1', secondZone: 'Europe/Berlin', workFrom: '20:00' });
  const kept = choicesOf(new Preferences(storage));
  assert.equal(firstDayOf(kept, 0), 1);
  assert.equal(kept.secondZone, 'Europe/Berlin');
  assert.deepEqual([kept.workFrom, kept.workTo], ['09:00', '18:00']);
  choose(new Preferences(storage), { secondZone: 'Mars/Olympus' });
  assert.equal(choicesOf(new Preferences(storage)).secondZone, '');
});

test('the week begins as the region has it until somebody chooses', () => {
  assert.equal(firstDayOf(choicesOf(new Preferences(null)), 6), 6);
});

test('a choice is told to who listens', () => {
  const preferences = new Preferences(null);
  const heard = [];
  const stop = preferences.listen((name) => heard.push(name));
  choose(preferences, { lunar: true });
  stop();
  choose(preferences, { lunar: false });
  assert.deepEqual(heard, ['viewChoices']);
});
