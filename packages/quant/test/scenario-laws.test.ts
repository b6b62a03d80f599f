import { describe, expect, test } from '@jest/globals';
import {
  cornishFisherExpectedShortfall,
  cornishFisherQuantile,
  cornishFisherValueAtRisk,
  EwmaVariance,
  type LossLaw,
  Moments,
  normalExpectedShortfall,
  normalQuantile,
  normalValueAtRisk,
  ScenarioBook,
} from '@nanometer/quant';
import * as fc from 'fast-check';

const small = fc.double({ min: -0.1, max: 0.1, noNaN: true });
const LAWS: readonly LossLaw[] = ['empirical', 'normal', 'cornish_fisher', 'ewma'];

/** Returns with a fat tail and little skew, inside the domain of the expansion; no two alike. */
function fatTailed(count: number, seed: number): Float64Array {
  return Float64Array.from({ length: count }, (_, t) => {
    const u = (((t * 7919 + seed * 104_729) % 9973) + 0.5) / 9973;
    const z = normalQuantile(u);
    return 0.01 * (z + 0.08 * z ** 3);
  });
}

function bookOf(exposures: readonly number[], count = 300): { book: ScenarioBook; returns: Float64Array[] } {
  const book = new ScenarioBook(count);
  const returns = exposures.map((_, at) => fatTailed(count, at + 1));
  for (const each of returns) book.add(each);
  exposures.forEach((exposure, at) => book.setExposure(at, exposure));
  return { book, returns };
}

/** Profit and loss of the whole book by scenario, by hand. */
function profits(exposures: readonly number[], returns: readonly Float64Array[]): number[] {
  return Array.from(returns[0]!, (_, t) => exposures.reduce((sum, w, at) => sum + w * returns[at]![t]!, 0));
}

