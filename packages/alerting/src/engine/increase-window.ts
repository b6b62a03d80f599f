const BUCKETS = 60;

/**
 * Sum of increments over a sliding window, in sixty buckets: what it forgets, it forgets a sixtieth of the window at a
 * time. Adding is an array write; memory is fixed.
 */
export class IncreaseWindow {
  readonly windowMs: number;
  readonly #bucketMs: number;
  readonly #buckets = new Float64Array(BUCKETS);
  /** Number of the newest bucket, counted since the epoch. */
  #head = Number.NEGATIVE_INFINITY;
  /** Increments within the window; a window that ended empty has none. */
  #count = 0;

  constructor(windowMs: number) {
    this.windowMs = windowMs;
    this.#bucketMs = windowMs / BUCKETS;
  }

  /** Adds an increment; one that is older than the window is left out. */
  add(timeMs: number, increment: number): void {
    const bucket = Math.floor(timeMs / this.#bucketMs);
    this.#advance(bucket);
    if (bucket <= this.#head - BUCKETS) return;
    this.#buckets[slotOf(bucket)]! += increment;
    this.#count++;
  }

  /** Sum over the window that ends now. */
  increase(nowMs: number): number {
    this.#advance(Math.floor(nowMs / this.#bucketMs));
    if (this.#count === 0) return 0;
    let sum = 0;
    for (let slot = 0; slot < BUCKETS; slot++) sum += this.#buckets[slot]!;
    return sum;
  }

  /** When what is in the window next gets less: a sixtieth of the window from now. */
  nextChangeMs(nowMs: number): number {
    return nowMs + Math.max(this.#bucketMs, 1);
  }

  #advance(bucket: number): void {
    if (bucket <= this.#head) return;
    if (bucket - this.#head >= BUCKETS) {
      this.#buckets.fill(0);
      this.#count = 0;
    } else for (let each = this.#head + 1; each <= bucket; each++) this.#buckets[slotOf(each)] = 0;
    this.#head = bucket;
  }
}

function slotOf(bucket: number): number {
  return ((bucket % BUCKETS) + BUCKETS) % BUCKETS;
}
