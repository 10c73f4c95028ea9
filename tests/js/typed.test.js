import assert from 'node:assert/strict';
import test from 'node:test';

import { understand } from '../../static/js/model/typed.js';

/** A Saturday, ten past two in the afternoon. */
const NOW = '2026-11-21T14:10';

/** Writes what was understood as `day clock~clock title @place`. */
function said(line, options) {
  const typed = understand(line, NOW, options);
  if (!typed) return null;
  const days = typed.end_date === typed.event_date ? [typed.event_date] : [typed.event_date, typed.end_date];
  const clocks = typed.start_time ? `${typed.start_time}~${typed.end_time}` : '종일';
  return [days.join('/'), clocks, typed.title, typed.location && `@${typed.location}`, typed.rule].filter(Boolean).join(' ');
}

function table(name, rows, options) {
  test(name, () => {
    for (const [line, meaning] of Object.entries(rows)) assert.equal(said(line, options), meaning, line);
  });
}

table('the lines that the page shows as examples are understood', {
  '내일 오후 3시 주간 회의': '2026-11-22 15:00~16:00 주간 회의',
  '다음 주 금요일 14:00~15:30 디자인 리뷰 @대회의실': '2026-11-27 14:00~15:30 디자인 리뷰 @대회의실',
  'Fri 9:30 stand-up': '2026-11-27 09:30~10:30 stand-up',
  '3/15 종일 워크숍': '2027-03-15 종일 워크숍',
  '글피 오전 10시 30분': '2026-11-24 10:30~11:30',
});

table('days are counted from today', {
  '오늘 휴가': '2026-11-21 종일 휴가',
  '내일은 휴가': '2026-11-22 종일 휴가',
  '낼 휴가': '2026-11-22 종일 휴가',
  '모레 휴가': '2026-11-23 종일 휴가',
  '내일모레 휴가': '2026-11-23 종일 휴가',
  '글피 휴가': '2026-11-24 종일 휴가',
  '그글피 휴가': '2026-11-25 종일 휴가',
  '어제 휴가': '2026-11-20 종일 휴가',
  '사흘 뒤 휴가': '2026-11-24 종일 휴가',
  '10일 후 휴가': '2026-12-01 종일 휴가',
  '2주 뒤 휴가': '2026-12-05 종일 휴가',
  '한 달 뒤 휴가': '2026-12-21 종일 휴가',
});

table('a week begins on Monday, and a day of the week alone is the next one', {
  '이번 주 금요일 회식': '2026-11-20 종일 회식',
  '이번 주 금 회식': '2026-11-20 종일 회식',
  '다음 주 월요일 회식': '2026-11-23 종일 회식',
  '다음주 일요일 회식': '2026-11-29 종일 회식',
  '다다음 주 수요일 회식': '2026-12-02 종일 회식',
  '지난주 목요일 회식': '2026-11-12 종일 회식',
  '금요일 회식': '2026-11-27 종일 회식',
  '다음 주말 회식': '2026-11-28 종일 회식',
  '다음 주 회식': '2026-11-28 종일 회식',
});

table('a date without its year is the next one', {
  '12월 24일 파티': '2026-12-24 종일 파티',
  '3월 15일(월) 파티': '2027-03-15 종일 파티',
  '11/20 파티': '2027-11-20 종일 파티',
  '11/21 파티': '2026-11-21 종일 파티',
  '2/29 파티': null,
  '15일 급여': '2026-12-15 종일 급여',
  '30일 급여': '2026-11-30 종일 급여',
  '31일 급여': '2026-12-31 종일 급여',
  '다음 달 3일 정산': '2026-12-03 종일 정산',
  '이번 달 말일 정산': '2026-11-30 종일 정산',
  '내년 1월 2일 시무식': '2027-01-02 종일 시무식',
  '2027년 1월 2일 시무식': '2027-01-02 종일 시무식',
  '2026-12-01 14:00 배포': '2026-12-01 14:00~15:00 배포',
  '2026. 12. 1. 배포': '2026-12-01 종일 배포',
});

