import { QuantError } from '../errors.ts';
import { checkInstruments } from './correlation-size.ts';
import { type CovarianceSource, inverseDeviations } from './covariance-source.ts';
import { TriangleMemory } from './triangle-memory.ts';

/**
 * Covariances of zero-mean returns of many instruments in which the past fades (RiskMetrics):
 * C ← λ·C + (1 - λ)·r·rᵀ. Only the lower triangle is kept. An instrument whose return is NaN keeps its covariances as
 * they are in that step: it did not trade, which is no return of 0.
 */
export class EwmaCovariance implements CovarianceSource {
  readonly size: number;
  readonly memory: TriangleMemory;
  readonly #lambda: number;
  readonly #minimum: number;
  readonly #cells: Float64Array;
  readonly #seen: Uint32Array;
  /** Share of its full weight that the sums of each instrument hold. */
  readonly #weights: Float64Array;

  /**
   * `lambda` between 0 and 1; `minimum` returns that an instrument must have before {@link correlationsInto} gives it a
   * correlation. Throws {@link QuantError} `invalid_option`.
   */
  constructor(size: number, lambda: number, minimum = 1) {
    checkInstruments(size);
    if (!(lambda > 0 && lambda < 1)) {
      throw new QuantError('invalid_option', `lambda is ${lambda}; it must lie between 0 and 1`);
    }
    this.size = size;
    this.#lambda = lambda;
    this.#minimum = minimum;
    this.memory = new TriangleMemory(size);
    this.#cells = this.memory.covariances;
    this.#seen = new Uint32Array(size);
    this.#weights = new Float64Array(size);
  }

  /** Takes one step's returns, as many as there are instruments. */
  add(returns: Float64Array | readonly number[]): void {
    const { memory } = this;
    for (let i = 0; i < this.size; i++) {
      const value = returns[i]!;
      const isKnown = Number.isFinite(value);
      memory.returns[i] = isKnown ? value : Number.NaN;
      if (isKnown) this.#seen[i]!++;
    }
    memory.fade(this.#lambda);
  }

  /** Covariance of two instruments; undefined before both had a return. */
  covariance(a: number, b: number): number | undefined {
    if (!this.#isKnown(a) || !this.#isKnown(b)) return undefined;
    return this.#cells[a >= b ? (a * (a + 1)) / 2 + b : (b * (b + 1)) / 2 + a];
  }

  /** Correlation of two instruments, -1 to 1; undefined without variance. */
  correlation(a: number, b: number): number | undefined {
    const covariance = this.covariance(a, b);
    const scale = Math.sqrt(this.covariance(a, a) ?? 0) * Math.sqrt(this.covariance(b, b) ?? 0);
    if (covariance === undefined || !(scale > 0)) return undefined;
    const weights = [this.#weight(a), this.#weight(b)];
    const correction = Math.sqrt(Math.max(...weights) / Math.min(...weights));
    return Math.max(-1, Math.min(1, (covariance / scale) * correction));
  }

  correlationsInto(into: Float64Array, known: Uint8Array): void {
    for (let i = 0; i < this.size; i++) known[i] = Number(this.#seen[i]! >= this.#minimum);
    const { memory } = this;
    inverseDeviations(this.#cells, known, memory.inverses);
    memory.normalise();
    if (into !== memory.correlations) into.set(memory.correlations);
    this.#correctYoung(into, known);
  }

  /**
   * Sums that began at 0 hold only 1 - λⁿ of their weight after n returns, and those of a pair as much as the younger of
   * the two. This puts the weight back for pairs of unequal age.
   */
  #correctYoung(into: Float64Array, known: Uint8Array): void {
    const weights = this.#weights;
    const seen = this.#seen;
    let oldest = 0;
    // A power for each age, none for a pair: there are a quarter of a million of those, and most are of one age.
    let age = -1;
    let weight = 0;
    for (let i = 0; i < this.size; i++) {
      if (seen[i] !== age) {
        age = seen[i]!;
        weight = this.#weight(i);
      }
      weights[i] = known[i] === 0 ? 0 : weight;
      oldest = Math.max(oldest, weights[i]!);
    }
    for (let young = 0; young < this.size; young++) {
      const weight = weights[young]!;
      if (weight === 0 || weight === oldest || weight > 1 - 1e-12) continue;
      for (let other = 0; other < this.size; other++) {
        const older = weights[other]!;
        if (older <= weight) continue;
        const at = young >= other ? (young * (young + 1)) / 2 + other : (other * (other + 1)) / 2 + young;
        into[at] = Math.max(-1, Math.min(1, into[at]! * Math.sqrt(older / weight)));
      }
    }
  }

  #weight(index: number): number {
    return 1 - this.#lambda ** this.#seen[index]!;
  }

  #isKnown(index: number): boolean {
    return (this.#seen[index] ?? 0) > 0;
  }
}
