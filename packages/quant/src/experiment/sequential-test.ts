import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';

/** State of a comparison of two arms. Until it is decided, neither has been shown to be better. */
export type Verdict = 'undecided' | 'a' | 'b';

const VERDICTS: readonly Verdict[] = ['undecided', 'a', 'b'];

type Eight = [number, number, number, number, number, number, number, number];

/** Options of {@link SequentialTest}. */
export interface SequentialTestOptions {
  /** Smallest difference of interest, in the unit of the differences; the prior's standard deviation. */
  readonly effect: number;
  /** Probability of a false decision, however often one looks; 0.05 by default. */
  readonly alpha?: number;
  /** Variance of one difference; measured when it is left out: the larger of the burn-in's and that of all so far. */
  readonly variance?: number;
  /** Differences that only measure the variance; 30 by default, at least 2, none when `variance` is given. */
  readonly burnIn?: number;
}

/**
 * Likelihood ratio of a normal mixture that `count` differences of mean `mean` and variance `variance` are not centred
 * on 0, the prior being normal with variance `effectVariance` (Johari, Koomen, Pekelis and Walsh 2022):
 * Λ = sqrt(v/(v + nτ²))·exp(n²τ²d²/(2v(v + nτ²))). Infinite when it exceeds a double.
 */
export function mixtureRatio(count: number, mean: number, variance: number, effectVariance: number): number {
  const spread = variance + count * effectVariance;
  const exponent = (count * count * effectVariance * mean * mean) / (2 * variance * spread);
  return Math.sqrt(variance / spread) * Math.exp(exponent);
}

/** Two arms whose observations are not paired. */
export interface TwoSamples {
  readonly countA: number;
  readonly countB: number;
  /** Mean of A less mean of B. */
  readonly difference: number;
  /** Variance of one observation of either arm. */
  readonly varianceA: number;
  readonly varianceB: number;
}

/**
 * {@link mixtureRatio} of two arms that may differ in size: the difference of their means has variance
 * σ²a/na + σ²b/nb. Equal to it for arms of equal size. NaN for counts below 1.
 */
export function twoSampleMixtureRatio(samples: TwoSamples, effectVariance: number): number {
  const { countA, countB, difference, varianceA, varianceB } = samples;
  if (!(countA >= 1) || !(countB >= 1)) return Number.NaN;
  return mixtureRatio(1, difference, varianceA / countA + varianceB / countB, effectVariance);
}

/**
 * A/B test that may be looked at after every observation (mixture sequential probability ratio test). Feed it the
 * paired difference A - B of one interval at a time, intervals long enough to be nearly uncorrelated. Once decided it
 * stays so.
 */
export class SequentialTest {
  readonly #effectVariance: number;
  readonly #alpha: number;
  readonly #burnIn: number;
  readonly #isMeasured: boolean;
  /** As given, or of the burn-in. */
  #variance: number | undefined;
  // Of every difference where the variance is measured: the burn-in and what followed.
  #burnt = 0;
  #burnMean = 0;
  #burnSquares = 0;
  #count = 0;
  #mean = 0;
  #p = 1;
  #verdict: Verdict = 'undecided';

  /** Throws {@link QuantError} `invalid_option`. */
  constructor(options: SequentialTestOptions) {
    const { effect, alpha = 0.05, variance, burnIn = 30 } = options;
    if (!(effect > 0 && effect < Infinity)) {
      throw new QuantError('invalid_option', `effect is ${effect}; it must be a finite number above 0`);
    }
    if (!(alpha > 0 && alpha < 1))
      throw new QuantError('invalid_option', `alpha is ${alpha}; it must lie between 0 and 1`);
    if (variance !== undefined && !(variance > 0 && variance < Infinity)) {
      throw new QuantError('invalid_option', `variance is ${variance}; it must be a finite number above 0`);
    }
    if (!Number.isInteger(burnIn) || burnIn < 2) {
      throw new QuantError('invalid_option', `burnIn is ${burnIn}; it must be a whole number from 2`);
    }
    this.#effectVariance = effect * effect;
    this.#alpha = alpha;
    this.#isMeasured = variance === undefined;
    this.#variance = variance;
    this.#burnIn = burnIn;
  }

