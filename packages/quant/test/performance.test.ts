import { describe, expect, test } from '@jest/globals';
import { BenchmarkComparison, DrawdownDepths, loFactor, ReturnSeries, tailRatio } from '@nanometer/quant';
import * as fc from 'fast-check';

const simpleReturn = fc.double({ min: -0.2, max: 0.2, noNaN: true });

function seriesOf(returns: readonly number[], window?: number): ReturnSeries {
  const series = new ReturnSeries({
    periodsPerYear: 252,
    targetReturn: 0.001,
    minimumCount: 2,
    maxLag: 3,
    ...(window === undefined ? {} : { window }),
  });
  for (const each of returns) series.add(each);
  return series;
}

describe('ReturnSeries', () => {
  test('its rolling window is a series of the latest returns alone', () => {
    fc.assert(
      fc.property(
        fc.array(simpleReturn, { minLength: 12, maxLength: 50 }),
        fc.integer({ min: 4, max: 12 }),
        (list, size) => {
          const rolling = seriesOf(list, size).rolling!;
          const alone = seriesOf(list.slice(-size)).total;
          for (const name of ['volatility', 'sharpe', 'sortino', 'omega', 'maxDrawdown', 'annualReturn'] as const) {
            const expected = alone[name];
            if (expected === undefined) continue;
            expect(Math.abs((rolling[name] ?? Number.NaN) - expected)).toBeLessThanOrEqual(
              1e-6 * Math.max(1, Math.abs(expected)),
            );
          }
        },
      ),
    );
  });

  test('does not annualise below its minimum, and has no ratio without variance or loss', () => {
    const few = new ReturnSeries({ periodsPerYear: 365 });
    for (let day = 0; day < 29; day++) few.add(day % 2 === 0 ? 0.01 : -0.005);
    expect([few.total.sharpe, few.total.volatility, few.total.annualReturn]).toEqual(Array.from({ length: 3 }));
    expect(few.total.sharpePerPeriod).toBeGreaterThan(0);
    few.add(0.01);
    expect(few.total.sharpe).toBeGreaterThan(0);

    const constant = seriesOf([0.01, 0.01, 0.01]);
    expect([constant.total.sharpe, constant.total.sortino, constant.total.omega, constant.total.calmar]).toEqual(
      Array.from({ length: 4 }),
    );
  });

  test.each([Number.NaN, Infinity, -Infinity])('ignores %p', (hostile) => {
    const series = seriesOf([0.01]);
    expect(series.add(hostile)).toBe(false);
    expect(series.total.count).toBe(1);
  });

  test('a longer run of the same returns makes the ratio surer, not larger', () => {
    const cycle = [0.02, -0.01, 0.015, -0.005, 0.01];
    const short = seriesOf(Array.from({ length: 8 }, () => cycle).flat()).total;
    const long = seriesOf(Array.from({ length: 80 }, () => cycle).flat()).total;
    expect(long.sharpeErrorPerPeriod!).toBeLessThan(short.sharpeErrorPerPeriod! / 3);
    expect(long.probabilisticSharpe()!).toBeGreaterThan(short.probabilisticSharpe()!);
    expect(long.deflatedSharpe(100, 0.01)!).toBeLessThan(long.probabilisticSharpe()!);
  });

  test('refuses options that make no sense', () => {
    expect(() => new ReturnSeries({ periodsPerYear: 0 })).toThrow('periodsPerYear is 0');
    expect(() => new ReturnSeries({ periodsPerYear: 252, window: 0 })).toThrow('window of 0');
  });
});

test("Lo's factor is the root without autocorrelation, less with positive, more with negative", () => {
  expect(loFactor(252, () => 0)).toBeCloseTo(Math.sqrt(252), 12);
  expect(loFactor(252, (lag) => (lag === 1 ? 0.2 : 0))!).toBeLessThan(Math.sqrt(252));
  expect(loFactor(252, (lag) => (lag === 1 ? -0.2 : 0))!).toBeGreaterThan(Math.sqrt(252));
  expect(loFactor(12, () => -1)).toBeUndefined();
});

test('a strategy that is its benchmark, levered, has its leverage as beta and no alpha', () => {
  const comparison = new BenchmarkComparison(252);
  for (const each of [0.01, -0.02, 0.03, 0.005, -0.01]) comparison.add(2 * each, each);
  expect(comparison.beta).toBeCloseTo(2, 12);
  expect(comparison.alphaPerPeriod).toBeCloseTo(0, 12);
  expect(comparison.rSquared).toBeCloseTo(1, 12);
  expect(comparison.add(Number.NaN, 0.1)).toBe(false);
  expect(comparison.count).toBe(5);
});

test('depths of a curve that only rises are 0, and its tail ratio needs a lower tail', () => {
  const depths = new DrawdownDepths();
  expect([depths.ulcer, depths.pain, depths.conditional(0.05)]).toEqual(Array.from({ length: 3 }));
  for (const each of [0.01, 0.02]) depths.add(each);
  expect([depths.ulcer, depths.pain, depths.longestPeriods]).toEqual([0, 0, 0]);
  for (const each of [-0.1, 0.01, 0.2, -0.05]) depths.add(each);
  expect(depths.longestPeriods).toBe(2);
  expect(depths.conditional(1 / 6)).toBeCloseTo(0.1, 12);
  expect([tailRatio([]), tailRatio([0, 0, 0])]).toEqual([undefined, undefined]);
});
