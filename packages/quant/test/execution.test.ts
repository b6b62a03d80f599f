import { describe, expect, test } from '@jest/globals';
import {
  AlphaWindow,
  CURVE_CELLS,
  ForgettingRegression,
  JensenAttribution,
  LifetimeEdge,
  MarkoutCurve,
  Moments,
  PairMoments,
  RollingSums,
} from '@nanometer/quant';
import * as fc from 'fast-check';

const amount = fc.double({ min: 0.01, max: 1e6, noNaN: true });
const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });

function close(actual: number | undefined, expected: number, scale = 1, tolerance = 1e-9): void {
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(
    tolerance * Math.max(scale, Math.abs(expected)),
  );
}

describe('markout curve', () => {
  const markout = fc.record({ net: number, effective: number, realized: number, notional: amount });

  test('means, weighted means, errors and spreads equal their recomputation', () => {
    fc.assert(
      fc.property(fc.array(markout, { minLength: 1, maxLength: 50 }), (markouts) => {
        const curve = new MarkoutCurve([1, 5]);
        const cells = new Float64Array(CURVE_CELLS);
        for (const { net, effective, realized, notional } of markouts) {
          cells.set([net, effective, realized, effective - realized, notional]);
          expect(curve.add(1, cells)).toBe(true);
        }
        const [point] = curve.points;
        const moments = new Moments();
        for (const { net } of markouts) moments.add(net);
        const weight = markouts.reduce((sum, { notional }) => sum + notional, 0);
        const weighted = (pick: (each: (typeof markouts)[number]) => number): number =>
          markouts.reduce((sum, each) => sum + each.notional * pick(each), 0) / weight;
        expect([curve.points.length, point!.horizon, point!.count]).toEqual([1, 5, markouts.length]);
        close(point!.mean, moments.mean!, 1e3);
        close(
          point!.weightedMean,
          weighted(({ net }) => net),
          1e3,
        );
        if (markouts.length === 1) expect(point!.error).toBeUndefined();
        else close(point!.error, moments.deviation! / Math.sqrt(markouts.length), 1e3);
        const [spread] = curve.spreads;
        close(
          spread!.effective,
          weighted(({ effective }) => effective),
          1e3,
        );
        close(
          spread!.realized,
          weighted(({ realized }) => realized),
          1e3,
        );
        close(spread!.effective, spread!.realized + spread!.impact, 1e3);
        expect(curve.countAt(0)).toBe(0);
      }),
    );
  });

  test.each([
    [Number.NaN, 1],
    [Infinity, 1],
    [1, 0],
    [1, -1],
    [1, Infinity],
    [1, Number.NaN],
  ])('refuses a markout of %p with a notional of %p', (net, notional) => {
    const curve = new MarkoutCurve([1]);
    expect(curve.add(0, Float64Array.of(net, 0, 0, 0, notional, 0, 0))).toBe(false);
    expect([curve.points, curve.spreads]).toEqual([[], []]);
  });
});

/** Weighted least squares of one regressor, the plain way. */
function weightedLine(
  rows: readonly (readonly [number, number])[],
  forgetting: number,
): { slope: number; at0: number } {
  const weights = rows.map((_, at) => forgetting ** (rows.length - 1 - at));
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = (pick: 0 | 1): number => rows.reduce((sum, row, at) => sum + weights[at]! * row[pick], 0) / total;
  const [x, y] = [mean(0), mean(1)];
  let squares = 0;
  let products = 0;
  rows.forEach((row, at) => {
    squares += weights[at]! * (row[0] - x) ** 2;
    products += weights[at]! * (row[0] - x) * (row[1] - y);
  });
  return { slope: products / squares, at0: y - (products / squares) * x };
}

