/** Settings of a {@link Backoff}. */
export interface BackoffOptions {
  /** Longest first wait in milliseconds. */
  readonly initialMs: number;
  /** Longest wait in milliseconds. */
  readonly maxMs: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/**
 * Exponential backoff with full jitter: a wait is uniform between 0 and a limit that doubles with every failure, so that
 * many senders of one receiver do not come back together.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #limitMs: number;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#limitMs = options.initialMs;
  }

  /** Milliseconds to wait after one more failure; at least what the receiver asked for. */
  next(askedMs = 0): number {
    const waitMs = this.#options.random() * this.#limitMs;
    this.#limitMs = Math.min(this.#limitMs * 2, this.#options.maxMs);
    return Math.max(waitMs, askedMs);
  }

  reset(): void {
    this.#limitMs = this.#options.initialMs;
  }
}
