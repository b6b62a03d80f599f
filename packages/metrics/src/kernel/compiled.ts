import { KERNEL_WASM } from './generated/kernel-wasm.ts';
import { type SharedMemory, webAssembly } from './web-assembly.ts';

/** What kernel/counts.ts exports; addresses are in bytes. */
export interface CountsExports {
  readonly totalOfCounts: (at: number, length: number) => number;
  readonly bucketOfRank: (at: number, length: number, rank: number) => number;
  readonly bucketOfRankFromEnd: (at: number, length: number, rank: number, total: number) => number;
  readonly mergeCounts: (into: number, from: number, length: number) => void;
}

/** `undefined` until it is first asked for, `null` where the engine lacks SIMD or shared memory. */
let compiled: object | null | undefined;

function compile(): object | null {
  if (webAssembly === undefined) return null;
  // An embedder may forbid compilation (a content security policy does).
  try {
    const bytes = Uint8Array.from(atob(KERNEL_WASM), (character) => character.charCodeAt(0));
    return webAssembly.validate(bytes) ? new webAssembly.Module(bytes) : null;
  } catch {
    return null;
  }
}

/**
 * The SIMD kernel working on `memory`, or `undefined` where it cannot run. Compiled once per thread and at once: it is
 * under one kilobyte.
 */
export function instantiateKernel(memory: SharedMemory): CountsExports | undefined {
  if (compiled === undefined) compiled = compile();
  if (compiled === null || webAssembly === undefined) return undefined;
  return new webAssembly.Instance(compiled, { env: { memory } }).exports as CountsExports;
}
