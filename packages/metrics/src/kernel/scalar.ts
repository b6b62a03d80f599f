// The twin of kernel/counts.ts in JavaScript. Counts are whole numbers, and their total stays below 2^53: every sum of
// them is exact whatever the order of additions, so both give the same bits.

/** Counts per block. Sums of four pairs leave the processor free to add them at the same time. */
const BLOCK = 8;

/** Counts in any array: the buckets of a data point, or cells of an arena. */
export type Counts = ArrayLike<number>;

function blockSum(counts: Counts, at: number): number {
  const low = counts[at]! + counts[at + 1]! + (counts[at + 2]! + counts[at + 3]!);
  const high = counts[at + 4]! + counts[at + 5]! + (counts[at + 6]! + counts[at + 7]!);
  return low + high;
}

export function scalarTotal(counts: Counts, from: number, to: number): number {
  let total = 0;
  let index = from;
  for (; index + BLOCK <= to; index += BLOCK) total += blockSum(counts, index);
  for (; index < to; index++) total += counts[index]!;
  return total;
}

export function scalarBucketOfRank(counts: Counts, from: number, to: number, rank: number): number {
  let before = 0;
  let index = from;
  for (; index + BLOCK <= to; index += BLOCK) {
    const upTo = before + blockSum(counts, index);
    if (upTo >= rank) break;
    before = upTo;
  }
  for (; index < to; index++) {
    before += counts[index]!;
    if (before >= rank) return index;
  }
  return to;
}

/**
 * The same for counts whose total is known: searched from the nearer end. A p99 touches a hundredth of the measurements
 * and the empty buckets above them, instead of all that lies below.
 */
export function scalarBucketOfKnown(counts: Counts, from: number, to: number, rank: number, total: number): number {
  if (!(rank > total / 2)) return scalarBucketOfRank(counts, from, to, rank);
  if (rank > total) return to;
  // As many measurements lie at or above the bucket as from the rank to the end.
  const wanted = Math.floor(total - rank) + 1;
  let above = 0;
  let index = to;
  for (; index - BLOCK >= from; index -= BLOCK) {
    const downTo = above + blockSum(counts, index - BLOCK);
    if (downTo >= wanted) break;
    above = downTo;
  }
  while (index > from) {
    above += counts[--index]!;
    if (above >= wanted) return index;
  }
  return from;
}

export function scalarMerge(
  into: Float64Array | number[],
  intoFrom: number,
  counts: Counts,
  from: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) into[intoFrom + i]! += counts[from + i]!;
}
