const KEPT = 512;

/** The latest durations of something, for percentiles of what is seen now. */
export class RecentTimes {
  readonly #times: Float64Array = new Float64Array(KEPT);
  #count = 0;

  /** Takes a duration over; one that is not finite is left out, one below zero is zero: clocks differ by more. */
  add(milliseconds: number): void {
    if (!Number.isFinite(milliseconds)) return;
    this.#times[this.#count % KEPT] = Math.max(0, milliseconds);
    this.#count += 1;
  }

  /** The smallest duration that at least this share does not exceed; `NaN` while there is none. */
  quantile(share: number): number {
    const known = Math.min(this.#count, KEPT);
    if (known === 0) return NaN;
    const sorted = this.#times.slice(0, known).sort();
    return sorted[Math.min(known - 1, Math.max(0, Math.ceil(share * known) - 1))] as number;
  }
}
