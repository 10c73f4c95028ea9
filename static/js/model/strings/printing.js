/** What printing says. */
export default {
  ko: { 'print.do': '인쇄', 'print.on': '{day} 인쇄' },
  en: { 'print.do': 'Print', 'print.on': 'Printed {day}' },
};
