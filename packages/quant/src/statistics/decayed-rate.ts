import { QuantError } from '../errors.ts';

/**
 * Rate of events per unit of time: Σ exp(-(t - tᵢ)/τ)/τ over what came, an estimate that leans on the latest τ. O(1).
 * Times are numbers of any one unit; one that falls counts as the latest.
 */
export class DecayedRate {
  readonly #timeConstant: number;
  #time: number = Number.NEGATIVE_INFINITY;
  #sum = 0;

  /** `timeConstant` τ, finite and above 0. Throws {@link QuantError} `invalid_option`. */
  constructor(timeConstant: number) {
    if (!(timeConstant > 0 && timeConstant < Infinity)) {
      throw new QuantError('invalid_option', `a time constant of ${timeConstant}; it must be finite and above 0`);
    }
    this.#timeConstant = timeConstant;
  }

  /** Counts an event at its time, which must be finite. */
  count({ time }: { readonly time: number }): void {
    if (time > this.#time) {
      this.#sum *= Math.exp((this.#time - time) / this.#timeConstant);
      this.#time = time;
    }
    this.#sum += 1;
  }

  /** Rate at `time`; undefined before the first event. */
  at(time: number): number | undefined {
    if (this.#time === Number.NEGATIVE_INFINITY) return undefined;
    const age = Math.max(0, time - this.#time);
    return (this.#sum * Math.exp(-age / this.#timeConstant)) / this.#timeConstant;
  }

  /** Begins anew, as after a clock was set back. */
  reset(): void {
    this.#time = Number.NEGATIVE_INFINITY;
    this.#sum = 0;
  }
}
