import { type KernelMemory, PAGE_BYTES } from '../kernel/simd-kernel.ts';
import { SCENARIO_KERNEL, type ScenarioKernel } from './scenario-kernel.ts';

const BYTES_PER_CELL = 8;
const FIRST_ROWS = 8;
/** Rows begin on a cache line. */
const LINE_CELLS = 8;
/** Cells of {@link ScenarioMemory.input}. */
export const FACTOR = 0;
export const BOUND = 1;
/** Below it a call costs what the kernel saves. */
const LEAST_SCENARIOS = 64;

/**
 * Losses by scenario and a row of returns for each instrument, and the pass over both that a changed exposure takes. A
 * SIMD kernel takes it where the engine has one, in less than half the time (`bench/scenario-kernel.bench.js`); the
 * results are the same bit for bit.
 *
 * ```
 * input │ losses │ gathered, one more than there are scenarios │ row 0 │ row 1 │ …
 * ```
 */
export class ScenarioMemory {
  readonly scenarioCount: number;
  /** What {@link add} multiplies with and {@link addAndGather} compares with: doubles in a list are not boxed. */
  readonly input: Float64Array;
  readonly losses: Float64Array;
  readonly gathered: Float64Array;
  /** From the beginning of one row of returns to that of the next. */
  readonly stride: number;
  returns: Float64Array;
  #memory: KernelMemory | undefined;
  #addScaled: ScenarioKernel['addScaled'] | undefined;
  #addAndGather: ScenarioKernel['addAndGather'] | undefined;
  /** Where things are in the kernel's memory, in bytes. */
  readonly #lossesByte: number;
  readonly #gatheredByte: number;
  readonly #returnsByte: number;

  /** `simd`: false takes the scalar twin even where SIMD is there, for tests and benchmarks. */
  constructor(scenarioCount: number, simd = true) {
    this.scenarioCount = scenarioCount;
    this.stride = lines(scenarioCount);
    this.#lossesByte = LINE_CELLS * BYTES_PER_CELL;
    this.#gatheredByte = this.#lossesByte + this.stride * BYTES_PER_CELL;
    this.#returnsByte = this.#gatheredByte + lines(scenarioCount + 1) * BYTES_PER_CELL;
    const bytes = this.#returnsByte + FIRST_ROWS * this.stride * BYTES_PER_CELL;
    const kernel =
      simd && scenarioCount >= LEAST_SCENARIOS ? SCENARIO_KERNEL.instantiate(Math.ceil(bytes / PAGE_BYTES)) : undefined;
    this.#memory = kernel?.memory;
    this.#addScaled = kernel?.addScaled;
    this.#addAndGather = kernel?.addAndGather;
    if (kernel === undefined) {
      this.input = new Float64Array(LINE_CELLS);
      this.losses = new Float64Array(scenarioCount);
      this.gathered = new Float64Array(scenarioCount + 1);
      this.returns = new Float64Array(FIRST_ROWS * this.stride);
    } else {
      const { buffer } = kernel.memory;
      this.input = new Float64Array(buffer, 0, LINE_CELLS);
      this.losses = new Float64Array(buffer, this.#lossesByte, scenarioCount);
      this.gathered = new Float64Array(buffer, this.#gatheredByte, scenarioCount + 1);
      this.returns = new Float64Array(buffer, this.#returnsByte, FIRST_ROWS * this.stride);
    }
  }

  /** Whether the SIMD kernel does the work. */
  get isSimd(): boolean {
    return this.#memory !== undefined;
  }

  /** Makes room for a row; what rows there are keep their returns. Those of a new one are 0. */
  reserve(row: number): void {
    const cells = this.returns.length;
    if ((row + 1) * this.stride <= cells) return;
    this.returns = this.#grown(cells * 2) ?? this.#moved(cells * 2);
  }

  /** Adds `input[FACTOR]` times a row of returns to the losses. */
  add(row: number): void {
    const at = row * this.stride;
    if (this.#addScaled === undefined) addScaled(this.losses, this.returns, at, this.input);
    else this.#addScaled(0, this.#lossesByte, this.#returnsByte + at * BYTES_PER_CELL, this.scenarioCount);
  }

  /** The same; also copies the losses that come to lie above `input[BOUND]` to `gathered`, in order, and returns how many. */
  addAndGather(row: number): number {
    const at = row * this.stride;
    if (this.#addAndGather === undefined) {
      return addAndGather(this.losses, this.returns, this.gathered, at, this.input);
    }
    const returnsByte = this.#returnsByte + at * BYTES_PER_CELL;
    return this.#addAndGather(0, this.#lossesByte, returnsByte, this.#gatheredByte, this.scenarioCount);
  }

  #grown(cells: number): Float64Array | undefined {
    const memory = this.#memory;
    if (memory === undefined) return undefined;
    const missing = this.#returnsByte + cells * BYTES_PER_CELL - memory.buffer.byteLength;
    try {
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
      return new Float64Array(memory.buffer, this.#returnsByte, cells);
    } catch {
      // Beyond what the kernel can address the scalar twin goes on, in memory of its own.
      this.#memory = undefined;
      this.#addScaled = undefined;
      this.#addAndGather = undefined;
      return undefined;
    }
  }

  #moved(cells: number): Float64Array {
    const returns = new Float64Array(cells);
    returns.set(this.returns);
    return returns;
  }
}

function lines(cells: number): number {
  return Math.ceil(cells / LINE_CELLS) * LINE_CELLS;
}

function addScaled(losses: Float64Array, returns: Float64Array, at: number, input: Float64Array): void {
  const factor = input[FACTOR]!;
  for (let i = 0; i < losses.length; i++) losses[i]! += factor * returns[at + i]!;
}

function addAndGather(
  losses: Float64Array,
  returns: Float64Array,
  gathered: Float64Array,
  at: number,
  input: Float64Array,
): number {
  const factor = input[FACTOR]!;
  const bound = input[BOUND]!;
  let count = 0;
  for (let i = 0; i < losses.length; i++) {
    const loss = losses[i]! + factor * returns[at + i]!;
    losses[i] = loss;
    if (loss > bound) gathered[count++] = loss;
  }
  return count;
}
