import assert from 'node:assert/strict';
import test from 'node:test';

import { Everywhere } from '../../static/js/model/everywhere.js';
import { addMonths, isDate, weeksOf } from '../../static/js/model/month.js';
import { daysOf, eventText, outlineText } from '../../static/js/model/outline.js';
import { longestWord, patternFor, search } from '../../static/js/model/search.js';
import { whenWords } from '../../static/js/model/when_words.js';
import { FakeClock, settled } from './clock.js';

const TODAY = '2026-11-21';
const event = (id, title, members = {}) => ({ id, title, department_id: 'd1', event_date: '2026-11-25', end_date: members.event_date ?? '2026-11-25', start_time: null, end_time: null, ...members });
const titles = (events, query) => search(events, query, { today: TODAY, limit: 50 }).map(({ title }) => title);

test('two syllables are enough, wherever they stand and however they are composed', () => {
  const events = [event('1', '주간 회의'.normalize('NFD')), event('2', '휴가', { location: '회의실' }), event('3', '점심')];
  assert.deepEqual(titles(events, '회의').map((title) => title.normalize('NFC')), ['주간 회의', '휴가']);
  assert.deepEqual(titles(events, '회의'.normalize('NFD')).length, 2);
});

test('initial consonants find words, also where the keyboard joins two of them', () => {
  for (const [query, text] of [['ㅈㄱㅎㅇ', '주간회의'], ['ㅎㅇ', '주간 회의'], ['ㄳ', '검색'], ['ㄱㅅ', '검색'], ['회ㅇ', '회의']]) assert.ok(patternFor(query).test(text), query);
  assert.ok(!patternFor('ㅎㄱ').test('회의'));
});

test('results do not flicker while a syllable is being written', () => {
  for (const step of ['ㅈ', '저', '젖', '저자', '저장']) assert.ok(patternFor(step).test('저장'), step);
  for (const step of ['ㅎ', '호', '회', '횡', '회으', '회의']) assert.ok(patternFor(step).test('회의'), step);
});

test('what is typed is no pattern of its own', () => {
  assert.deepEqual(titles([event('1', 'axb'), event('2', 'a.b (1)')], 'a.b (1'), ['a.b (1)']);
});

test('all words must be there; titles come before other texts, what comes before what was, the nearest first', () => {
  const events = [
    event('1', '지난 회의', { event_date: '2026-11-01' }), event('2', '먼 회의', { event_date: '2027-05-01' }), event('3', '가까운 회의'),
    event('4', '점심', { description: '회의 뒤에' }), event('5', '회의 준비', { event_date: '2026-12-24' }), event('6', '어제 회의', { event_date: '2026-11-20' }),
  ];
  assert.deepEqual(titles(events, '회의'), ['회의 준비', '가까운 회의', '먼 회의', '어제 회의', '지난 회의', '점심']);
  assert.deepEqual(titles(events, '회의 가까운'), ['가까운 회의']);
  assert.deepEqual(titles(events, '  '), []);
});

test('the server is asked for the longest word that it can know', () => {
  assert.equal(longestWord('디자인 리뷰'), '디자인');
  assert.equal(longestWord('ㄷㅈㅇ'), '');
});

/** A server that answers when it is told to, and a page with a copy of one of two departments. */
function stage() {
  const clock = new FakeClock();
  const asked = [];
  const source = { search: (query) => new Promise((resolve, reject) => asked.push({ query, resolve, reject })) };
  const copies = { d1: [event('1', '주간 회의')] };
  const workspace = { departments: [{ id: 'd1' }, { id: 'd2' }], whereabouts: (id) => (copies[id] ? {} : null), get events() { return Object.values(copies).flat(); } };
  let changes = 0;
  const everywhere = new Everywhere({ source, workspace, clock, changed: () => (changes += 1) });
  return { clock, asked, copies, everywhere, changes: () => changes, titles: (query) => everywhere.find(query, TODAY).events.map(({ title }) => title) };
}

test('copies answer at once, and the server for the departments that are hidden', async () => {
  const it = stage();
  assert.deepEqual(it.titles('회의'), ['주간 회의']);
  assert.ok(it.everywhere.find('회의', TODAY).busy);
  await it.clock.pass(300);
  assert.deepEqual(it.asked[0].query, { q: '회의', limit: 50, skip: 'd1' });
  it.asked[0].resolve({ entities: [event('9', '디자인 회의', { department_id: 'd2' })], next: null });
  await settled();
  assert.deepEqual(it.titles('회의'), ['디자인 회의', '주간 회의'].sort((a, b) => Number(b === '주간 회의') - Number(a === '주간 회의')));
  assert.equal(it.everywhere.find('회의', TODAY).busy, false);
});

