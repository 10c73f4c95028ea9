import assert from 'node:assert/strict';
import test from 'node:test';

import { chordOf, Commands, keyCaps } from '../../static/js/ui/commands.js';

const press = (code, held = {}) => ({ code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

test('a key is known by its place, so that a Korean keyboard works as an English one', () => {
  assert.equal(chordOf({ ...press('KeyN'), key: 'ㅜ' }), 'KeyN');
});

test('control and command are the same modifier', () => {
  assert.equal(chordOf(press('KeyZ', { ctrlKey: true })), 'Mod+KeyZ');
  assert.equal(chordOf(press('KeyZ', { metaKey: true, shiftKey: true })), 'Mod+Shift+KeyZ');
});

test('a chord is shown as it is printed on a keyboard', () => {
  assert.deepEqual(keyCaps('KeyN'), ['N']);
  assert.deepEqual(keyCaps('Shift+Slash'), ['?']);
  assert.deepEqual(keyCaps('Mod+KeyZ').at(-1), 'Z');
});

test('shortcuts of one letter can be switched off, and those with Ctrl stay', () => {
  const heard = [];
  globalThis.document = { addEventListener: (_, listener) => (globalThis.heardBy = listener), removeEventListener: () => {}, querySelector: () => null };
  globalThis.Element = class {};
  const commands = new Commands();
  commands.add([{ id: 'a', words: '', keys: ['KeyN', 'Mod+KeyK', 'ArrowLeft'], run: (chord) => heard.push(chord) }]);
  commands.lettersOff = () => true;
  for (const event of [press('KeyN'), press('KeyK', { ctrlKey: true }), press('ArrowLeft')]) globalThis.heardBy({ ...event, target: null, preventDefault: () => {} });
  assert.deepEqual(heard, ['Mod+KeyK', 'ArrowLeft']);
});