describe('regression that forgets', () => {
  // Distinct regressors: with nearly equal ones both ways of computing lose their digits.
  const rows = fc
    .array(fc.tuple(fc.integer({ min: -50, max: 50 }), number), { minLength: 3, maxLength: 60 })
    .filter((pairs) => new Set(pairs.map(([x]) => x)).size > 2)
    // The square of anything smaller has lost its digits, or all of it, in either way of computing.
    .map((pairs) => pairs.map(([x, y]): [number, number] => [x, Math.abs(y) < 1e-100 ? 0 : y]));

  test('the line equals weighted least squares recomputed from all rows', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(1, 0.99, 0.9), (pairs, forgetting) => {
        const regression = new ForgettingRegression(1, forgetting);
        for (const pair of pairs) regression.add(pair);
        const fit = regression.fit()!;
        const plain = weightedLine(pairs, forgetting);
        close(fit.slopes[0], plain.slope, 1e3, 1e-8);
        close(fit.intercept, plain.at0, 1e4, 1e-8);
      }),
    );
  });

  test('without forgetting, slope, share explained and t-statistic are those of ordinary least squares', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const regression = new ForgettingRegression(1, 1);
        const plain = new PairMoments();
        for (const [x, y] of pairs) {
          regression.add([x, y]);
          plain.add(x, y);
        }
        const fit = regression.fit()!;
        expect(regression.effectiveCount).toBeCloseTo(pairs.length, 9);
        close(fit.slopes[0], plain.slope!, 1e3);
        // A nearly perfect fit is a division by rounding in both.
        if (plain.rSquared === undefined || plain.rSquared > 1 - 1e-9) return;
        close(fit.rSquared, plain.rSquared);
        close(fit.slopeT[0], plain.slopeT!, 1, 1e-6);
      }),
    );
  });

  test('finds the plane of several regressors, and says nothing where they depend on each other', () => {
    const plane = new ForgettingRegression(3, 0.97);
    const flat = new ForgettingRegression(2, 0.97);
    for (let at = 0; at < 200; at++) {
      const [a, b, c] = [Math.sin(at), Math.cos(at * 1.7), Math.sin(at * 0.3) * 5];
      plane.add([a, b, c, 0.5 + 2 * a - 3 * b + 0.25 * c]);
      flat.add([a, 2 * a, b]);
    }
    const fit = plane.fit()!;
    expect([fit.intercept, ...fit.slopes].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([0.5, 2, -3, 0.25]);
    expect(fit.rSquared).toBeCloseTo(1, 12);
    expect(flat.fit()).toBeUndefined();
  });

  test('ignores rows that are not finite, and says nothing of too few or of a regressor that stands still', () => {
    const regression = new ForgettingRegression(1);
    for (const row of [
      [Number.NaN, 1],
      [1, Infinity],
      [-Infinity, 0],
    ])
      expect(regression.add(row)).toBe(false);
    expect(regression.add([1])).toBe(false);
    expect([regression.count, regression.effectiveCount, regression.fit()]).toEqual([0, 0, undefined]);
    for (let at = 0; at < 9; at++) regression.add([3, at]);
    expect(regression.fit()).toBeUndefined();
    expect(() => new ForgettingRegression(0)).toThrow('regressors is 0');
    expect(() => new ForgettingRegression(1, 1.1)).toThrow('forgetting is 1.1');
    expect(() => new ForgettingRegression(1, Number.NaN)).toThrow('forgetting is NaN');
  });
});