table('whoever looks for a date means the nearest one', { '11/20': '2026-11-20 종일', '1월 5일': '2027-01-05 종일', '9월 1일': '2026-09-01 종일' }, { nearest: true });

table('words tell the half of the day', {
  '내일 오전 9시 회의': '2026-11-22 09:00~10:00 회의',
  '내일 오후 9시 회의': '2026-11-22 21:00~22:00 회의',
  '내일 오전 12시 회의': '2026-11-22 00:00~01:00 회의',
  '내일 낮 12시 회의': '2026-11-22 12:00~13:00 회의',
  '내일 낮 2시 회의': '2026-11-22 14:00~15:00 회의',
  '내일 저녁 7시 회의': '2026-11-22 19:00~20:00 회의',
  '내일 밤 11시 회의': '2026-11-22 23:00~00:00 회의'.replace('2026-11-22', '2026-11-22/2026-11-23'),
  '내일 밤 12시 배포': '2026-11-23 00:00~01:00 배포',
  '내일 새벽 2시 점검': '2026-11-22 02:00~03:00 점검',
  '내일 아침 8시 산책': '2026-11-22 08:00~09:00 산책',
  '내일 정오 식사': '2026-11-22 12:00~13:00 식사',
  '내일 자정 배포': '2026-11-22 00:00~01:00 배포',
  '내일 점심 약속': '2026-11-22 12:00~13:00 점심 약속',
  '내일 저녁 회식': '2026-11-22 18:00~19:00 저녁 회식',
  '점심 약속 내일 12시 반': '2026-11-22 12:30~13:30 점심 약속',
  '내일 3pm 회의': '2026-11-22 15:00~16:00 회의',
});

table('an hour from one to six is in the afternoon unless it is written with its zero', {
  '내일 3시 회의': '2026-11-22 15:00~16:00 회의',
  '내일 3시 반 회의': '2026-11-22 15:30~16:30 회의',
  '내일 2시 5분 회의': '2026-11-22 14:05~15:05 회의',
  '내일 7시 회의': '2026-11-22 07:00~08:00 회의',
  '내일 03:00 배포': '2026-11-22 03:00~04:00 배포',
  'tomorrow at 3 call': '2026-11-22 15:00~16:00 call',
});

table('two clocks are a range', {
  '내일 오후 3~5시 회의': '2026-11-22 15:00~17:00 회의',
  '내일 3시부터 5시까지 회의': '2026-11-22 15:00~17:00 회의',
  '내일 오전 11시~1시 회의': '2026-11-22 11:00~13:00 회의',
  '내일 2시~오후 4시 회의': '2026-11-22 14:00~16:00 회의',
  '내일 14-16시 교육': '2026-11-22 14:00~16:00 교육',
  '내일 14:00-15:30 교육': '2026-11-22 14:00~15:30 교육',
  '내일 밤 11시~1시 배포': '2026-11-22/2026-11-23 23:00~01:00 배포',
  '내일 5시까지 제출': '2026-11-22 17:00~18:00 제출',
  '내일 10시 2시간 동안 교육': '2026-11-22 10:00~12:00 교육',
  '내일 10시 1시간 반 교육': '2026-11-22 10:00~11:30 교육',
  '내일 10시 30분간 교육': '2026-11-22 10:00~10:30 교육',
});

table('two days are a range', {
  '12월 24일~26일 연휴': '2026-12-24/2026-12-26 종일 연휴',
  '3/15~17 출장': '2027-03-15/2027-03-17 종일 출장',
  '12월 30일~1월 2일 연휴': '2026-12-30/2027-01-02 종일 연휴',
  '월요일부터 수요일까지 휴가': '2026-11-23/2026-11-25 종일 휴가',
  '다음 주 월~수 휴가': '2026-11-23/2026-11-25 종일 휴가',
  '이번 주 월요일~금요일 휴가': '2026-11-16/2026-11-20 종일 휴가',
  '내일~모레 휴가': '2026-11-22/2026-11-23 종일 휴가',
  '월요일 14시부터 화요일 11시까지 워크숍': '2026-11-23/2026-11-24 14:00~11:00 워크숍',
  'Dec 24 to Dec 26 holiday': '2026-12-24/2026-12-26 종일 holiday',
});

