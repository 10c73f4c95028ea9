/** Ticks in a worker of its own: browsers slow the timers of a hidden page down to one a minute, but not a worker's. */

const EVERY = 5000;

setInterval(() => globalThis.postMessage('tick'), EVERY);
