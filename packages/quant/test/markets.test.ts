import { describe, expect, test } from '@jest/globals';
import {
  type Direction,
  effectiveSpreadBps,
  fitEdgeDecay,
  HamiltonFilter,
  implementationShortfall,
  type MarkoutPoint,
  PageHinkley,
  priceImpactBps,
  realizedSpreadBps,
  SequentialTest,
} from '@nanometer/quant';
import * as fc from 'fast-check';

const price = fc.double({ min: 1, max: 1000, noNaN: true });
const direction = fc.constantFrom<Direction>(1, -1);

test('effective spread = realized spread + price impact', () => {
  fc.assert(
    fc.property(direction, price, price, price, (side, fill, mid, later) => {
      const effective = effectiveSpreadBps(side, fill, mid)!;
      const parts = realizedSpreadBps(side, fill, mid, later)! + priceImpactBps(side, mid, later)!;
      expect(Math.abs(effective - parts)).toBeLessThanOrEqual(
        1e-9 * Math.max(1, Math.abs(effective), Math.abs(parts)) + 1e-6,
      );
    }),
  );
  expect(effectiveSpreadBps(1, Number.NaN, 1)).toBeUndefined();
});

test('implementation shortfall is the sum of its parts, whatever was filled', () => {
  const fills = fc.array(fc.record({ quantity: fc.double({ min: 0, max: 10, noNaN: true }), price }), { maxLength: 8 });
  fc.assert(
    fc.property(direction, fills, price, price, price, (side, list, decisionPrice, arrivalPrice, endPrice) => {
      const filled = list.reduce((sum, { quantity }) => sum + quantity, 0);
      const shortfall = implementationShortfall({
        direction: side,
        quantity: filled + 5,
        fills: list,
        decisionPrice,
        arrivalPrice,
        endPrice,
        fees: 3,
      })!;
      const { total, delay, trading, opportunity, fees } = shortfall;
      expect(Math.abs(total - (delay + trading + opportunity + fees))).toBeLessThan(1e-6);
    }),
  );
  const order = {
    direction: 1,
    quantity: 1,
    fills: [{ quantity: 2, price: 1 }],
    decisionPrice: 1,
    arrivalPrice: 1,
    endPrice: 1,
    fees: 0,
  } as const;
  expect(implementationShortfall(order)).toBeUndefined();
});

describe('edge decay', () => {
  const curve = (tau: number, changed: Partial<MarkoutPoint> = {}): MarkoutPoint[] =>
    [0, 0.1, 0.5, 1, 5, 10, 30, 60].map((horizon) => ({
      horizon,
      count: changed.count ?? 500,
      mean: 0,
      weightedMean: changed.weightedMean ?? 0.5 + 2.5 * Math.exp(-horizon / tau),
      error: 0.05,
    }));

  test.each([0.4, 2, 12])('finds the time constant %p of a curve that has one', (tau) => {
    const decay = fitEdgeDecay(curve(tau))!;
    expect(decay.halfLife).toBeCloseTo(tau * Math.LN2, 3);
    expect([decay.start, decay.limit]).toEqual([expect.closeTo(3, 3), expect.closeTo(0.5, 3)]);
    expect(decay.halfLifeError!).toBeGreaterThan(0);
  });

  test('says nothing of a flat curve, of few fills or of few horizons', () => {
    expect(fitEdgeDecay(curve(2, { weightedMean: 1 }))).toBeUndefined();
    expect(fitEdgeDecay(curve(2, { count: 99 }))).toBeUndefined();
    expect(fitEdgeDecay(curve(2).slice(0, 4))).toBeUndefined();
    expect(fitEdgeDecay([])).toBeUndefined();
  });
});

describe('regimes and experiments', () => {
  test('probabilities add up to 1 and follow the returns, an outlier included', () => {
    const filter = new HamiltonFilter(
      [
        { mean: 0, variance: 1 },
        { mean: 0, variance: 100 },
      ],
      [
        [0.95, 0.05],
        [0.1, 0.9],
      ],
    );
    for (const each of [0.1, -0.3, 0.2]) filter.add(each);
    expect(filter.probabilities[0]!).toBeGreaterThan(0.8);
    for (const each of [15, -18, Number.NaN, 20]) filter.add(each);
    expect(filter.probabilities[1]!).toBeGreaterThan(0.99);
    filter.add(1e9);
    expect(filter.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    const rows = [
      [0.5, 0.6],
      [0.5, 0.5],
    ];
    expect(
      () =>
        new HamiltonFilter(
          [
            { mean: 0, variance: 1 },
            { mean: 0, variance: 1 },
          ],
          rows,
        ),
    ).toThrow('add up to 1');
  });

  test('Page and Hinkley: alarms in the direction of the change, not before it', () => {
    const detector = new PageHinkley(0.1, 5);
    for (let at = 0; at < 200; at++) expect(detector.add(Math.sin(at) / 10)).toBeUndefined();
    const alarms = Array.from({ length: 40 }, () => detector.add(2)).filter((alarm) => alarm !== undefined);
    expect(alarms[0]).toBe('up');
    expect(detector.alarms).toBe(alarms.length);
  });

  test('looking after every difference raises no more false alarms than promised', () => {
    // A linear congruential stream: the same differences at every run.
    let state = 12_345;
    const uniform = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    let decided = 0;
    for (let run = 0; run < 300; run++) {
      const ab = new SequentialTest({ effect: 0.3, variance: 1 / 12 });
      for (let at = 0; at < 400; at++) ab.add(uniform() - 0.5);
      if (ab.verdict !== 'undecided') decided++;
    }
    expect(decided).toBeLessThanOrEqual(300 * 0.05);
  });

  test('finds the better arm, says undecided until then, and its interval covers the difference', () => {
    const ab = new SequentialTest({ effect: 1, burnIn: 10 });
    expect([ab.verdict, ab.effect, ab.interval]).toEqual(['undecided', undefined, undefined]);
    for (let at = 0; at < 300; at++) ab.add(1 + Math.sin(at * 7));
    expect(ab.verdict).toBe('a');
    expect(ab.pValue).toBeLessThan(0.05);
    expect(ab.interval![0]).toBeLessThan(1);
    expect(ab.interval![1]).toBeGreaterThan(1);
    expect(ab.add(Number.NaN)).toBe(false);
    expect(() => new SequentialTest({ effect: 0 })).toThrow('effect is 0');
  });
});
