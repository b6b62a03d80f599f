import { expect, test } from '@jest/globals';
import { sharedData } from '@nanometer/testing';
import { runnerOf } from './vectors/runner-of.ts';
import { dataBeside, differences, readVectors } from './vectors/vector.ts';

const file = sharedData('vectors.json');
const vectors = file === undefined ? [] : readVectors(file);

const withFile = file === undefined ? test.skip : test;
withFile('published answers are there to compare with: ../shared/data/vectors.json', () => {
  expect(vectors.length).toBeGreaterThan(50);
});

// An anti-vector's `expected` is the right value; the wrong one that was published is in its notes.
for (const vector of vectors) {
  test(`published answer ${vector.id}`, () => {
    const runner = runnerOf(vector.metric);
    expect(runner).toBeDefined();
    expect(differences(vector.expected, runner?.(vector, dataBeside(file ?? '')), vector.tolerance)).toEqual([]);
  });
}

test('a comparison reports what differs and where', () => {
  expect(differences({ a: 1, b: [null, 2] }, { a: 1 + 1e-12, b: [undefined, 2.1], c: 3 }, 1e-9)).toEqual([
    '/b/1: expected 2, ours 2.1',
  ]);
  expect(differences([1], undefined, 1e-9)).toEqual(['/0: expected 1, ours undefined']);
  expect(differences(null, 0, 1e-9)).toEqual([': expected no value, ours 0']);
});
