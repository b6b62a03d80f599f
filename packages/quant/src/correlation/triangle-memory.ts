import { PAGE_BYTES } from '../kernel/simd-kernel.ts';
import { triangleLength } from './triangle.ts';
import { TRIANGLE_KERNEL, type TriangleKernel } from './triangle-kernel.ts';
import { fade, multiply, normaliseTriangle, total } from './triangle-twin.ts';

const CELL_BYTES = 8;
/** Lists begin on a cache line. */
const LINE_CELLS = 8;
/** Below it a call costs what the kernel saves. */
const LEAST_SIZE = 16;

/**
 * Lower triangles of covariances and correlations of many instruments, and the passes over them. A SIMD kernel takes
 * these where the engine has one (`bench/triangle-kernel.bench.js`); the results are the same bit for bit.
 *
 * ```
 * returns │ inverses │ vector │ image │ known, a byte each │ covariances │ correlations
 * ```
 */
export class TriangleMemory {
  readonly size: number;
  /** Of the step that {@link fade} takes; NaN where there is none. */
  readonly returns: Float64Array;
  /** Inverse deviations that {@link normalise} multiplies with, 0 of an instrument without one. */
  readonly inverses: Float64Array;
  readonly vector: Float64Array;
  readonly image: Float64Array;
  /** 1 of the instruments that have correlations. */
  readonly known: Uint8Array;
  readonly covariances: Float64Array;
  readonly correlations: Float64Array;
  readonly #kernel: TriangleKernel | undefined;

  /** `simd`: false takes the scalar twin even where SIMD is there, for tests and benchmarks. */
  constructor(size: number, simd = true) {
    this.size = size;
    const cells = triangleLength(size);
    const bytes = CELL_BYTES * (5 * lines(size) + lines(cells) + cells);
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const kernel = simd && size >= LEAST_SIZE ? TRIANGLE_KERNEL.instantiate(pages, pages) : undefined;
    const buffer = kernel?.memory.buffer ?? new ArrayBuffer(bytes);
    let at = 0;
    const list = (length: number): Float64Array => {
      const from = at;
      at += CELL_BYTES * lines(length);
      return new Float64Array(buffer, from, length);
    };
    this.returns = list(size);
    this.inverses = list(size);
    this.vector = list(size);
    this.image = list(size);
    this.known = new Uint8Array(buffer, at, size);
    at += CELL_BYTES * lines(size);
    this.covariances = list(cells);
    this.correlations = list(cells);
    this.#kernel = kernel;
  }

  /** Whether the SIMD kernel does the work. */
  get isSimd(): boolean {
    return this.#kernel !== undefined;
  }

  /** covariances ← factor · covariances + (1 - factor) · returns · returnsᵀ where both traded; other cells stay. */
  fade(factor: number): void {
    const { covariances, returns } = this;
    if (this.#kernel === undefined) fade(covariances, returns, factor);
    else this.#kernel.fade(covariances.byteOffset, returns.byteOffset, this.size, factor);
  }

  /** Makes the correlations of the covariances and the inverse deviations. */
  normalise(): void {
    const { covariances, inverses, correlations } = this;
    if (this.#kernel === undefined) normaliseTriangle(covariances, inverses, correlations);
    else {
      this.#kernel.normalise(covariances.byteOffset, inverses.byteOffset, correlations.byteOffset, this.size);
    }
  }

  /** image ← correlations · vector, over the known instruments. */
  multiply(): void {
    const { correlations, known, vector, image } = this;
    if (this.#kernel === undefined) multiply(correlations, known, vector, image);
    else {
      this.#kernel.multiply(correlations.byteOffset, known.byteOffset, vector.byteOffset, image.byteOffset, this.size);
    }
  }

  /** Sum of the correlations, the diagonal included. */
  total(): number {
    const { correlations } = this;
    if (this.#kernel === undefined) return total(correlations);
    return this.#kernel.total(correlations.byteOffset, correlations.length);
  }
}

function lines(cells: number): number {
  return Math.ceil(cells / LINE_CELLS) * LINE_CELLS;
}
