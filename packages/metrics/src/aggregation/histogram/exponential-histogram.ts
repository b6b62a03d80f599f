import { increase } from '../sum.ts';
import { DataPointType, type ExponentialHistogram } from '../../data-types.ts';
import type { Aggregator, PointReader } from '../aggregator.ts';
import type { SeriesParts } from '../series.ts';
import { SharedSource } from '../shared-source.ts';
import type { Source } from '../source.ts';
import { BucketBaseline } from './bucket-baseline.ts';
import type { BucketRun } from './bucket-window.ts';
import { MAX_SCALE } from './exponential-index.ts';
import { ExponentialHistogramSeries, exponentialBlockLength } from './exponential-series.ts';
import {
  type BucketView,
  countOf,
  type ExponentialState,
  type ExponentialView,
  mergeExponential,
  viewOf,
} from './exponential-state.ts';
import { type Extremes, ExtremesLedger, type IntervalExtremes } from './extremes.ts';

export interface ExponentialHistogramOptions {
  /** Largest number of buckets per sign, 2 or more. */
  readonly maxSize: number;
  readonly recordMinMax: boolean;
  /** False for instruments whose measurements may be negative: their sum would mean nothing (specification). */
  readonly reportSum: boolean;
}

type Reader = PointReader<ExponentialState, ExponentialHistogram>;

/** Hands the counts over: a snapshot is fresh, all but the empty run. */
function toBuckets({ offset, counts }: BucketRun): { offset: number; bucketCounts: number[] } {
  return { offset, bucketCounts: counts.length === 0 ? [] : (counts as number[]) };
}

function toPoint(
  options: ExponentialHistogramOptions,
  state: Omit<ExponentialState, 'min' | 'max'>,
  extremes: Extremes | undefined,
): ExponentialHistogram {
  const count = countOf(state);
  const point = {
    min: extremes?.min,
    max: extremes?.max,
    sum: options.reportSum ? state.sum : undefined,
    positive: toBuckets(state.positive),
    negative: toBuckets(state.negative),
    count,
    // Without buckets there is nothing a scale could describe.
    scale: count === state.zeroCount ? 0 : state.scale,
    zeroCount: state.zeroCount,
  };
  // Absent values are `undefined` in the SDK's own data, which its types do not say under exactOptionalPropertyTypes.
  return point as ExponentialHistogram;
}

class CumulativeExponentialHistogram implements Reader {
  readonly #options: ExponentialHistogramOptions;
  readonly #ledger: ExtremesLedger;

  constructor(options: ExponentialHistogramOptions, ledger: ExtremesLedger) {
    this.#options = options;
    this.#ledger = ledger;
  }

  read(source: Source<ExponentialState>): ExponentialHistogram | undefined {
    if (source.updates === 0) return undefined;
    const state = source.snapshot();
    const extremes = this.#options.recordMinMax ? this.#ledger.total(source.ordinal, state) : undefined;
    return toPoint(this.#options, state, extremes);
  }

  forget(): void {
    // Cumulative points need no baseline.
  }
}

/** What a delta reader was last told of one series. */
class ReportedHistogram {
  updates = 0;
  sum = 0;
  zeroCount = 0;
  scale = MAX_SCALE;
  readonly positive: BucketBaseline;
  readonly negative: BucketBaseline;

  constructor(maxSize: number) {
    this.positive = new BucketBaseline(maxSize);
    this.negative = new BucketBaseline(maxSize);
  }

  /** Returns what was added since, and takes it as told. */
  advance(now: ExponentialView): Omit<ExponentialState, 'min' | 'max'> {
    const change = this.scale - now.scale;
    const sum = increase(now.sum, this.sum);
    const zeroCount = now.zeroCount - this.zeroCount;
    this.scale = now.scale;
    this.sum += sum;
    this.zeroCount = now.zeroCount;
    const advanced = (baseline: BucketBaseline, { cells, from, length, base }: BucketView): BucketRun =>
      baseline.advance(cells, from, length, base, change);
    return {
      scale: now.scale,
      sum,
      zeroCount,
      positive: advanced(this.positive, now.positive),
      negative: advanced(this.negative, now.negative),
    };
  }
}

/** Its points have the scale of the whole series, which is at most that of the interval alone. */
class DeltaExponentialHistogram implements Reader {
  readonly #options: ExponentialHistogramOptions;
  readonly #takeExtremes: IntervalExtremes;
  readonly #reported: (ReportedHistogram | undefined)[] = [];

  constructor(options: ExponentialHistogramOptions, ledger: ExtremesLedger) {
    this.#options = options;
    this.#takeExtremes = ledger.addInterval();
  }

  read(source: Source<ExponentialState>): ExponentialHistogram | undefined {
    const { ordinal, updates } = source;
    const reported = (this.#reported[ordinal] ??= new ReportedHistogram(this.#options.maxSize));
    if (updates === reported.updates) return undefined;
    reported.updates = updates;
    const now = source instanceof ExponentialHistogramSeries ? source.view() : viewOf(source.snapshot());
    const delta = reported.advance(now);
    const extremes = this.#options.recordMinMax ? this.#takeExtremes(source) : undefined;
    return toPoint(this.#options, delta, extremes);
  }

  forget(ordinal: number): void {
    this.#reported[ordinal] = undefined;
  }
}

/** Counts measurements in buckets whose width grows with the value, so that the relative error is bounded. */
export class ExponentialHistogramAggregator implements Aggregator<
  ExponentialState,
  ExponentialHistogram,
  ExponentialHistogramSeries
> {
  readonly dataPointType: DataPointType = DataPointType.EXPONENTIAL_HISTOGRAM;
  readonly isMonotonic = false;
  readonly blockLength: number;
  readonly #options: ExponentialHistogramOptions;
  readonly #ledger = new ExtremesLedger();

  constructor(options: ExponentialHistogramOptions) {
    this.#options = options;
    this.blockLength = exponentialBlockLength(options.maxSize, !options.reportSum);
  }

  createSeries(parts: SeriesParts): ExponentialHistogramSeries {
    return new ExponentialHistogramSeries(parts, this.#options.maxSize, !this.#options.reportSum);
  }

  share(
    own: ExponentialHistogramSeries,
    members: readonly ExponentialHistogramSeries[],
  ): SharedSource<ExponentialState> {
    return new SharedSource(own, members, (a, b) => mergeExponential(a, b, this.#options.maxSize));
  }

  forget(ordinal: number): void {
    this.#ledger.forget(ordinal);
  }

  createPointReader(delta: boolean): Reader {
    return delta
      ? new DeltaExponentialHistogram(this.#options, this.#ledger)
      : new CumulativeExponentialHistogram(this.#options, this.#ledger);
  }
}
