import type { CovarianceSource } from './covariance-source.ts';
import { TriangleMemory } from './triangle-memory.ts';

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
  readonly #memory: TriangleMemory;
  readonly #cells: Float64Array;
  readonly #known: Uint8Array;
  #knownCount = 0;
  #largest = 0;

  /** `memory` of the one source it will be updated from, if that has one: its triangle is then read where it is. */
  constructor(size: number, memory: TriangleMemory = new TriangleMemory(size)) {
    this.size = size;
    this.#memory = memory;
    this.#cells = memory.correlations;
    this.#known = memory.known;
    // Uneven, so that it is orthogonal to no eigenvector by symmetry.
    for (let i = 0; i < size; i++) memory.vector[i] = 1 + i / (size + 1);
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
    return (this.#memory.total() - this.#diagonal()) / ((count * (count - 1)) / 2);
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

  /** From the vector of the update before, which is near the one that is looked for. */
  #iterate(): void {
    const { size } = this;
    const iterations = Math.max(ITERATIONS_LEAST, Math.floor(ITERATION_CELLS / (size * this.#knownCount)));
    const known = this.#known;
    const { vector, image } = this.#memory;
    let largest = 0;
    // An instrument that is new joins with a part of its own.
    for (let i = 0; i < size; i++) vector[i] = known[i] === 0 ? 0 : vector[i]! || 1 / size;
    for (let round = 0; round < iterations; round++) {
      const norm = Math.sqrt(dot(vector, vector));
      if (!(norm > 0)) break;
      for (let i = 0; i < size; i++) vector[i]! /= norm;
      this.#memory.multiply();
      // The quotient of Rayleigh is exact to the square of the vector's error.
      const value = dot(vector, image);
      vector.set(image);
      const isSettled = Math.abs(value - largest) <= PRECISION * Math.abs(value);
      largest = value;
      if (isSettled) break;
    }
    this.#largest = largest;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
