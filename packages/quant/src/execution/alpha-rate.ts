import type { Tape } from '../number/tape.ts';
import { QuantError } from '../errors.ts';
import { RollingSums } from './rolling-sums.ts';

/** Alpha in money per hour over a rolling window, and the parts that add up to it; gain positive. */
export interface AlphaRate {
  readonly perHour: number;
  /** D·(mid at the holding horizon - mid at arrival)·quantity: what the signal was worth. */
  readonly signalPerHour: number;
  /** Less: D·(fill price - mid at arrival)·quantity, cost positive. */
  readonly slippagePerHour: number;
  /** Less: fees, cost positive. */
  readonly feesPerHour: number;
  readonly count: number;
  /** Time the window covers. */
  readonly hours: number;
}

const HOUR_MS = 3_600_000;
/** Cells of {@link AlphaWindow.add}. */
export const ALPHA_SIGNAL = 0;
export const ALPHA_SLIPPAGE = 1;
export const ALPHA_FEES = 2;
const WIDTH = 3;

/**
 * Alpha generation rate: over the fills whose holding horizon ended inside the window, (Σ signal - Σ slippage - Σ fees)
 * / hours. Slippage and fees are parts of the ledger's P&L already: this attributes, it is nothing to subtract.
 */
export class AlphaWindow {
  readonly #sums: RollingSums;
  readonly #minimumCount: number;
  readonly #minimumSpanMs: number;

  /**
   * Over `windowMs`, in 60 buckets; absent below `minimumCount` fills or while the window spans less than
   * `minimumSpanMs`. Throws {@link QuantError} `invalid_option`.
   */
  constructor(windowMs: number = HOUR_MS, minimumCount = 30, minimumSpanMs: number = windowMs / 60) {
    if (!Number.isSafeInteger(minimumCount) || minimumCount < 1) {
      throw new QuantError('invalid_option', `minimumCount is ${minimumCount}; it must be a whole number from 1`);
    }
    this.#sums = new RollingSums(windowMs, WIDTH);
    this.#minimumCount = minimumCount;
    this.#minimumSpanMs = minimumSpanMs;
  }

  /** Takes the three amounts of a fill whose horizon ended at a time; see {@link RollingSums.add}. */
  add(timeMs: number, amounts: ArrayLike<number>): boolean {
    return this.#sums.add(timeMs, amounts);
  }

  /** The rate when it is `timeMs`; undefined below the minimum sample. */
  rate(timeMs: number): AlphaRate | undefined {
    this.#sums.advance(timeMs);
    const { count } = this.#sums;
    const spanMs = this.#sums.span(timeMs);
    if (count < this.#minimumCount || !(spanMs > 0) || spanMs < this.#minimumSpanMs) return undefined;
    const hours = spanMs / HOUR_MS;
    const signalPerHour = this.#sums.sum(ALPHA_SIGNAL) / hours;
    const slippagePerHour = this.#sums.sum(ALPHA_SLIPPAGE) / hours;
    const feesPerHour = this.#sums.sum(ALPHA_FEES) / hours;
    const perHour = signalPerHour - slippagePerHour - feesPerHour;
    return { perHour, signalPerHour, slippagePerHour, feesPerHour, count, hours };
  }

  carry(tape: Tape): void {
    this.#sums.carry(tape);
  }
}
