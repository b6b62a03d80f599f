import { increase } from '../sum.ts';
import { Arena } from '../../arena/arena.ts';
import { DataPointType, type ExponentialHistogram } from '../../data-types.ts';
import { type CountedBuckets, quantileOfExponential } from '../../kernel/exponential-quantile.ts';
import { checkQuantile } from '../../kernel/rank.ts';
import type { Aggregator, PointReader } from '../aggregator.ts';
import type { SeriesParts } from '../series.ts';
import { SharedSource } from '../shared-source.ts';
import type { Source } from '../source.ts';
import { Column } from '../column.ts';
import { BucketBaselines } from './bucket-baselines.ts';
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

/** What a delta reader was last told of each series. */
class ReportedHistograms {
  readonly #updates = new Column(0);
  readonly #sums = new Column(0);
  readonly #zeroCounts = new Column(0);
  readonly #scales = new Column(MAX_SCALE);
  readonly #positive: BucketBaselines;
  readonly #negative: BucketBaselines;

  constructor(maxSize: number) {
    const arena = new Arena();
    this.#positive = new BucketBaselines(arena, maxSize);
    this.#negative = new BucketBaselines(arena, maxSize);
  }

  updatesOf(ordinal: number): number {
    return this.#updates.get(ordinal);
  }

  /** Returns what was added since, and takes it as told. */
  advance(ordinal: number, updates: number, now: ExponentialView): Omit<ExponentialState, 'min' | 'max'> {
    const change = this.#scales.get(ordinal) - now.scale;
    const sumBefore = this.#sums.get(ordinal);
    const sum = increase(now.sum, sumBefore);
    const zeroCount = now.zeroCount - this.#zeroCounts.get(ordinal);
    this.#updates.set(ordinal, updates);
    this.#scales.set(ordinal, now.scale);
    this.#sums.set(ordinal, sumBefore + sum);
    this.#zeroCounts.set(ordinal, now.zeroCount);
    return {
      scale: now.scale,
      sum,
      zeroCount,
      positive: this.#positive.advance(ordinal, now.positive, change),
      negative: this.#negative.advance(ordinal, now.negative, change),
    };
  }

  forget(ordinal: number): void {
    this.#updates.set(ordinal, 0);
    this.#scales.set(ordinal, MAX_SCALE);
    this.#sums.set(ordinal, 0);
    this.#zeroCounts.set(ordinal, 0);
    this.#positive.forget(ordinal);
    this.#negative.forget(ordinal);
  }
}

/** Its points have the scale of the whole series, which is at most that of the interval alone. */
class DeltaExponentialHistogram implements Reader {
  readonly #options: ExponentialHistogramOptions;
  readonly #takeExtremes: IntervalExtremes;
  readonly #reported: ReportedHistograms;

  constructor(options: ExponentialHistogramOptions, ledger: ExtremesLedger) {
    this.#options = options;
    this.#takeExtremes = ledger.addInterval();
    this.#reported = new ReportedHistograms(options.maxSize);
  }

  read(source: Source<ExponentialState>): ExponentialHistogram | undefined {
    const { ordinal, updates } = source;
    if (updates === this.#reported.updatesOf(ordinal)) return undefined;
    const now = source instanceof ExponentialHistogramSeries ? source.view() : viewOf(source.snapshot());
    const delta = this.#reported.advance(ordinal, updates, now);
    const extremes = this.#options.recordMinMax ? this.#takeExtremes(source) : undefined;
    return toPoint(this.#options, delta, extremes);
  }

  forget(ordinal: number): void {
    this.#reported.forget(ordinal);
  }
}

function countedOf({ cells, from, length, base }: BucketView): CountedBuckets {
  return { offset: base, counts: cells, from, length };
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

  /** Reads the counts where they are recorded; those of other threads are copied and added up first. */
  quantileOf(source: Source<ExponentialState>, q: number): number | undefined {
    checkQuantile(q);
    const { updates } = source;
    if (updates === 0) return undefined;
    const isOwn = source instanceof ExponentialHistogramSeries;
    const state = isOwn ? source : source.snapshot();
    const { scale, zeroCount, positive, negative } = isOwn ? source.view() : viewOf(state as ExponentialState);
    const extremes = this.#options.recordMinMax ? this.#ledger.total(source.ordinal, state) : undefined;
    const count = isOwn ? updates : undefined;
    return quantileOfExponential(
      {
        scale,
        zeroCount,
        positive: countedOf(positive),
        negative: countedOf(negative),
        count,
        min: extremes?.min,
        max: extremes?.max,
      },
      q,
    );
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
