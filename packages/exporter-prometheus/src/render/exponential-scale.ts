/** Counts of consecutive buckets of a base-2 exponential histogram, the first one numbered `offset`. */
export interface Buckets {
  readonly offset: number;
  readonly counts: ArrayLike<number>;
}

/** Counts as the SDKs hand them out. */
export interface BucketCounts {
  readonly offset: number;
  readonly bucketCounts: ArrayLike<number>;
}

/** The same counts at a scale that is not above the present one. Exact: neighbours are merged. */
export function atScale({ offset, bucketCounts }: BucketCounts, from: number, to: number): Buckets {
  if (from <= to || bucketCounts.length === 0) return { offset, counts: bucketCounts };
  // Division, not `>>`: a shift of 32 or more must not wrap around.
  const divisor = 2 ** (from - to);
  const first = Math.floor(offset / divisor);
  const length = Math.floor((offset + bucketCounts.length - 1) / divisor) - first + 1;
  const counts = Array.from({ length }, () => 0);
  for (let index = 0; index < bucketCounts.length; index++) {
    counts[Math.floor((offset + index) / divisor) - first]! += bucketCounts[index]!;
  }
  return { offset: first, counts };
}
