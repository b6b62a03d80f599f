import { positiveInteger } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';
import { Autocorrelation } from '../statistics/autocorrelation.ts';
import { SequentialTest, type SequentialTestOptions } from './sequential-test.ts';

/** What an experiment has shown so far. `undecided` is a finding too: no difference of the size asked for has shown yet. */
export type ExperimentState = 'undecided' | 'a_better' | 'b_better';

/** Options of a {@link PairedExperiment}. */
export interface PairedExperimentOptions extends SequentialTestOptions {
  /**
   * Intervals whose mean difference is one observation of the test; 1 by default. Long enough that
   * {@link PairedExperiment.batchAutocorrelation} is near 0: the test takes its observations for uncorrelated.
   */
  readonly batch?: number;
}

/** State of a {@link PairedExperiment}, plain data. */
export interface PairedExperimentSnapshot {
  readonly test: readonly number[];
  readonly batches: readonly number[];
  readonly pending: readonly number[];
}

const STATES = { undecided: 'undecided', a: 'a_better', b: 'b_better' } as const;

/**
 * A/B test of two strategies that run side by side: the difference of what both earned in each interval, in batches,
 * tested by a likelihood ratio that may be watched at all times. Intervals, not trades, are the unit: trades of one
 * strategy come in bunches and are no independent draws.
 */
export class PairedExperiment {
  readonly #test: SequentialTest;
  readonly #batch: number;
  readonly #batches = new Autocorrelation(1);
  #pendingSum = 0;
  #pendingCount = 0;

  /** `effect`, and `variance` when given, are of the mean difference of a batch. Throws `QuantError` `invalid_option`. */
  constructor(options: PairedExperimentOptions) {
    this.#batch = positiveInteger('batch', options.batch ?? 1);
    this.#test = new SequentialTest(options);
  }

  /** Takes what A and B earned in the same interval. NaN and ±Infinity are ignored; returns whether it was taken. */
  add(a: number, b: number): boolean {
    const difference = a - b;
    if (!Number.isFinite(difference)) return false;
    this.#pendingSum += difference;
    if (++this.#pendingCount < this.#batch) return true;
    const mean = this.#pendingSum / this.#batch;
    this.#pendingSum = 0;
    this.#pendingCount = 0;
    this.#batches.add(mean);
    return this.#test.add(mean);
  }

  get state(): ExperimentState {
    return STATES[this.#test.verdict];
  }

  /** Batches tested; those that only measured the variance are not among them. */
  get count(): number {
    return this.#test.count;
  }

  /** Mean difference A - B per interval; undefined during the burn-in. */
  get effect(): number | undefined {
    return this.#test.effect;
  }

  /** Bounds of the difference that hold at all times together; undefined during the burn-in. */
  get interval(): readonly [low: number, high: number] | undefined {
    return this.#test.interval;
  }

  /** Always-valid p-value, 1 during the burn-in. */
  get pValue(): number {
    return this.#test.pValue;
  }

  /** Correlation of a batch with the next; far from 0 the batches are too short. Undefined below 30 batches. */
  get batchAutocorrelation(): number | undefined {
    return this.#batches.count < 30 ? undefined : this.#batches.at(1);
  }

  snapshot(): PairedExperimentSnapshot {
    const pending = [this.#pendingSum, this.#pendingCount];
    return { test: this.#test.snapshot(), batches: this.#batches.snapshot(), pending };
  }

  /** Takes back the state of an experiment with the same options. Throws `QuantError` `invalid_snapshot`. */
  restore(snapshot: PairedExperimentSnapshot): void {
    this.#test.restore(snapshot.test);
    this.#batches.restore(snapshot.batches);
    const pending = restoredNumbers('PairedExperiment', snapshot.pending, 2) as [number, number];
    [this.#pendingSum, this.#pendingCount] = pending;
  }
}
