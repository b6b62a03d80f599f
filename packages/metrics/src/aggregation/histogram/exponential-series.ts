import type { Block } from '../../arena/arena.ts';
import { HIGH, MEASUREMENT, WORDS } from '../measurement.ts';
import { Series, type SeriesParts } from '../series.ts';
import { type BucketRun, BucketWindow, EMPTY_RUN, NO_BASE } from './bucket-window.ts';
import {
  indexAtMaxScale,
  indexAtTableScale,
  LOWEST_NORMAL_HIGH,
  MAX_SCALE,
  scaleTableCells,
  TABLE_SCALE,
} from './exponential-index.ts';
import type { HasExtremes } from './extremes.ts';

// Block: number of records, start time, sum, minimum, maximum, zero count, two cells of 32-bit halves, the positive
// buckets.
//
// ├ records ┼ start ┼ sum ┼ min ┼ max ┼ zeros ┼ aim shift | aim base ┼ scale | base ┼ count 0 ┼ count 1 ┼ ... ┤
//
// The aim is what `record` needs of scale and base, prepared: how far to shift an index of the table, and the bucket of
// count 0. Where the table is too coarse for the scale it aims at nothing.
const UPDATES = 0;
const SUM = 2;
const MIN = 3;
const MAX = 4;
const ZEROS = 5;
const AIM = 6;
const WINDOW = 7;
const COUNTS = 8;

const measurement = MEASUREMENT;
const words = WORDS;
const upper = HIGH;
const NORMAL = LOWEST_NORMAL_HIGH;
/** Upper halves of normal positive doubles are this many, from `NORMAL` on: one comparison tells all others apart. */
const NORMALS = 0x7ff00000 - NORMAL;

export function exponentialBlockLength(maxSize: number): number {
  return COUNTS + maxSize;
}

/**
 * Base-2 exponential histogram of one attribute set. Buckets are exact at every scale; the scale falls by itself when
 * the measurements span more than `maxSize` buckets.
 */
export class ExponentialHistogramSeries extends Series implements HasExtremes {
  readonly #ints: Int32Array;
  readonly #size: number;
  readonly #table = scaleTableCells();
  readonly #positive: BucketWindow;
  readonly #allocate: (length: number) => Block;
  #negative: BucketWindow | undefined = undefined;

  constructor(parts: SeriesParts, maxSize: number, allocate: (length: number) => Block) {
    super(parts);
    const { block } = parts;
    this.#ints = block.ints;
    this.#size = maxSize;
    this.#allocate = allocate;
    this.#positive = new BucketWindow(block, block.at + WINDOW, maxSize);
    this.#scale = MAX_SCALE;
    this.#aim();
    this.min = Infinity;
    this.max = -Infinity;
  }

  record(): void {
    const { cells, at } = this;
    const value = measurement[0]!;
    cells[at + UPDATES]! += 1;
    cells[at + SUM]! += value;
    if (value < cells[at + MIN]!) cells[at + MIN] = value;
    if (value > cells[at + MAX]!) cells[at + MAX] = value;
    const high = words[upper]!;
    if ((high - NORMAL) >>> 0 < NORMALS) {
      const ints = this.#ints;
      const aim = 2 * (at + AIM);
      const position = (indexAtTableScale(high, this.#table) >> ints[aim]!) - ints[aim + 1]!;
      if (position >>> 0 < this.#size) {
        cells[at + COUNTS + position]! += 1;
        return;
      }
    }
    this.#recordRare(value);
  }

  get sum(): number {
    return this.cells[this.at + SUM]!;
  }

  get min(): number {
    return this.cells[this.at + MIN]!;
  }

  set min(value: number) {
    this.cells[this.at + MIN] = value;
  }

  get max(): number {
    return this.cells[this.at + MAX]!;
  }

  set max(value: number) {
    this.cells[this.at + MAX] = value;
  }

  get zeroCount(): number {
    return this.cells[this.at + ZEROS]!;
  }

  /** 20 to -10; the largest at which all measurements so far fit. */
  get scale(): number {
    return this.#scale;
  }

  positive(): BucketRun {
    return this.#positive.read();
  }

  negative(): BucketRun {
    return this.#negative?.read() ?? EMPTY_RUN;
  }

  get #scale(): number {
    return this.#ints[2 * (this.at + WINDOW)]!;
  }

  set #scale(scale: number) {
    this.#ints[2 * (this.at + WINDOW)] = scale;
  }

  #aim(): void {
    const shift = TABLE_SCALE - this.#scale;
    this.#ints[2 * (this.at + AIM)] = Math.max(shift, 0);
    this.#ints[2 * (this.at + AIM) + 1] = shift >= 0 ? this.#positive.base : NO_BASE;
  }

  #negativeWindow(): BucketWindow {
    const block = this.#allocate(1 + this.#size);
    return new BucketWindow(block, block.at, this.#size);
  }

  /** Zeros, negatives, subnormal numbers, scales above the table's, and what lies outside the window. */
  #recordRare(value: number): void {
    if (value === 0) this.cells[this.at + ZEROS]! += 1;
    else if (value > 0) this.#place(this.#positive);
    else {
      measurement[0] = -value;
      this.#place((this.#negative ??= this.#negativeWindow()));
    }
  }

  #index(): number {
    return indexAtMaxScale() >> (MAX_SCALE - this.#scale);
  }

  /** Counts `MEASUREMENT` wherever it lies, moving the window and lowering the scale as little as it takes. */
  #place(window: BucketWindow): void {
    let index = this.#index();
    const range = window.range();
    let low = Math.min(index, range?.low ?? index);
    let high = Math.max(index, range?.high ?? index);
    let change = 0;
    while (high - low >= this.#size) {
      low >>= 1;
      high >>= 1;
      change++;
    }
    if (change > 0) {
      this.#positive.downscale(change);
      this.#negative?.downscale(change);
      this.#scale -= change;
      index >>= change;
    }
    if (range === undefined || low < window.base || high >= window.base + this.#size) window.centre(low, high);
    window.increment(index);
    this.#aim();
  }
}
