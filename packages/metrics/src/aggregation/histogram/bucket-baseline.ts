import { type BucketRun, EMPTY_RUN, NO_BASE } from './bucket-window.ts';

/**
 * The buckets of one sign as a reader was last told of them. It is kept aligned with the window it follows, so that
 * telling the difference is one pass over two arrays and what is kept is never allocated anew.
 */
export class BucketBaseline {
  readonly #counts: Float64Array;
  #base = NO_BASE;

  /** `size` is the largest number of buckets the window can hold. */
  constructor(size: number) {
    this.#counts = new Float64Array(size);
  }

  /**
   * Returns what was added since the last call. The window's buckets are the `length` cells from `from`, the first one
   * has index `base`; its scale was halved `change` times since the last call.
   */
  advance(cells: ArrayLike<number>, from: number, length: number, base: number, change: number): BucketRun {
    if (base === NO_BASE) return EMPTY_RUN;
    if (change > 0 || base !== this.#base) this.#align(base, change);
    const counts = this.#counts;
    let first = 0;
    while (first < length && cells[from + first] === counts[first]) first++;
    if (first === length) return EMPTY_RUN;
    let last = length - 1;
    while (cells[from + last] === counts[last]) last--;
    const added: number[] = [];
    for (let i = first; i <= last; i++) {
      const count = cells[from + i]!;
      added.push(count - counts[i]!);
      counts[i] = count;
    }
    return { offset: base + first, counts: added };
  }

  #align(base: number, change: number): void {
    const before = this.#base;
    this.#base = base;
    if (before === NO_BASE) return;
    const counts = this.#counts;
    const known = counts.slice();
    counts.fill(0);
    for (let i = 0; i < known.length; i++) {
      // Where nothing was counted the bucket may lie outside the window by now.
      if (known[i] !== 0) counts[((before + i) >> change) - base]! += known[i]!;
    }
  }
}
