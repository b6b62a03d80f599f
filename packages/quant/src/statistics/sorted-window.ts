import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';
import { quantileOfSorted } from './quantile.ts';
import { tailRank } from './tail-rank.ts';

/**
 * The latest values of a stream, in order of time and of size at once: adding costs a binary search and one move of
 * memory, quantiles cost nothing. Beyond some 20,000 values a tree would be quicker.
 */
export class SortedWindow {
  readonly size: number;
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  /** `size`: whole number from 1 to 1,000,000. Throws {@link QuantError} `invalid_option`. */
  constructor(size: number) {
    if (!Number.isInteger(size) || size < 1 || size > 1_000_000) {
      throw new QuantError('invalid_option', `a window of ${size} values; it must be a whole number from 1 to 1000000`);
    }
    this.size = size;
    this.#ring = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }

  /** Takes one value and drops the oldest when full. NaN and ±Infinity are ignored; returns whether it was taken. */
  add(value: number): boolean {
    if (!Number.isFinite(value)) return false;
    const sorted = this.#sorted;
    let end = this.#count;
    if (end === this.size) {
      const gone = this.#place(this.#ring[this.#next]!, end);
      sorted.copyWithin(gone, gone + 1, end);
      end--;
    }
    const at = this.#place(value, end);
    sorted.copyWithin(at + 1, at, end);
    sorted[at] = value;
    this.#count = end + 1;
    this.#ring[this.#next] = value;
    this.#next = this.#next + 1 === this.size ? 0 : this.#next + 1;
    return true;
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.size;
  }

  /** The values, oldest first; {@link restore} takes them back. */
  snapshot(): readonly number[] {
    const oldest = this.isFull ? this.#next : 0;
    return Array.from({ length: this.#count }, (_, age) => this.#ring[(oldest + age) % this.size]!);
  }

  /** Replaces what it holds; of more values than its size the latest stay. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const values = restoredNumbers('SortedWindow', snapshot);
    this.#count = 0;
    this.#next = 0;
    for (const value of values) this.add(value);
  }

  /**
   * Mean of the largest share `alpha` of the values, the last one counted in part (Rockafellar and Uryasev 2000), as
   * `tailMean` has it; undefined without values or for a share outside 0 to 1.
   */
  tailMean(alpha: number): number | undefined {
    if (this.#count === 0 || !(alpha > 0 && alpha <= 1)) return undefined;
    const share = alpha * this.#count;
    const at = this.#count - tailRank(alpha, this.#count);
    const bound = this.#sorted[at]!;
    let above = 0;
    for (let rank = at + 1; rank < this.#count; rank++) above += this.#sorted[rank]! - bound;
    return bound + above / share;
  }

  /** Type 7 quantile; undefined without values. */
  quantile(p: number): number | undefined {
    return quantileOfSorted(this.#sorted, p, this.#count);
  }

  /** The value with `rank` smaller ones before it, from 0; undefined outside. */
  at(rank: number): number | undefined {
    return rank >= 0 && rank < this.#count ? this.#sorted[rank] : undefined;
  }

  /** Mean of the values at most `bound`; undefined when there is none. */
  meanUpTo(bound: number): number | undefined {
    let sum = 0;
    let rank = 0;
    while (rank < this.#count && this.#sorted[rank]! <= bound) sum += this.#sorted[rank++]!;
    return rank === 0 ? undefined : sum / rank;
  }

  /** First place whose value is not below `value`. */
  #place(value: number, end: number): number {
    let low = 0;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
