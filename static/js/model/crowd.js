/** Thins out days on which more happens than anybody can look at: some of it, and one line that says how much more there is. */

/** Up to so many events are shown whatever the view: people want them all, and a browser can draw them. */
const ENOUGH = 600;
/** In a crowd about so many are drawn; the page stays small, and a change costs little. */
const DRAWN = 190;
/** However many days there are, each has some. */
const LEAST = 5;

/**
 * @template {{id: string, start: string, allDay: boolean, title: string}} Input
 * @param {Map<string, Input>} inputs @param {(date: string, count: number) => Input} rest makes the line for what is left out of a day
 * @returns {{shown: Map<string, Input>, thinned: boolean}}
 */
export function thin(inputs, rest) {
  if (inputs.size <= ENOUGH) return { shown: inputs, thinned: false };
  const days = byDay(inputs.values());
  const most = Math.max(LEAST, Math.floor(DRAWN / days.size));
  const shown = new Map();
  for (const [date, day] of days) for (const input of someOf(date, day, most, rest)) shown.set(input.id, input);
  return { shown, thinned: true };
}

/** Whole days and hours get their share, each in the order in which calendars show them. */
function someOf(date, day, most, rest) {
  if (day.length <= most + 1) return day;
  const whole = day.filter(({ allDay }) => allDay).sort(inOrder);
  const timed = day.filter(({ allDay }) => !allDay).sort(inOrder);
  const wholes = Math.min(whole.length, Math.max(most - timed.length, Math.ceil(most / 2)));
  return [...whole.slice(0, wholes), ...timed.slice(0, most - wholes), rest(date, day.length - most)];
}

function inOrder(one, other) {
  return compare(one.start, other.start) || compare(one.title, other.title) || compare(one.id, other.id);
}

function compare(one, other) {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function byDay(inputs) {
  const days = new Map();
  for (const input of inputs) {
    const date = input.start.slice(0, 10);
    const day = days.get(date);
    if (day) day.push(input);
    else days.set(date, [input]);
  }
  return days;
}
