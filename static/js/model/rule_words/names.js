/** What days and months are called. */

const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;

/** @param {string} language @param {'short'|'long'} weekday @returns {string[]} from Monday on */
export function weekdayNames(language, weekday) {
  const format = new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, index) => format.format(MONDAY + index * DAY));
}

/** @param {string} language @returns {string[]} */
export function monthNames(language) {
  const format = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, index) => format.format(Date.UTC(2024, index, 1)));
}

/** @param {string} date @param {string} language @returns {string} */
export function dateWords(date, language) {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(Date.parse(`${date}T00:00Z`));
}

/** @param {number[]} places @returns {number[]} those that count from the end come last */
export function fromFront(places) {
  return [...places.filter((place) => place > 0), ...places.filter((place) => place < 0)];
}

/** @param {number[]} days in order @returns {boolean} whether they are three or more that follow each other */
export function isRun(days) {
  return days.length > 2 && days[0] * days.at(-1) >= 0 && days.at(-1) - days[0] === days.length - 1;
}
