import { normalDensity, normalQuantile } from '../statistics/normal.ts';
import { type BentQuantity, bentQuantile, bentTailMean } from './cornish-fisher.ts';
import { LossMoments } from './loss-moments.ts';

/**
 * What is assumed of the losses of a book's scenarios:
 * - `empirical`: nothing; the losses as they are.
 * - `normal`: their mean and sample deviation.
 * - `cornish_fisher`: their first four population moments, where the expansion orders losses.
 * - `ewma`: a normal law without mean, its variance fading from the latest scenario back (RiskMetrics).
 */
export type LossLaw = 'empirical' | 'normal' | 'cornish_fisher' | 'ewma';

const SEED_COUNT = 250;

/**
 * Weights that make the fading variance of a list, oldest first, one sum Σ weight × loss²: v ← λ·v + (1 - λ)·loss²,
 * seeded with the mean square of the first 250.
 */
export function fadingWeights(count: number, lambda: number): Float64Array {
  const weights = new Float64Array(count);
  const seedCount = Math.min(SEED_COUNT, count);
  const seed = lambda ** count / seedCount;
  for (let t = 0; t < count; t++) weights[t] = (1 - lambda) * lambda ** (count - 1 - t) + (t < seedCount ? seed : 0);
  return weights;
}

/** Value at risk and expected shortfall of a law fitted to losses; either is NaN where the law has none. */
export interface FittedTail {
  valueAtRisk: number;
  expectedShortfall: number;
}

/** Fits laws to the losses of a book. The moments are found once for all questions until the losses change. */
export class LossLaws {
  readonly #losses: Float64Array;
  readonly #weights: Float64Array;
  readonly #moments = new LossMoments();
  readonly #variance = new Float64Array(1);
  #momentsAreCurrent = false;
  #varianceIsCurrent = false;

  /** `losses` is read anew after each {@link changed}. */
  constructor(losses: Float64Array, lambda: number) {
    this.#losses = losses;
    this.#weights = fadingWeights(losses.length, lambda);
  }

  /** Must be called when the losses have changed. */
  changed(): void {
    this.#momentsAreCurrent = false;
    this.#varianceIsCurrent = false;
  }

  /** Writes value at risk and expected shortfall for probability `p` of a larger loss, 0 < p < 0.5. */
  tailInto(law: Exclude<LossLaw, 'empirical'>, p: number, tail: FittedTail): void {
    const z = -normalQuantile(p);
    const beyond = normalDensity(z) / p;
    if (law === 'ewma') {
      const deviation = Math.sqrt(this.#fadingVariance());
      tail.valueAtRisk = z * deviation;
      tail.expectedShortfall = beyond * deviation;
      return;
    }
    const moments = this.#fitted();
    const { mean } = moments;
    if (law === 'normal') {
      tail.valueAtRisk = mean + z * moments.deviation;
      tail.expectedShortfall = mean + beyond * moments.deviation;
      return;
    }
    const deviation = moments.populationDeviation;
    // Without variance there is no shape, and the loss is certain.
    const { skewness, kurtosis } = deviation > 0 ? moments : { skewness: 0, kurtosis: 3 };
    tail.valueAtRisk = mean - (bentQuantile(-skewness, kurtosis - 3, p)?.value ?? Number.NaN) * deviation;
    tail.expectedShortfall = mean - (bentTailMean(-skewness, kurtosis - 3, p)?.value ?? Number.NaN) * deviation;
  }

  /**
   * Writes by scenario the weights with which an instrument's losses per unit of exposure make its marginal value at
   * risk and marginal expected shortfall (Euler: exposures times marginals add up to the whole). NaN where there is none.
   */
  weightsInto(
    law: Exclude<LossLaw, 'empirical'>,
    p: number,
    valueAtRisk: Float64Array,
    expectedShortfall: Float64Array,
  ): void {
    const z = -normalQuantile(p);
    const beyond = normalDensity(z) / p;
    if (law === 'ewma') {
      this.#fadingWeightsInto(z, valueAtRisk);
      this.#fadingWeightsInto(beyond, expectedShortfall);
    } else if (law === 'normal') {
      this.#normalWeightsInto(z, valueAtRisk);
      this.#normalWeightsInto(beyond, expectedShortfall);
    } else {
      const moments = this.#fitted();
      this.#bentWeightsInto(bentQuantile(-moments.skewness, moments.kurtosis - 3, p), valueAtRisk);
      this.#bentWeightsInto(bentTailMean(-moments.skewness, moments.kurtosis - 3, p), expectedShortfall);
    }
  }

  #fadingWeightsInto(factor: number, into: Float64Array): void {
    const losses = this.#losses;
    const deviation = Math.sqrt(this.#fadingVariance());
    for (let t = 0; t < losses.length; t++) {
      into[t] = deviation > 0 ? (factor * this.#weights[t]! * losses[t]!) / deviation : Number.NaN;
    }
  }

  #normalWeightsInto(factor: number, into: Float64Array): void {
    const losses = this.#losses;
    const count = losses.length;
    const { mean, deviation } = this.#fitted();
    for (let t = 0; t < count; t++) {
      const slope = deviation > 0 ? (losses[t]! - mean) / ((count - 1) * deviation) : Number.NaN;
      into[t] = 1 / count + factor * slope;
    }
  }

  /** Slope of mean - deviation × bend, the bend itself a function of skewness and kurtosis. */
  #bentWeightsInto(bend: BentQuantity | undefined, into: Float64Array): void {
    const losses = this.#losses;
    const count = losses.length;
    const { mean, populationVariance: m2, thirdMoment: m3, populationDeviation: deviation } = this.#fitted();
    const { skewness, kurtosis } = this.#moments;
    for (let t = 0; t < count; t++) {
      if (bend === undefined || !(deviation > 0)) {
        into[t] = Number.NaN;
        continue;
      }
      const c = losses[t]! - mean;
      const deviationSlope = c / (count * deviation);
      const skewnessSlope = (3 * (c * c - m2)) / (count * deviation ** 3) - (3 * skewness * c) / (count * m2);
      const kurtosisSlope = (4 * (c ** 3 - m3)) / (count * m2 * m2) - (4 * kurtosis * c) / (count * m2);
      const bendSlope = -bend.bySkewness * skewnessSlope + bend.byExcess * kurtosisSlope;
      into[t] = 1 / count - bend.value * deviationSlope - deviation * bendSlope;
    }
  }

  #fitted(): LossMoments {
    if (!this.#momentsAreCurrent) this.#moments.update(this.#losses);
    this.#momentsAreCurrent = true;
    return this.#moments;
  }

  #fadingVariance(): number {
    if (!this.#varianceIsCurrent) {
      const losses = this.#losses;
      const weights = this.#weights;
      let variance = 0;
      for (let t = 0; t < losses.length; t++) variance += weights[t]! * losses[t]! * losses[t]!;
      this.#variance[0] = variance;
    }
    this.#varianceIsCurrent = true;
    return this.#variance[0]!;
  }
}
