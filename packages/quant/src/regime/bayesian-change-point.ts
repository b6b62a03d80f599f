import { positiveInteger, QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';

/** Options of a {@link BayesianChangePoint}. */
export interface BayesianChangePointOptions {
  /** Periods a stretch lasts on average; 250 by default. */
  readonly meanRun?: number;
  /** What a stretch's mean is expected to be; 0 by default. */
  readonly priorMean?: number;
  /** What a stretch's variance is about, above 0: the scale of the prior. */
  readonly priorVariance: number;
  /** Run lengths kept apart, from 10; 500 by default. Longer ones count as one. */
  readonly runLimit?: number;
  /** A change is within as many latest periods; 5 by default. */
  readonly recent?: number;
  /** Probability of a recent change from which an alarm is raised, 0 to 1; 0.5 by default. */
  readonly threshold?: number;
}

/**
 * Probability of each length of the stretch under way, for values that are normal with a mean and a variance of their own
 * in every stretch (Adams and MacKay 2007, "Bayesian online changepoint detection", with a normal-inverse-gamma prior of
 * the weight of one observation). O(`runLimit`) per value.
 */
export class BayesianChangePoint {
  readonly #hazard: number;
  readonly #limit: number;
  readonly #recent: number;
  readonly #threshold: number;
  readonly #priorMean: number;
  readonly #priorScale: number;
  /** By run length: probability, mean and scale of what a run of that length has shown. */
  readonly #probability: Float64Array;
  readonly #mean: Float64Array;
  readonly #scale: Float64Array;
  /** By run length: logarithm of the factor of Student's density that does not depend on the value. */
  readonly #factor: Float64Array;
  #count = 0;
  #alarms = 0;
  #isAlarmed = false;

  /** Throws {@link QuantError} `invalid_option`. */
  constructor(options: BayesianChangePointOptions) {
    const { meanRun = 250, priorMean = 0, priorVariance, runLimit = 500, recent = 5, threshold = 0.5 } = options;
    if (!(meanRun > 1 && meanRun < Infinity)) {
      throw new QuantError('invalid_option', `meanRun is ${meanRun}; it must be a finite number above 1`);
    }
    if (!(priorVariance > 0 && priorVariance < Infinity) || !Number.isFinite(priorMean)) {
      throw new QuantError('invalid_option', `a prior of mean ${priorMean} and variance ${priorVariance}`);
    }
    if (!(threshold > 0 && threshold < 1)) {
      throw new QuantError('invalid_option', `threshold is ${threshold}; it must lie between 0 and 1`);
    }
    this.#limit = positiveInteger('runLimit', runLimit);
    this.#recent = positiveInteger('recent', recent);
    if (runLimit < 10 || recent >= runLimit) {
      throw new QuantError(
        'invalid_option',
        `runLimit is ${runLimit}; it must be 10 or more, and above recent, ${recent}`,
      );
    }
    this.#hazard = 1 / meanRun;
    this.#threshold = threshold;
    this.#priorMean = priorMean;
    this.#priorScale = priorVariance;
    this.#probability = new Float64Array(runLimit + 1);
    this.#mean = new Float64Array(runLimit + 1);
    this.#scale = new Float64Array(runLimit + 1);
    this.#factor = factorsOf(runLimit + 1);
    this.#probability[0] = 1;
    this.#mean[0] = priorMean;
    this.#scale[0] = priorVariance;
  }

  /** Takes the next value and returns true when it raises an alarm. NaN and ±Infinity are ignored. */
  add(value: number): boolean {
    if (!Number.isFinite(value)) return false;
    const size = Math.min(this.#count, this.#limit);
    const probability = this.#probability;
    let changed = 0;
    let total = 0;
    for (let run = 0; run <= size; run++) {
      const joint = probability[run]! * this.#density(run, value);
      probability[run] = joint * (1 - this.#hazard);
      changed += joint * this.#hazard;
      total += joint;
    }
    this.#count++;
    // So far out that every density is 0 in a double: a new stretch begins for certain.
    if (!(total > 0)) this.#restart();
    else this.#shift(size, value, changed, total);
    return this.#judge();
  }

  /** Values taken. */
  get count(): number {
    return this.#count;
  }

  /** Probability that a stretch began within the `recent` latest periods; undefined before there were twice as many. */
  get changeProbability(): number | undefined {
    if (this.#count <= 2 * this.#recent) return undefined;
    let sum = 0;
    for (let run = 0; run <= this.#recent; run++) sum += this.#probability[run]!;
    return Math.min(1, sum);
  }

  /** The likeliest length of the stretch under way. */
  get likeliestRun(): number {
    let best = 0;
    for (let run = 1; run <= this.#limit; run++) if (this.#probability[run]! > this.#probability[best]!) best = run;
    return best;
  }

  get alarms(): number {
    return this.#alarms;
  }

  snapshot(): readonly number[] {
    const state = [this.#count, this.#alarms, this.#isAlarmed ? 1 : 0];
    return [...state, ...this.#probability, ...this.#mean, ...this.#scale];
  }

  /** Takes back the state of one with the same options. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const size = this.#limit + 1;
    const values = restoredNumbers('BayesianChangePoint', snapshot, 3 + 3 * size);
    const [count, alarms, isAlarmed] = values as [number, number, number];
    this.#count = count;
    this.#alarms = alarms;
    this.#isAlarmed = isAlarmed === 1;
    this.#probability.set(values.slice(3, 3 + size));
    this.#mean.set(values.slice(3 + size, 3 + 2 * size));
    this.#scale.set(values.slice(3 + 2 * size));
  }

  /** Student's density of the next value after a run: 2α degrees of freedom, α = 1 + run/2, κ = 1 + run. */
  #density(run: number, value: number): number {
    const alpha = 1 + run / 2;
    const kappa = 1 + run;
    const spread = (this.#scale[run]! * (kappa + 1)) / (alpha * kappa);
    const deviation = value - this.#mean[run]!;
    const exponent = -(alpha + 0.5) * Math.log1p((deviation * deviation) / (2 * alpha * spread));
    return Math.exp(this.#factor[run]! - 0.5 * Math.log(spread) + exponent);
  }

  /** Every run becomes one longer; the two longest become one, with what the shorter one has shown. */
  #shift(size: number, value: number, changed: number, total: number): void {
    const probability = this.#probability;
    const last = Math.min(size + 1, this.#limit);
    const overflow = size === this.#limit ? probability[size]! : 0;
    for (let run = last; run >= 1; run--) {
      probability[run] = (probability[run - 1]! + (run === last ? overflow : 0)) / total;
      const kappa = run;
      const before = this.#mean[run - 1]!;
      const deviation = value - before;
      this.#mean[run] = before + deviation / (kappa + 1);
      this.#scale[run] = this.#scale[run - 1]! + (kappa * deviation * deviation) / (2 * (kappa + 1));
    }
    probability[0] = changed / total;
  }

  #restart(): void {
    this.#probability.fill(0);
    this.#probability[0] = 1;
    this.#mean[0] = this.#priorMean;
    this.#scale[0] = this.#priorScale;
  }

  /** One alarm per change: it is raised when the probability rises to the threshold. */
  #judge(): boolean {
    const { changeProbability } = this;
    const isHigh = changeProbability !== undefined && changeProbability >= this.#threshold;
    const isNew = isHigh && !this.#isAlarmed;
    this.#isAlarmed = isHigh;
    if (isNew) this.#alarms++;
    return isNew;
  }
}

/**
 * Of Student's density after n = 0, 1, … values: g(n) - log(2πα)/2 with g(n) = log Γ(α + 1/2) - log Γ(α) and α = 1 + n/2.
 * From Γ(x + 1) = x·Γ(x) follows g(n) + g(n + 1) = log α, and g(0) is log(√π/2).
 */
function factorsOf(length: number): Float64Array {
  const factors = new Float64Array(length);
  let g = Math.log(Math.sqrt(Math.PI) / 2);
  for (let run = 0; run < length; run++) {
    const alpha = 1 + run / 2;
    factors[run] = g - 0.5 * Math.log(2 * Math.PI * alpha);
    g = Math.log(alpha) - g;
  }
  return factors;
}
