import { DataPointType, type Histogram } from '../../data-types.ts';
import type { Aggregator, PointReader } from '../aggregator.ts';
import { Column } from '../column.ts';
import { MEASUREMENT } from '../measurement.ts';
import { Series, type SeriesParts } from '../series.ts';
import { BucketFinder } from './bucket-finder.ts';
import { type Extremes, ExtremesLedger, type HasExtremes } from './extremes.ts';

const measurement = MEASUREMENT;

// Block: number of records, start time, sum, minimum, maximum, then one count per bucket.
const UPDATES = 0;
const SUM = 2;
const MIN = 3;
const MAX = 4;
const COUNTS = 5;

export class ExplicitHistogramSeries extends Series implements HasExtremes {
  readonly #finder: BucketFinder;

  constructor(parts: SeriesParts, finder: BucketFinder) {
    super(parts);
    this.#finder = finder;
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
    cells[at + COUNTS + this.#finder.find()]! += 1;
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

  /** Copies the bucket counts into a fresh array: exporters keep what they are given. */
  counts(length: number): number[] {
    const from = this.at + COUNTS;
    return Array.from(this.cells.subarray(from, from + length));
  }
}

export interface ExplicitHistogramOptions {
  /** Finite, strictly increasing upper bounds; buckets are one more. */
  readonly boundaries: readonly number[];
  readonly recordMinMax: boolean;
  /** False for instruments whose measurements may be negative: their sum would mean nothing (specification). */
  readonly reportSum: boolean;
}

type Reader = PointReader<ExplicitHistogramSeries, Histogram>;

function toPoint(
  options: ExplicitHistogramOptions,
  counts: number[],
  count: number,
  sum: number,
  extremes: Extremes | undefined,
): Histogram {
  const point = {
    min: extremes?.min,
    max: extremes?.max,
    sum: options.reportSum ? sum : undefined,
    buckets: { boundaries: [...options.boundaries], counts },
    count,
  };
  // Absent values are `undefined` in the SDK's own data, which its types do not say under exactOptionalPropertyTypes.
  return point as Histogram;
}

class CumulativeExplicitHistogram implements Reader {
  readonly #options: ExplicitHistogramOptions;
  readonly #ledger: ExtremesLedger;

  constructor(options: ExplicitHistogramOptions, ledger: ExtremesLedger) {
    this.#options = options;
    this.#ledger = ledger;
  }

  read(series: ExplicitHistogramSeries): Histogram | undefined {
    const count = series.updates;
    if (count === 0) return undefined;
    const extremes = this.#options.recordMinMax ? this.#ledger.total(series) : undefined;
    return toPoint(this.#options, series.counts(this.#options.boundaries.length + 1), count, series.sum, extremes);
  }
}

class DeltaExplicitHistogram implements Reader {
  readonly #options: ExplicitHistogramOptions;
  readonly #takeExtremes: (series: HasExtremes) => Extremes;
  readonly #reportedSum = new Column(0);
  readonly #reportedCount = new Column(0);
  readonly #reportedCounts: number[][] = [];

  constructor(options: ExplicitHistogramOptions, ledger: ExtremesLedger) {
    this.#options = options;
    this.#takeExtremes = ledger.addInterval();
  }

  read(series: ExplicitHistogramSeries): Histogram | undefined {
    const { ordinal, updates: count, sum } = series;
    const countBefore = this.#reportedCount.get(ordinal);
    if (count === countBefore) return undefined;
    const counts = series.counts(this.#options.boundaries.length + 1);
    const countsBefore = this.#reportedCounts[ordinal];
    const sumBefore = this.#reportedSum.get(ordinal);
    this.#reportedCount.set(ordinal, count);
    this.#reportedSum.set(ordinal, sumBefore + (sum - sumBefore));
    this.#reportedCounts[ordinal] = counts;
    const deltas = countsBefore ? counts.map((total, bucket) => total - countsBefore[bucket]!) : [...counts];
    const extremes = this.#options.recordMinMax ? this.#takeExtremes(series) : undefined;
    return toPoint(this.#options, deltas, count - countBefore, sum - sumBefore, extremes);
  }
}

/** Counts measurements in buckets with given upper bounds. */
export class ExplicitHistogramAggregator implements Aggregator<ExplicitHistogramSeries, Histogram> {
  readonly dataPointType: DataPointType = DataPointType.HISTOGRAM;
  readonly isMonotonic = false;
  readonly blockLength: number;
  readonly #options: ExplicitHistogramOptions;
  readonly #finder: BucketFinder;
  readonly #ledger = new ExtremesLedger();

  constructor(options: ExplicitHistogramOptions) {
    this.#options = options;
    this.#finder = new BucketFinder(options.boundaries);
    this.blockLength = COUNTS + options.boundaries.length + 1;
  }

  createSeries(parts: SeriesParts): ExplicitHistogramSeries {
    return new ExplicitHistogramSeries(parts, this.#finder);
  }

  createPointReader(delta: boolean): Reader {
    return delta
      ? new DeltaExplicitHistogram(this.#options, this.#ledger)
      : new CumulativeExplicitHistogram(this.#options, this.#ledger);
  }
}
