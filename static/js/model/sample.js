/** Sample departments and events around a day, for somebody who wants to see a calendar in use first. */

import { addDays } from './dates.js';

/** @typedef {{department: Record<string, any>, events: Record<string, any>[]}} Sample */

const WORDS = {
  ko: {
    engineering: '개발팀', design: '디자인팀', office: '경영지원팀', note: '둘러보기용 예시입니다. 부서를 삭제하면 함께 사라집니다.',
    standUp: '아침 회의', planning: '주간 계획', review: '화면 검토', release: '배포', duty: '야간 당직', training: '보안 교육',
    workshop: '제품 워크숍', interview: '사용자 인터뷰', payday: '급여일', lunch: '팀 점심', visit: '고객사 방문', leave: '연차 (민아)',
    close: '월 마감', roomA: '대회의실', roomB: '2층 소회의실', outside: '판교',
  },
  en: {
    engineering: 'Engineering', design: 'Design', office: 'Office', note: 'A sample to look around. Deleting the department removes it all.',
    standUp: 'Stand-up', planning: 'Weekly planning', review: 'Design review', release: 'Release', duty: 'Night duty', training: 'Security training',
    workshop: 'Product workshop', interview: 'User interviews', payday: 'Payday', lunch: 'Team lunch', visit: 'Customer visit', leave: 'Leave (Mina)',
    close: 'Month-end closing', roomA: 'Large meeting room', roomB: 'Room 2B', outside: 'Downtown',
  },
};

/**
 * Makes three departments; what happens is spread over the weeks around `today`.
 * @param {'ko'|'en'} language @param {string} today
 * @returns {Sample[]}
 */
export function sampleCalendar(language, today) {
  const w = WORDS[language];
  const monday = addDays(today, -((new Date(`${today}T00:00Z`).getUTCDay() + 6) % 7));
  const day = (offset) => addDays(monday, offset);
  const at = (offset, start, end, title, more = {}) => ({ title, event_date: day(offset), start_time: start, end_time: end, ...more });
  const whole = (offset, title, length = 1, more = {}) => ({ title, event_date: day(offset), end_date: day(offset + length - 1), ...more });
  const every = (rrule) => ({ recurrence: { rrule, exdates: [], overrides: {} } });
  const department = (name, color) => ({ name, color, description: w.note });
  return [
    {
      department: department(w.engineering, '#2f6fdf'),
      events: [
        at(0, '09:30', '09:45', w.standUp, every('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR')),
        at(0, '14:00', '15:00', w.planning, { location: w.roomA, ...every('FREQ=WEEKLY;BYDAY=MO') }),
        at(3, '17:00', '18:00', w.release, { tags: ['release'], ...every('FREQ=WEEKLY;INTERVAL=2;BYDAY=TH') }),
        { ...at(4, '22:00', '06:00', w.duty), end_date: day(5) },
        at(9, '10:00', '12:00', w.training, { location: w.roomA }),
      ],
    },
    {
      department: department(w.design, '#c2488f'),
      events: [
        at(1, '15:00', '16:30', w.review, { location: w.roomB, ...every('FREQ=WEEKLY;BYDAY=TU') }),
        at(2, '13:00', '17:00', w.interview, { location: w.outside }),
        whole(7, w.workshop, 3, { location: w.outside }),
        at(-4, '11:00', '12:00', w.interview),
      ],
    },
    {
      department: department(w.office, '#2b8a5f'),
      events: [
        whole(0, w.payday, 1, { event_date: `${today.slice(0, 8)}25`, end_date: `${today.slice(0, 8)}25`, ...every('FREQ=MONTHLY;BYMONTHDAY=25') }),
        at(4, '12:00', '13:30', w.lunch, every('FREQ=MONTHLY;BYDAY=-1FR')),
        whole(3, w.leave, 2),
        at(1, '10:00', '11:30', w.visit),
        at(11, '16:00', '18:00', w.close),
      ],
    },
  ];
}
