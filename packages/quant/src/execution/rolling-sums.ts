import { carryCells, type Tape } from '../number/tape.ts';
import { positiveInteger, QuantError } from '../errors.ts';
import { NeumaierSum } from '../number/neumaier-sum.ts';

/**
 * Sums over the latest stretch of time, in `bucketCount` buckets of equal length that lie on multiples of it: what is
 * in a bucket leaves as a whole. The window therefore spans from `bucketCount - 1` to `bucketCount` buckets. Constant
 * memory, O(1) per value except that a gap clears the buckets it skips.
 */
export class RollingSums {
  readonly #bucketLength: number;
  readonly #bucketCount: number;
  readonly #width: number;
  readonly #sums: NeumaierSum[];
  readonly #counts: Float64Array;
  /** Number of the newest bucket since time 0; NaN before the first value. */
  #newest: number = Number.NaN;
  #firstTime: number = Number.NaN;

  /** `width` values are summed side by side. Throws {@link QuantError} `invalid_option`. */
  constructor(windowLength: number, width: number, bucketCount = 60) {
    if (!(windowLength > 0 && windowLength < Infinity)) {
      throw new QuantError('invalid_option', `a window of ${windowLength}; it must be a finite number above 0`);
    }
    this.#bucketCount = positiveInteger('bucketCount', bucketCount);
    this.#bucketLength = windowLength / bucketCount;
    this.#width = positiveInteger('width', width);
    this.#sums = Array.from({ length: bucketCount * width }, () => new NeumaierSum());
    this.#counts = new Float64Array(bucketCount);
  }

  /**
   * Adds `width` finite values that belong to a time. A time older than the window can only be a clock that was set
   * back: the window starts anew. False, and nothing changes, for a value or a time that is not finite.
   */
  add(time: number, values: ArrayLike<number>): boolean {
    for (let at = 0; at < this.#width; at++) if (!Number.isFinite(values[at])) return false;
    if (!Number.isFinite(time)) return false;
    this.advance(time);
    const bucket = Math.floor(time / this.#bucketLength);
    if (bucket <= this.#newest - this.#bucketCount) this.#restart(time, bucket);
    if (!(this.#firstTime <= time)) this.#firstTime = time;
    const slot = this.#slot(bucket);
    this.#counts[slot] = (this.#counts[slot] as number) + 1;
    for (let at = 0; at < this.#width; at++) {
      (this.#sums[slot * this.#width + at] as NeumaierSum).add(values[at] as number);
    }
    return true;
  }

  /** Lets time pass without a value: buckets that have left the window are cleared. Time does not go back. */
  advance(time: number): void {
    const bucket = Math.floor(time / this.#bucketLength);
    if (!Number.isFinite(bucket) || bucket <= this.#newest) return;
    const from = Number.isNaN(this.#newest) ? bucket : this.#newest + 1;
    for (let next = Math.max(from, bucket - this.#bucketCount + 1); next <= bucket; next++) this.#clear(next);
    this.#newest = bucket;
  }

  /** Values in the window. */
  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Sum of one of the values over the window. */
  sum(index: number): number {
    const sum = new NeumaierSum();
    for (let slot = 0; slot < this.#bucketCount; slot++) {
      sum.add((this.#sums[slot * this.#width + index] as NeumaierSum).value);
    }
    return sum.value;
  }

  /**
   * Length of time that the window covers at `time`: since its oldest bucket began, or since the first value where that
   * is later. 0 before the first value.
   */
  span(time: number): number {
    if (Number.isNaN(this.#firstTime)) return 0;
    const begin = Math.max(this.#firstTime, (this.#newest - this.#bucketCount + 1) * this.#bucketLength);
    return Math.max(0, time - begin);
  }

  carry(tape: Tape): void {
    this.#newest = tape.number(this.#newest);
    this.#firstTime = tape.number(this.#firstTime);
    carryCells(tape, this.#counts);
    for (const sum of this.#sums) sum.carry(tape);
  }

  #restart(time: number, bucket: number): void {
    for (let back = 0; back < this.#bucketCount; back++) this.#clear(bucket - back);
    this.#newest = bucket;
    this.#firstTime = time;
  }

  #slot(bucket: number): number {
    const slot = bucket % this.#bucketCount;
    return slot < 0 ? slot + this.#bucketCount : slot;
  }

  #clear(bucket: number): void {
    const slot = this.#slot(bucket);
    this.#counts[slot] = 0;
    for (let at = 0; at < this.#width; at++) (this.#sums[slot * this.#width + at] as NeumaierSum).reset();
  }
}
