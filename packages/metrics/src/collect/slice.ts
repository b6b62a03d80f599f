import { SERIES_PER_STEP } from './steps.ts';

/**
 * What a collection may still work before the event loop has its turn. Only its own work counts: what it waits for
 * (callbacks, other readings) holds nobody up. The clock is looked at once per {@link SERIES_PER_STEP} series, so a
 * collection of fewer is never interrupted.
 */
export class Slice {
  readonly #budgetMillis: number;
  #leftMillis: number;
  #startMillis = 0;
  #unseenSeries = 0;
  #pauseCount = 0;

  /** `budgetMillis` above 0; Infinity for a collection without a pause. */
  constructor(budgetMillis: number) {
    this.#budgetMillis = budgetMillis;
    this.#leftMillis = budgetMillis;
  }

  get isEndless(): boolean {
    return this.#budgetMillis === Infinity;
  }

  /** Pauses so far, be it for the event loop or for another reading. */
  get pauseCount(): number {
    return this.#pauseCount;
  }

  /** A pause is over. */
  renew(): void {
    this.#pauseCount++;
    this.#leftMillis = this.#budgetMillis;
  }

  /** Work begins. */
  begin(): void {
    this.#startMillis = performance.now();
  }

  /** Whether it is time to pause, after so many series more. */
  isOverAfter(series: number): boolean {
    if (this.#budgetMillis === Infinity) return false;
    this.#unseenSeries += series;
    if (this.#unseenSeries < SERIES_PER_STEP) return false;
    this.#unseenSeries = 0;
    return performance.now() - this.#startMillis >= this.#leftMillis;
  }

  /** Work ends, or pauses. */
  end(): void {
    this.#leftMillis -= performance.now() - this.#startMillis;
  }
}
