import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MetricsError } from '../src/errors.ts';
import { CountMemory } from '../src/kernel/count-memory.ts';
import { bucketOfRank, mergeCounts } from '../src/kernel/kernel.ts';
import { MOST, LENGTH, simd, scalar, naiveBucket, countsArbitrary } from './support/kernel-buckets.ts';

const offsetArbitrary = fc.nat(37);

function place(memory: CountMemory, at: number, counts: readonly number[]): void {
  memory.cells.fill(0);
  memory.cells.set(counts, at);
}

const hasCompiler = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve('assemblyscript/package.json');
    return true;
  } catch {
    return false;
  }
})();

describe('the SIMD kernel and its scalar twin', () => {
  test('the engine of the tests runs the kernel, so that they compare two things', () => {
    expect(simd.isSimd).toBe(true);
    expect(scalar.isSimd).toBe(false);
  });

  test('give the same total, bit for bit, at every length and offset', () => {
    fc.assert(
      fc.property(countsArbitrary, offsetArbitrary, (counts, at) => {
        place(simd, at, counts);
        place(scalar, at, counts);
        const total = counts.reduce((sum, count) => sum + count, 0);
        expect(simd.total(at, counts.length)).toBe(total);
        expect(scalar.total(at, counts.length)).toBe(total);
      }),
    );
  });

  test('find the same bucket for every rank: first, last, none, fractions, infinities, NaN', () => {
    fc.assert(
      fc.property(countsArbitrary, offsetArbitrary, fc.double({ min: 0, max: 1, noNaN: true }), (counts, at, share) => {
        place(simd, at, counts);
        place(scalar, at, counts);
        const total = counts.reduce((sum, count) => sum + count, 0);
        const ranks = [1, Math.ceil(share * total), total, total + 1, 0, -0, -5, 0.5, Infinity, -Infinity, NaN, 5e-324];
        for (const rank of ranks) {
          const expected = naiveBucket(counts, rank);
          expect(simd.bucketOfRank(at, counts.length, rank)).toBe(expected);
          expect(scalar.bucketOfRank(at, counts.length, rank)).toBe(expected);
          expect(bucketOfRank(counts, 0, counts.length, rank)).toBe(expected);
        }
      }),
    );
  });

  test('find every rank of a histogram that spans several blocks', () => {
    const counts = Array.from({ length: 53 }, (_, i) => i % 4);
    place(simd, 3, counts);
    const total = simd.total(3, counts.length);
    for (let rank = 1; rank <= total; rank++) {
      expect(simd.bucketOfRank(3, counts.length, rank)).toBe(naiveBucket(counts, rank));
    }
  });

  test('search only the given range', () => {
    const counts = [9, 9, 1, 2, 3, 9, 9];
    expect(bucketOfRank(counts, 2, 5, 3)).toBe(3);
    expect(bucketOfRank(counts, 2, 5, 7)).toBe(5);
    expect(bucketOfRank(counts, 2, 2, 1)).toBe(2);
  });

  test('merge to the same bits and touch nothing beside the range', () => {
    const pair = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: MOST - 2 ** 31 })), { maxLength: LENGTH });
    fc.assert(
      fc.property(pair, offsetArbitrary, (counts, at) => {
        const from = 2 * LENGTH + at;
        for (const memory of [simd, scalar]) {
          memory.cells.fill(7);
          memory.cells.set(
            counts.map(([a]) => a),
            at,
          );
          memory.cells.set(
            counts.map(([, b]) => b),
            from,
          );
          memory.merge(at, from, counts.length);
        }
        expect(Buffer.from(simd.cells.buffer).equals(Buffer.from(scalar.cells.buffer))).toBe(true);
        expect(Array.from(simd.cells.subarray(at, at + counts.length))).toEqual(counts.map(([a, b]) => a + b));
        expect(simd.cells[at + counts.length]).toBe(7);
      }),
    );
  });

  test('merge a range into itself', () => {
    for (const memory of [simd, scalar]) {
      place(memory, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
      memory.merge(1, 1, 9);
      expect(Array.from(memory.cells.subarray(0, 11))).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 0]);
    }
  });
});

describe('a count memory', () => {
  test('keeps counts, and earlier views of them, where they are as it grows', () => {
    const memory = new CountMemory({ cells: 8192, maxCells: 3 * 8192 });
    const before = memory.cells;
    before.set([1, 2, 3], 8189);
    memory.grow(1);
    expect(memory.cells).toHaveLength(2 * 8192);
    expect(memory.total(8189, 100)).toBe(6);
    before[8191] = 4;
    expect(memory.total(8189, 100)).toBe(7);
    expect(() => memory.grow(2 * 8192)).toThrow(RangeError);
  });

  test('of another thread is searched where it is', () => {
    const recording = new CountMemory({ cells: 8192, maxCells: 8192 });
    const reading = new CountMemory({ memory: structuredClone(recording.memory) });
    recording.cells.set([1, 0, 5], 100);
    expect([reading.isSimd, reading.total(100, 3), reading.bucketOfRank(100, 3, 2)]).toEqual([true, 6, 2]);
  });

  test.each([0, -1, NaN, Infinity, 2 ** 29 + 1])('of %p cells cannot be', (cells) => {
    expect(() => new CountMemory({ cells })).toThrow(MetricsError);
    expect(() => new CountMemory({ maxCells: cells })).toThrow(MetricsError);
  });
});

describe('merging plain arrays', () => {
  const three = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 200 });
  const merged = (...parts: readonly number[][]): number[] => {
    const into = parts[0]!.map(() => 0);
    for (const part of parts) mergeCounts(into, part);
    return into;
  };

  test('is associative and commutative', () => {
    fc.assert(
      fc.property(three, (rows) => {
        const [a, b, c] = [rows.map(([x]) => x), rows.map(([, x]) => x), rows.map(([, , x]) => x)];
        expect(merged(a, b)).toEqual(merged(b, a));
        expect(merged(merged(a, b), c)).toEqual(merged(a, merged(b, c)));
      }),
    );
  });

  test('refuses arrays of different lengths', () => {
    expect(() => mergeCounts([1, 2], [1])).toThrow(expect.objectContaining({ code: 'invalid_option' }));
  });
});

(hasCompiler ? test : test.skip)('the committed kernel is what its source compiles to', () => {
  const build = fileURLToPath(new URL('../kernel/build.ts', import.meta.url));
  execFileSync(process.execPath, [build, '--check'], { stdio: 'pipe' });
});
