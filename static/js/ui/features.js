/** Lists what the page can do beside showing and editing events. Each feature brings its own commands, places and settings. */

import { acting } from './acting/feature.js';
import { exchange } from './exchange/feature.js';
import { finding } from './finding/feature.js';
import { files } from './files/feature.js';
import { firstVisit } from './first/feature.js';
import { printing } from './printing/feature.js';
import { reminders } from './reminders/feature.js';
import { filtering } from './filtering.js';
import { look } from './look.js';
import { history } from './together/history.js';
import { news } from './together/news.js';
import { presence } from './together/presence.js';
import { trash } from './together/trash.js';
import { undo } from './together/undo.js';
import { who } from './together/who.js';

/**
 * @typedef {import('./commands.js').Command} Command
 * @typedef {{words: string, icon?: string, run: () => void}} Action
 * @typedef {{title: string, elements: HTMLElement[]}} Settings a section of the settings' dialog; it takes effect at once
 * @typedef {{event: Record<string, any>, departmentId: string, form: any, close: () => void,
 *   closed: (work: () => void) => void, created: (work: (event: Record<string, any>) => void) => void}} OpenDialog `closed` hears of the dialog's end
 *
 * @typedef {{
 *   commands?: Command[],
 *   header?: HTMLElement[], toolbar?: HTMLElement[], overview?: HTMLElement[], sidebar?: HTMLElement[],
 *   first?: HTMLElement[],
 *   settings?: Settings[],
 *   departmentActions?: (department: Record<string, any>) => Action[],
 *   departmentMarks?: (id: string) => HTMLElement[],
 *   eventHeads?: (dialog: OpenDialog) => HTMLElement[],
 *   eventActions?: (dialog: OpenDialog) => Action[],
 *   eventSections?: (dialog: OpenDialog) => HTMLElement[],
 *   updated?: (update: import('../model/follower.js').Update) => void,
 *   draw?: () => void,
 *   destroy?: () => void,
 * }} Feature every member is optional; `first` stands on an empty server, `overview` stands above the departments, `updated` hears of changes, `draw` of anything that may look different
 *
 * @typedef {{
 *   t: import('../model/i18n.js').Translate,
 *   workspace: import('../model/workspace.js').Workspace,
 *   api: import('../api.js').Api,
 *   live: import('../live.js').Live,
 *   undoing: import('../model/undoing.js').Undoing,
 *   preferences: import('../model/preferences.js').Preferences,
 *   toasts: import('./toasts.js').Toasts,
 *   viewerZone: string,
 *   commands: import('./commands.js').Commands,
 *   calendar: import('./app.js').Place,
 *   features: Features,
 * }} Context what a feature is built from
 */

/** @type {((context: Context) => Feature)[]} in the order in which their parts stand in the page */
const FEATURES = [
  acting,
  finding,
  printing,
  firstVisit,
  files,
  exchange,
  reminders,
  filtering,
  look,
  who,
  undo,
  presence,
  news,
  history,
  trash,
];

/** The features of one page, and what they bring to a place in it. */
export class Features {
  /** @type {Feature[]} */
  #built;

  /** @param {Context} context */
  constructor(context) {
    this.#built = FEATURES.map((build) => build(context));
    context.commands.add(this.at('commands'));
  }

  /** @param {'commands'|'header'|'toolbar'|'overview'|'sidebar'|'first'|'settings'} place @returns {any[]} */
  at(place) {
    return this.#built.flatMap((feature) => feature[place] ?? []);
  }

  /** @param {'departmentActions'|'departmentMarks'|'eventHeads'|'eventActions'|'eventSections'} place @param {any} subject @returns {any[]} */
  for(place, subject) {
    return this.#built.flatMap((feature) => feature[place]?.(subject) ?? []);
  }

  /** @param {'updated'|'draw'|'destroy'} what @param {any} [detail] */
  tell(what, detail) {
    for (const feature of this.#built) feature[what]?.(detail);
  }
}
