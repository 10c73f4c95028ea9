/** Turns the page with a finger: a quick stroke to the side, that nothing else wants. */

const FAR = 64;
const STRAIGHT = 0.6;
const QUICK = 600;

/**
 * @param {HTMLElement} element @param {(where: 'prev'|'next') => void} turn
 */
export function onSwipe(element, turn) {
  let start = null;
  element.addEventListener('touchstart', ({ touches, target, timeStamp }) => {
    const alone = touches.length === 1 && !scrolls(target, element);
    start = alone ? { x: touches[0].clientX, y: touches[0].clientY, at: timeStamp } : null;
  }, { passive: true });
  element.addEventListener('touchend', ({ changedTouches, timeStamp, defaultPrevented }) => {
    if (!start || defaultPrevented) return;
    const [x, y] = [changedTouches[0].clientX - start.x, changedTouches[0].clientY - start.y];
    const swiped = timeStamp - start.at < QUICK && Math.abs(x) > FAR && Math.abs(y) < Math.abs(x) * STRAIGHT;
    start = null;
    if (swiped) turn(x < 0 ? 'next' : 'prev');
  }, { passive: true });
  // An event that a long press has lifted is carried, and the page stays.
  element.addEventListener('eventdrag', () => (start = null));
}

/** @param {EventTarget|null} target @param {HTMLElement} within @returns {boolean} whether a finger there scrolls sideways */
function scrolls(target, within) {
  for (let node = target instanceof Element ? target : null; node && node !== within; node = node.parentElement) {
    if (node.scrollWidth > node.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(node).overflowX)) return true;
  }
  return false;
}
