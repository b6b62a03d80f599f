import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sharedData } from '@nanometer/testing';
import { missingIn } from '../../packages/semconv/generator/card-rules.ts';
import { readModel } from '../../packages/semconv/generator/read-model.ts';
import { ProofChecker } from './proof.ts';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** Groups that a desk decides by: none of their metrics may leave open what its number is. */
const PROVEN_GROUPS: readonly string[] = [
  'trading',
  'risk',
  'exchange',
  'market',
  'execution',
  'strategy',
  'signal',
  'experiment',
  'regime',
  'cost',
  'ml',
  'pipeline',
];

const groups = readModel(join(CHECKOUT, 'packages', 'semconv', 'model'), CHECKOUT);
const vectorFile = sharedData('vectors.json');

test('every proof of a card names a vector that passes or a test that exists', () => {
  const checker = new ProofChecker({ checkout: CHECKOUT, vectorFile });
  const faults = groups.flatMap(({ cards }) =>
    [...cards].flatMap(([{ name }, { proof }]) =>
      proof.flatMap((entry) => {
        const fault = checker.faultOf(entry);
        return fault === undefined ? [] : [`${name}: ${fault}`];
      }),
    ),
  );
  expect(faults).toEqual([]);
});

test('every card tells formula, sign, window, minimum, source and proof', () => {
  const incomplete = groups
    .filter(({ name }) => PROVEN_GROUPS.includes(name))
    .flatMap(({ cards }) =>
      [...cards].flatMap(([metric, card]) => missingIn(metric, card).map((what) => `${metric.name}: no ${what}`)),
    );
  expect(incomplete).toEqual([]);
  expect(PROVEN_GROUPS.filter((name) => !groups.some((group) => group.name === name))).toEqual([]);
});

test('what is called a count, a sum or a duration is one', () => {
  const kinds = { 'a count of events': ['counter', 'observablecounter'], 'a duration ': ['histogram'] };
  const misnamed = groups.flatMap(({ cards }) =>
    [...cards].flatMap(([{ name, kind }, { origin }]) => {
      const claim = Object.entries(kinds).find(([start]) => origin?.startsWith(start));
      return claim === undefined || claim[1].includes(kind) ? [] : [`${name}: ${origin}, by a ${kind}`];
    }),
  );
  expect(misnamed).toEqual([]);
});

describe('a proof', () => {
  let folder: string | undefined;
  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const checkerOf = (source: string): ProofChecker => {
    folder = mkdtempSync(join(tmpdir(), 'nanometer-cards-'));
    mkdirSync(join(folder, 'packages/a/test'), { recursive: true });
    writeFileSync(join(folder, 'packages/a/test/a.test.ts'), source);
    return new ProofChecker({ checkout: folder, vectorFile });
  };

  test.each([
    ['a plain test', "test('adds up', () => {})"],
    ['a test in a table', 'test.each([[1, 2]])("adds up", () => {})'],
    ['a test of the other name', "it(\n  'adds up',\n  () => {})"],
  ])('holds for %s', (_, source) => {
    expect(checkerOf(source).faultOf('test:packages/a/test/a.test.ts#adds up')).toBeUndefined();
  });

  test.each([
    ['the name in a comment', '// adds up'],
    ['a part of a name', "test('adds up twice', () => {})"],
    ['a skipped test', "test.skip('adds up', () => {})"],
  ])('fails for %s', (_, source) => {
    const fault = checkerOf(source).faultOf('test:packages/a/test/a.test.ts#adds up');
    expect(fault).toBe('packages/a/test/a.test.ts has no test named "adds up"');
  });

  test('fails for a file that is not there and for what is neither', () => {
    const checker = checkerOf('');
    expect(checker.faultOf('test:packages/b/test/b.test.ts#x')).toBe('there is no file packages/b/test/b.test.ts');
    expect(checker.faultOf('word of honour')).toBe('names neither a vector nor a test');
  });

  test('fails for a vector that does not exist', () => {
    const fault = checkerOf('').faultOf('vector:no-such-vector');
    expect(fault).toBe(vectorFile === undefined ? undefined : 'there is no vector "no-such-vector"');
  });
});
