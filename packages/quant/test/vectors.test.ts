import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sharedData } from '@nanometer/testing';
import { resultOf } from './vectors/result.ts';
import { answerOf, runnerOf } from './vectors/runner-of.ts';
import { dataBeside, differences, readVectors, repeatedIds } from './vectors/vector.ts';

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

// What the shared file leaves out: numbers of other sources, and variants recomputed by brute force (other tails, targets,
// samples and degrees of freedom, empty cells, no values).
for (const name of ['published', 'independent']) {
  const own = fileURLToPath(new URL(`vectors/${name}.json`, import.meta.url));
  for (const vector of readVectors(own)) {
    test(`${name} answer ${vector.id}`, () => {
      expect(resultOf(vector, own).problems).toEqual([]);
    });
  }
}

test('every answer of our own has a source and an id of its own', () => {
  for (const name of ['published', 'independent']) {
    const vectors = readVectors(fileURLToPath(new URL(`vectors/${name}.json`, import.meta.url)));
    expect(repeatedIds(vectors)).toEqual([]);
    expect(vectors.filter((vector) => !('source' in vector) || vector.source === '')).toEqual([]);
  }
});

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
      { metric: 'sharp_ratio', inputs: [] },
      'nothing computes the metric "sharp_ratio"; there are',
    ],
    [
      'a metric named as a method of objects',
      { metric: 'toString', inputs: [] },
      'nothing computes the metric "toString"',
    ],
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
    ['with no entry', { vectors: [] }, 'has an empty list'],
  ])('%s is refused whole', (_, content, message) => {
    expect(() => readVectors(fileOf(content))).toThrow(message);
  });

  test.each<[string, unknown, string]>([
    ['no object', 7, 'vector 1 of FILE is 7, no object'],
    ['no metric', { expected: 1, inputs: [] }, 'vector 1 of FILE names no "metric"'],
    ['nothing expected', { metric: 'sma', inputs: [] }, 'vector 1 of FILE has nothing "expected"'],
    ['no inputs', { metric: 'sma', expected: 1 }, 'has neither "inputs" nor "params"'],
    ['an id that is no text', { id: 5, metric: 'sma', expected: 1, inputs: [] }, 'has an "id" of 5, no text'],
    ['a tolerance below 0', { metric: 'sma', inputs: [], expected: 1, tolerance: -1 }, 'has a tolerance of -1'],
    [
      'a tolerance of words',
      { metric: 'sma', inputs: [], expected: 1, tolerance: 'close' },
      'has a tolerance of "close"',
    ],
    [
      'a tolerance of nothing',
      { metric: 'sma', inputs: [], expected: 1, tolerance: {} },
      'a tolerance without a number',
    ],
    ['texts for numbers', { metric: 'sharpe_ratio', inputs: [1, 'two'], expected: 1 }, 'hold "two" at 1, no number'],
    [
      'inputs of another shape',
      { metric: 'basel_zone', inputs: {}, expected: 'green' },
      'gives no number "exceptions"',
    ],
    [
      'lists of two lengths',
      { metric: 'beta', inputs: { returns: [1], benchmark: [1, 2] }, expected: 1 },
      '1 returns beside 2',
    ],
    ['a quantile of no type', { metric: 'quantile', inputs: [1], params: { type: 12 }, expected: 1 }, 'of type 12'],
  ])('an entry with %s is a miss with its place, and the others are computed', (_, entry, problem) => {
    const path = fileOf([{ metric: 'mean', inputs: [1, 3], expected: 2 }, entry]);
    const [sound, bad] = readVectors(path).map((each) => resultOf(each, path));
    expect(sound?.problems).toEqual([]);
    expect(bad).toMatchObject({ pass: false, problems: [expect.stringContaining(problem.replace('FILE', path))] });
  });

  test.each<[string, object, boolean]>([
    ['a relative one', { expected: 1000, tolerance: { relative: 1e-3 } }, true],
    ['an absolute one', { expected: 1000, tolerance: { absolute: 1e-3 } }, false],
    ['either of both', { expected: 1000, tolerance: { rtol: 1e-9, atol: 0.5 } }, true],
    ['fields of their own', { expected: 1000, relative_tolerance: 1e-9, absolute_tolerance: 1 }, true],
    ['a text', { expected: 1000, tolerance: '5e-4 relative' }, true],
    ['a kind of its own', { expected: 1000, tolerance: 0.5, tolerance_kind: 'absolute' }, true],
    ['none', { expected: 1000 }, false],
  ])('a tolerance may be stated as %s', (_, stated, passes) => {
    const path = fileOf([{ metric: 'mean', inputs: [1000, 1000.9], ...stated }]);
    expect(readVectors(path).map((each) => resultOf(each, path).pass)).toEqual([passes]);
  });

  test('what must be refused passes without a value, and a value known to be wrong is a miss', () => {
    const path = fileOf([
      { id: 'a', metric: 'sharpe_ratio', inputs: [0.1, 0.1], expected: 'refused' },
      { id: 'b', metric: 'mean', inputs: [1], must_refuse: true },
      { id: 'c', metric: 'mean', inputs: [1, 3], expected: 2, wrong: [1.5] },
      { id: 'd', metric: 'mean', inputs: [1, 3], expected: 2, wrong: 2 },
    ]);
    const results = readVectors(path).map((each) => resultOf(each, path));
    expect(results.map(({ pass }) => pass)).toEqual([true, false, true, false]);
    expect(results[3]?.problems).toEqual(['ours is 2, which is known to be wrong']);
  });

  test('the bare NaN and Infinity of Python are read, as no value and as themselves', () => {
    const path = fileOf([]);
    writeFileSync(
      path,
      '[{"metric":"mean","inputs":[NaN,1,3],"expected":2},{"metric":"mean","inputs":[],"expected":NaN}]',
    );
    expect(readVectors(path).map((each) => resultOf(each, path).problems)).toEqual([[], []]);
    expect(differences('-Infinity', -Infinity, 0)).toEqual([]);
  });

  test.each([
    ['', 'is empty'],
    ['{', 'is no JSON'],
  ])('a file of %j is refused with its name', (text, message) => {
    const path = fileOf([]);
    writeFileSync(path, text);
    expect(() => readVectors(path)).toThrow(`${path} ${message}`);
  });

  test('ids that are given twice are told with their places', () => {
    const path = fileOf(['x', 'y', 'x'].map((id) => ({ id, metric: 'mean', inputs: [1], expected: 1 })));
    expect(repeatedIds(readVectors(path))).toEqual(['vectors 0, 2 are all called x']);
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
  expect(differences([1], undefined, 1e-9)).toEqual(['/0: expected 1, ours no value']);
  expect(differences(null, 0, 1e-9)).toEqual([': expected no value, ours 0']);
});
