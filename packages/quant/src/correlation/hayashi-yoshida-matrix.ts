import { checkInstruments } from './correlation-size.ts';
import { type CovarianceSource, normalise } from './covariance-source.ts';
import { triangleLength } from './triangle.ts';

/**
 * Covariances of many instruments that trade at different moments, without a grid: the estimator of {@link HayashiYoshida}
 * for every pair. A tick costs a pass over the instruments. {@link fade} lets the past fade at the steps of a clock.
 */
export class HayashiYoshidaMatrix implements CovarianceSource {
  readonly size: number;
  readonly #minimum: number;
  /** Latest log prices, NaN before the first. */
  readonly #prices: Float64Array;
  /** Row `i`: log price of every instrument at the latest tick of `i`; the first one of those that came later. */
  readonly #pricesAtTick: Float64Array;
  readonly #cells: Float64Array;
  readonly #returns: Uint32Array;
  readonly #deviations: Float64Array;

  /**
   * `minimum` returns that an instrument must have before it has correlations. Throws `QuantError` `invalid_option`.
   */
  constructor(size: number, minimum = 1) {
    checkInstruments(size);
    this.size = size;
    this.#minimum = minimum;
    this.#prices = new Float64Array(size).fill(Number.NaN);
    this.#pricesAtTick = new Float64Array(size * size).fill(Number.NaN);
    this.#cells = new Float64Array(triangleLength(size));
    this.#returns = new Uint32Array(size);
    this.#deviations = new Float64Array(size);
  }

  /** Takes a price in order of time. It must be positive and finite, anything else is ignored; returns whether it was. */
  tick(index: number, price: number): boolean {
    if (!(price > 0 && price < Infinity) || !(index >= 0 && index < this.size)) return false;
    const { size } = this;
    const now = Math.log(price);
    const prices = this.#prices;
    const before = prices[index]!;
    if (Number.isNaN(before)) {
      // Returns of the others that are open now overlap with this one's from here on.
      for (let other = 0; other < size; other++) this.#pricesAtTick[other * size + index] = now;
    } else {
      this.#returns[index]!++;
      this.#addReturn(index, now - before);
    }
    prices[index] = now;
    this.#pricesAtTick.set(prices, index * size);
    return true;
  }

  /** Multiplies all sums with `factor`, 0 to 1. */
  fade(factor: number): void {
    const cells = this.#cells;
    for (let at = 0; at < cells.length; at++) cells[at]! *= factor;
  }

  /** Sum of the products of overlapping returns, faded. */
  covariance(a: number, b: number): number {
    return this.#cells[a >= b ? (a * (a + 1)) / 2 + b : (b * (b + 1)) / 2 + a]!;
  }

  correlationsInto(into: Float64Array, known: Uint8Array): void {
    for (let i = 0; i < this.size; i++) known[i] = Number(this.#returns[i]! >= this.#minimum);
    normalise(this.#cells, known, this.#deviations, into);
  }

  #addReturn(index: number, change: number): void {
    const { size } = this;
    const cells = this.#cells;
    const prices = this.#prices;
    const start = index * size;
    const row = (index * (index + 1)) / 2;
    for (let other = 0; other < size; other++) {
      if (other === index) continue;
      const move = prices[other]! - this.#pricesAtTick[start + other]!;
      // NaN: the other has not traded yet.
      if (move !== move) continue;
      cells[other < index ? row + other : (other * (other + 1)) / 2 + index]! += change * move;
    }
    cells[row + index]! += change * change;
  }
}
