import { checkWindow } from './correlation-size.ts';
import { type CovarianceSource, normalise } from './covariance-source.ts';
import { triangleLength } from './triangle.ts';

/**
 * Sample covariances of the latest `window` steps, by sums of products: a step adds its own products and takes away
 * those that leave. What is taken away was rounded when it was added, so every `window` steps the sums are replaced by
 * ones that were made of additions alone: no rounding is older than two windows, and no step costs more than another.
 *
 * An instrument is known while all returns of the window are; a NaN in it makes it unknown until it has left.
 */
export class WindowedCovariance implements CovarianceSource {
  readonly size: number;
  readonly window: number;
  /** Returns of the window, one row per step, in a circle. NaN is kept as 0 and counted as missing. */
  readonly #rows: Float64Array;
  readonly #missing: Uint8Array;
  readonly #missingCount: Uint32Array;
  #products: Float64Array;
  #sums: Float64Array;
  #freshProducts: Float64Array;
  #freshSums: Float64Array;
  readonly #covariances: Float64Array;
  readonly #deviations: Float64Array;
  #count = 0;

  /**
   * `size` 1 to 16,000 instruments, `window` 2 to 16,777,216 steps, 2^30 returns in all at most. Throws `QuantError`
   * `invalid_option`.
   */
  constructor(size: number, window: number) {
    checkWindow(size, window);
    this.size = size;
    this.window = window;
    this.#rows = new Float64Array(size * window);
    this.#missing = new Uint8Array(size * window);
    this.#missingCount = new Uint32Array(size);
    this.#products = new Float64Array(triangleLength(size));
    this.#sums = new Float64Array(size);
    this.#freshProducts = new Float64Array(triangleLength(size));
    this.#freshSums = new Float64Array(size);
    this.#covariances = new Float64Array(triangleLength(size));
    this.#deviations = new Float64Array(size);
  }

  /** Steps in the window so far. */
  get count(): number {
    return Math.min(this.#count, this.window);
  }

  get isFull(): boolean {
    return this.#count >= this.window;
  }

  /** Takes one step's returns, as many as there are instruments. */
  add(returns: Float64Array | readonly number[]): void {
    const { size } = this;
    const start = (this.#count % this.window) * size;
    const rows = this.#rows;
    const leaves = this.isFull;
    if (leaves) addProducts(this.#products, this.#sums, rows, start, size, -1);
    for (let i = 0; i < size; i++) {
      const value = returns[i]!;
      const isMissing = !Number.isFinite(value);
      this.#missingCount[i]! += Number(isMissing) - (leaves ? this.#missing[start + i]! : 0);
      this.#missing[start + i] = Number(isMissing);
      rows[start + i] = isMissing ? 0 : value;
    }
    addProducts(this.#products, this.#sums, rows, start, size, 1);
    addProducts(this.#freshProducts, this.#freshSums, rows, start, size, 1);
    this.#count++;
    if (this.#count % this.window === 0) this.#renew();
  }

  /** Whether all returns of a full window of an instrument are known. */
  isKnown(index: number): boolean {
    return this.isFull && this.#missingCount[index] === 0;
  }

  /** Covariance over n (not n - 1), the form that Ledoit and Wolf shrink; undefined unless both are known. */
  covariance(a: number, b: number): number | undefined {
    if (!this.isKnown(a) || !this.isKnown(b)) return undefined;
    const at = a >= b ? (a * (a + 1)) / 2 + b : (b * (b + 1)) / 2 + a;
    const n = this.window;
    return this.#products[at]! / n - (this.#sums[a]! / n) * (this.#sums[b]! / n);
  }

  correlationsInto(into: Float64Array, known: Uint8Array): void {
    this.covariancesInto(this.#covariances, known);
    normalise(this.#covariances, known, this.#deviations, into);
  }

  /** Writes the covariances over n to a lower triangle, and which instruments are known. */
  covariancesInto(into: Float64Array, known: Uint8Array): void {
    const n = this.count;
    const products = this.#products;
    const sums = this.#sums;
    let at = 0;
    for (let i = 0; i < this.size; i++) {
      known[i] = Number(this.isKnown(i));
      const mean = sums[i]! / (n * n);
      for (let j = 0; j <= i; j++, at++) into[at] = products[at]! / n - mean * sums[j]!;
    }
  }

  /**
   * Sum over the steps of the window of (Σ (return - mean)² over the known instruments)²: what the sampling error of the
   * covariances is made of.
   */
  squaredNorms(known: Uint8Array): number {
    const { size } = this;
    const n = this.count;
    let total = 0;
    for (let step = 0; step < n; step++) {
      let norm = 0;
      for (let i = 0; i < size; i++) {
        if (known[i] === 0) continue;
        const deviation = this.#rows[step * size + i]! - this.#sums[i]! / n;
        norm += deviation * deviation;
      }
      total += norm * norm;
    }
    return total;
  }

  /** Puts the sums made of additions alone in place of those that also took away. */
  #renew(): void {
    const { size } = this;
    [this.#products, this.#freshProducts] = [this.#freshProducts, this.#products];
    [this.#sums, this.#freshSums] = [this.#freshSums, this.#sums];
    this.#freshProducts.fill(0, 0, triangleLength(size));
    this.#freshSums.fill(0, 0, size);
  }
}

/** Adds (sign 1) or takes away (sign -1) the products of one row of returns. */
function addProducts(
  products: Float64Array,
  sums: Float64Array,
  rows: Float64Array,
  start: number,
  size: number,
  sign: number,
): void {
  let at = 0;
  for (let i = 0; i < size; i++) {
    const own = sign * rows[start + i]!;
    sums[i]! += own;
    for (let j = 0; j <= i; j++, at++) products[at]! += own * rows[start + j]!;
  }
}
