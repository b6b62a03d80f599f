const SLOTS = 64;
/** A point is late, not missing, for so many times the step before it. */
const LATE_STEPS = 3;

/**
 * Rate of a cumulative counter over a sliding window: change divided by elapsed time, in units per second.
 *
 * The window is at least one second and reaches back as far as the previous point when points come more rarely.
 * A counter that falls was restarted: the meter forgets what it knew, so a restart never shows as a negative rate.
 */
export class RateMeter {
  readonly #windowMs: number;
  readonly #minimumStepMs: number;
  readonly #times: Float64Array = new Float64Array(SLOTS);
  readonly #values: Float64Array = new Float64Array(SLOTS);
  #head = 0;
  #size = 0;

  /** @param windowMs - length of the window in milliseconds, > 0. */
  constructor(windowMs: number = 1000) {
    this.#windowMs = windowMs;
    // Points closer than this replace each other, so that the ring always spans the window.
    this.#minimumStepMs = windowMs / (SLOTS / 4);
  }

  /** Records the counter's cumulative value; ignores non-finite input and points older than the newest. */
  add(timeMs: number, value: number): void {
    if (!Number.isFinite(value) || !Number.isFinite(timeMs)) return;
    if (this.#size > 0) {
      const newest = (this.#head + SLOTS - 1) % SLOTS;
      if (timeMs < (this.#times[newest] as number)) return;
      if (value < (this.#values[newest] as number)) this.#size = 0;
      else if (this.#size > 1) {
        const previous = (this.#head + SLOTS - 2) % SLOTS;
        if (timeMs - (this.#times[previous] as number) < this.#minimumStepMs) {
          this.#head = newest;
          this.#size -= 1;
        }
      }
    }
    this.#times[this.#head] = timeMs;
    this.#values[this.#head] = value;
    this.#head = (this.#head + 1) % SLOTS;
    this.#size = Math.min(SLOTS, this.#size + 1);
  }

  /**
   * The rate per second up to `nowMs`, taking the counter as unchanged since its last point; `NaN` until a quarter of the
   * window is known. While the next point is only late, by the step between the last two, the rate is the one up to the last:
   * a producer that reports every two seconds does not stand still every other one.
   */
  rate(nowMs: number): number {
    if (this.#size === 0) return NaN;
    const newest = (this.#head + SLOTS - 1) % SLOTS;
    const newestMs = this.#times[newest] as number;
    const previousMs = this.#size > 1 ? (this.#times[(this.#head + SLOTS - 2) % SLOTS] as number) : newestMs;
    const isLate = nowMs - newestMs >= this.#windowMs && nowMs - newestMs < LATE_STEPS * (newestMs - previousMs);
    const endMs = isLate ? newestMs : Math.max(nowMs, newestMs);
    for (let back = 0; back < this.#size; back++) {
      const at = (this.#head + SLOTS - 1 - back) % SLOTS;
      const elapsedMs = endMs - (this.#times[at] as number);
      const oldestKnown = back === this.#size - 1;
      if (elapsedMs >= this.#windowMs || (oldestKnown && elapsedMs >= this.#windowMs / 4)) {
        return (((this.#values[newest] as number) - (this.#values[at] as number)) / elapsedMs) * 1000;
      }
    }
    return NaN;
  }
}
