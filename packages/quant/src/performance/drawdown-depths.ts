import { restoredNumbers } from '../number/restored-numbers.ts';
import { SortedWindow } from '../statistics/sorted-window.ts';

/** State of {@link DrawdownDepths}, plain data. */
export interface DrawdownDepthsSnapshot {
  readonly sums: readonly number[];
  readonly depths: readonly number[];
}

type Seven = [number, number, number, number, number, number, number];

/**
 * Depths of an equity curve below its peak over time: the ulcer index, the pain index and the conditional drawdown at
 * risk. Wealth begins at 1, and so does the peak.
 */
export class DrawdownDepths {
  readonly #depths: SortedWindow;
  #wealth = 1;
  #peak = 1;
  #count = 0;
  #sum = 0;
  #squares = 0;
  #longest = 0;
  #current = 0;

  /** `limit` depths are kept for {@link conditional}, the oldest going first; 10,000 by default. */
  constructor(limit = 10_000) {
    this.#depths = new SortedWindow(limit);
  }

  /** Takes the return of the next period, as a fraction. NaN and ±Infinity are ignored; returns whether it was taken. */
  add(simpleReturn: number): boolean {
    if (!Number.isFinite(simpleReturn)) return false;
    this.#wealth *= 1 + simpleReturn;
    this.#peak = Math.max(this.#peak, this.#wealth);
    const depth = 1 - this.#wealth / this.#peak;
    this.#count++;
    this.#sum += depth;
    this.#squares += depth * depth;
    this.#current = depth > 0 ? this.#current + 1 : 0;
    this.#longest = Math.max(this.#longest, this.#current);
    this.#depths.add(depth);
    return true;
  }

  /** Depth below the peak now; undefined without returns. */
  get current(): number | undefined {
    return this.#count === 0 ? undefined : 1 - this.#wealth / this.#peak;
  }

  /** Root of the mean squared depth, over n. */
  get ulcer(): number | undefined {
    return this.#count === 0 ? undefined : Math.sqrt(this.#squares / this.#count);
  }

  /** {@link ulcer} over n - 1, as some libraries print it. */
  get ulcerSample(): number | undefined {
    return this.#count < 2 ? undefined : Math.sqrt(this.#squares / (this.#count - 1));
  }

  /** Mean depth. */
  get pain(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }

  /** Periods of the longest time below a peak, the one under way included. */
  get longestPeriods(): number {
    return this.#longest;
  }

  /** Periods since the latest peak. */
  get currentPeriods(): number {
    return this.#current;
  }

  /**
   * Mean of the deepest share `alpha` of the depths kept (conditional drawdown at risk, in the discrete form of
   * Rockafellar and Uryasev). `alpha` above 0 up to 1; undefined without returns.
   */
  conditional(alpha: number): number | undefined {
    return this.#depths.tailMean(alpha);
  }

  snapshot(): DrawdownDepthsSnapshot {
    const sums = [this.#wealth, this.#peak, this.#count, this.#sum, this.#squares, this.#longest, this.#current];
    return { sums, depths: this.#depths.snapshot() };
  }

  /** Throws `QuantError` `invalid_snapshot`. */
  restore(snapshot: DrawdownDepthsSnapshot): void {
    const sums = restoredNumbers('DrawdownDepths', snapshot.sums, 7) as Seven;
    [this.#wealth, this.#peak, this.#count, this.#sum, this.#squares, this.#longest, this.#current] = sums;
    this.#depths.restore(snapshot.depths);
  }
}
