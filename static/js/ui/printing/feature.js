/** Prints what the calendar shows on clean sheets, whether somebody asks the page for it or the browser. */

import { printSheet } from './sheet.js';

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function printing(context) {
  const { t } = context;
  let sheet = null;
  const lay = () => {
    sheet?.remove();
    sheet = printSheet(context);
    document.body.append(sheet);
  };
  const clear = () => {
    sheet?.remove();
    sheet = null;
  };
  addEventListener('beforeprint', lay);
  addEventListener('afterprint', clear);
  return {
    commands: [{ id: 'print', words: t('print.do'), group: 'page', keys: ['Mod+KeyP'], menu: true, run: () => print() }],
    destroy: () => {
      clear();
      removeEventListener('beforeprint', lay);
      removeEventListener('afterprint', clear);
    },
  };
}
