import { BucketRing } from './bucket-ring.ts';

// Each tier spans its window in 600 to 1,800 buckets, about one or two per pixel column of a panel.
const TIERS: readonly (readonly [bucketMs: number, capacity: number])[] = [
  [100, 1300],
  [500, 1900],
  [2000, 1900],
];

/** The longest window a {@link History} can show, in milliseconds. */
export const LONGEST_WINDOW_MS: number = 3_600_000;

/** The recent course of one value at three resolutions: two minutes, fifteen minutes, one hour. */
export class History {
  readonly #tiers: readonly BucketRing[] = TIERS.map(([bucketMs, capacity]) => new BucketRing(bucketMs, capacity));

  /** Records a value at a Unix time in milliseconds; non-finite values are ignored. */
  add(timeMs: number, value: number): void {
    for (const tier of this.#tiers) tier.add(timeMs, value);
  }

  /** The finest ring that still covers `windowMs`. */
  ring(windowMs: number): BucketRing {
    const fits = this.#tiers.find((tier) => tier.bucketMs * (tier.capacity - 1) >= windowMs);
    return fits ?? (this.#tiers.at(-1) as BucketRing);
  }

  /** The last value at or before `timeMs`, looking back `lookBackMs` at most; `NaN` when there is none. */
  valueAt(timeMs: number, windowMs: number, lookBackMs: number): number {
    const ring = this.ring(windowMs);
    const oldest = ring.bucketOf(timeMs - lookBackMs);
    for (let bucket = Math.min(ring.bucketOf(timeMs), ring.newest); bucket >= oldest && bucket >= 0; bucket--) {
      const slot = ring.slotOf(bucket);
      if (slot >= 0) return ring.lastAt(slot);
    }
    return NaN;
  }
}
