/** Steps the window is cut into: 60 s in 250 ms steps. */
const STEPS = 240;
/** One entry per step at most, so the ring never fills; a power of two makes its index a mask. */
const CAPACITY = 256;
const MASK = CAPACITY - 1;

/**
 * Minimum over a sliding window of time, in constant memory (4 KiB) and amortised constant time.
 *
 * A queue of candidates, steps and values both strictly increasing from head to tail: a value that is not smaller
 * than a later one can never be the minimum again, so a push removes it.
 *
 *     step   7   9  12  12+STEPS leaves → 12 drops off the head
 *     value  3   5   8       push 4 → 5 and 8 go, the queue is 3 4
 *           head    tail
 *
 * Time is cut into steps, and a value belongs to its step: the window is the current step and the `STEPS - 1` before it.
 */
export class SlidingMinimum {
  readonly #steps: Float64Array = new Float64Array(CAPACITY);
  readonly #values: Float64Array = new Float64Array(CAPACITY);
  readonly #stepMs: number;
  #head = 0;
  #size = 0;
  /** The latest step. */
  #now: number = Number.NEGATIVE_INFINITY;
  /** The value at the head, which is the minimum, and the one at the tail. */
  #floor: number = Number.NaN;
  #last: number = Number.POSITIVE_INFINITY;

  /** `windowMs` is the length of the window in milliseconds, finite and > 0. */
  constructor(windowMs: number) {
    this.#stepMs = windowMs / STEPS;
  }

  /**
   * Adds a value at a time and returns the minimum of the window that ends there. Both must be finite. A time before
   * the latest one counts as the latest, unless it is a whole window behind: then a clock was set back, and the window starts anew.
   */
  push(timeMs: number, value: number): number {
    const step = Math.floor(timeMs / this.#stepMs);
    // The tail is the minimum of the latest step: a value that is not below it and not newer changes nothing. Kept this
    // small, the method is inlined, and its numbers are never boxed on the heap (bench/on-message.bench.js).
    if (step > this.#now || value < this.#last || step <= this.#now - STEPS) this.#advance(step, value);
    return this.#floor;
  }

  #advance(step: number, value: number): void {
    if (step <= this.#now - STEPS) this.#size = 0;
    else if (step < this.#now) step = this.#now;
    this.#now = step;
    this.#expire(step - STEPS + 1);
    while (this.#size > 0 && this.#values[this.#index(this.#size - 1)]! >= value) this.#size--;
    // A larger value of the same step leaves the window together with the smaller one before it: it is never the minimum.
    if (this.#size === 0 || this.#steps[this.#index(this.#size - 1)]! < step) {
      const tail = this.#index(this.#size);
      this.#steps[tail] = step;
      this.#values[tail] = value;
      this.#size++;
    }
    this.#floor = this.#values[this.#head]!;
    this.#last = this.#values[this.#index(this.#size - 1)]!;
  }

  #expire(oldestStep: number): void {
    while (this.#size > 0 && this.#steps[this.#head]! < oldestStep) {
      this.#head = (this.#head + 1) & MASK;
      this.#size--;
    }
  }

  #index(place: number): number {
    return (this.#head + place) & MASK;
  }
}
