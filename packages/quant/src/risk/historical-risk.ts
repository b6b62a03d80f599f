import { SortedWindow } from '../statistics/sorted-window.ts';
import { tailRank } from '../statistics/tail-rank.ts';

/**
 * Value at risk and expected shortfall of the latest `window` returns or P&L figures, as they were: no law assumed.
 * Losses are positive. `p` is the tail's probability, 0.05 for 95 %.
 */
export class HistoricalRisk {
  readonly #window: SortedWindow;

  /** `window`: whole number from 1 to 1,000,000. Throws {@link QuantError} `invalid_option`. */
  constructor(window: number) {
    this.#window = new SortedWindow(window);
  }

  /** Takes the next return. NaN and ±Infinity are ignored; returns whether it was taken. */
  add(value: number): boolean {
    return this.#window.add(value);
  }

  get count(): number {
    return this.#window.count;
  }

  get isFull(): boolean {
    return this.#window.isFull;
  }

  /** Negated type 7 quantile; undefined without returns. */
  valueAtRisk(p: number): number | undefined {
    const quantile = this.#window.quantile(p);
    return quantile === undefined ? undefined : -quantile;
  }

  /** Negated mean of the returns at or below the type 7 quantile. Jumps when the tail's count does. */
  meanTailLoss(p: number): number | undefined {
    const quantile = this.#window.quantile(p);
    const mean = quantile === undefined ? undefined : this.#window.meanUpTo(quantile);
    return mean === undefined ? undefined : -mean;
  }

  /** The loss with ceil(p·n) - 1 larger ones: the discrete value at risk that belongs to {@link expectedShortfall}. */
  discreteValueAtRisk(p: number): number | undefined {
    if (!(p > 0 && p <= 1)) return undefined;
    const value = this.#window.at(tailRank(p, this.count) - 1);
    return value === undefined ? undefined : -value;
  }

  /** Coherent expected shortfall: the last tail return counts in part (Rockafellar and Uryasev 2000). */
  expectedShortfall(p: number): number | undefined {
    const count = this.count;
    if (count === 0 || !(p > 0 && p <= 1)) return undefined;
    const share = p * count;
    const at = tailRank(p, count) - 1;
    const bound = this.#window.at(at)!;
    let below = 0;
    for (let rank = 0; rank < at; rank++) below += bound - this.#window.at(rank)!;
    return -bound + below / share;
  }

  /** Returns in the tail that {@link expectedShortfall} averages: a shortfall of two of them is an anecdote. */
  tailCount(p: number): number {
    return this.count === 0 || !(p > 0 && p <= 1) ? 0 : tailRank(p, this.count);
  }
}
