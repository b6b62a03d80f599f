import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ScenarioBook } from '@nanometer/quant';
import * as fc from 'fast-check';
import { BOUND, FACTOR, ScenarioMemory } from '../src/risk/scenario-memory.ts';

const HOSTILE = [0, -0, 5e-324, -5e-324, 2 ** 53 + 1, 1e308, -1e308, Infinity, -Infinity, Number.NaN];
const number = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(...HOSTILE));

/** Both twins with the same rows. */
function twins(count: number, rows: readonly (readonly number[])[]): { simd: ScenarioMemory; scalar: ScenarioMemory } {
  const simd = new ScenarioMemory(count);
  const scalar = new ScenarioMemory(count, false);
  for (const memory of [simd, scalar]) {
    rows.forEach((returns, row) => {
      memory.reserve(row);
      memory.returns.set(returns, row * memory.stride);
    });
  }
  return { simd, scalar };
}

function add(memory: ScenarioMemory, row: number, factor: number): void {
  memory.input[FACTOR] = factor;
  memory.add(row);
}

function addAndGather(memory: ScenarioMemory, row: number, factor: number, bound: number): number {
  memory.input[FACTOR] = factor;
  memory.input[BOUND] = bound;
  return memory.addAndGather(row);
}

describe('the SIMD kernel and its scalar twin', () => {
  test('run here, each where it should', () => {
    expect(new ScenarioMemory(64).isSimd).toBe(true);
    expect(new ScenarioMemory(64, false).isSimd).toBe(false);
    expect(new ScenarioMemory(63).isSimd).toBe(false);
  });

  test('give the same losses and gather the same ones, bit for bit, for any number', () => {
    const steps = fc.array(fc.record({ row: fc.nat(1), factor: number, bound: fc.option(number) }), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.integer({ min: 64, max: 75 }).chain((count) => {
          const row = fc.array(number, { minLength: count, maxLength: count });
          return fc.record({ count: fc.constant(count), rows: fc.tuple(row, row), steps });
        }),
        (given) => {
          const { simd, scalar } = twins(given.count, given.rows);
          for (const { row, factor, bound } of given.steps) {
            if (bound === null) {
              add(simd, row, factor);
              add(scalar, row, factor);
              continue;
            }
            const gathered = addAndGather(simd, row, factor, bound);
            expect(gathered).toBe(addAndGather(scalar, row, factor, bound));
            expect(Array.from(simd.gathered.subarray(0, gathered))).toEqual(
              Array.from(scalar.gathered.subarray(0, gathered)),
            );
          }
          expect(Array.from(simd.losses)).toEqual(Array.from(scalar.losses));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('gather every loss where all lie above the bound, and none where none does', () => {
    for (const memory of Object.values(twins(70, [Array.from({ length: 70 }, (_, at) => at + 1)]))) {
      expect(addAndGather(memory, 0, 1, 0)).toBe(70);
      expect(memory.gathered[69]).toBe(70);
      expect(addAndGather(memory, 0, 0, 70)).toBe(0);
      expect(addAndGather(memory, 0, 0, 69)).toBe(1);
      expect(memory.gathered[0]).toBe(70);
    }
  });

  test('keep losses and rows while they grow', () => {
    const rows = Array.from({ length: 300 }, (_, row) => Array.from({ length: 100 }, (_each, at) => row * 100 + at));
    const { simd, scalar } = twins(100, rows);
    for (const memory of [simd, scalar]) for (let row = 0; row < rows.length; row++) add(memory, row, 1 / 3);
    expect(simd.isSimd).toBe(true);
    expect(Array.from(simd.losses)).toEqual(Array.from(scalar.losses));
    expect(Array.from(simd.returns.subarray(299 * simd.stride, 299 * simd.stride + 100))).toEqual(rows[299]);
  });
});

test('a book of many scenarios has the tail of a plain sort after any changes', () => {
  const count = 200;
  const exposures = fc.array(fc.tuple(fc.nat(2), fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 20 });
  const returns = Array.from({ length: 3 }, (_, row) =>
    Array.from({ length: count }, (_each, at) => Math.sin(at * (row + 1.7)) / 20),
  );
  fc.assert(
    fc.property(exposures, (changes) => {
      const book = new ScenarioBook(count);
      const held = [0, 0, 0];
      for (const row of returns) book.add(row);
      for (const [index, exposure] of changes) {
        book.setExposure(index, exposure);
        held[index] = exposure;
        for (const p of [0.05, 0.01]) {
          const losses = Array.from(
            { length: count },
            (_, at) => -held.reduce((sum, each, row) => sum + each * returns[row]![at]!, 0),
          ).sort((a, b) => b - a);
          const size = Math.max(...held.map(Math.abs), 1);
          expect(Math.abs(book.tail(p)!.valueAtRisk - losses[p * count - 1]!)).toBeLessThan(1e-9 * size);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('the committed kernel is what its source compiles to', () => {
  const build = fileURLToPath(new URL('../kernel/build.ts', import.meta.url));
  execFileSync(process.execPath, [build, '--check'], { stdio: 'pipe' });
});
