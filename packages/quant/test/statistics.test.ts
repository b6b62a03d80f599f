import { describe, expect, test } from '@jest/globals';
import {
  Autocorrelation,
  chiSquareTail,
  Moments,
  normalDensity,
  normalProbability,
  normalQuantile,
  P2Quantile,
  PairMoments,
  quantile,
  SlidingAggregate,
  SortedWindow,
  tailMean,
} from '@nanometer/quant';
import * as fc from 'fast-check';

const HOSTILE = [Number.NaN, Infinity, -Infinity];
const EXTREME = [-0, 5e-324, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 1];
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const values = fc.array(value, { minLength: 2, maxLength: 60 });

function meanOf(list: readonly number[]): number {
  return list.reduce((sum, each) => sum + each, 0) / list.length;
}

function central(list: readonly number[], power: number): number {
  const mean = meanOf(list);
  return list.reduce((sum, each) => sum + (each - mean) ** power, 0);
}

function close(ours: number | undefined, expected: number, tolerance = 1e-9, scale = Math.abs(expected)): void {
  expect(Math.abs((ours ?? Number.NaN) - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, scale));
}

describe('Moments', () => {
  test('equals two passes over the values', () => {
    fc.assert(
      fc.property(values, (list) => {
        const moments = new Moments();
        for (const each of list) moments.add(each);
        close(moments.mean, meanOf(list));
        close(moments.squares, central(list, 2));
        const spread = central(list, 2);
        fc.pre(spread > 1e-3);
        close(moments.skewness, (Math.sqrt(list.length) * central(list, 3)) / spread ** 1.5, 1e-7);
        close(moments.kurtosis, (list.length * central(list, 4)) / spread ** 2, 1e-7);
      }),
    );
  });

  test('merging parts equals adding all, however they are cut', () => {
    fc.assert(
      fc.property(values, fc.nat(60), fc.nat(60), (list, a, b) => {
        const cuts = [0, Math.min(a, list.length), Math.min(Math.max(a, b), list.length), list.length];
        const merged = new Moments();
        const whole = new Moments();
        for (const each of list) whole.add(each);
        for (let at = 0; at < 3; at++) {
          const part = new Moments();
          for (const each of list.slice(cuts[at], cuts[at + 1])) part.add(each);
          merged.merge(part);
        }
        expect(merged.count).toBe(whole.count);
        close(merged.mean, whole.mean ?? Number.NaN);
        close(merged.squares, whole.squares);
      }),
    );
  });

  test('keeps its digits on a large level with small changes (NIST NumAcc4)', () => {
    const moments = new Moments();
    const correlation = new Autocorrelation(1);
    const list = [10_000_000.2, ...Array.from({ length: 500 }, () => [10_000_000.1, 10_000_000.3]).flat()];
    for (const each of list) {
      moments.add(each);
      correlation.add(each);
    }
    close(moments.mean, 10_000_000.2, 1e-15);
    close(moments.deviation, 0.1, 2e-9);
    close(correlation.at(1), -0.999, 2e-9);
  });

  test.each(HOSTILE)('ignores %p', (hostile) => {
    const moments = new Moments();
    moments.add(1);
    expect(moments.add(hostile)).toBe(false);
    expect([moments.count, moments.mean]).toEqual([1, 1]);
  });

  test.each(EXTREME)('takes %p exactly', (extreme) => {
    const moments = new Moments();
    expect(moments.add(extreme)).toBe(true);
    expect(moments.mean).toBe(extreme + 0);
  });

  test('has no value where there is none', () => {
    const moments = new Moments();
    expect([moments.mean, moments.variance, moments.populationVariance, moments.skewness]).toEqual(
      Array.from({ length: 4 }),
    );
    moments.add(3);
    moments.add(3);
    expect([moments.variance, moments.skewness, moments.kurtosis, moments.sampleKurtosis]).toEqual([
      0,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test('PairMoments equals two passes over the pairs, and the line it fits', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 3, maxLength: 40 }), (pairs) => {
      const moments = new PairMoments();
      for (const [x, y] of pairs) moments.add(x, y);
      const meanX = meanOf(pairs.map(([x]) => x));
      const meanY = meanOf(pairs.map(([, y]) => y));
      const products = pairs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
      const squares = pairs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
      close(moments.covariance, products / (pairs.length - 1), 1e-9, 1e12);
      fc.pre(squares > 1);
      close(moments.slope, products / squares, 1e-6, Math.abs(products / squares) + 1);
      expect(Math.abs(moments.correlation ?? 0)).toBeLessThanOrEqual(1);
    }),
  );
  const flat = new PairMoments();
  for (const y of [1, 2, 3]) flat.add(5, y);
  expect([flat.slope, flat.intercept, flat.correlation]).toEqual(Array.from({ length: 3 }));
  expect(flat.add(Number.NaN, 1)).toBe(false);
});

test('Autocorrelation equals its definition at every lag', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 8, maxLength: 30 }), (list) => {
      const correlation = new Autocorrelation(5);
      for (const each of list) correlation.add(each);
      const mean = meanOf(list);
      const squares = central(list, 2);
      fc.pre(squares > 1);
      for (let lag = 1; lag <= 5; lag++) {
        let products = 0;
        for (let at = lag; at < list.length; at++) products += (list[at]! - mean) * (list[at - lag]! - mean);
        close(correlation.at(lag), products / squares, 1e-6);
      }
    }),
  );
  expect(new Autocorrelation(2).at(1)).toBeUndefined();
  expect(() => new Autocorrelation(0)).toThrow('maxLag is 0');
});

