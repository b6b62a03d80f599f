import { describe, expect, test } from '@jest/globals';
import {
  cornishFisherQuantile,
  fitEdgeDecay,
  FlowWindow,
  HistoricalRisk,
  ledoitWolf,
  loFactor,
  type MarkoutPoint,
  normalQuantile,
  PositionLedger,
  RollSpread,
  tailMean,
  twoSampleMixtureRatio,
  mixtureRatio,
} from '@nanometer/quant';
import * as fc from 'fast-check';
import { fill, INVERSE, inverseFill, LINEAR } from './events.ts';

// Formulas that are easily got wrong, against the slowest code that can be read as their definition.

const finite = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true, noDefaultInfinity: true });

/** Seeded uniform numbers from 0 to 1 (mulberry32), so that what is simulated is the same everywhere. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('ratios', () => {
  test('Lo’s factor is that of the variance of a sum of autocorrelated periods', () => {
    fc.assert(
      fc.property(fc.array(finite(-0.2, 0.2), { minLength: 1, maxLength: 12 }), (rho) => {
        const q = rho.length + 1;
        // Variance of a sum of q periods of variance 1, by every pair of them.
        let variance = 0;
        for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) variance += a === b ? 1 : rho[Math.abs(a - b) - 1]!;
        const factor = loFactor(q, (lag) => rho[lag - 1]);
        if (variance > 1e-9) expect(factor).toBeCloseTo(q / Math.sqrt(variance), 9);
        else if (variance < -1e-9) expect(factor).toBeUndefined();
      }),
    );
    // Independent periods: the square root of time.
    expect(loFactor(252, () => undefined)).toBeCloseTo(Math.sqrt(252), 12);
  });
});

describe('Cornish and Fisher', () => {
  const bent = (z: number, s: number, k: number): number =>
    z + ((z * z - 1) * s) / 6 + ((z ** 3 - 3 * z) * k) / 24 - ((2 * z ** 3 - 5 * z) * s * s) / 36;

  test('have a quantile exactly where the expansion rises between the two tails', () => {
    fc.assert(
      fc.property(finite(-3, 3), finite(-2, 12), fc.constantFrom(0.001, 0.01, 0.05, 0.2), (skewness, excess, p) => {
        const bound = Math.abs(normalQuantile(p));
        const steps = 4000;
        let least = Infinity;
        for (let at = 0; at < steps; at++) {
          const z = -bound + (2 * bound * at) / steps;
          least = Math.min(
            least,
            (bent(z + (2 * bound) / steps, skewness, excess) - bent(z, skewness, excess)) * steps,
          );
        }
        const value = cornishFisherQuantile(skewness, excess + 3, p);
        // A hair's breadth from the edge the scan may see what the formula does not.
        if (least > 1e-3) expect(value).toBeCloseTo(bent(-bound, skewness, excess), 9);
        else if (least < -1e-3) expect(value).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

describe('tails', () => {
  test('have as many values as the probability says, where rounding would add one', () => {
    // 0.07 × 100, 1 - 0.95 and 1 - 0.99 are above their value in doubles.
    for (const [p, count, rank] of [
      [0.07, 100, 7],
      [1 - 0.95, 100, 5],
      [1 - 0.99, 500, 5],
      [0.033, 100, 4],
      [0.5, 1, 1],
    ] as const) {
      const risk = new HistoricalRisk(count);
      for (let at = 0; at < count; at++) risk.add(-at);
      expect([p, risk.tailCount(p), risk.discreteValueAtRisk(p)]).toEqual([p, rank, count - rank]);
      const losses = Array.from({ length: count }, (_, at) => at);
      expect(tailMean(losses, p)).toBeCloseTo(risk.expectedShortfall(p)!, 9);
    }
    expect(new HistoricalRisk(5).tailCount(0.05)).toBe(0);
    expect(new HistoricalRisk(5).discreteValueAtRisk(Number.NaN)).toBeUndefined();
  });
});

describe('microstructure', () => {
  test('Kyle’s lambda is the slope of mid changes on bought less sold volume, positive where buying lifts the mid', () => {
    const step = fc.record({
      quantity: fc.integer({ min: 1, max: 9 }),
      direction: fc.constantFrom(-1, 1),
      noise: finite(-0.01, 0.01),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 30 }), (steps) => {
        const window = new FlowWindow(10);
        const rows: [number, number][] = [];
        let mid = 100;
        window.quote({ mid, orderFlow: 0, time: 0 });
        steps.forEach(({ quantity, direction, noise }, at) => {
          const before = mid;
          mid += 0.02 * direction * quantity + noise;
          window.trade(before, quantity, direction, at * 10 + 1);
          window.quote({ mid, orderFlow: 0, time: at * 10 + 2 });
          rows.push([direction * quantity, mid - before]);
        });
        window.advance(steps.length * 10);
        const meanX = rows.reduce((sum, [x]) => sum + x, 0) / rows.length;
        const meanY = rows.reduce((sum, [, y]) => sum + y, 0) / rows.length;
        const squares = rows.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
        const products = rows.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
        expect(window.kyle.count).toBe(rows.length);
        if (squares === 0) return;
        expect(window.kyle.slope).toBeCloseTo(products / squares, 9);
        if (squares > rows.length) expect(window.kyle.slope).toBeGreaterThan(0);
      }),
    );
  });

  test('Roll’s spread exists exactly where successive changes are against each other', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 50, max: 60 }), { minLength: 4, maxLength: 30 }), (prices) => {
        const spread = new RollSpread();
        for (const price of prices) spread.add(price);
        const changes = prices.slice(1).map((price, at) => price - prices[at]!);
        const pairs = changes.slice(1).map((change, at) => [changes[at]!, change] as const);
        const mean = (of: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[of], 0) / pairs.length;
        const [first, second] = [mean(0), mean(1)];
        const covariance = pairs.reduce((sum, [a, b]) => sum + (a - first) * (b - second), 0) / (pairs.length - 1);
        if (covariance < -1e-9) expect(spread.value).toBeCloseTo(2 * Math.sqrt(-covariance), 9);
        else if (covariance > 1e-9) expect(spread.value).toBeUndefined();
      }),
    );
  });
});

describe('edge decay', () => {
  test('the error of the half-life is how much the half-lives of noisy curves differ', () => {
    const next = uniforms(11);
    const horizons = [0, 0.1, 0.5, 1, 2, 5, 10, 20, 40];
    const [start, limit, tau, error] = [8, 1, 4, 0.1];
    const found: number[] = [];
    const errors: number[] = [];
    for (let run = 0; run < 400; run++) {
      const points = horizons.map((horizon): MarkoutPoint => {
        const mean = limit + (start - limit) * Math.exp(-horizon / tau) + error * normalQuantile(next());
        return { horizon, count: 1000, mean, weightedMean: mean, error };
      });
      const fit = fitEdgeDecay(points);
      expect(fit).toBeDefined();
      found.push(fit!.halfLife);
      errors.push(fit!.halfLifeError!);
    }
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    const spread = Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (found.length - 1));
    const told = errors.reduce((sum, value) => sum + value, 0) / errors.length;
    expect(Math.abs(mean - tau * Math.LN2)).toBeLessThan((5 * spread) / Math.sqrt(found.length));
    // The deviation of 400 draws is known to 3.5 %: 15 % is four times that.
    expect(Math.abs(told / spread - 1)).toBeLessThan(0.15);
  });
});

describe('the ledger', () => {
  const trade = fc.record({
    quantity: fc.integer({ min: -6, max: 6 }).filter(Boolean),
    price: fc.integer({ min: 50, max: 150 }),
  });

  test.each(['fifo', 'lifo'] as const)(
    '%s matches unit by unit, through flips and reopened positions',
    (costMethod) => {
      fc.assert(
        fc.property(fc.array(trade, { minLength: 1, maxLength: 40 }), (trades) => {
          const ledger = new PositionLedger({ costMethod, fillIdLimit: 1000 });
          ledger.defineContract(LINEAR);
          // Every unit is a lot of its own.
          const open: { side: number; price: number }[] = [];
          let realized = 0;
          for (const { quantity, price } of trades) {
            ledger.applyFill(fill(quantity, price));
            for (let unit = 0; unit < Math.abs(quantity); unit++) {
              const side = Math.sign(quantity);
              if (open.length === 0 || open[0]!.side === side) open.push({ side, price });
              else {
                const lot = (costMethod === 'fifo' ? open.shift() : open.pop())!;
                realized += lot.side * (price - lot.price);
              }
            }
            const position = ledger.positionAt(0)!;
            expect(position.realizedPnl).toBeCloseTo(realized, 9);
            expect(position.quantity).toBe(open.reduce((sum, { side }) => sum + side, 0));
          }
        }),
      );
    },
  );

  test('an inverse contract earns in coin what its face value bought and sold', () => {
    fc.assert(
      fc.property(
        fc.array(trade, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 50, max: 150 }),
        (trades, mark) => {
          const ledger = new PositionLedger({ fillIdLimit: 1000 });
          ledger.defineContract(INVERSE);
          const { multiplier: face } = INVERSE;
          let coin = 0;
          let contracts = 0;
          for (const { quantity, price } of trades) {
            ledger.applyFill(inverseFill(quantity, price));
            // Going long a contract is selling face / price coin for face in money.
            coin += (quantity * face) / price;
            contracts += quantity;
          }
          ledger.applyMark({ exchange: INVERSE.exchange, symbol: INVERSE.symbol, price: mark, timeMs: 2000 });
          const { realizedPnl, unrealizedPnl } = ledger.positionAt(0)!;
          expect(realizedPnl + unrealizedPnl!).toBeCloseTo(coin - (contracts * face) / mark, 9);
        },
      ),
    );
  });

  test('with a positive funding rate longs pay and shorts receive, which net P&L shows', () => {
    for (const side of [1, -1]) {
      const ledger = new PositionLedger({ fillIdLimit: 1000 });
      ledger.defineContract(LINEAR);
      ledger.applyFill(fill(3 * side, 100));
      ledger.applyMark({ exchange: LINEAR.exchange, symbol: LINEAR.symbol, price: 100, timeMs: 2000 });
      const position = ledger.positionAt(0)!;
      const rate = 0.001;
      const amount = rate * position.notional!;
      const { exchange, symbol } = LINEAR;
      const payment = { paymentId: 'f', strategy: position.strategy, exchange, symbol, amount, timeMs: 3000 };
      expect(ledger.applyFunding(payment)).toBe('applied');
      expect([position.funding, position.netPnl]).toEqual([0.3 * side, -0.3 * side]);
    }
  });
});

describe('statistics', () => {
  test('two arms of one size are tested as pairs are, and the smaller arm decides what is known', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        finite(-2, 2),
        finite(0.1, 5),
        finite(0.01, 2),
        (n, d, s2, tau2) => {
          const samples = { countA: n, countB: n, difference: d, varianceA: s2, varianceB: s2 };
          const pairs = mixtureRatio(n, d, 2 * s2, tau2);
          expect(Math.log(twoSampleMixtureRatio(samples, tau2))).toBeCloseTo(Math.log(pairs), 6);
          const more = twoSampleMixtureRatio({ ...samples, countB: 1e15 }, tau2);
          const known = mixtureRatio(n, d, s2, tau2);
          expect(Math.log(more)).toBeCloseTo(Math.log(known), 6);
        },
      ),
    );
    expect(twoSampleMixtureRatio({ countA: 0, countB: 5, difference: 1, varianceA: 1, varianceB: 1 }, 1)).toBeNaN();
  });

  test('Ledoit and Wolf shrink by the formula of 2004, never beyond the target', () => {
    const value = finite(-1, 1);
    const rows = fc
      .integer({ min: 1, max: 5 })
      .chain((p) => fc.array(fc.array(value, { minLength: p, maxLength: p }), { minLength: 2, maxLength: 12 }));
    fc.assert(
      fc.property(rows, (observations) => {
        const n = observations.length;
        const p = observations[0]!.length;
        const means = observations[0]!.map((_, i) => observations.reduce((sum, row) => sum + row[i]!, 0) / n);
        const centred = observations.map((row) => row.map((each, i) => each - means[i]!));
        const cell = (i: number, j: number): number => centred.reduce((sum, row) => sum + row[i]! * row[j]!, 0) / n;
        const S = means.map((_, i) => means.map((__, j) => cell(i, j)));
        const m = S.reduce((sum, row, i) => sum + row[i]!, 0) / p;
        const norm = (of: (i: number, j: number) => number): number =>
          S.reduce((sum, row, i) => sum + row.reduce((inner, _, j) => inner + of(i, j) ** 2, 0), 0) / p;
        const d2 = norm((i, j) => S[i]![j]! - (i === j ? m : 0));
        const bBar2 = centred.reduce((sum, x) => sum + norm((i, j) => x[i]! * x[j]! - S[i]![j]!), 0) / (n * n);
        if (!(d2 > 1e-12)) return;
        const intensity = Math.min(bBar2, d2) / d2;
        const ours = ledoitWolf(observations, p)!;
        expect(ours.intensity).toBeCloseTo(intensity, 6);
        expect(ours.intensity).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });
});
