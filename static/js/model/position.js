/** Reads and writes positions, `<epoch>:<seq>`: the only cursor of a log. */

/** @typedef {{epoch: string, seq: number}} Position */

/** @param {string} text @returns {Position} */
export function parsePosition(text) {
  const cut = text.lastIndexOf(':');
  return { epoch: text.slice(0, cut), seq: Number(text.slice(cut + 1)) };
}

/** @param {Position} position @returns {string} */
export function formatPosition({ epoch, seq }) {
  return `${epoch}:${seq}`;
}
