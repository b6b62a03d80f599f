/**
 * Which buckets of a histogram get a line: those with a finite bound above the one before. Bounds come from anywhere, and a
 * scrape with two equal or descending ones would be refused as a whole; a bucket without a line goes into the next one.
 */
export class BucketLines {
  /** Bounds of the lines. */
  readonly bounds: readonly number[];
  /** The last bucket that each line counts. */
  readonly buckets: readonly number[];
  readonly #given: readonly number[];
  readonly #isFixed: boolean;

  constructor(given: readonly number[]) {
    this.#isFixed = Object.isFrozen(given);
    this.#given = this.#isFixed ? given : [...given];
    const bounds: number[] = [];
    const buckets: number[] = [];
    for (let bucket = 0; bucket < given.length; bucket++) {
      const bound = given[bucket]!;
      if (!Number.isFinite(bound) || (bounds.length > 0 && bound < bounds.at(-1)!)) continue;
      if (bounds.at(-1) === bound) buckets[buckets.length - 1] = bucket;
      else {
        bounds.push(bound);
        buckets.push(bucket);
      }
    }
    this.bounds = bounds;
    this.buckets = buckets;
  }

  /** Whether these are the lines for the given bounds. */
  suit(given: readonly number[]): boolean {
    if (given === this.#given && this.#isFixed) return true;
    if (given.length !== this.#given.length) return false;
    // Even NaN is the same bound as before.
    return given.every((bound, index) => Object.is(bound, this.#given[index]));
  }
}

/**
 * Cumulative counts of the lines, `+Inf` last, into `into`. Never above `count`, never descending: a producer may write
 * count and buckets at slightly different moments, and a bucket above the count would be no histogram.
 */
export function cumulate(lines: BucketLines, counts: readonly number[], count: number, into: Float64Array): void {
  let cumulative = 0;
  let bucket = 0;
  const { buckets } = lines;
  for (let line = 0; line < buckets.length; line++) {
    for (; bucket <= buckets[line]!; bucket++) cumulative += counts[bucket]!;
    into[line] = cumulative < count ? cumulative : count;
  }
  into[buckets.length] = count;
}
