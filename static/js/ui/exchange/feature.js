/** Lets calendar programs read a department, and takes its events out and in as files. */

import { CalendarFiles } from '../../calendar_files.js';
import { exportDialog } from './export_dialog.js';
import { importDialog } from './import_dialog.js';
import { subscribeDialog } from './subscribe_dialog.js';

/** @param {import('../features.js').Context} context @returns {import('../features.js').Feature} */
export function exchange(context) {
  const { t } = context;
  const action = (words, dialog) => (department) => ({
    words: t(words),
    run: () => dialog(context, department, new CalendarFiles(context.api, department.id)),
  });
  const offered = [
    action('exchange.subscribe', subscribeDialog),
    action('exchange.export', exportDialog),
    action('exchange.import', importDialog),
  ];
  return { departmentActions: (department) => offered.map((each) => each(department)) };
}
