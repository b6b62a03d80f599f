// What kernel/triangles.ts does, where there is no SIMD: the same bits, also in the order in which sums are made.

/** cells ← factor · cells + (1 - factor) · returns · returnsᵀ, where neither return is NaN; others stay as they are. */
export function fade(cells: Float64Array, returns: Float64Array, factor: number): void {
  let at = 0;
  for (let row = 0; row < returns.length; row++) {
    const own = returns[row]!;
    if (own === own) fadeRow(cells, at, row, factor, (1 - factor) * own, returns);
    at += row + 1;
  }
}

/** A loop that stands alone is compiled with every cell in registers. */
function fadeRow(
  cells: Float64Array,
  start: number,
  row: number,
  factor: number,
  weight: number,
  returns: Float64Array,
): void {
  for (let column = 0; column <= row; column++) {
    const other = returns[column]!;
    // Comparison with itself is the cheapest test for NaN.
    if (other === other) cells[start + column] = factor * cells[start + column]! + weight * other;
  }
}

/** into ← cells · inverses · inversesᵀ, kept within -1 to 1 beside a diagonal of 1. */
export function normaliseTriangle(cells: Float64Array, inverses: Float64Array, into: Float64Array): void {
  let at = 0;
  for (let i = 0; i < inverses.length; i++) {
    const own = inverses[i]!;
    for (let j = 0; j < i; j++, at++) into[at] = clamped(cells[at]! * own * inverses[j]!);
    into[at++] = 1;
  }
}

/** Keeps rounding, and estimators that are no correlation of anything, within -1 to 1. */
function clamped(value: number): number {
  if (value > 1) return 1;
  return value < -1 ? -1 : value;
}

/** image ← matrix · vector, of a symmetric matrix with a diagonal of 1; rows that are not known are left out. */
export function multiply(cells: Float64Array, known: Uint8Array, vector: Float64Array, image: Float64Array): void {
  image.fill(0);
  let at = 0;
  for (let i = 0; i < vector.length; i++) {
    const own = vector[i]!;
    if (known[i] !== 0) image[i]! += multiplyRow(cells, at, i, own, vector, image) + own;
    at += i + 1;
  }
}

/** Adds a row's part to the image of those before it, and returns their part in its own; sums as in {@link total}. */
function multiplyRow(
  cells: Float64Array,
  start: number,
  row: number,
  own: number,
  vector: Float64Array,
  image: Float64Array,
): number {
  const whole = row & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let j = 0; j < whole; j += 4) {
    const at = start + j;
    a += cells[at]! * vector[j]!;
    b += cells[at + 1]! * vector[j + 1]!;
    c += cells[at + 2]! * vector[j + 2]!;
    d += cells[at + 3]! * vector[j + 3]!;
    image[j]! += cells[at]! * own;
    image[j + 1]! += cells[at + 1]! * own;
    image[j + 2]! += cells[at + 2]! * own;
    image[j + 3]! += cells[at + 3]! * own;
  }
  let sum = a + c + (b + d);
  for (let j = whole; j < row; j++) {
    sum += cells[start + j]! * vector[j]!;
    image[j]! += cells[start + j]! * own;
  }
  return sum;
}

/** Four sums side by side: one alone waits four cycles for each addition. */
export function total(values: Float64Array): number {
  const whole = values.length & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += values[i]!;
    b += values[i + 1]!;
    c += values[i + 2]!;
    d += values[i + 3]!;
  }
  let sum = a + c + (b + d);
  for (let i = whole; i < values.length; i++) sum += values[i]!;
  return sum;
}
