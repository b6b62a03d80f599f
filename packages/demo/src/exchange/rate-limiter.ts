/** Counts requests in fixed windows of market time, as exchanges do. */
export class RateLimiter {
  readonly name: string;
  readonly limit: number;
  readonly #windowMs: number;
  #window = -1;
  #used = 0;

  constructor(name: string, limit: number, windowMs: number) {
    this.name = name;
    this.limit = limit;
    this.#windowMs = windowMs;
  }

  /** Requests counted in the window of the last call. */
  get used(): number {
    return this.#used;
  }

  /** Counts one request; false when the window is used up, and then it does not count. */
  admit(timeMs: number): boolean {
    const window = Math.floor(timeMs / this.#windowMs);
    if (window !== this.#window) {
      this.#window = window;
      this.#used = 0;
    }
    if (this.#used >= this.limit) return false;
    this.#used++;
    return true;
  }
}
