import assert from 'node:assert/strict';
import test from 'node:test';

import { choicesAmong, clearFilter, countOf, filterOf, setFilter, testOf } from '../../static/js/model/filter.js';
import { Preferences } from '../../static/js/model/preferences.js';

const none = { text: '', categories: [], tags: [], mine: false };
const review = { title: '디자인 리뷰', category: '회의', tags: ['브랜드', '로고'], location: '피카소룸', created_by: '김민아' };
const fair = { title: 'IT 박람회', category: '행사', tags: [], updated_by: '이준호' };
const passing = (filter, me) => [review, fair].filter(testOf({ ...none, ...filter }, me) ?? (() => true));

test('no wish lets everything pass', () => {
  assert.equal(testOf(none), null);
  assert.deepEqual(passing({ text: '  ' }), [review, fair]);
});

test('any of several categories or tags will do', () => {
  assert.deepEqual(passing({ categories: ['회의', '행사'] }), [review, fair]);
  assert.deepEqual(passing({ categories: ['회의'] }), [review]);
  assert.deepEqual(passing({ tags: ['로고', '없음'] }), [review]);
});

test('every kind of wish must be met', () => {
  assert.deepEqual(passing({ categories: ['행사'], tags: ['로고'] }), []);
});

test('text is found anywhere, whatever its case and composition', () => {
  assert.deepEqual(passing({ text: 'it ' }), [fair]);
  assert.deepEqual(passing({ text: '피카소'.normalize('NFD') }), [review]);
  assert.deepEqual(passing({ text: '브랜' }), [review]);
});

test('mine is what I made or changed; nobody without a name has any', () => {
  assert.deepEqual(passing({ mine: true }, '김민아'), [review]);
  assert.deepEqual(passing({ mine: true }, '이준호'), [fair]);
  assert.deepEqual(passing({ mine: true }), []);
});

test('the most used categories and tags come first', () => {
  assert.deepEqual(choicesAmong([review, review, fair]), { categories: ['회의', '행사'], tags: ['로고', '브랜드'] });
});

test('a filter is remembered, counted and cleared', () => {
  const preferences = new Preferences(null);
  setFilter(preferences, { tags: ['로고'] });
  setFilter(preferences, { text: '리뷰' });
  assert.equal(countOf(filterOf(preferences)), 2);
  clearFilter(preferences);
  assert.deepEqual(filterOf(preferences), none);
});
