/** A rate limit that allows a burst of a tenth of a minute's amount, at least one. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #most: number;
  #tokens: number;
  #atMs: number;

  constructor(perMinute: number, nowMs: number) {
    this.#perMs = perMinute / 60_000;
    this.#most = Math.max(1, perMinute / 10);
    this.#tokens = this.#most;
    this.#atMs = nowMs;
  }

  /** Takes one; returns 0, or after how many milliseconds there is one. */
  take(nowMs: number): number {
    this.#tokens = Math.min(this.#most, this.#tokens + Math.max(0, nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return Math.max(1, Math.ceil((1 - this.#tokens) / this.#perMs));
    this.#tokens--;
    return 0;
  }
}
