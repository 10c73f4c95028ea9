/** Takes along what the calendar shows: on clean sheets, whether the page or the browser is asked, or as text. */

import { Acts } from '../acting/acts.js';
import { printSheet } from './sheet.js';

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function printing(context) {
  const { t } = context;
  const acts = new Acts(context);
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
    commands: [
      { id: 'print', words: t('print.do'), group: 'page', keys: ['Mod+KeyP'], menu: true, run: () => print() },
      { id: 'copy.range', words: t('act.copyRange'), group: 'page', keys: ['Shift+KeyC'], menu: true, run: () => void acts.copyRange() },
    ],
    destroy: () => {
      clear();
      removeEventListener('beforeprint', lay);
      removeEventListener('afterprint', clear);
    },
  };
}
