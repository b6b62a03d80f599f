import type { MarketQuote } from './market-quote.ts';
import { QuantError } from '../errors.ts';

/**
 * Time a spread takes to come back after a sweep. A sweep is the first quote after a trade whose spread is at least
 * `factor` times the one before the trade; it has been absorbed by the first quote whose spread is again at most that.
 * A sweep that is not absorbed within `timeout` is given up and counted. Spreads of 0 or less begin no sweep.
 */
export class Resilience {
  readonly #factor: number;
  readonly #timeout: number;
  readonly #onRecovery: ((duration: number) => void) | undefined;
  #traded = false;
  #spread = Number.NaN;
  #target = Number.NaN;
  #start = Number.NaN;
  #recovered = 0;
  #abandoned = 0;

  /** `factor` above 1, `timeout` in the unit of the times. Throws {@link QuantError} `invalid_option`. */
  constructor(factor: number, timeout: number, onRecovery?: (duration: number) => void) {
    if (!(factor > 1 && factor < Infinity)) {
      throw new QuantError('invalid_option', `a sweep factor of ${factor}; it must be finite and above 1`);
    }
    if (!(timeout > 0)) throw new QuantError('invalid_option', `a timeout of ${timeout}; it must be above 0`);
    this.#factor = factor;
    this.#timeout = timeout;
    this.#onRecovery = onRecovery;
  }

  /** A trade happened: the next quote may show a sweep. */
  trade(): void {
    this.#traded = true;
  }

  /** Takes a quote: its spread holds from its time on. Times do not fall. */
  quote({ spread, time }: Pick<MarketQuote, 'spread' | 'time'>): void {
    if (Number.isNaN(this.#start)) {
      if (this.#traded && this.#spread > 0 && spread >= this.#factor * this.#spread) {
        this.#start = time;
        this.#target = this.#spread;
      }
    } else if (time - this.#start > this.#timeout) {
      this.#abandoned++;
      this.#start = Number.NaN;
    } else if (spread <= this.#target) {
      this.#recover(time);
    }
    this.#spread = spread;
    this.#traded = false;
  }

  /** Forgets a sweep that is open, as after a break of the feed. */
  interrupt(): void {
    this.#start = Number.NaN;
    this.#spread = Number.NaN;
  }

  /** Sweeps that were absorbed. */
  get recovered(): number {
    return this.#recovered;
  }

  /** Sweeps given up. */
  get abandoned(): number {
    return this.#abandoned;
  }

  #recover(time: number): void {
    this.#recovered++;
    this.#onRecovery?.(time - this.#start);
    this.#start = Number.NaN;
  }
}
