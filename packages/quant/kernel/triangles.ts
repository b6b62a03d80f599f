// AssemblyScript. Addresses are in bytes, sizes count instruments. Row `i` of a lower triangle begins at i·(i + 1)/2 and
// has i + 1 cells. Every product is rounded before it is added, and sums are kept in the same four parts as in
// src/correlation/triangle-twin.ts, which stands in where there is no SIMD: both give the same bits.
//
// Budget: each pass over the 125,250 cells of 500 instruments in less than half of what it takes in JavaScript;
// bench/triangle-kernel.bench.js.

/**
 * cells ← factor · cells + (1 - factor) · returns · returnsᵀ, where neither return is NaN; other cells stay as they are.
 */
export function fade(cells: usize, returns: usize, size: i32, factor: f64): void {
  const factors = f64x2.splat(factor);
  let cell = cells;
  for (let row = 0; row < size; row++) {
    const own = load<f64>(returns + ((<usize>row) << 3));
    const length = row + 1;
    if (own != own) {
      cell += (<usize>length) << 3;
      continue;
    }
    const weight = (1 - factor) * own;
    const weights = f64x2.splat(weight);
    let other = returns;
    let left = length;
    for (; left >= 4; left -= 4) {
      const first = v128.load(other);
      const second = v128.load(other, 16);
      const before = v128.load(cell);
      const beforeToo = v128.load(cell, 16);
      const after = f64x2.add(f64x2.mul(factors, before), f64x2.mul(weights, first));
      const afterToo = f64x2.add(f64x2.mul(factors, beforeToo), f64x2.mul(weights, second));
      v128.store(cell, v128.bitselect(after, before, f64x2.eq(first, first)));
      v128.store(cell, v128.bitselect(afterToo, beforeToo, f64x2.eq(second, second)), 16);
      cell += 32;
      other += 32;
    }
    for (; left > 0; left--) {
      const value = load<f64>(other);
      if (value == value) store<f64>(cell, factor * load<f64>(cell) + weight * value);
      cell += 8;
      other += 8;
    }
  }
}

/** into ← cells · inverses · inversesᵀ, kept within -1 to 1 beside a diagonal of 1. */
export function normalise(cells: usize, inverses: usize, into: usize, size: i32): void {
  const one = f64x2.splat(1);
  const minusOne = f64x2.splat(-1);
  let from = cells;
  let to = into;
  for (let row = 0; row < size; row++) {
    const own = load<f64>(inverses + ((<usize>row) << 3));
    const owns = f64x2.splat(own);
    let other = inverses;
    let left = row;
    for (; left >= 4; left -= 4) {
      const first = f64x2.mul(f64x2.mul(v128.load(from), owns), v128.load(other));
      const second = f64x2.mul(f64x2.mul(v128.load(from, 16), owns), v128.load(other, 16));
      // These keep their first operand where it is NaN.
      v128.store(to, f64x2.pmax(f64x2.pmin(first, one), minusOne));
      v128.store(to, f64x2.pmax(f64x2.pmin(second, one), minusOne), 16);
      from += 32;
      to += 32;
      other += 32;
    }
    for (; left > 0; left--) {
      const value = load<f64>(from) * own * load<f64>(other);
      store<f64>(to, value > 1 ? 1 : value < -1 ? -1 : value);
      from += 8;
      to += 8;
      other += 8;
    }
    store<f64>(to, 1);
    from += 8;
    to += 8;
  }
}

/** image ← matrix · vector, of a symmetric matrix with a diagonal of 1; rows that are not known are left out. */
export function multiply(cells: usize, known: usize, vector: usize, image: usize, size: i32): void {
  memory.fill(image, 0, (<usize>size) << 3);
  let cell = cells;
  for (let row = 0; row < size; row++) {
    if (load<u8>(known + row) == 0) {
      cell += (<usize>(row + 1)) << 3;
      continue;
    }
    const own = load<f64>(vector + ((<usize>row) << 3));
    const owns = f64x2.splat(own);
    let sums = f64x2.splat(0);
    let sumsToo = f64x2.splat(0);
    let from = vector;
    let to = image;
    let left = row;
    for (; left >= 4; left -= 4) {
      const first = v128.load(cell);
      const second = v128.load(cell, 16);
      sums = f64x2.add(sums, f64x2.mul(first, v128.load(from)));
      sumsToo = f64x2.add(sumsToo, f64x2.mul(second, v128.load(from, 16)));
      v128.store(to, f64x2.add(v128.load(to), f64x2.mul(first, owns)));
      v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(second, owns)), 16);
      cell += 32;
      from += 32;
      to += 32;
    }
    sums = f64x2.add(sums, sumsToo);
    let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    for (; left > 0; left--) {
      const value = load<f64>(cell);
      sum += value * load<f64>(from);
      store<f64>(to, load<f64>(to) + value * own);
      cell += 8;
      from += 8;
      to += 8;
    }
    // The place is now that of the row itself, whose cell is the diagonal.
    store<f64>(to, load<f64>(to) + (sum + own));
    cell += 8;
  }
}

/** Sum of `length` cells. */
export function total(cells: usize, length: i32): f64 {
  let sums = f64x2.splat(0);
  let sumsToo = f64x2.splat(0);
  let cell = cells;
  let left = length;
  for (; left >= 4; left -= 4) {
    sums = f64x2.add(sums, v128.load(cell));
    sumsToo = f64x2.add(sumsToo, v128.load(cell, 16));
    cell += 32;
  }
  sums = f64x2.add(sums, sumsToo);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; left > 0; left--) {
    sum += load<f64>(cell);
    cell += 8;
  }
  return sum;
}
