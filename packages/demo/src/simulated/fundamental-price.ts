import type { SeededRandom } from '../market/seeded-random.ts';

const STEP_MS = 10;

/** The price all markets of one coin follow: a random walk in steps of 10 ms, asked for in non-decreasing time. */
export class FundamentalPrice {
  readonly #random: SeededRandom;
  readonly #stepVolatility: number;
  #price: number;
  #steps = 0;

  /** `volatility` is the standard deviation of the return over one second. */
  constructor(random: SeededRandom, start: number, volatility: number) {
    this.#random = random;
    this.#price = start;
    this.#stepVolatility = volatility * Math.sqrt(STEP_MS / 1000);
  }

  /** The price at a market time, not earlier than that of the call before. */
  at(timeMs: number): number {
    const steps = Math.floor(timeMs / STEP_MS);
    while (this.#steps < steps) {
      this.#price *= 1 + this.#stepVolatility * this.#random.normal();
      this.#steps++;
    }
    return this.#price;
  }
}
