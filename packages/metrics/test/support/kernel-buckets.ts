import * as fc from 'fast-check';
import { CountMemory } from '../../src/kernel/count-memory.ts';

export const MOST = Number.MAX_SAFE_INTEGER;

export const LENGTH = 400;

export const simd = new CountMemory({ cells: 4 * LENGTH, maxCells: 4 * LENGTH });

export const scalar = new CountMemory({ cells: 4 * LENGTH, maxCells: 4 * LENGTH, simd: false });

export function naiveBucket(counts: readonly number[], rank: number): number {
  let before = 0;
  const found = counts.findIndex((count) => (before += count) >= rank);
  return found === -1 ? counts.length : found;
}

/** Counts with many zeros, small and huge ones, whose total is at most 2^53 - 1. */
export const countsArbitrary = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 4, arbitrary: fc.nat(1000) },
      { weight: 1, arbitrary: fc.maxSafeNat() },
    ),
    { maxLength: LENGTH },
  )
  .map((counts) => {
    let left = MOST;
    return counts.map((count) => {
      const taken = Math.min(count, left);
      left -= taken;
      return taken;
    });
  });
