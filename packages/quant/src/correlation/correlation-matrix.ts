import { type CovarianceSource, triangleLength } from './covariance-source.ts';

/** Multiplications that the largest eigenvalue may take per update, so that a step stays within its time. */
const ITERATION_CELLS = 375_000;
const ITERATIONS_LEAST = 1;
const PRECISION = 1e-12;

/**
 * Correlations of many instruments at one moment and what sums them up. Instruments without one (no variance, too few
 * returns) are left out of both.
 */
export class CorrelationMatrix {
  readonly size: number;
  readonly #cells: Float64Array;
  readonly #known: Uint8Array;
  /** Eigenvector of the largest eigenvalue as it was found last: the next search begins there. */
  #vector: Float64Array;
  #image: Float64Array;
  #knownCount = 0;
  #largest = 0;

  constructor(size: number) {
    this.size = size;
    this.#cells = new Float64Array(triangleLength(size));
    this.#known = new Uint8Array(size);
    // Uneven, so that it is orthogonal to no eigenvector by symmetry.
    this.#vector = Float64Array.from({ length: size }, (_, i) => 1 + i / (size + 1));
    this.#image = new Float64Array(size);
  }

  /** Takes the present correlations of a source of the same size. */
  update(source: CovarianceSource): void {
    source.correlationsInto(this.#cells, this.#known);
    let count = 0;
    for (let i = 0; i < this.size; i++) count += this.#known[i]!;
    this.#knownCount = count;
    this.#iterate();
  }

  /** Instruments that have correlations. */
  get knownCount(): number {
    return this.#knownCount;
  }

  isKnown(index: number): boolean {
    return this.#known[index] === 1;
  }

  /** Correlation of two instruments, -1 to 1; undefined unless both have one. */
  correlation(a: number, b: number): number | undefined {
    if (!this.isKnown(a) || !this.isKnown(b)) return undefined;
    return this.#cells[a >= b ? (a * (a + 1)) / 2 + b : (b * (b + 1)) / 2 + a];
  }

  /** Mean correlation of all pairs; undefined below two instruments. */
  get average(): number | undefined {
    const count = this.#knownCount;
    if (count < 2) return undefined;
    // Cells of unknown instruments are 0, those of the diagonal 1 where they are known.
    return (total(this.#cells) - this.#diagonal()) / ((count * (count - 1)) / 2);
  }

  /**
   * Share of the largest eigenvalue in the trace: 1 when everything moves as one, 1/n when nothing does. By power
   * iteration from the vector of the update before; of many instruments, the first updates may be short of it. Undefined
   * below two instruments.
   */
  get largestEigenvalueShare(): number | undefined {
    return this.#knownCount < 2 ? undefined : this.#largest / this.#knownCount;
  }

  /** Writes the first `count` rows and columns, row after row, NaN for instruments without correlations. */
  squareInto(into: Float32Array | Float64Array, count: number): void {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        const value = this.correlation(i, j) ?? Number.NaN;
        into[i * count + j] = value;
        into[j * count + i] = value;
      }
    }
  }

  #diagonal(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += this.#cells[(i * (i + 3)) / 2]!;
    return sum;
  }

  #iterate(): void {
    const { size } = this;
    const iterations = Math.max(ITERATIONS_LEAST, Math.floor(ITERATION_CELLS / (size * this.#knownCount)));
    const known = this.#known;
    let vector = this.#vector;
    let image = this.#image;
    let largest = 0;
    // An instrument that is new joins with a part of its own.
    for (let i = 0; i < size; i++) vector[i] = known[i] === 0 ? 0 : vector[i]! || 1 / size;
    for (let round = 0; round < iterations; round++) {
      const norm = Math.sqrt(dot(vector, vector));
      if (!(norm > 0)) break;
      for (let i = 0; i < size; i++) vector[i]! /= norm;
      multiply(this.#cells, known, vector, image);
      // The quotient of Rayleigh is exact to the square of the vector's error.
      const value = dot(vector, image);
      [vector, image] = [image, vector];
      const isSettled = Math.abs(value - largest) <= PRECISION * Math.abs(value);
      largest = value;
      if (isSettled) break;
    }
    this.#vector = vector;
    this.#image = image;
    this.#largest = largest;
  }
}

/** Four sums side by side: one alone waits four cycles for each addition. */
function total(values: Float64Array): number {
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
  for (let i = whole; i < values.length; i++) a += values[i]!;
  return a + b + (c + d);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Product of a symmetric matrix, of which the lower triangle is given, and a vector. */
function multiply(cells: Float64Array, known: Uint8Array, vector: Float64Array, image: Float64Array): void {
  image.fill(0);
  let at = 0;
  for (let i = 0; i < vector.length; i++) {
    const own = vector[i]!;
    if (known[i] === 0) {
      at += i + 1;
      continue;
    }
    image[i]! += multiplyRow(cells, at, i, own, vector, image) + own;
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
  const whole = row & ~1;
  let even = 0;
  let odd = 0;
  for (let j = 0; j < whole; j += 2) {
    const first = cells[start + j]!;
    const second = cells[start + j + 1]!;
    even += first * vector[j]!;
    odd += second * vector[j + 1]!;
    image[j]! += first * own;
    image[j + 1]! += second * own;
  }
  if (whole < row) {
    const last = cells[start + whole]!;
    even += last * vector[whole]!;
    image[whole]! += last * own;
  }
  return even + odd;
}