describe('lifetime of an edge', () => {
  test('the ratio is that of two exponential means without the bias of their start', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 100, maxLength: 200 }), (edges) => {
        const lifetime = new LifetimeEdge({ fastHalfLife: 5, slowHalfLife: 50 });
        edges.forEach((edge, at) => lifetime.add(edge, at));
        const mean = (halfLife: number): number => {
          const weights = edges.map((_, at) => 2 ** (-(edges.length - 1 - at) / halfLife));
          return edges.reduce((sum, edge, at) => sum + edge * weights[at]!, 0) / weights.reduce((a, b) => a + b, 0);
        };
        close(lifetime.fast, mean(5), 1e3);
        close(lifetime.slow, mean(50), 1e3);
        if (mean(50) > 1e-3) close(lifetime.ratio, mean(5) / mean(50), 1, 1e-6);
        else if (mean(50) < -1e-3) expect(lifetime.ratio).toBeUndefined();
      }),
    );
  });

  test('a steady edge keeps its ratio at 1 and raises no alarm; one that fades is told by ratio, slope and alarm', () => {
    const steady = new LifetimeEdge();
    const fading = new LifetimeEdge();
    const noise = (at: number): number => Math.sin(at * 12.9898) * 2;
    for (let at = 0; at < 1000; at++) {
      steady.add(3 + noise(at), at / 100);
      fading.add((at < 600 ? 3 : 3 - (at - 600) * 0.01) + noise(at), at / 100);
    }
    expect(steady.alarms).toEqual({ up: 0, down: 0 });
    expect(steady.ratio!).toBeGreaterThan(0.8);
    expect(steady.ratio!).toBeLessThan(1.2);
    expect(Math.abs(steady.slope!.t!)).toBeLessThan(3);
    expect(fading.alarms.down).toBeGreaterThan(0);
    expect(fading.alarms.up).toBe(0);
    expect(fading.ratio === undefined || fading.ratio < 0.7).toBe(true);
    expect(fading.slope!.bpsPerHour).toBeLessThan(-0.2);
    expect(fading.slope!.t!).toBeLessThan(-5);
  });

  test('absent below its minimum, for an edge that is none, and for values that are not finite', () => {
    const lifetime = new LifetimeEdge({ minimumCount: 3 });
    expect([lifetime.fast, lifetime.slow, lifetime.ratio, lifetime.slope]).toEqual(Array(4).fill(undefined));
    lifetime.add(Number.NaN, 1);
    lifetime.add(1, Number.NaN);
    expect(lifetime.count).toBe(0);
    lifetime.add(-1, 1_000_000);
    lifetime.add(-2, 1_000_001);
    expect([lifetime.ratio, lifetime.slope]).toEqual([undefined, undefined]);
    lifetime.add(-3, 1_000_002);
    expect(lifetime.ratio).toBeUndefined();
    expect(lifetime.slope!.bpsPerHour).toBeCloseTo(-1, 9);
    expect(() => new LifetimeEdge({ fastHalfLife: 9, slowHalfLife: 9 })).toThrow('half-lives are 9 and 9');
    expect(() => new LifetimeEdge({ minimumCount: 2 })).toThrow('minimumCount is 2');
  });
});

