/** Puts the page together: model, network and view know each other only from here. */

import { Api } from './api.js';
import { Live } from './live.js';
import { languageFor, translator } from './model/i18n.js';
import { randomId } from './model/ids.js';
import { Preferences } from './model/preferences.js';
import { Undoing } from './model/undoing.js';
import { Workspace } from './model/workspace.js';
import { App } from './ui/app.js';

const base = new URL('.', document.baseURI).href;
const preferences = new Preferences(storage());
if (!preferences.get('device')) preferences.set('device', randomId());

const api = new Api({ base, identity: () => ({ device: preferences.get('device'), actor: preferences.get('actor') }) });
const live = new Live({ base });
const clock = {
  now: () => Date.now(),
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};
const workspace = new Workspace({ api, connection: live, clock, preferences });
const undoing = new Undoing({ api, workspace, clock });
live.onState = () => workspace.connectionChanged();

let shown = null;
show();
workspace.start();
live.start();

/** Builds the page, or builds it anew in another language; the copies stay. */
function show() {
  const language = preferences.get('language') ?? languageFor(navigator.languages);
  const date = shown?.date;
  shown?.destroy();
  document.documentElement.lang = language;
  const switchLanguage = () => {
    preferences.set('language', language === 'ko' ? 'en' : 'ko');
    show();
  };
  const root = /** @type {HTMLElement} */ (document.getElementById('app'));
  shown = new App(root, { t: translator(language), workspace, api, live, undoing, preferences, switchLanguage, firstDay: firstDay(), date });
}

/** @returns {number|undefined} 0 is Sunday; undefined leaves it to the calendar's locale */
function firstDay() {
  const locale = new Intl.Locale(navigator.language);
  const week = locale.getWeekInfo?.() ?? locale.weekInfo;
  return week && week.firstDay % 7;
}

/** @returns {Storage|null} */
function storage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
