/** Knows every command of the page and runs it by its key, wherever the keyboard is. */

/**
 * @typedef {{id: string, words: string, group?: string, keys?: string[], menu?: boolean, anywhere?: boolean,
 *   enabled?: () => boolean, run: (chord?: string) => void}} Command
 *   `keys` such as `KeyN`, `Shift+Slash`, `Mod+KeyZ`: by the key's place, since a Korean keyboard writes ㅜ where N is;
 *   `group` is where the list of keys has it, `run` hears which of its keys it was; `menu`: also in the page's menu; `anywhere`: also while a dialog is open
 */

const MODIFIERS = ['Mod', 'Alt', 'Shift'];

/** The commands of one page. */
export class Commands {
  /** @type {Command[]} */
  #commands = [];
  #hear = (event) => this.#pressed(event);
  /** Whether somebody wants no command at a single letter: a voice or a slip may say one (WCAG 2.1.4). */
  lettersOff = () => false;

  constructor() {
    document.addEventListener('keydown', this.#hear);
  }

  /** @returns {readonly Command[]} */
  get all() {
    return this.#commands;
  }

  /** @param {Command[]} commands */
  add(commands) {
    this.#commands.push(...commands);
  }

  /** Stops listening to the keyboard. */
  destroy() {
    document.removeEventListener('keydown', this.#hear);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.defaultPrevented || event.isComposing || isWriting(event)) return;
    const pressed = chordOf(event);
    if (isLetter(pressed) && this.lettersOff()) return;
    const inDialog = document.querySelector('dialog[open], [popover]:popover-open') !== null;
    const command = this.#commands.find(({ keys, anywhere, enabled }) => keys?.includes(pressed) && (anywhere || !inDialog) && (enabled?.() ?? true));
    if (!command) return;
    event.preventDefault();
    command.run(pressed);
  }
}

/** @param {KeyboardEvent} event @returns {string} */
export function chordOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }) {
  // A question mark asks for help wherever a keyboard has it.
  if (key === '?' && !ctrlKey && !metaKey && !altKey) return 'Shift+Slash';
  const held = [ctrlKey || metaKey, altKey, shiftKey];
  return [...MODIFIERS.filter((_, index) => held[index]), code].join('+');
}

/** @param {string} chord @returns {boolean} */
function isLetter(chord) {
  return /^(?:Shift\+)?(?:Key|Digit|Slash)/.test(chord);
}

/** @param {string} chord @returns {string[]} its keys, as they are printed on a keyboard */
export function keyCaps(chord) {
  const apple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');
  const caps = { Mod: apple ? '⌘' : 'Ctrl', Alt: apple ? '⌥' : 'Alt', Shift: apple ? '⇧' : 'Shift', Slash: '/', Comma: ',', Escape: 'Esc', Delete: 'Del', Backspace: '⌫', Enter: '⏎', ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Space: 'Space', PageUp: 'PgUp', PageDown: 'PgDn', ContextMenu: '☰' };
  const keys = chord.split('+');
  if (keys.at(-1) === 'Slash' && keys.includes('Shift')) return [...keys.slice(0, -2), '?'].map((key) => caps[key] ?? key);
  return keys.map((key) => caps[key] ?? key.replace(/^(Key|Digit)/, ''));
}

/** @param {KeyboardEvent} event @returns {boolean} whether the key belongs to a field that somebody writes in */
function isWriting({ target }) {
  return target instanceof Element && target.matches('input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable]');
}