describe('alpha rate', () => {
  const gain = fc.record({
    gapMs: fc.integer({ min: 0, max: 30_000 }),
    signal: number,
    slippage: number,
    fees: number,
  });

  test('is the sum over the buckets of the window divided by its hours, and its parts add up to it', () => {
    fc.assert(
      fc.property(fc.array(gain, { minLength: 1, maxLength: 80 }), fc.nat({ max: 100_000 }), (gains, restMs) => {
        const window = new AlphaWindow(600_000, 1, 0);
        let timeMs = 1_700_000_000_000;
        const all = gains.map(({ gapMs, ...parts }) => ({ timeMs: (timeMs += gapMs), ...parts }));
        for (const each of all) window.add(each.timeMs, [each.signal, each.slippage, each.fees]);
        const nowMs = timeMs + restMs;
        const beginMs = (Math.floor(nowMs / 10_000) - 59) * 10_000;
        const inside = all.filter((each) => each.timeMs >= beginMs);
        const hours = (nowMs - Math.max(beginMs, all[0]!.timeMs)) / 3_600_000;
        const rate = window.rate(nowMs);
        if (inside.length === 0 || hours === 0) {
          expect(rate).toBeUndefined();
          return;
        }
        const sum = inside.reduce((total, each) => total + each.signal - each.slippage - each.fees, 0);
        expect([rate!.count, rate!.hours]).toEqual([inside.length, hours]);
        close(rate!.perHour * hours, sum, 1e3);
        close(rate!.signalPerHour - rate!.slippagePerHour - rate!.feesPerHour, rate!.perHour, 1e3 / hours);
      }),
    );
  });

  test('starts anew when the clock was set back by more than the window', () => {
    const window = new AlphaWindow(3_600_000, 1, 0);
    window.add(1e12, [100, 0, 0]);
    expect(window.add(0, [1, 0, 0])).toBe(true);
    expect(window.rate(0)).toBeUndefined();
    window.add(1_800_000, [2, 0, 0]);
    expect(window.rate(1_800_000)).toMatchObject({ perHour: 6, count: 2 });
  });

  test('absent below the minimum sample and span; amounts and times that are not finite are refused', () => {
    const window = new AlphaWindow(3_600_000, 2);
    expect(window.rate(0)).toBeUndefined();
    expect(window.add(0, [1, 0, 0])).toBe(true);
    expect(window.add(1, [Number.NaN, 0, 0])).toBe(false);
    expect(window.add(Number.NaN, [1, 0, 0])).toBe(false);
    expect(window.rate(1_800_000)).toBeUndefined();
    expect(window.add(1000, [2, 1, 0.5])).toBe(true);
    expect(window.rate(59_999)).toBeUndefined();
    expect(window.rate(1_800_000)).toMatchObject({ perHour: 3, hours: 0.5, count: 2 });
    expect(window.rate(1e9)).toBeUndefined();
    expect(() => new AlphaWindow(0)).toThrow('a window of 0');
    expect(() => new AlphaWindow(1, 0)).toThrow('minimumCount is 0');
    expect(() => new RollingSums(1, 1, 0)).toThrow('bucketCount is 0');
  });
});

describe('Jensen attribution', () => {
  test('alpha and beta of returns made from them, per year and per hour', () => {
    const jensen = new JensenAttribution({ benchmarks: 2, periodHours: 24, periodsPerYear: 365 });
    for (let day = 0; day < 120; day++) {
      const [market, rates] = [Math.sin(day) / 100, Math.cos(day * 1.3) / 500];
      expect(jensen.attribution === undefined).toBe(day < 30);
      jensen.add(0.0004 + 1.5 * market - 0.5 * rates, [market, rates]);
    }
    const { alpha, alphaPerYear, alphaPerHour, betas, rSquared } = jensen.attribution!;
    expect([alpha, alphaPerYear, alphaPerHour]).toEqual([
      expect.closeTo(0.0004, 12),
      expect.closeTo(0.146, 10),
      expect.closeTo(0.0004 / 24, 13),
    ]);
    expect(betas).toEqual([expect.closeTo(1.5, 10), expect.closeTo(-0.5, 10)]);
    expect(rSquared).toBeCloseTo(1, 12);
  });

  test('follows a beta that changes, and leaves out periods that are incomplete', () => {
    const jensen = new JensenAttribution({ periodHours: 1, periodsPerYear: 8760, forgetting: 0.9 });
    for (let hour = 0; hour < 300; hour++) {
      const market = Math.sin(hour) / 100;
      jensen.add((hour < 150 ? 1 : 3) * market, [market]);
    }
    expect(jensen.attribution!.betas[0]).toBeCloseTo(3, 4);
    expect([jensen.add(Number.NaN, [0]), jensen.add(0, []), jensen.add(0, [0, 0]), jensen.add(0, [Infinity])]).toEqual(
      Array(4).fill(false),
    );
    expect(jensen.count).toBe(300);
    expect(() => new JensenAttribution({ periodHours: 0, periodsPerYear: 1 })).toThrow('periodHours is 0');
    expect(() => new JensenAttribution({ periodHours: 1, periodsPerYear: Number.NaN })).toThrow(
      'periodsPerYear is NaN',
    );
    expect(() => new JensenAttribution({ periodHours: 1, periodsPerYear: 1, minimumCount: 2 })).toThrow('minimumCount');
  });
});
