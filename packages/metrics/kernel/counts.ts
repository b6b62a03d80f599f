// AssemblyScript. Counts are doubles at `at` (bytes), whole numbers whose sums stay below 2^53: every sum is exact, so
// the order of additions does not show, and src/kernel/scalar.ts gives the same bits.
//
// Budget: 160 buckets in <= 30 ns, the call from JavaScript included; bench/kernel.bench.js.

/** Counts per block: ten blocks make the usual 160 buckets, and sixteen counts are eight registers. */
const BLOCK: i32 = 16;

/** Sum of `length` counts. */
export function totalOfCounts(at: usize, length: i32): f64 {
  // Four accumulators: an addition takes four cycles, and two can start in each.
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  let left = length;
  for (; left >= BLOCK; left -= BLOCK) {
    a = f64x2.add(a, f64x2.add(v128.load(at), v128.load(at, 16)));
    b = f64x2.add(b, f64x2.add(v128.load(at, 32), v128.load(at, 48)));
    c = f64x2.add(c, f64x2.add(v128.load(at, 64), v128.load(at, 80)));
    d = f64x2.add(d, f64x2.add(v128.load(at, 96), v128.load(at, 112)));
    at += <usize>(BLOCK << 3);
  }
  const sum = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  for (; left > 0; left--) {
    total += load<f64>(at);
    at += 8;
  }
  return total;
}

/** Index of the first bucket at which the running total reaches `rank`; `length` if none does. */
export function bucketOfRank(at: usize, length: i32, rank: f64): i32 {
  const blocksEnd = length & ~(BLOCK - 1);
  let before: f64 = 0;
  let index: i32 = 0;
  for (; index < blocksEnd; index += BLOCK) {
    const upTo = before + blockSum(at);
    if (upTo >= rank) return index + bucketsBelow(at, before, rank);
    before = upTo;
    at += <usize>(BLOCK << 3);
  }
  for (; index < length; index++) {
    before += load<f64>(at);
    if (before >= rank) return index;
    at += 8;
  }
  return length;
}

/**
 * The same, searched from the end, for counts whose `total` is known; `rank` is at most that. A p99 touches the buckets
 * of a hundredth of the measurements and the empty ones above.
 */
export function bucketOfRankFromEnd(at: usize, length: i32, rank: f64, total: f64): i32 {
  // As many measurements lie at or above the bucket as from the rank to the end.
  const wanted = Math.floor(total - rank) + 1;
  let above: f64 = 0;
  let index = length;
  let from = at + ((<usize>length) << 3);
  while ((index & (BLOCK - 1)) !== 0) {
    index--;
    from -= 8;
    above += load<f64>(from);
    if (above >= wanted) return index;
  }
  while (index > 0) {
    index -= BLOCK;
    from -= <usize>(BLOCK << 3);
    const downTo = above + blockSum(from);
    if (downTo >= wanted) return index + bucketsBelow(from, total - downTo, rank);
    above = downTo;
  }
  return 0;
}

/** Sum of the counts of a block. */
function blockSum(at: usize): f64 {
  const sum = f64x2.add(
    f64x2.add(f64x2.add(v128.load(at), v128.load(at, 16)), f64x2.add(v128.load(at, 32), v128.load(at, 48))),
    f64x2.add(f64x2.add(v128.load(at, 64), v128.load(at, 80)), f64x2.add(v128.load(at, 96), v128.load(at, 112))),
  );
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** (a, a + b): the running totals within a pair of counts. */
function within(counts: v128): v128 {
  return f64x2.add(counts, v128.shuffle<f64>(f64x2.splat(0), counts, 0, 2));
}

/** (a + b, a + b): what a pair adds to the running totals after it. */
function both(counts: v128): v128 {
  return f64x2.add(counts, v128.shuffle<f64>(counts, counts, 1, 0));
}

/** All bits set, so -1 as a number, where a running total lies below the rank. */
function below(start: v128, counts: v128, rank: v128): v128 {
  return f64x2.lt(f64x2.add(start, within(counts)), rank);
}

/**
 * How many of a block's running totals lie below `rank`. Without a branch: where in a block a rank falls cannot be
 * predicted, and a wrong guess costs as much as the whole block. The totals before the pairs grow as a tree, four
 * additions deep instead of eight.
 */
function bucketsBelow(at: usize, before: f64, rank: f64): i32 {
  const wanted = f64x2.splat(rank);
  const pair0 = v128.load(at);
  const pair1 = v128.load(at, 16);
  const pair2 = v128.load(at, 32);
  const pair3 = v128.load(at, 48);
  const pair4 = v128.load(at, 64);
  const pair5 = v128.load(at, 80);
  const pair6 = v128.load(at, 96);
  const pair7 = v128.load(at, 112);
  const start0 = f64x2.splat(before);
  const both2 = both(pair2);
  const both4 = both(pair4);
  const both6 = both(pair6);
  const start1 = f64x2.add(start0, both(pair0));
  const start2 = f64x2.add(start1, both(pair1));
  const start3 = f64x2.add(start2, both2);
  const start4 = f64x2.add(start2, f64x2.add(both2, both(pair3)));
  const start5 = f64x2.add(start4, both4);
  const start6 = f64x2.add(start4, f64x2.add(both4, both(pair5)));
  const start7 = f64x2.add(start6, both6);
  const first = i64x2.add(
    i64x2.add(below(start0, pair0, wanted), below(start1, pair1, wanted)),
    i64x2.add(below(start2, pair2, wanted), below(start3, pair3, wanted)),
  );
  const second = i64x2.add(
    i64x2.add(below(start4, pair4, wanted), below(start5, pair5, wanted)),
    i64x2.add(below(start6, pair6, wanted), below(start7, pair7, wanted)),
  );
  const sum = i64x2.add(first, second);
  return -(<i32>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1)));
}

/** Adds `length` counts at `from` to those at `into`: the same range, or ranges that do not overlap. */
export function mergeCounts(into: usize, from: usize, length: i32): void {
  let left = length;
  for (; left >= 8; left -= 8) {
    v128.store(into, f64x2.add(v128.load(into), v128.load(from)));
    v128.store(into, f64x2.add(v128.load(into, 16), v128.load(from, 16)), 16);
    v128.store(into, f64x2.add(v128.load(into, 32), v128.load(from, 32)), 32);
    v128.store(into, f64x2.add(v128.load(into, 48), v128.load(from, 48)), 48);
    into += 64;
    from += 64;
  }
  for (; left > 0; left--) {
    store<f64>(into, load<f64>(into) + load<f64>(from));
    into += 8;
    from += 8;
  }
}
