/** Tells the day of the Korean lunar calendar (음력), as the browser's own `dangi` calendar counts it. */

const FORMAT = new Intl.DateTimeFormat('en-u-ca-dangi', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });

/** @param {string} date @returns {{month: number, day: number, leap: boolean}} `leap` is a 윤달 */
export function lunarOf(date) {
  const parts = FORMAT.formatToParts(new Date(`${date}T00:00Z`));
  const of = (type) => parts.find((part) => part.type === type)?.value ?? '';
  return { month: parseInt(of('month'), 10), day: Number(of('day')), leap: of('month').includes('bis') };
}

/** @param {string} date @param {(key: string, values?: Record<string, any>) => string} t @returns {string} such as `음 1.1`, `음 윤6.15` */
export function lunarWords(date, t) {
  const { month, day, leap } = lunarOf(date);
  return t(leap ? 'lunar.leap' : 'lunar.date', { month, day });
}
