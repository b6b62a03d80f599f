import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sharedData } from '@nanometer/testing';
import { resultOf } from './vectors/result.ts';
import { answerOf, runnerOf } from './vectors/runner-of.ts';
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
    expect(
      differences(vector.expected, runner && answerOf(vector, runner, dataBeside(file ?? '')), vector.tolerance),
    ).toEqual([]);
  });
}

// Variants that the shared file leaves out: other tails, targets, samples and degrees of freedom, empty cells, no values.
const independent = fileURLToPath(new URL('vectors/independent.json', import.meta.url));
for (const vector of readVectors(independent)) {
  test(`independent answer ${vector.id}`, () => {
    expect(resultOf(vector, independent).problems).toEqual([]);
  });
}

describe('a file of vectors', () => {
  let folder: string | undefined;
  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const fileOf = (content: unknown): string => {
    folder = mkdtempSync(join(tmpdir(), 'nanometer-vectors-'));
    const path = join(folder, 'vectors.json');
    writeFileSync(path, JSON.stringify(content));
    return path;
  };

  test.each<[string, object, string]>([
    [
      'a metric that nothing computes',
      { metric: 'sharp_ratio' },
      'nothing computes the metric "sharp_ratio"; there are',
    ],
    ['a metric named as a method of objects', { metric: 'toString' }, 'nothing computes the metric "toString"'],
    ['inputs that are no list', { metric: 'sharpe_ratio', inputs: 'x' }, 'its inputs are no list of numbers'],
    ['an indicator of no bars', { metric: 'sma', inputs: { close: [1] }, params: { n: 0 } }, 'it takes 1 above 0'],
    ['neither closes nor a file', { metric: 'sma', inputs: {} }, 'neither closes nor a file of bars'],
    ['no market', { metric: 'pnl_on_real_data', inputs: {} }, 'names no file of trades'],
  ])('misses a vector with %s, and says why', (_, vector, problem) => {
    const path = fileOf({ vectors: [{ expected: 1, ...vector }] });
    const [result] = readVectors(path).map((each) => resultOf(each, path));
    expect(result).toMatchObject({ pass: false, problems: [expect.stringContaining(problem)] });
  });

  test.each<[string, unknown, string]>([
    ['without a list', { answers: [] }, 'has no list "vectors"'],
    ['with an entry that is none', [7], 'vector 0 of'],
    ['with an entry that expects nothing', [{ metric: 'sma' }], 'has nothing "expected"'],
    ['with a tolerance that is none', [{ metric: 'sma', expected: 1, tolerance: -1 }], 'has a tolerance of -1'],
  ])('%s is refused whole', (_, content, message) => {
    expect(() => readVectors(fileOf(content))).toThrow(message);
  });

  const onMarkets = sharedData('market') === undefined ? test.skip : test;
  onMarkets('finds its market by the files it names, beside it or in the shared data', () => {
    const inputs = { files: ['binance-coinm-btcusd_perp-20240808-trades.csv.gz'] };
    const path = fileOf([{ metric: 'pnl_on_real_data', inputs, expected: { fills: 0 }, tolerance: 1e6 }]);
    const [result] = readVectors(path).map((each) => resultOf(each, path));
    expect(result?.problems).toEqual([]);
    const { fills } = result!.ours as { fills: number };
    expect(fills).toBeGreaterThan(10);
  });
});

test('a comparison reports what differs and where', () => {
  expect(differences({ a: 1, b: [null, 2] }, { a: 1 + 1e-12, b: [undefined, 2.1], c: 3 }, 1e-9)).toEqual([
    '/b/1: expected 2, ours 2.1',
  ]);
  expect(differences([1], undefined, 1e-9)).toEqual(['/0: expected 1, ours undefined']);
  expect(differences(null, 0, 1e-9)).toEqual([': expected no value, ours 0']);
});