table('a clock alone is its next one', {
  '오후 3시 회의': '2026-11-21 15:00~16:00 회의',
  '오전 9시 회의': '2026-11-22 09:00~10:00 회의',
  '토요일 9시 등산': '2026-11-28 09:00~10:00 등산',
  '토요일 16시 등산': '2026-11-21 16:00~17:00 등산',
  '30분 뒤 커피': '2026-11-21 14:40~15:40 커피',
  '10시간 후 배포': '2026-11-22 00:10~01:10 배포',
});

table('English is understood', {
  'tomorrow 3pm weekly': '2026-11-22 15:00~16:00 weekly',
  'next Monday 2-4pm planning': '2026-11-23 14:00~16:00 planning',
  'Dec 3 at noon lunch with Kim @cafe': '2026-12-03 12:00~13:00 lunch with Kim @cafe',
  'Friday all day workshop': '2026-11-27 종일 workshop',
  '9:30 sync for 30 min': '2026-11-22 09:30~10:00 sync',
  '10am review for an hour': '2026-11-22 10:00~11:00 review',
  'in 2 hours call': '2026-11-21 16:10~17:10 call',
  '1:1 with Kim on Friday': '2026-11-27 종일 1:1 with Kim',
});

table('languages mix, and words need no spaces between them', {
  'Fri 9:30 스탠드업': '2026-11-27 09:30~10:30 스탠드업',
  'tomorrow 회의': '2026-11-22 종일 회의',
  내일오후3시회의: '2026-11-22 15:00~16:00 회의',
});

table('what recurs becomes a rule', {
  '매주 월수금 9시 30분 스탠드업': '2026-11-23 09:30~10:30 스탠드업 FREQ=WEEKLY;BYDAY=MO,WE,FR',
  '매주 금요일 10시 회의': '2026-11-27 10:00~11:00 회의 FREQ=WEEKLY;BYDAY=FR',
  '격주 화요일 10시 회의': '2026-11-24 10:00~11:00 회의 FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
  '매일 15시 체조': '2026-11-21 15:00~16:00 체조 FREQ=DAILY',
  '매달 말일 결산': '2026-11-30 종일 결산 FREQ=MONTHLY;BYMONTHDAY=-1',
  '매월 25일 급여': '2026-11-25 종일 급여 FREQ=MONTHLY;BYMONTHDAY=25',
  'every Friday at 10am demo': '2026-11-27 10:00~11:00 demo FREQ=WEEKLY;BYDAY=FR',
  'every weekday 9:30 stand-up': '2026-11-23 09:30~10:30 stand-up FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
});

table('what says no time is not understood', {
  '': null, 회의: null, '오늘의 할 일': null, '3일차 교육': null, '3시간 교육': null, '24/7 support': null, '1:1 Kim': null,
  '13월 40일': null, '25시 회의': null, 'kim@x.com': null, '일반 3분반': null,
});

test('a department can be named by its beginning, and a place may have spaces', () => {
  const typed = understand('내일 10시 #개발 회의 @"3층 회의실"', NOW);
  assert.deepEqual([typed.department, typed.location, typed.title], ['개발', '3층 회의실', '회의']);
});

test('what a Mac decomposes is read all the same', () => {
  assert.equal(said('내일 오후 3시 회의'.normalize('NFD')), '2026-11-22 15:00~16:00 회의');
});

test('what was said is told apart from what was guessed', () => {
  assert.deepEqual(understand('오후 3시', NOW).said, { day: false, clock: true });
  assert.deepEqual(understand('내일', NOW).said, { day: true, clock: false });
});

test('no line, however odd, takes long or throws', () => {
  const odd = ['~'.repeat(2000), '내일'.repeat(500), '3시'.repeat(500), '@'.repeat(500), '1/'.repeat(500), '매주 '.repeat(300), ' '.repeat(2000)];
  const before = process.cpuUsage();
  for (const line of odd) understand(line.slice(0, 300), NOW);
  const { user } = process.cpuUsage(before);
  assert.ok(user < 500_000, `${user / 1000} ms`);
});
