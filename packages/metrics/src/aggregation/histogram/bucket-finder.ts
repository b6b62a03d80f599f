import { HIGH, HIGH_SIGNIFICAND_BITS, MEASUREMENT, WORDS } from '../measurement.ts';

const measurement = MEASUREMENT;
const words = WORDS;
const upper = HIGH;

/** Significand bits in the key of a cell; fewer when the boundaries span so many octaves that the table would grow. */
const FINEST_SIGNIFICAND_BITS = 3;
const LARGEST_TABLE = 4096;

function keyOf(value: number, shift: number): number {
  MEASUREMENT[0] = value;
  return WORDS[HIGH]! >>> shift;
}

function lowestOfKey(key: number, shift: number): number {
  MEASUREMENT[0] = 0;
  WORDS[HIGH] = key << shift;
  return MEASUREMENT[0]!;
}

/**
 * Finds the bucket of a value: the first boundary that is not below it (boundaries are upper-inclusive).
 *
 * The exponent and the first bits of the significand select a table cell that says where to begin; one or two
 * comparisons finish. A binary search over 15 boundaries takes four branches that nobody can predict.
 */
export class BucketFinder {
  /** The boundaries and, last, +Infinity, which ends every search. */
  readonly #boundaries: Float64Array;
  readonly #shift: number;
  readonly #firstKey: number;
  readonly #starts: Uint16Array;
  /** Bucket of 0; the positive values begin their search there. */
  readonly #zeroBucket: number;

  constructor(boundaries: readonly number[]) {
    this.#boundaries = Float64Array.of(...boundaries, Infinity);
    this.#zeroBucket = this.#search(0, 0);
    const positive = boundaries.filter((boundary) => boundary > 0);
    const lowest = positive[0] ?? 1;
    const highest = positive.at(-1) ?? 1;
    let shift = HIGH_SIGNIFICAND_BITS - FINEST_SIGNIFICAND_BITS;
    while (keyOf(highest, shift) - keyOf(lowest, shift) >= LARGEST_TABLE) shift++;
    this.#shift = shift;
    this.#firstKey = keyOf(lowest, shift);
    this.#starts = new Uint16Array(keyOf(highest, shift) - this.#firstKey + 1);
    for (let cell = 0; cell < this.#starts.length; cell++) {
      this.#starts[cell] = this.#search(lowestOfKey(this.#firstKey + cell, shift), 0);
    }
  }

  /** The boundaries and one. */
  get bucketCount(): number {
    return this.#boundaries.length;
  }

  /** Index of the bucket of the finite `MEASUREMENT`, 0 to the number of boundaries. */
  find(): number {
    const value = measurement[0]!;
    if (!(value > 0)) return value === 0 ? this.#zeroBucket : this.#search(value, 0);
    const cell = (words[upper]! >>> this.#shift) - this.#firstKey;
    if (cell < 0)
      return this.#zeroBucket === this.#boundaries.length - 1
        ? this.#zeroBucket
        : this.#search(value, this.#zeroBucket);
    const starts = this.#starts;
    if (cell >= starts.length) return this.#boundaries.length - 1;
    return this.#search(value, starts[cell]!);
  }

  #search(value: number, from: number): number {
    const boundaries = this.#boundaries;
    let bucket = from;
    while (value > boundaries[bucket]!) bucket++;
    return bucket;
  }
}