test('SortedWindow has the quantiles of its latest values', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (list, size) => {
      const window = new SortedWindow(size);
      list.forEach((each, at) => {
        window.add(each);
        const latest = list.slice(Math.max(0, at + 1 - size), at + 1);
        for (const p of [0, 0.05, 0.5, 1]) expect(window.quantile(p)).toBe(quantile(latest, p));
        expect(window.count).toBe(latest.length);
      });
    }),
  );
  const window = new SortedWindow(2);
  expect([window.quantile(0.5), window.add(Number.NaN), window.count]).toEqual([undefined, false, 0]);
});

test('SlidingAggregate summarises the latest parts in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 3 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      (parts, size) => {
        const window = new SlidingAggregate<string>(size, (earlier, later) => earlier + later);
        parts.forEach((part, at) => {
          window.push(part);
          expect(window.summary).toBe(parts.slice(Math.max(0, at + 1 - size), at + 1).join(''));
        });
      },
    ),
  );
});

test('the normal law: quantile and probability are inverse, symmetric, and ends are infinite', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
      close(normalProbability(normalQuantile(p)), p, 1e-14);
    }),
  );
  close(normalProbability(-37), 5.725571222524e-300, 1e-12, 0);
  close(normalDensity(0), 0.3989422804014327, 1e-15);
  expect([normalQuantile(0), normalQuantile(1), normalProbability(Infinity), normalProbability(-Infinity)]).toEqual([
    -Infinity,
    Infinity,
    1,
    0,
  ]);
  for (const p of [-0.1, 1.1, Number.NaN]) expect(normalQuantile(p)).toBeNaN();
  close(chiSquareTail(3.841458820694124, 1), 0.05, 1e-12);
  close(chiSquareTail(5.991464547107979, 2), 0.05, 1e-12);
  expect(chiSquareTail(-1, 1)).toBeUndefined();
});

test('tailMean is the largest value for a sliver, the mean for all, and falls in between', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (list) => {
      close(tailMean(list, 1 / list.length), Math.max(...list), 1e-9, 1e6);
      close(tailMean(list, 1), meanOf(list), 1e-9, 1e6);
      expect(tailMean(list, 0.3)!).toBeGreaterThanOrEqual(meanOf(list) - 1e-6);
    }),
  );
  expect([tailMean([], 0.5), tailMean([1], 0), tailMean([1], Number.NaN)]).toEqual(Array.from({ length: 3 }));
});

test('P2Quantile comes close on an even stream and is exact below five values', () => {
  const estimate = new P2Quantile(0.9);
  expect(estimate.value).toBeUndefined();
  for (const each of [3, 1, 2]) estimate.add(each);
  expect(estimate.value).toBe(quantile([1, 2, 3], 0.9));
  for (let at = 0; at < 10_000; at++) estimate.add((at * 7919) % 10_007);
  expect(Math.abs(estimate.value! - 9006)).toBeLessThan(60);
  expect(() => new P2Quantile(1)).toThrow('between 0 and 1');
});
