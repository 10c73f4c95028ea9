/** The settings of how the calendar looks on this device, and the page's theme. */

import { zoneName } from '../model/i18n.js';
import { choicesOf, choose } from '../model/view_choices.js';
import { allZones } from '../model/zones.js';
import { fill, h } from './h.js';
import { setting } from './settings_dialog.js';

const HOURS = Array.from({ length: 25 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`);

/** @param {import('./features.js').Context} context @returns {import('./features.js').Feature} */
export function look(context) {
  const { preferences } = context;
  const dress = () => {
    const { theme } = choicesOf(preferences);
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  dress();
  const stop = preferences.listen(dress);
  return {
    /** Asked for whenever the dialog opens: what is chosen then is what it shows. */
    get settings() {
      return [calendarSettings(context), hourSettings(context), daySettings(context)];
    },
    destroy: stop,
  };
}

/** @param {import('./features.js').Context} context @param {string} name @param {{words: string, hint?: string, options?: [string, string][]}} parts */
function choice({ preferences }, name, parts) {
  return setting({ ...parts, value: choicesOf(preferences)[name], choose: (value) => choose(preferences, { [name]: value }) });
}

function calendarSettings(context) {
  const { t } = context;
  const themes = ['system', 'light', 'dark'].map((name) => [name, t(`look.theme.${name}`)]);
  const days = [['auto', t('look.firstDay.auto')], ...['0', '1', '6'].map((day) => [day, t(`look.day.${day}`)])];
  return {
    title: t('look.title'),
    elements: [
      choice(context, 'theme', { words: t('look.theme'), options: themes }),
      choice(context, 'firstDay', { words: t('look.firstDay'), options: days }),
      choice(context, 'weekends', { words: t('look.weekends') }),
      choice(context, 'weekNumbers', { words: t('look.weekNumbers') }),
    ],
  };
}

function hourSettings(context) {
  const { t, viewerZone } = context;
  const zones = allZones(viewerZone).filter((zone) => zone !== viewerZone).map((zone) => [zone, zoneWords(zone)]);
  return {
    title: t('look.hours'),
    elements: [
      choice(context, 'workFrom', { words: t('look.workFrom'), options: HOURS.slice(0, -1).map((hour) => [hour, hour]) }),
      choice(context, 'workTo', { words: t('look.workTo'), options: HOURS.slice(1).map((hour) => [hour, hour]) }),
      choice(context, 'workOnly', { words: t('look.workOnly'), hint: t('look.workOnlyHint') }),
      choice(context, 'secondZone', { words: t('look.zone'), hint: t('look.zoneHint'), options: [['', t('look.none')], ...zones] }),
    ],
  };
}

/** @param {string} zone @returns {string} the city first: it is what people look for, and type */
function zoneWords(zone) {
  const region = zone.split('/').slice(0, -1).join('/');
  return region ? `${zoneName(zone)} (${region})` : zone;
}

function daySettings(context) {
  const { t, preferences } = context;
  const countries = choice(context, 'holidays', { words: t('look.holidays'), options: countryOptions(t, ['KR'], choicesOf(preferences).holidays) });
  void offerCountries(context, countries.querySelector('select'));
  return { title: t('look.days'), elements: [countries, choice(context, 'lunar', { words: t('look.lunar') })] };
}

/** Korea can be chosen at once; the others come from the server. */
async function offerCountries({ t, api, preferences }, select) {
  const known = await api.holidayCountries().catch(() => []);
  const options = countryOptions(t, ['KR', ...known.map(({ code }) => code)], choicesOf(preferences).holidays);
  fill(select, ...options.map(([code, words]) => h('option', { value: code, selected: code === choicesOf(preferences).holidays }, words)));
}

/** @returns {[string, string][]} */
function countryOptions(t, codes, chosen) {
  const names = new Intl.DisplayNames([t.language], { type: 'region' });
  const all = [...new Set([...codes, chosen].filter(Boolean))].map((code) => [code, names.of(code) ?? code]);
  const [korea, others] = [all.filter(([code]) => code === 'KR'), all.filter(([code]) => code !== 'KR')];
  others.sort((a, b) => a[1].localeCompare(b[1], t.language));
  return [['', t('look.none')], ...korea, ...others];
}
