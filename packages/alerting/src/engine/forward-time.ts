/** Points that come a little out of order are no clock that was set back. */
const TOLERANCE_MS = 1000;

/**
 * The engine's time: the clock it is told, except that it goes on when that clock is set back. Otherwise all that waits
 * for a time, and every window, would stand still for as long as the clock was wrong.
 */
export class ForwardTime {
  #lastMs: number = Number.NEGATIVE_INFINITY;
  /** How far this time is ahead of the clock. */
  aheadMs = 0;

  of(clockMs: number): number {
    const nowMs = clockMs + this.aheadMs;
    if (nowMs > this.#lastMs) {
      this.#lastMs = nowMs;
      return nowMs;
    }
    if (nowMs >= this.#lastMs - TOLERANCE_MS) return nowMs;
    this.aheadMs += this.#lastMs - nowMs;
    return this.#lastMs;
  }
}
