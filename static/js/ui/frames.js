/** Gathers many reasons to draw into one drawing. */

/** A drawing gets at most a quarter of the time, so that a flood of changes leaves the page smooth. */
const REST = 3;

/**
 * Makes a function that draws in the next animation frame, however often it is called until then.
 * @param {() => void} draw
 * @returns {() => void}
 */
export function batched(draw) {
  let waiting = false;
  let rest = 0;
  const frame = () => {
    waiting = false;
    const start = performance.now();
    draw();
    rest = Math.min(500, (performance.now() - start) * REST);
  };
  return () => {
    if (waiting) return;
    waiting = true;
    // A hidden tab gets no frames, but must not pile up work either: it draws when it is seen again.
    setTimeout(() => requestAnimationFrame(frame), rest);
  };
}