test('the normal law is that of mean and sample deviation of the revalued book, after every change', () => {
  const changes = fc.array(fc.tuple(fc.nat(2), fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 12 });
  const scenarios = fc.array(fc.array(small, { minLength: 30, maxLength: 30 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(scenarios, changes, fc.constantFrom(0.01, 0.05, 0.2), (rows, list, p) => {
      const book = new ScenarioBook(30);
      for (const row of rows) book.add(row);
      const exposures = [0, 0, 0];
      for (const [at, exposure] of list) {
        exposures[at] = exposure;
        book.setExposure(at, exposure);
        const moments = new Moments();
        const variance = new EwmaVariance(0.94, 0);
        const results = profits(
          exposures,
          rows.map((row) => Float64Array.from(row)),
        );
        const fading = new EwmaVariance(0.94, results.reduce((sum, each) => sum + each * each, 0) / 30);
        for (const each of results) {
          moments.add(each);
          fading.add(each);
          variance.add(each);
        }
        const law = { mean: moments.mean!, deviation: moments.deviation! };
        const scale = 1e-9 * exposures.reduce((sum, w) => sum + Math.abs(w), 1);
        const normal = book.tail(p, 'normal')!;
        expect(Math.abs(normal.valueAtRisk - normalValueAtRisk(law, p)!)).toBeLessThanOrEqual(scale);
        expect(Math.abs(normal.expectedShortfall - normalExpectedShortfall(law, p)!)).toBeLessThanOrEqual(scale);
        const ewma = book.tail(p, 'ewma')!;
        const expected = -normalQuantile(p) * fading.deviation!;
        expect(Math.abs(ewma.valueAtRisk - expected)).toBeLessThanOrEqual(scale);
        expect(ewma.tailCount).toBe(30);
      }
    }),
  );
});

test('the bent law equals the formulas on the population moments of the revalued book', () => {
  const exposures = [1000, -400, 250];
  const { book, returns } = bookOf(exposures);
  const moments = new Moments();
  for (const each of profits(exposures, returns)) moments.add(each);
  const law = {
    mean: moments.mean!,
    deviation: moments.populationDeviation!,
    skewness: moments.skewness!,
    kurtosis: moments.kurtosis!,
  };
  for (const p of [0.01, 0.05]) {
    const tail = book.tail(p, 'cornish_fisher')!;
    expect(tail.valueAtRisk).toBeCloseTo(cornishFisherValueAtRisk(law, p)!, 9);
    expect(tail.expectedShortfall).toBeCloseTo(cornishFisherExpectedShortfall(law, p)!, 9);
    expect(tail.expectedShortfall).toBeGreaterThan(tail.valueAtRisk);
  }
});

describe('Cornish and Fisher', () => {
  test('the shortfall is the average of the bent quantile over the tail', () => {
    for (const [skewness, kurtosis] of [
      [-0.2, 3.5],
      [0.3, 4],
      [0, 3],
    ] as const) {
      const p = 0.05;
      const steps = 200_000;
      let sum = 0;
      for (let at = 0; at < steps; at++) sum += cornishFisherQuantile(skewness, kurtosis, ((at + 0.5) / steps) * p)!;
      const moments = { mean: 0, deviation: 1, skewness, kurtosis };
      expect(cornishFisherExpectedShortfall(moments, p)!).toBeCloseTo(-sum / steps, 4);
    }
  });

  test('refuses the shortfall outside the domain of Maillard (2012), where the far tail folds back', () => {
    const of = (skewness: number, kurtosis: number): number | undefined =>
      cornishFisherExpectedShortfall({ mean: 0, deviation: 1, skewness, kurtosis }, 0.05);
    // Excess kurtosis below 0 bends the tails back; so does a skewness above 6(√2 - 1) = 2.485 whatever the kurtosis.
    expect(of(0, 2.9)).toBeUndefined();
    for (let excess = 0; excess <= 40; excess += 0.25) expect(of(2.49, 3 + excess)).toBeUndefined();
    expect(Array.from({ length: 160 }, (_, at) => of(2.48, 3 + at / 8)).some((each) => each !== undefined)).toBe(true);
    expect(of(0, 3 + 8.01)).toBeUndefined();
    expect(of(0, 3 + 7.99)).toBeGreaterThan(0);
    expect([of(Number.NaN, 3), of(0, Infinity)]).toEqual([undefined, undefined]);
  });

  test('a book outside the domain has no value, and gets one when its positions are inside again', () => {
    const book = new ScenarioBook(100);
    book.add(Float64Array.from({ length: 100 }, (_, t) => (t === 0 ? -0.5 : 0.001 * (t % 5))));
    book.add(fatTailed(100, 3));
    book.setExposure(0, 1000);
    expect(book.tail(0.01, 'cornish_fisher')!.valueAtRisk).toBeNaN();
    book.setExposure(0, 0);
    book.setExposure(1, 1000);
    expect(book.tail(0.01, 'cornish_fisher')!.valueAtRisk).toBeGreaterThan(0);
  });
});

describe('marginal and component risk', () => {
  test.each(LAWS)('%s: exposures times marginals add up to the whole', (law) => {
    const exposures = [1000, -400, 250, 0];
    const { book } = bookOf(exposures);
    for (const p of [0.01, 0.033, 0.05]) {
      const tail = { ...book.tail(p, law)! };
      const marginal = book.marginal(p, law)!;
      const sumOf = (values: Float64Array): number => exposures.reduce((sum, w, at) => sum + w * values[at]!, 0);
      expect(sumOf(marginal.valueAtRisk)).toBeCloseTo(tail.valueAtRisk, 8);
      expect(sumOf(marginal.expectedShortfall)).toBeCloseTo(tail.expectedShortfall, 8);
    }
  });

  test.each(LAWS)('%s: a marginal is the slope of the whole in one exposure, also of none', (law) => {
    const exposures = [1000, -400, 250, 0];
    const { book } = bookOf(exposures);
    const p = 0.033;
    const marginal = book.marginal(p, law)!;
    exposures.forEach((exposure, at) => {
      const step = 1e-4;
      book.setExposure(at, exposure + step);
      const above = { ...book.tail(p, law)! };
      book.setExposure(at, exposure - step);
      const below = { ...book.tail(p, law)! };
      book.setExposure(at, exposure);
      const slope = (above.valueAtRisk - below.valueAtRisk) / (2 * step);
      expect(marginal.valueAtRisk[at]).toBeCloseTo(slope, 5);
      const shortfallSlope = (above.expectedShortfall - below.expectedShortfall) / (2 * step);
      expect(marginal.expectedShortfall[at]).toBeCloseTo(shortfallSlope, 5);
    });
  });

  test('is undefined for a probability that is no tail', () => {
    const { book } = bookOf([1]);
    expect([book.marginal(0), book.marginal(0.7, 'normal'), book.marginal(Number.NaN)]).toEqual(
      Array.from({ length: 3 }),
    );
  });
});

test('a book that cannot lose has no risk under any law', () => {
  const book = new ScenarioBook(10);
  book.add(new Float64Array(10));
  book.setExposure(0, 1000);
  for (const law of LAWS) expect(book.tail(0.05, law)).toMatchObject({ valueAtRisk: 0, expectedShortfall: 0 });
  expect(() => new ScenarioBook(10, 1)).toThrow('lambda is 1');
});
