import { describe, expect, test } from '@jest/globals';
import {
  cornishFisherValueAtRisk,
  EwmaCovariance,
  EwmaVariance,
  HayashiYoshida,
  HistoricalRisk,
  kupiecRatio,
  largestEigenvalueShare,
  ledoitWolf,
  normalExpectedShortfall,
  normalValueAtRisk,
  populationCovariance,
  ReturnGrid,
  ScenarioBook,
  tailMean,
  ValueAtRiskBacktest,
  ValueAtRiskForecast,
} from '@nanometer/quant';
import * as fc from 'fast-check';

const small = fc.double({ min: -0.1, max: 0.1, noNaN: true });

describe('ScenarioBook', () => {
  const program = fc.record({
    scenarios: fc.array(fc.array(small, { minLength: 40, maxLength: 40 }), { minLength: 1, maxLength: 12 }),
    changes: fc.array(fc.tuple(fc.nat(11), fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 30 }),
    p: fc.constantFrom(0.01, 0.05, 0.1, 0.25, 0.5),
  });

  test('equals a revaluation of the whole book after every change, and its components add up', () => {
    fc.assert(
      fc.property(program, ({ scenarios, changes, p }) => {
        const book = new ScenarioBook(40);
        for (const returns of scenarios) book.add(returns);
        const exposures = scenarios.map(() => 0);
        let largest = 1;
        for (const [instrument, exposure] of changes) {
          const index = instrument % scenarios.length;
          exposures[index] = exposure;
          expect(book.setExposure(index, exposure)).toBe(true);
          const losses = Array.from(
            { length: 40 },
            (_, t) => -exposures.reduce((sum, w, i) => sum + w * scenarios[i]![t]!, 0),
          );
          const tail = book.tail(p)!;
          const sorted = losses.toSorted((a, b) => b - a);
          // What an exposure was before leaves the rounding of its size, until the book is computed anew or is flat.
          largest = Math.max(
            largest,
            exposures.reduce((sum, w) => sum + Math.abs(w), 1),
          );
          const scale = largest * 1e-12;
          expect(Math.abs(tail.valueAtRisk - sorted[tail.tailCount - 1]!)).toBeLessThanOrEqual(scale);
          expect(Math.abs(tail.expectedShortfall - tailMean(losses, p)!)).toBeLessThanOrEqual(scale);
          expect(tail.expectedShortfall).toBeGreaterThanOrEqual(tail.valueAtRisk - scale);
        }
        const parts = new Float64Array(12);
        const shortfall = book.components(p, parts)!;
        const tolerance = exposures.reduce((sum, w) => sum + Math.abs(w), 1) * 1e-9;
        expect(Math.abs(parts.reduce((sum, each) => sum + each, 0) - shortfall)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });

  test('a book that is flat again has no loss at all, and recomputing drops the rounding of changes', () => {
    const book = new ScenarioBook(3);
    for (let at = 0; at < 2; at++) book.add([0.1, -0.3, 0.7]);
    book.setExposure(1, 1e-3);
    for (const exposure of [0.3, 1e12, 0.1]) book.setExposure(0, exposure);
    book.recompute();
    expect(book.loss(1)).toBe(0.1 * 0.3 + 1e-3 * 0.3);
    for (const at of [0, 1]) book.setExposure(at, 0);
    expect([0, 1, 2].map((scenario) => book.loss(scenario))).toEqual([0, 0, 0]);
  });

  test('counts the tail by whole scenarios, whatever the rounding of p times their number', () => {
    const book = new ScenarioBook(100);
    book.add(Float64Array.from({ length: 100 }, (_, t) => -t / 1000));
    book.setExposure(0, 1000);
    expect({ ...book.tail(0.07) }).toMatchObject({ tailCount: 7, valueAtRisk: 93 });
    expect(book.tail(0.07)!.expectedShortfall).toBeCloseTo(96, 9);
  });

  test('refuses exposures and scenarios that are no numbers, and keeps what it had', () => {
    const book = new ScenarioBook(2);
    const index = book.add([0.1, -0.1]);
    book.setExposure(index, 10);
    for (const hostile of [Number.NaN, Infinity]) expect(book.setExposure(index, hostile)).toBe(false);
    expect(book.setExposure(7, 1)).toBe(false);
    expect(book.exposure(index)).toBe(10);
    expect(() => book.add([0.1])).toThrow('1 scenario returns; there must be 2');
    expect(() => book.add([0.1, Number.NaN])).toThrow('scenario return 1 is NaN');
    expect([book.tail(0), book.tail(0.6), book.tail(Number.NaN)]).toEqual(Array.from({ length: 3 }));
    book.replace(index, [0.2, -0.2]);
    expect(book.loss(1)).toBeCloseTo(2, 12);
  });
});

describe('value at risk', () => {
  test('of a normal law: shortfall is beyond it, and both scale', () => {
    const law = { mean: 0, deviation: 2 };
    expect(normalValueAtRisk(law, 0.05)).toBeCloseTo(3.28970725, 8);
    expect(normalExpectedShortfall(law, 0.05)).toBeCloseTo(4.125425615, 8);
    expect([normalValueAtRisk(law, 0), normalExpectedShortfall(law, 0.7)]).toEqual([undefined, undefined]);
  });

  test('by Cornish and Fisher equals the normal one without skew, and refuses where the bend folds back', () => {
    const normal = { mean: 0, deviation: 1, skewness: 0, kurtosis: 3 };
    expect(cornishFisherValueAtRisk(normal, 0.01)).toBeCloseTo(normalValueAtRisk(normal, 0.01)!, 12);
    expect(cornishFisherValueAtRisk({ ...normal, skewness: -4 }, 0.01)).toBeUndefined();
  });

  test('backtests on its own promise: exceptions near p·n, counted by what precedes them', () => {
    const test95 = new ValueAtRiskBacktest(0.05);
    expect(test95.add(Number.NaN, 0)).toBeUndefined();
    for (let day = 0; day < 400; day++) test95.add(0.01, day % 20 === 0 ? -0.02 : 0.001);
    expect(test95.exceptions).toBe(20);
    expect(test95.kupiec).toBeCloseTo(0, 12);
    expect(test95.kupiecProbability).toBeCloseTo(1, 6);
    expect(test95.transitions).toEqual({ n00: 360, n01: 19, n10: 20, n11: 0 });
    expect(test95.conditionalCoverage!).toBeGreaterThan(test95.kupiec!);
    // At exactly the forecast there is no exception.
    expect(test95.add(0.02, -0.02)).toBe(false);
    expect([kupiecRatio(5, 0, 0.05), kupiecRatio(5, 4, 0.05), kupiecRatio(0, 250, 0.01)]).toEqual([
      undefined,
      undefined,
      expect.closeTo(5.02517, 4),
    ]);
  });

  test('the Basel zone looks at the latest 250 forecasts of a 99 % value', () => {
    const backtest = new ValueAtRiskBacktest(0.01);
    for (let day = 0; day < 249; day++) backtest.add(0.01, day < 12 ? -0.02 : 0);
    expect(backtest.zone).toBeUndefined();
    backtest.add(0.01, 0);
    expect(backtest.zone).toBe('red');
    for (let day = 0; day < 250; day++) backtest.add(0.01, 0);
    expect(backtest.zone).toBe('green');
  });

  test('forecasts have no value before their window is full, and never look ahead', () => {
    const forecast = new ValueAtRiskForecast(10, 0.94);
    for (let day = 0; day < 10; day++) {
      expect(forecast.valueAtRisk('historical', 0.05)).toBeUndefined();
      forecast.add((day - 5) / 100);
    }
    expect(forecast.valueAtRisk('historical', 0.05)).toBeGreaterThan(0);
    expect(forecast.valueAtRisk('filtered-historical', 0.05)).toBeUndefined();
    for (let day = 0; day < 10; day++) forecast.add((day - 5) / 100);
    expect(forecast.valueAtRisk('filtered-historical', 0.05)).toBeGreaterThan(0);
    expect(forecast.add(Number.NaN)).toBe(false);
  });

  test('shortfall of a window is the tail mean of its losses', () => {
    fc.assert(
      fc.property(fc.array(small, { minLength: 1, maxLength: 60 }), fc.constantFrom(0.01, 0.05, 0.3), (list, p) => {
        const risk = new HistoricalRisk(60);
        for (const each of list) risk.add(each);
        const expected = tailMean(
          list.map((each) => -each),
          p,
        )!;
        expect(Math.abs(risk.expectedShortfall(p)! - expected)).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('correlation', () => {
  test('Hayashi and Yoshida: every pair of overlapping returns, once', () => {
    const tick = fc.tuple(fc.constantFrom(0 as const, 1 as const), fc.double({ min: 0.5, max: 2, noNaN: true }));
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 30 }), (ticks) => {
        const ours = new HayashiYoshida();
        const intervals: { from: number; to: number; change: number }[][] = [[], []];
        const last: ({ at: number; value: number } | undefined)[] = [undefined, undefined];
        ticks.forEach(([side, price], at) => {
          ours.tick(side, price);
          const before = last[side];
          const value = Math.log(price);
          if (before !== undefined) intervals[side]!.push({ from: before.at, to: at, change: value - before.value });
          last[side] = { at, value };
        });
        let expected = 0;
        for (const a of intervals[0]!) {
          for (const b of intervals[1]!) if (a.from < b.to && b.from < a.to) expected += a.change * b.change;
        }
        expect(Math.abs(ours.covariance - expected)).toBeLessThan(1e-12);
      }),
    );
    expect(new HayashiYoshida().tick(0, -1)).toBe(false);
  });

  test('a grid gives every instrument its latest price, and no return before it has two', () => {
    const steps: [number[], number][] = [];
    const grid = new ReturnGrid(2, 10, (returns, time) => steps.push([[...returns], time]));
    grid.tick(0, 100, 0);
    grid.tick(0, 110, 5);
    grid.tick(1, 50, 12);
    grid.tick(0, 121, 20);
    grid.advance(31);
    expect(steps.map(([, time]) => time)).toEqual([0, 10, 20, 30]);
    expect(steps[0]![0]).toEqual([Number.NaN, Number.NaN]);
    expect(steps[1]![0][0]).toBeCloseTo(Math.log(1.1), 12);
    expect(steps[2]![0][0]).toBeCloseTo(Math.log(1.1), 12);
    expect(steps[2]![0][1]).toBeNaN();
    expect(steps[3]![0]).toEqual([0, 0]);
    expect(grid.tick(0, Number.NaN, 40)).toBe(false);
  });

  test('the fading covariance of one instrument with itself is its fading variance', () => {
    const covariance = new EwmaCovariance(2, 0.94);
    const variance = new EwmaVariance(0.94, 0);
    expect(covariance.correlation(0, 1)).toBeUndefined();
    for (const each of [0.01, -0.02, 0.03]) {
      covariance.add([each, -2 * each]);
      variance.add(each);
    }
    expect(covariance.covariance(0, 0)).toBeCloseTo(variance.variance!, 15);
    expect(covariance.correlation(0, 1)).toBeCloseTo(-1, 12);
    covariance.add([Number.NaN, 0.5]);
    expect(covariance.covariance(0, 0)).toBeCloseTo(variance.variance!, 15);
  });

  test('Ledoit and Wolf: between the sample and its target, and the target itself for one observation', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(small, { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 20 }),
        (rows) => {
          const shrunk = ledoitWolf(rows, 4)!;
          expect(shrunk.intensity).toBeGreaterThanOrEqual(0);
          expect(shrunk.intensity).toBeLessThanOrEqual(1);
          const trace = (cells: Float64Array): number => cells[0]! + cells[5]! + cells[10]! + cells[15]!;
          expect(trace(shrunk.covariance.cells)).toBeCloseTo(trace(populationCovariance(rows, 4).cells), 12);
        },
      ),
    );
    expect(ledoitWolf([], 3)).toBeUndefined();
  });

  test.each([
    [20, 0.24914079516475113, 0.6278001033530001, 0.336787055353283, -0.14159992269145363],
    [60, 0.0838719857037801, 0.6435309630124562, 0.4043715494560846, -0.19237578539248654],
    [500, 0.010953560305226363, 0.7178511075844539, 0.4274978049396467, -0.19299651055606115],
  ])('Ledoit and Wolf of %i observations equals scikit-learn 1.9.1', (count, intensity, first, second, third) => {
    const rows = Array.from({ length: count }, (_, t) =>
      Array.from(
        { length: 6 },
        (__, i) => Math.sin(1.7 * t + i) + 0.5 * Math.cos(0.3 * t) * (1 + 0.2 * i) + ((t * 7 + i * 13) % 11) / 10,
      ),
    );
    const shrunk = ledoitWolf(rows, 6)!;
    expect(Math.abs(shrunk.intensity / intensity - 1)).toBeLessThan(1e-12);
    const { cells } = shrunk.covariance;
    for (const [actual, expected] of [
      [cells[0]!, first],
      [cells[1]!, second],
      [cells[2 * 6 + 5]!, third],
    ] as const) {
      expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-12);
    }
  });

  test('the largest eigenvalue bears all of a matrix of ones, and its part of a diagonal', () => {
    expect(largestEigenvalueShare({ size: 3, cells: new Float64Array(9).fill(1) })).toBeCloseTo(1, 12);
    expect(largestEigenvalueShare({ size: 2, cells: Float64Array.of(3, 0, 0, 1) })).toBeCloseTo(0.75, 9);
    expect(largestEigenvalueShare({ size: 1, cells: Float64Array.of(0) })).toBeUndefined();
  });
});
