import { difference, type Distribution, snapshot } from '@nanometer/exporter-statsd';

/** Earlier states kept per window: the window slides in steps of a tenth of its length. */
const SNAPSHOT_COUNT = 10;

/**
 * The buckets recorded within a recent span of the points' own time, from the cumulative states that arrive: the latest
 * state minus the one at the window's beginning.
 */
export class RecentBuckets {
  readonly #windowMs: number;
  readonly #times: number[] = [];
  readonly #states: Distribution[] = [];
  #startSeconds = Number.NaN;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /**
   * Takes the cumulative state at a time and returns what the window now holds; `undefined` when nothing is known of the
   * window, which is so for the first state of a stream that started before it. A new start time, or a state that does
   * not follow from the earlier ones, begins anew.
   */
  advance(timeMs: number, startSeconds: number, now: Distribution): Distribution | undefined {
    if (startSeconds !== this.#startSeconds) this.#restart(startSeconds);
    // The base is the latest state at or before the window's beginning; without one, the earliest there is.
    while (this.#times.length > 1 && this.#times[1]! <= timeMs - this.#windowMs) {
      this.#times.shift();
      this.#states.shift();
    }
    let recent = this.#since(timeMs, now);
    if (recent === undefined && this.#states.length > 0) {
      this.#restart(startSeconds);
      recent = now;
    }
    const last = this.#times.at(-1);
    if (last === undefined || timeMs - last >= this.#windowMs / SNAPSHOT_COUNT) {
      this.#times.push(timeMs);
      this.#states.push(snapshot(now));
    }
    return recent;
  }

  #since(timeMs: number, now: Distribution): Distribution | undefined {
    const startedWithin = timeMs - this.#startSeconds * 1000 <= this.#windowMs;
    if (startedWithin) return now;
    const base = this.#states[0];
    return base === undefined ? undefined : difference(now, base);
  }

  #restart(startSeconds: number): void {
    this.#times.length = 0;
    this.#states.length = 0;
    this.#startSeconds = startSeconds;
  }
}
