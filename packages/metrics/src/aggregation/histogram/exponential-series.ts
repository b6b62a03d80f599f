import { HIGH, MEASUREMENT, WORDS } from '../measurement.ts';
import { Series, type SeriesParts } from '../series.ts';
import { BucketWindow, EMPTY_RUN, NO_BASE } from './bucket-window.ts';
import {
  indexAtMaxScale,
  indexAtTableScale,
  LOWEST_NORMAL_HIGH,
  MAX_SCALE,
  scaleTableCells,
  TABLE_SCALE,
} from './exponential-index.ts';
import { type ExponentialState, type ExponentialView, mergeExponential, NO_BUCKETS } from './exponential-state.ts';
import type { HasExtremes } from './extremes.ts';

// Block: number of records, start time, sum, minimum, maximum, zero count, two cells of 32-bit halves, the window of
// positive buckets and, for instruments that may be negative, one of negative buckets.
//
// ├ records ┼ start ┼ sum ┼ min ┼ max ┼ zeros ┼ aim shift | aim base ┼ scale | version ┼ window ┼ (window) ┤
//
// The aim is what `record` needs of scale and base, prepared: how far to shift an index of the table, and the bucket of
// the first count. Where the table is too coarse for the scale it aims at nothing.
// The version is odd while buckets are being moved, so that another thread does not read them half moved.
const UPDATES = 0;
const SUM = 2;
const MIN = 3;
const MAX = 4;
const ZEROS = 5;
const AIM = 6;
const SCALE = 7;
const WINDOW = 8;
const COUNTS = 9;

const measurement = MEASUREMENT;
const words = WORDS;
const upper = HIGH;
const NORMAL = LOWEST_NORMAL_HIGH;
/** Upper halves of normal positive doubles are this many, from `NORMAL` on: one comparison tells all others apart. */
const NORMALS = 0x7ff00000 - NORMAL;

/** Reads another thread tries for while buckets keep moving; moving them takes microseconds and soon stops. */
const MOST_READS = 10_000;

export function exponentialBlockLength(maxSize: number, hasNegatives: boolean): number {
  return WINDOW + (1 + maxSize) * (hasNegatives ? 2 : 1);
}

/**
 * Base-2 exponential histogram of one attribute set. Buckets are exact at every scale; the scale falls by itself when
 * the measurements span more than `maxSize` buckets.
 */
export class ExponentialHistogramSeries extends Series<ExponentialState> implements HasExtremes {
  readonly #size: number;
  readonly #table = scaleTableCells();
  readonly #positive: BucketWindow;
  readonly #negative: BucketWindow | undefined;

  constructor(parts: SeriesParts, maxSize: number, hasNegatives: boolean) {
    super(parts);
    this.#size = maxSize;
    this.#positive = new BucketWindow(maxSize);
    this.#negative = hasNegatives ? new BucketWindow(maxSize) : undefined;
  }

  record(): void {
    const { cells, at } = this;
    const value = measurement[0]!;
    cells[at + SUM]! += value;
    if (value < cells[at + MIN]!) cells[at + MIN] = value;
    if (value > cells[at + MAX]!) cells[at + MAX] = value;
    const high = words[upper]!;
    if ((high - NORMAL) >>> 0 < NORMALS) {
      const { ints } = this;
      const aim = 2 * (at + AIM);
      const position = (indexAtTableScale(high, this.#table) >> ints[aim]!) - ints[aim + 1]!;
      if (position >>> 0 < this.#size) {
        cells[at + COUNTS + position]! += 1;
        // Last: a reader in another thread that has seen this number must find all that it stands for.
        cells[at + UPDATES]! += 1;
        return;
      }
    }
    this.#recordRare();
    cells[at + UPDATES]! += 1;
  }

  snapshot(): ExponentialState {
    if (!this.isForeign) return this.#read();
    for (let reads = 1; ; reads++) {
      const version = Atomics.load(this.ints, 2 * (this.at + SCALE) + 1);
      const state = this.#read();
      const isWhole = (version & 1) === 0 && version === Atomics.load(this.ints, 2 * (this.at + SCALE) + 1);
      if (isWhole || reads === MOST_READS) return state;
    }
  }

  /** The state of a series of this thread, uncopied. */
  view(): ExponentialView {
    return {
      scale: this.#scale,
      sum: this.cells[this.at + SUM]!,
      zeroCount: this.cells[this.at + ZEROS]!,
      positive: this.#positiveWindow().view(),
      negative: this.#negativeWindow()?.view() ?? NO_BUCKETS,
    };
  }

  clear(): void {
    this.cells[this.at + SUM] = 0;
    this.cells[this.at + ZEROS] = 0;
    this.min = Infinity;
    this.max = -Infinity;
    this.#positiveWindow().clear();
    this.#negativeWindow()?.clear();
    this.#scale = MAX_SCALE;
    this.#aim();
  }

  absorb(state: ExponentialState): void {
    const merged = mergeExponential(this.#read(), state, this.#size);
    this.cells[this.at + SUM] = merged.sum;
    this.cells[this.at + ZEROS] = merged.zeroCount;
    this.min = merged.min;
    this.max = merged.max;
    this.#scale = merged.scale;
    this.#positiveWindow().load(merged.positive);
    this.#negativeWindow()?.load(merged.negative);
    this.#aim();
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

  #read(): ExponentialState {
    return {
      scale: this.#scale,
      sum: this.cells[this.at + SUM]!,
      min: this.min,
      max: this.max,
      zeroCount: this.cells[this.at + ZEROS]!,
      positive: this.#positiveWindow().read(),
      negative: this.#negativeWindow()?.read() ?? EMPTY_RUN,
    };
  }

  // The series moves from block to block, and its windows follow when they are needed, which is seldom.

  #positiveWindow(): BucketWindow {
    return this.#positive.moveTo(this, this.at + WINDOW);
  }

  #negativeWindow(): BucketWindow | undefined {
    return this.#negative?.moveTo(this, this.at + WINDOW + 1 + this.#size);
  }

  get #scale(): number {
    return this.ints[2 * (this.at + SCALE)]!;
  }

  set #scale(scale: number) {
    this.ints[2 * (this.at + SCALE)] = scale;
  }

  #aim(): void {
    const shift = TABLE_SCALE - this.#scale;
    this.ints[2 * (this.at + AIM)] = Math.max(shift, 0);
    this.ints[2 * (this.at + AIM) + 1] = shift >= 0 ? this.#positiveWindow().base : NO_BASE;
  }

  /** Zeros, negatives, subnormal numbers, scales above the table's, and what lies outside the window. */
  #recordRare(): void {
    const value = measurement[0]!;
    if (value === 0) this.cells[this.at + ZEROS]! += 1;
    else if (value > 0) this.#place(this.#positiveWindow());
    else {
      const window = this.#negativeWindow();
      if (window === undefined) return;
      measurement[0] = -value;
      this.#place(window);
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
    if (change > 0 || range === undefined || low < window.base || high >= window.base + this.#size) {
      Atomics.add(this.ints, 2 * (this.at + SCALE) + 1, 1);
      this.#positiveWindow().downscale(change);
      this.#negativeWindow()?.downscale(change);
      this.#scale -= change;
      index >>= change;
      if (range === undefined || low < window.base || high >= window.base + this.#size) window.centre(low, high);
      Atomics.add(this.ints, 2 * (this.at + SCALE) + 1, 1);
    }
    window.increment(index);
    this.#aim();
  }
}