  /** Takes the next difference A - B. NaN and ±Infinity are ignored; returns whether it was taken. */
  add(difference: number): boolean {
    if (!Number.isFinite(difference)) return false;
    const isBurning = this.#variance === undefined;
    if (this.#isMeasured) this.#measure(difference);
    if (isBurning) return true;
    this.#count++;
    this.#mean += (difference - this.#mean) / this.#count;
    const ratio = mixtureRatio(this.#count, this.#mean, this.#spread as number, this.#effectVariance);
    this.#p = Math.min(this.#p, 1 / ratio);
    if (this.#verdict === 'undecided' && this.#p < this.#alpha) this.#verdict = this.#mean > 0 ? 'a' : 'b';
    return true;
  }

  /** Differences tested, the burn-in left out. */
  get count(): number {
    return this.#count;
  }

  /** Mean difference A - B; undefined before the first one after the burn-in. */
  get effect(): number | undefined {
    return this.#count === 0 ? undefined : this.#mean;
  }

  /** Always-valid p-value: the probability of having seen as much without a difference, at any time of looking. */
  get pValue(): number {
    return this.#p;
  }

  get verdict(): Verdict {
    return this.#verdict;
  }

  /**
   * Bounds of the difference that hold at all times together with probability 1 - alpha; undefined before the first
   * difference after the burn-in.
   */
  get interval(): readonly [low: number, high: number] | undefined {
    const variance = this.#spread;
    if (variance === undefined || this.#count === 0) return undefined;
    const n = this.#count;
    const spread = variance + n * this.#effectVariance;
    const logBound = Math.log(spread / (variance * this.#alpha * this.#alpha));
    const half = Math.sqrt((variance * spread * logBound) / (n * n * this.#effectVariance));
    return [this.#mean - half, this.#mean + half];
  }

  /** Everything it holds, as plain data, NaN for a variance not measured yet. */
  snapshot(): readonly number[] {
    const verdict = VERDICTS.indexOf(this.#verdict);
    const burn = [this.#burnt, this.#burnMean, this.#burnSquares];
    return [this.#variance ?? Number.NaN, ...burn, this.#count, this.#mean, this.#p, verdict];
  }

  /** Takes back the state of a test with the same options. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const values = restoredNumbers('SequentialTest', snapshot, 8) as Eight;
    const [variance, burnt, burnMean, burnSquares, count, mean, p, verdict] = values;
    this.#variance = Number.isNaN(variance) ? undefined : variance;
    this.#burnt = burnt;
    this.#burnMean = burnMean;
    this.#burnSquares = burnSquares;
    this.#count = count;
    this.#mean = mean;
    this.#p = p;
    this.#verdict = VERDICTS[verdict] ?? 'undecided';
  }

  /**
   * The variance to test with. Thirty differences of a market with heavy tails are mostly calm ones, and a test that went
   * on with their variance would decide between equal arms up to 16 times in 100 on shuffled daily returns instead of 5
   * (test/experiments.test.ts). So a measured variance grows with what is seen, and never falls below the burn-in's.
   */
  get #spread(): number | undefined {
    if (this.#variance === undefined || !this.#isMeasured) return this.#variance;
    return Math.max(this.#variance, this.#burnSquares / (this.#burnt - 1));
  }

  #measure(difference: number): void {
    this.#burnt++;
    const delta = difference - this.#burnMean;
    this.#burnMean += delta / this.#burnt;
    this.#burnSquares += delta * (difference - this.#burnMean);
    const variance = this.#burnSquares / (this.#burnt - 1);
    if (this.#variance === undefined && this.#burnt >= this.#burnIn && variance > 0) this.#variance = variance;
  }
}
