import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';
import { rankCorrelation } from '../statistics/rank-correlation.ts';

/** Whether the market went the way of a signal. `flat`: the market stood still, or the signal said nothing. */
export type SignalOutcome = 'hit' | 'miss' | 'flat';

/** State of a {@link SignalScore}, plain data. */
export interface SignalScoreSnapshot {
  readonly counts: readonly number[];
  readonly values: readonly number[];
  readonly returns: readonly number[];
}

/** How one signal did at one horizon: outcomes since the start, hit rate and information coefficient of the latest. */
export class SignalScore {
  readonly #minimum: number;
  readonly #values: Float64Array;
  readonly #returns: Float64Array;
  #count = 0;
  #hits = 0;
  #misses = 0;
  #coefficient: number | undefined = undefined;
  #coefficientAt = -1;

  /** Keeps the latest `window` outcomes (2 to 100,000); below `minimumCount` of them no ratio has a value. */
  constructor(window = 500, minimumCount = 30) {
    if (!Number.isInteger(window) || window < 2 || window > 100_000) {
      throw new QuantError(
        'invalid_option',
        `a window of ${window} outcomes; it must be a whole number from 2 to 100000`,
      );
    }
    this.#minimum = minimumCount;
    this.#values = new Float64Array(window);
    this.#returns = new Float64Array(window);
  }

  /** Takes a signal's value and the return that followed. Others than finite ones are ignored. */
  add(value: number, forwardReturn: number): SignalOutcome | undefined {
    if (!Number.isFinite(value) || !Number.isFinite(forwardReturn)) return undefined;
    const at = this.#count % this.#values.length;
    this.#values[at] = value;
    this.#returns[at] = forwardReturn;
    this.#count++;
    const outcome = outcomeOf(value, forwardReturn);
    if (outcome === 'hit') this.#hits++;
    else if (outcome === 'miss') this.#misses++;
    return outcome;
  }

  /** Outcomes since the start. */
  get count(): number {
    return this.#count;
  }

  get hits(): number {
    return this.#hits;
  }

  get misses(): number {
    return this.#misses;
  }

  /** Hits over hits and misses, among the latest outcomes; undefined below the minimum of those. */
  get hitRate(): number | undefined {
    let hits = 0;
    let decided = 0;
    for (let at = 0; at < this.#kept; at++) {
      const outcome = outcomeOf(this.#values[at]!, this.#returns[at]!);
      if (outcome === 'flat') continue;
      decided++;
      if (outcome === 'hit') hits++;
    }
    return decided < this.#minimum || decided === 0 ? undefined : hits / decided;
  }

  /**
   * Rank correlation of the latest values with the returns that followed; undefined below the minimum, or where values
   * or returns do not vary. Added up when asked for, once per outcome.
   */
  get informationCoefficient(): number | undefined {
    if (this.#coefficientAt !== this.#count) {
      const kept = this.#kept;
      this.#coefficientAt = this.#count;
      this.#coefficient =
        kept < this.#minimum
          ? undefined
          : rankCorrelation(this.#values.subarray(0, kept), this.#returns.subarray(0, kept));
    }
    return this.#coefficient;
  }

  snapshot(): SignalScoreSnapshot {
    const kept = this.#kept;
    return {
      counts: [this.#count, this.#hits, this.#misses],
      values: Array.from(this.#values.subarray(0, kept)),
      returns: Array.from(this.#returns.subarray(0, kept)),
    };
  }

  /** Takes back the state of one with the same window. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: SignalScoreSnapshot): void {
    const counts = restoredNumbers('SignalScore', snapshot.counts, 3) as [number, number, number];
    const kept = Math.min(counts[0], this.#values.length);
    this.#values.set(restoredNumbers('SignalScore', snapshot.values, kept));
    this.#returns.set(restoredNumbers('SignalScore', snapshot.returns, kept));
    [this.#count, this.#hits, this.#misses] = counts;
    this.#coefficientAt = -1;
  }

  get #kept(): number {
    return Math.min(this.#count, this.#values.length);
  }
}

function outcomeOf(value: number, forwardReturn: number): SignalOutcome {
  if (value === 0 || forwardReturn === 0) return 'flat';
  return value > 0 === forwardReturn > 0 ? 'hit' : 'miss';
}
