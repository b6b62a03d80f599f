import { DataPointType, type ExponentialHistogram } from '../../data-types.ts';
import type { Aggregator, PointReader } from '../aggregator.ts';
import { Column } from '../column.ts';
import type { SeriesParts } from '../series.ts';
import { SharedSource } from '../shared-source.ts';
import type { Source } from '../source.ts';
import { ExponentialHistogramSeries, exponentialBlockLength } from './exponential-series.ts';
import { countOf, type ExponentialState, mergeExponential, subtractRun } from './exponential-state.ts';
import { type Extremes, ExtremesLedger, type IntervalExtremes } from './extremes.ts';

export interface ExponentialHistogramOptions {
  /** Largest number of buckets per sign, 2 or more. */
  readonly maxSize: number;
  readonly recordMinMax: boolean;
  /** False for instruments whose measurements may be negative: their sum would mean nothing (specification). */
  readonly reportSum: boolean;
}

type Reader = PointReader<ExponentialState, ExponentialHistogram>;

function toPoint(
  options: ExponentialHistogramOptions,
  state: Omit<ExponentialState, 'min' | 'max'>,
  extremes: Extremes | undefined,
): ExponentialHistogram {
  const count = countOf({ ...state, min: 0, max: 0 });
  const point = {
    min: extremes?.min,
    max: extremes?.max,
    sum: options.reportSum ? state.sum : undefined,
    positive: { offset: state.positive.offset, bucketCounts: [...state.positive.counts] },
    negative: { offset: state.negative.offset, bucketCounts: [...state.negative.counts] },
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
}

/** Its points have the scale of the whole series, which is at most that of the interval alone. */
class DeltaExponentialHistogram implements Reader {
  readonly #options: ExponentialHistogramOptions;
  readonly #takeExtremes: IntervalExtremes;
  readonly #updates = new Column(0);
  readonly #reportedSum = new Column(0);
  readonly #reported: ExponentialState[] = [];

  constructor(options: ExponentialHistogramOptions, ledger: ExtremesLedger) {
    this.#options = options;
    this.#takeExtremes = ledger.addInterval();
  }

  read(source: Source<ExponentialState>): ExponentialHistogram | undefined {
    const { ordinal, updates } = source;
    if (updates === this.#updates.get(ordinal)) return undefined;
    const now = source.snapshot();
    const before = this.#reported[ordinal];
    const sumBefore = this.#reportedSum.get(ordinal);
    this.#updates.set(ordinal, updates);
    this.#reported[ordinal] = now;
    this.#reportedSum.set(ordinal, sumBefore + (now.sum - sumBefore));
    const extremes = this.#options.recordMinMax ? this.#takeExtremes(source) : undefined;
    if (before === undefined) return toPoint(this.#options, now, extremes);
    const change = before.scale - now.scale;
    const delta = {
      scale: now.scale,
      sum: now.sum - sumBefore,
      zeroCount: now.zeroCount - before.zeroCount,
      positive: subtractRun(now.positive, before.positive, change),
      negative: subtractRun(now.negative, before.negative, change),
    };
    return toPoint(this.#options, delta, extremes);
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

  createPointReader(delta: boolean): Reader {
    return delta
      ? new DeltaExponentialHistogram(this.#options, this.#ledger)
      : new CumulativeExponentialHistogram(this.#options, this.#ledger);
  }
}
