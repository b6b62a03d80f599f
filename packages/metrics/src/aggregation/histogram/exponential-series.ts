import type { Attributes } from '@opentelemetry/api';
import type { Block } from '../../arena/arena.ts';
import { type Series, UPDATES } from '../aggregator.ts';
import { type BucketRun, BucketWindow, EMPTY_RUN } from './bucket-window.ts';
import { indexAtMaxScale, indexAtTableScale, MAX_SCALE, scaleTableCells, TABLE_SCALE } from './exponential-index.ts';
import type { HasExtremes } from './extremes.ts';
import { MEASUREMENT } from '../measurement.ts';

// Block: number of records, sum, minimum, maximum, zero count, then the window of positive buckets, whose head cell
// is split into 32-bit halves:
//
// ├ records ┼ sum ┼ min ┼ max ┼ zeros ┼ shift | base ┼ count 0 ┼ count 1 ┼ ... ┤
const SUM = 1;
const MIN = 2;
const MAX = 3;
const ZEROS = 4;
const WINDOW = 5;
const COUNTS = 6;

export function exponentialBlockLength(maxSize: number): number {
  return COUNTS + maxSize;
}

/**
 * Base-2 exponential histogram of one attribute set. Buckets are exact at every scale; the scale falls by itself when
 * the measurements span more than `maxSize` buckets.
 */
export class ExponentialHistogramSeries implements Series, HasExtremes {
  readonly ordinal: number;
  readonly attributes: Attributes;
  readonly startTimeMillis: number;
  readonly block: Block;
  readonly #cells: Float64Array;
  readonly #ints: Int32Array;
  readonly #at: number;
  readonly #size: number;
  readonly #table = scaleTableCells();
  readonly #positive: BucketWindow;
  readonly #allocate: (length: number) => Block;
  #negative: BucketWindow | undefined = undefined;

  constructor(
    allocate: (length: number) => Block,
    maxSize: number,
    block: Block,
    ordinal: number,
    attributes: Attributes,
    startTimeMillis: number,
  ) {
    this.ordinal = ordinal;
    this.attributes = attributes;
    this.startTimeMillis = startTimeMillis;
    this.block = block;
    this.#cells = block.cells;
    this.#ints = block.ints;
    this.#at = block.at;
    this.#size = maxSize;
    this.#allocate = allocate;
    this.#positive = new BucketWindow(block, block.at + WINDOW, maxSize);
    this.#shift = TABLE_SCALE - MAX_SCALE;
    this.min = Infinity;
    this.max = -Infinity;
  }

  record(): void {
    const cells = this.#cells;
    const at = this.#at;
    const value = MEASUREMENT[0]!;
    cells[at]! += 1;
    cells[at + SUM]! += value;
    if (value < cells[at + MIN]!) cells[at + MIN] = value;
    if (value > cells[at + MAX]!) cells[at + MAX] = value;
    if (value > 0) {
      const ints = this.#ints;
      const head = 2 * (at + WINDOW);
      const shift = ints[head]!;
      if (shift >= 0) {
        const position = (indexAtTableScale(this.#table) >> shift) - ints[head + 1]!;
        if (position >= 0 && position < this.#size) {
          cells[at + COUNTS + position]! += 1;
          return;
        }
      }
      this.#place(this.#positive);
    } else if (value === 0) cells[at + ZEROS]! += 1;
    else this.#recordNegative();
  }

  get count(): number {
    return this.#cells[this.#at + UPDATES]!;
  }

  get sum(): number {
    return this.#cells[this.#at + SUM]!;
  }

  get min(): number {
    return this.#cells[this.#at + MIN]!;
  }

  set min(value: number) {
    this.#cells[this.#at + MIN] = value;
  }

  get max(): number {
    return this.#cells[this.#at + MAX]!;
  }

  set max(value: number) {
    this.#cells[this.#at + MAX] = value;
  }

  get zeroCount(): number {
    return this.#cells[this.#at + ZEROS]!;
  }

  /** 20 to -10; the largest at which all measurements so far fit. */
  get scale(): number {
    return TABLE_SCALE - this.#shift;
  }

  positive(): BucketRun {
    return this.#positive.read();
  }

  negative(): BucketRun {
    return this.#negative?.read() ?? EMPTY_RUN;
  }

  get #shift(): number {
    return this.#ints[2 * (this.#at + WINDOW)]!;
  }

  set #shift(shift: number) {
    this.#ints[2 * (this.#at + WINDOW)] = shift;
  }

  #negativeWindow(): BucketWindow {
    const block = this.#allocate(1 + this.#size);
    return new BucketWindow(block, block.at, this.#size);
  }

  #recordNegative(): void {
    MEASUREMENT[0] = -MEASUREMENT[0]!;
    this.#place((this.#negative ??= this.#negativeWindow()));
  }

  #index(): number {
    const shift = this.#shift;
    return shift >= 0 ? indexAtTableScale(this.#table) >> shift : indexAtMaxScale() >> (MAX_SCALE - this.scale);
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
      this.#shift += change;
      index >>= change;
    }
    if (range === undefined || low < window.base || high >= window.base + this.#size) window.centre(low, high);
    window.increment(index);
  }
}
