import { carryCells, type Tape } from '../number/tape.ts';
import { QuantError } from '../errors.ts';
import { quantileOfSorted } from './quantile.ts';

/**
 * One quantile of an endless stream in five numbers (Jain and Chlamtac, 1985, the P² algorithm). An estimate without an
 * error bound, biased in the tails: for latencies and the like, never for VaR.
 */
export class P2Quantile {
  readonly p: number;
  // Typed arrays: what is computed goes from one into the other and no double is boxed.
  readonly #heights = new Float64Array(5);
  readonly #positions = Float64Array.of(1, 2, 3, 4, 5);
  readonly #desired: Float64Array;
  readonly #steps: Float64Array;
  readonly #input = new Float64Array(1);
  #count = 0;

  /** `p` strictly between 0 and 1. Throws {@link QuantError} `invalid_option`. */
  constructor(p: number) {
    if (!(p > 0 && p < 1)) throw new QuantError('invalid_option', `p is ${p}; it must lie between 0 and 1`);
    this.p = p;
    this.#desired = Float64Array.of(1, 1 + 2 * p, 1 + 4 * p, 3 + 2 * p, 5);
    this.#steps = Float64Array.of(0, p / 2, p, (1 + p) / 2, 1);
  }

  /** Takes one value. NaN and ±Infinity are ignored; returns whether the value was taken. */
  add(value: number): boolean {
    this.#input[0] = value;
    return this.addFrom(this.#input, 0);
  }

  /** The same of `values[at]`: a double that is an argument is boxed on the heap unless the call is inlined. */
  addFrom(values: Float64Array, at: number): boolean {
    const value = values[at] as number;
    if (!Number.isFinite(value)) return false;
    const heights = this.#heights;
    if (this.#count < 5) {
      heights[this.#count++] = value;
      heights.subarray(0, this.#count).sort();
      return true;
    }
    let cell = 0;
    if (value < heights[0]!) heights[0] = value;
    else if (value >= heights[4]!) {
      heights[4] = value;
      cell = 3;
    } else while (value >= heights[cell + 1]!) cell++;
    for (let marker = cell + 1; marker < 5; marker++) this.#positions[marker]!++;
    for (let marker = 0; marker < 5; marker++) this.#desired[marker]! += this.#steps[marker]!;
    for (let marker = 1; marker < 4; marker++) this.#adjust(marker);
    return true;
  }

  /** The estimate; with fewer than five values the type 7 quantile of them; undefined without any. */
  get value(): number | undefined {
    if (this.#count === 5) return this.#heights[2];
    return quantileOfSorted(this.#heights.subarray(0, this.#count), this.p);
  }

  /** Heights of the five markers, once there are five values. */
  get markers(): readonly number[] {
    return [...this.#heights.subarray(0, this.#count)];
  }

  /** Ranks of the markers, from 1. */
  get positions(): readonly number[] {
    return [...this.#positions];
  }

  carry(tape: Tape): void {
    this.#count = tape.count(this.#count, 5);
    for (const cells of [this.#heights, this.#positions, this.#desired]) carryCells(tape, cells);
  }

  #adjust(marker: number): void {
    const n = this.#positions;
    const gap = this.#desired[marker]! - n[marker]!;
    const up = gap >= 1 && n[marker + 1]! - n[marker]! > 1;
    const down = gap <= -1 && n[marker - 1]! - n[marker]! < -1;
    if (!up && !down) return;
    const step = up ? 1 : -1;
    const q = this.#heights;
    const left = n[marker]! - n[marker - 1]!;
    const right = n[marker + 1]! - n[marker]!;
    const rise = ((left + step) * (q[marker + 1]! - q[marker]!)) / right;
    const fall = ((right - step) * (q[marker]! - q[marker - 1]!)) / left;
    const parabolic = q[marker]! + (step / (left + right)) * (rise + fall);
    const between = q[marker - 1]! < parabolic && parabolic < q[marker + 1]!;
    // Where the parabola leaves the neighbours' range, a line to the neighbour stays in it.
    q[marker] = between
      ? parabolic
      : q[marker]! + (step * (q[marker + step]! - q[marker]!)) / (n[marker + step]! - n[marker]!);
    n[marker]! += step;
  }
}