test('what was asked before is dropped as soon as something else is typed', async () => {
  const it = stage();
  it.titles('회');
  it.titles('회의');
  await it.clock.pass(300);
  assert.equal(it.asked.length, 1);
  it.titles('회의실');
  it.asked[0].resolve({ entities: [event('9', '회의', { department_id: 'd2' })], next: 'more' });
  await settled();
  assert.equal(it.changes(), 0);
  assert.equal(it.asked.length, 1);
});

test('pages are followed to their end, and a failure is told', async () => {
  const it = stage();
  it.titles('회의');
  await it.clock.pass(300);
  it.asked[0].resolve({ entities: [], next: 'more' });
  await settled();
  assert.equal(it.asked[1].query.cursor, 'more');
  it.asked[1].reject(new Error('offline'));
  await settled();
  assert.ok(it.everywhere.find('회의', TODAY).failed);
});

test('a server is not asked where every department has its copy, nor for consonants', () => {
  const it = stage();
  assert.equal(it.everywhere.find('ㅎㅇ', TODAY).busy, false);
  it.copies.d2 = [];
  assert.equal(it.everywhere.find('회의', TODAY).busy, false);
});

test('a month is six whole weeks from the first day of the week', () => {
  const weeks = weeksOf('2026-11-21', 1);
  assert.deepEqual([weeks[0][0], weeks[0][6], weeks[5][6]], ['2026-10-26', '2026-11-01', '2026-12-06']);
  assert.equal(weeksOf('2026-11-21', 0)[0][0], '2026-11-01');
  assert.equal(weeksOf('2026-11-21', 6)[0][0], '2026-10-31');
});

test('months that are too short end earlier, and only days that exist are dates', () => {
  assert.equal(addMonths('2026-01-31', 1), '2026-02-28');
  assert.equal(addMonths('2026-11-21', 2), '2027-01-21');
  assert.equal(addMonths('2026-01-15', -1), '2025-12-15');
  assert.ok(isDate('2028-02-29') && !isDate('2026-02-29') && !isDate('2026-13-01'));
});

test('words say when something is, in Korean and English', () => {
  const words = (members) => ['ko', 'en'].map((language) => whenWords(event('1', '', members), { language, today: TODAY }));
  assert.deepEqual(words({ start_time: '14:00', end_time: '15:30' }), ['11월 25일(수) 오후 2:00~3:30', 'Wed, Nov 25 2:00–3:30 PM']);
  assert.deepEqual(words({ start_time: '11:00', end_time: '13:00' }), ['11월 25일(수) 오전 11:00~오후 1:00', 'Wed, Nov 25 11:00 AM–1:00 PM']);
  assert.deepEqual(words({ end_date: '2026-11-26', start_time: '22:00', end_time: '02:00' }), ['11월 25일(수) 오후 10:00~오전 2:00', 'Wed, Nov 25 10:00 PM–2:00 AM']);
  assert.deepEqual(words({ event_date: '2027-01-04', end_date: '2027-01-05' }), ['2027년 1월 4일(월) ~ 2027년 1월 5일(화)', 'Mon, Jan 4, 2027 ~ Tue, Jan 5, 2027']);
});

const teller = { language: 'ko', today: TODAY, allDay: '종일', nameOf: (id) => ({ d1: '개발팀' })[id] };

test('an event is copied as lines that people can read', () => {
  const meeting = event('1', '주간 회의', { start_time: '14:00', end_time: '15:00', location: '대회의실', description: '지난주 돌아보기\n' });
  assert.equal(eventText(meeting, teller), '주간 회의\n11월 25일(수) 오후 2:00~3:00\n대회의실\n개발팀\n지난주 돌아보기');
  assert.equal(eventText(event('2', '휴가'), teller), '휴가\n11월 25일(수) 종일\n개발팀');
});

test('a range is copied day by day: whole days first, and what goes on stands on each of its days', () => {
  const events = [
    event('1', '회의', { start_time: '14:00', end_time: '15:00' }), event('2', '출장', { event_date: '2026-11-24', end_date: '2026-11-26' }),
    event('3', '야간 작업', { start_time: '22:00', end_time: '02:00', end_date: '2026-11-26' }),
  ];
  const days = daysOf(events, '2026-11-23', '2026-11-27');
  assert.deepEqual(days.map(({ date, events: on }) => [date, ...on.map(({ title }) => title)]), [['2026-11-24', '출장'], ['2026-11-25', '출장', '회의', '야간 작업'], ['2026-11-26', '출장']]);
  assert.equal(outlineText(days.slice(1, 2), teller), '11월 25일 수요일\n- 종일 출장 (개발팀)\n- 오후 2:00~3:00 회의 (개발팀)\n- 오후 10:00~오전 2:00 야간 작업 (개발팀)');
  assert.equal(daysOf(events, '2026-11-23', '2026-11-27', { empty: true }).length, 4);
});
