/** Lets what others have moved glide from where it was, and what is new appear gently; not for who wants no motion. */

/** A drawing follows its change within this time, or is another's. */
const SOON = 1500;
/** More at once would be a flicker, and cost the page its smoothness. */
const MOST = 24;
const DURATION = 420;

/** Watches the calendar for what was announced to change. */
export class Gliding {
  /** @type {Map<string, {from: DOMRect|null, at: number}>} by an event's id, where it was */
  #expected = new Map();
  #observer = new MutationObserver((records) => this.#changed(records));

  constructor() {
    this.#observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-event'] });
  }

  /** @param {{id: string, type: string}[]} changes that will be drawn next */
  expect(changes) {
    const at = performance.now();
    for (const [id, { at: before }] of this.#expected) if (at - before > SOON) this.#expected.delete(id);
    if (changes.length > MOST || isStill()) return;
    for (const { id, type } of changes) {
      const shown = type === 'event' && document.querySelector(`.calendar [data-event="${CSS.escape(id)}"]`);
      if (type === 'event') this.#expected.set(id, { from: shown ? shown.getBoundingClientRect() : null, at });
    }
  }

  /** Watches no longer. */
  stop() {
    this.#observer.disconnect();
  }

  /** @param {MutationRecord[]} records */
  #changed(records) {
    if (!this.#expected.size) return;
    const elements = new Set();
    for (const { target, addedNodes } of records) {
      for (const node of [target, ...addedNodes]) {
        if (!(node instanceof HTMLElement)) continue;
        if (node.dataset.event) elements.add(node);
        else if (node !== target) node.querySelectorAll('[data-event]').forEach((inner) => elements.add(inner));
      }
    }
    for (const element of elements) this.#glide(element);
  }

  /** @param {HTMLElement} element */
  #glide(element) {
    const id = String(element.dataset.event);
    const expected = this.#expected.get(id);
    if (!expected || performance.now() - expected.at > SOON) return;
    this.#expected.delete(id);
    const { from } = expected;
    requestAnimationFrame(() => {
      if (!element.isConnected) return;
      const to = element.getBoundingClientRect();
      const start = from ? { transform: `translate(${from.x - to.x}px, ${from.y - to.y}px)`, zIndex: 5 } : { opacity: 0, transform: 'scale(0.9)' };
      element.animate([start, { opacity: 1, transform: 'none' }], { duration: DURATION, easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)' });
    });
  }
}

function isStill() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
