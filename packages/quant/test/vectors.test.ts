import { expect, test } from '@jest/globals';
import { sharedData } from '@nanometer/testing';
import { dataBeside, differences, readVectors, RUNNERS } from './vector-runners.ts';

const file = sharedData('vectors.json');
/** Ratios of return series and other mathematics that this package does not have. */
const ELSEWHERE = new Set(['nt-sharpe', 'ft-cagr']);
const FAMILIES = /^(nt|ft|golden-pnl)-|maxdd|max_drawdown/;

const vectors = file === undefined ? [] : readVectors(file);
const chosen = vectors.filter(({ id, kind }) => FAMILIES.test(id) && kind !== 'anti-vector' && !ELSEWHERE.has(id));

const withFile = file === undefined ? test.skip : test;
withFile('published answers are there to compare with: ../shared/data/vectors.json', () => {
  expect(chosen.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['nt-pnl-inverse', 'nt-netting-cycles', 'ft-maxdd-abs-vs-rel', 'golden-pnl-every-200th']),
  );
});

for (const vector of chosen) {
  test(`published answer ${vector.id}`, () => {
    const runner = RUNNERS[vector.metric];
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
