/** Asks for a look at the clock every few seconds, also while the page is hidden, and at once when it wakes. */

const WITHOUT_WORKER = 15_000;

/** @param {() => void} look @returns {() => void} how to stop it */
export function ticking(look) {
  const waking = new AbortController();
  const { signal } = waking;
  document.addEventListener('visibilitychange', look, { signal });
  document.addEventListener('resume', look, { signal });
  addEventListener('focus', look, { signal });
  const stop = start(look);
  return () => {
    waking.abort();
    stop();
  };
}

/** @param {() => void} look */
function start(look) {
  try {
    const worker = new Worker('static/vendor/ticker.js');
    worker.onmessage = look;
    return () => worker.terminate();
  } catch {
    const timer = setInterval(look, WITHOUT_WORKER);
    return () => clearInterval(timer);
  }
}
