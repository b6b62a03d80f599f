import { SimdKernel } from '../kernel/simd-kernel.ts';
import { TRIANGLE_KERNEL_WASM } from './generated/triangle-kernel-wasm.ts';

/** What kernel/triangles.ts exports; addresses are in bytes. */
export interface TriangleKernel {
  readonly fade: (cells: number, returns: number, size: number, factor: number) => void;
  readonly normalise: (cells: number, inverses: number, into: number, size: number) => void;
  readonly multiply: (cells: number, known: number, vector: number, image: number, size: number) => void;
  readonly total: (cells: number, length: number) => number;
}

export const TRIANGLE_KERNEL: SimdKernel<TriangleKernel> = new SimdKernel<TriangleKernel>(TRIANGLE_KERNEL_WASM);
