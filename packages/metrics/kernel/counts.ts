// AssemblyScript. Counts are doubles at `at` (bytes), whole numbers whose sums stay below 2^53: every sum is exact, so
// the order of additions does not show, and src/kernel/scalar.ts gives the same bits.
//
// Budget: 160 buckets in <= 30 ns, the call from JavaScript included; bench/kernel.bench.js.

/** Counts per block: ten blocks make the usual 160 buckets, and eight registers hold one. */
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
    const sum = f64x2.add(
      f64x2.add(f64x2.add(v128.load(at), v128.load(at, 16)), f64x2.add(v128.load(at, 32), v128.load(at, 48))),
      f64x2.add(f64x2.add(v128.load(at, 64), v128.load(at, 80)), f64x2.add(v128.load(at, 96), v128.load(at, 112))),
    );
    const upTo = before + (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
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
 * How many of a block's running totals lie below `rank`. Without a branch: where in a block a rank falls cannot be
 * predicted, and a wrong guess costs as much as the whole block.
 */
function bucketsBelow(at: usize, before: f64, rank: f64): i32 {
  const wanted = f64x2.splat(rank);
  let start = f64x2.splat(before);
  let below = i64x2.splat(0);
  for (let pair: i32 = 0; pair < BLOCK / 2; pair++) {
    const counts = v128.load(at + ((<usize>pair) << 4));
    const swapped = v128.shuffle<f64>(counts, counts, 1, 0);
    // (a, a + b) are the running totals of the pair; (a + b) in both lanes carries on.
    const within = v128.shuffle<f64>(counts, f64x2.add(counts, swapped), 0, 3);
    below = i64x2.sub(below, f64x2.lt(f64x2.add(start, within), wanted));
    start = f64x2.add(start, f64x2.add(counts, swapped));
  }
  return <i32>(i64x2.extract_lane(below, 0) + i64x2.extract_lane(below, 1));
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
