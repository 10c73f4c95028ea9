import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

import { languageFor, STRINGS, translator, zoneName } from '../../static/js/model/i18n.js';

const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const sources = readdirSync(new URL('../../static/js/ui/', import.meta.url), { recursive: true })
  .filter((name) => name.endsWith('.js'))
  .map((name) => readFileSync(new URL(`../../static/js/ui/${name}`, import.meta.url), 'utf8'))
  .join('\n');

test('Korean and English say the same things', () => {
  assert.deepEqual(Object.keys(STRINGS.en).sort(), Object.keys(STRINGS.ko).sort());
});

test('Korean and English fill in the same values', () => {
  for (const [key, text] of Object.entries(STRINGS.ko)) assert.deepEqual(placeholders(STRINGS.en[key]), placeholders(text), key);
});

test('every literal key that the page uses exists', () => {
  for (const [, key] of sources.matchAll(/\bt\('([^']+)'/g)) assert.ok(key in STRINGS.ko, key);
});

test('the first language that we speak is chosen', () => {
  assert.equal(languageFor(['fr-FR', 'ko-KR', 'en']), 'ko');
  assert.equal(languageFor(['de']), 'en');
});

test('values take the place of their names', () => {
  assert.equal(translator('ko')('department.gone', { name: '개발팀' }), '“개발팀” 부서가 삭제되었습니다');
});

test('a word goes by the number of what it counts', () => {
  const t = translator('en');
  assert.equal(t('search.count', { count: 1 }), '1 event');
  assert.equal(t('search.count', { count: '1' }), '1 event');
  assert.equal(t('search.count', { count: 2 }), '2 events');
  assert.equal(t('search.count', { count: 0 }), '0 events');
});

test('a zone is shown by its city', () => {
  assert.equal(zoneName('America/New_York'), 'New York');
});
