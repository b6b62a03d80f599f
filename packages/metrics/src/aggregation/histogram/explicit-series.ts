import { copyCells } from '../copy-cells.ts';
import { MEASUREMENT } from '../measurement.ts';
import { Series, type SeriesParts } from '../series.ts';
import type { BucketFinder } from './bucket-finder.ts';
import type { HasExtremes } from './extremes.ts';

const measurement = MEASUREMENT;

// Block: number of records, start time, sum, minimum, maximum, then one count per bucket.
const UPDATES = 0;
const SUM = 2;
const MIN = 3;
const MAX = 4;
const COUNTS = 5;

export function explicitBlockLength(boundaryCount: number): number {
  return COUNTS + boundaryCount + 1;
}

export interface ExplicitState {
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** A fresh array. */
  readonly counts: number[];
}

export function mergeExplicit(a: ExplicitState, b: ExplicitState): ExplicitState {
  return {
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    counts: a.counts.map((count, bucket) => count + b.counts[bucket]!),
  };
}

/** Histogram with given upper bounds of one attribute set. */
export class ExplicitHistogramSeries extends Series<ExplicitState> implements HasExtremes {
  readonly #finder: BucketFinder;

  constructor(parts: SeriesParts, finder: BucketFinder) {
    super(parts);
    this.#finder = finder;
  }

  record(): void {
    const { cells, at } = this;
    const value = measurement[0]!;
    cells[at + SUM]! += value;
    if (value < cells[at + MIN]!) cells[at + MIN] = value;
    if (value > cells[at + MAX]!) cells[at + MAX] = value;
    cells[at + COUNTS + this.#finder.find()]! += 1;
    // Last: a reader in another thread that has seen this number must find all that it stands for.
    cells[at + UPDATES]! += 1;
  }

  snapshot(): ExplicitState {
    const from = this.at + COUNTS;
    return {
      sum: this.cells[this.at + SUM]!,
      min: this.min,
      max: this.max,
      counts: copyCells(this.cells, from, this.#finder.bucketCount),
    };
  }

  clear(): void {
    const { cells, at } = this;
    cells.fill(0, at + SUM, at + COUNTS + this.#finder.bucketCount);
    this.min = Infinity;
    this.max = -Infinity;
  }

  absorb(state: ExplicitState): void {
    this.cells[this.at + SUM]! += state.sum;
    this.min = Math.min(this.min, state.min);
    this.max = Math.max(this.max, state.max);
    for (let bucket = 0; bucket < state.counts.length; bucket++) {
      this.cells[this.at + COUNTS + bucket]! += state.counts[bucket]!;
    }
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
}
