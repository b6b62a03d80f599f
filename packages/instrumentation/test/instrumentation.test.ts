import { describe, expect, test } from '@jest/globals';
import { DropCounter, isCount, isDuration, isName, meterOf } from '@nanometer/instrumentation';
import { type Counter, type Meter, type MeterProvider, metrics } from '@opentelemetry/api';

const HOSTILE: readonly unknown[] = [
  NaN,
  Infinity,
  -Infinity,
  -1,
  -5e-324,
  '',
  '1',
  null,
  undefined,
  {},
  [],
  1n,
  Symbol('x'),
  true,
];

describe('checks', () => {
  test.each<[string, (value: unknown) => boolean, readonly unknown[], readonly unknown[]]>([
    ['isCount', isCount, [0, -0, 1, 2 ** 53 - 1], [...HOSTILE, 0.5, 5e-324, 2 ** 53, 2 ** 53 + 1]],
    ['isDuration', isDuration, [0, -0, 5e-324, 0.5, 2 ** 53 + 1, Number.MAX_VALUE], HOSTILE],
    [
      'isName',
      isName,
      ['a', ' ', '1', 'é'.repeat(255)],
      [...HOSTILE.filter((value) => value !== '1'), 'x'.repeat(256)],
    ],
  ])('%s takes what it should and nothing else', (_, check, good, bad) => {
    for (const value of good) expect({ value, fit: check(value) }).toEqual({ value, fit: true });
    for (const value of bad) expect({ value, fit: check(value) }).toEqual({ value, fit: false });
  });
});

describe('drops', () => {
  test('are counted in total and by reason under the given attribute', () => {
    const added: unknown[] = [];
    const counter = {
      add: (value: number, attributes: unknown) => added.push([value, attributes]),
    } as unknown as Counter;
    const drops = new DropCounter<'a' | 'b'>(counter, 'x.reason');
    expect([drops.count('a'), drops.count('b'), drops.count('a')]).toEqual(['a', 'b', 'a']);
    expect(drops.total).toBe(3);
    expect(added).toEqual([
      [1, { 'x.reason': 'a' }],
      [1, { 'x.reason': 'b' }],
      [1, { 'x.reason': 'a' }],
    ]);
  });
});

describe('the meter', () => {
  const asked: unknown[] = [];
  const own = {} as Meter;
  const provider: MeterProvider = {
    getMeter: (...scope) => {
      asked.push(scope);
      return own;
    },
  };

  test('is the given one', () => {
    const given = {} as Meter;
    expect(meterOf({ meter: given, meterProvider: provider }, 's', '1')).toBe(given);
    expect(asked).toEqual([]);
  });

  test('is of the given provider, with scope and version', () => {
    expect(meterOf({ meterProvider: provider }, 's', '1')).toBe(own);
    expect(asked).toEqual([['s', '1']]);
  });

  test('is of the global provider otherwise', () => {
    metrics.setGlobalMeterProvider(provider);
    try {
      expect(meterOf({}, 's', '2')).toBe(own);
    } finally {
      metrics.disable();
    }
  });
});
