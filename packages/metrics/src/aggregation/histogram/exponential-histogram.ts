import type { Arena, Block } from '../../arena/arena.ts';
import { DataPointType, type ExponentialHistogram } from '../../data-types.ts';
import type { Aggregator, PointReader } from '../aggregator.ts';
import { Column } from '../column.ts';
import type { SeriesParts } from '../series.ts';
import { type BucketRun, EMPTY_RUN } from './bucket-window.ts';
import { ExponentialHistogramSeries, exponentialBlockLength } from './exponential-series.ts';
import { type Extremes, ExtremesLedger, type HasExtremes } from './extremes.ts';

export interface ExponentialHistogramOptions {
  /** Largest number of buckets per sign, 2 or more. */
  readonly maxSize: number;
  readonly recordMinMax: boolean;
  /** False for instruments whose measurements may be negative: their sum would mean nothing (specification). */
  readonly reportSum: boolean;
}

type Reader = PointReader<ExponentialHistogramSeries, ExponentialHistogram>;

/** State of one series as a delta reader last reported it. */
interface Baseline {
  readonly scale: number;
  readonly count: number;
  readonly sum: number;
  readonly zeroCount: number;
  readonly positive: BucketRun;
  readonly negative: BucketRun;
}

function snapshot(series: ExponentialHistogramSeries): Baseline {
  return {
    scale: series.scale,
    count: series.updates,
    sum: series.sum,
    zeroCount: series.zeroCount,
    positive: series.positive(),
    negative: series.negative(),
  };
}

/** Subtracts what was reported from what is there now, whose scale may have become coarser by `change`. */
function difference(now: BucketRun, before: BucketRun, change: number): BucketRun {
  const counts = [...now.counts];
  for (let i = 0; i < before.counts.length; i++) {
    counts[((before.offset + i) >> change) - now.offset]! -= before.counts[i]!;
  }
  let first = 0;
  while (first < counts.length && counts[first] === 0) first++;
  if (first === counts.length) return EMPTY_RUN;
  let last = counts.length - 1;
  while (counts[last] === 0) last--;
  return { offset: now.offset + first, counts: counts.slice(first, last + 1) };
}

function toPoint(
  options: ExponentialHistogramOptions,
  state: Baseline,
  extremes: Extremes | undefined,
): ExponentialHistogram {
  const point = {
    min: extremes?.min,
    max: extremes?.max,
    sum: options.reportSum ? state.sum : undefined,
    positive: { offset: state.positive.offset, bucketCounts: [...state.positive.counts] },
    negative: { offset: state.negative.offset, bucketCounts: [...state.negative.counts] },
    count: state.count,
    // Without buckets there is nothing a scale could describe.
    scale: state.count === state.zeroCount ? 0 : state.scale,
    zeroCount: state.zeroCount,
  };
  return point as ExponentialHistogram;
}

class CumulativeExponentialHistogram implements Reader {
  readonly #options: ExponentialHistogramOptions;
  readonly #ledger: ExtremesLedger;

  constructor(options: ExponentialHistogramOptions, ledger: ExtremesLedger) {
    this.#options = options;
    this.#ledger = ledger;
  }

  read(series: ExponentialHistogramSeries): ExponentialHistogram | undefined {
    if (series.updates === 0) return undefined;
    const extremes = this.#options.recordMinMax ? this.#ledger.total(series) : undefined;
    return toPoint(this.#options, snapshot(series), extremes);
  }
}

/** Its points have the scale of the whole series, which is at most that of the interval alone. */
class DeltaExponentialHistogram implements Reader {
  readonly #options: ExponentialHistogramOptions;
  readonly #takeExtremes: (series: HasExtremes) => Extremes;
  readonly #reportedSum = new Column(0);
  readonly #reported: Baseline[] = [];

  constructor(options: ExponentialHistogramOptions, ledger: ExtremesLedger) {
    this.#options = options;
    this.#takeExtremes = ledger.addInterval();
  }

  read(series: ExponentialHistogramSeries): ExponentialHistogram | undefined {
    const { ordinal, updates } = series;
    const before = this.#reported[ordinal];
    if (updates === (before?.count ?? 0)) return undefined;
    const now = snapshot(series);
    const sumBefore = this.#reportedSum.get(ordinal);
    this.#reported[ordinal] = now;
    this.#reportedSum.set(ordinal, sumBefore + (now.sum - sumBefore));
    const extremes = this.#options.recordMinMax ? this.#takeExtremes(series) : undefined;
    if (before === undefined) return toPoint(this.#options, now, extremes);
    const change = before.scale - now.scale;
    const delta: Baseline = {
      scale: now.scale,
      count: now.count - before.count,
      sum: now.sum - sumBefore,
      zeroCount: now.zeroCount - before.zeroCount,
      positive: difference(now.positive, before.positive, change),
      negative: difference(now.negative, before.negative, change),
    };
    return toPoint(this.#options, delta, extremes);
  }
}

/** Counts measurements in buckets whose width grows with the value, so that the relative error is bounded. */
export class ExponentialHistogramAggregator implements Aggregator<ExponentialHistogramSeries, ExponentialHistogram> {
  readonly dataPointType: DataPointType = DataPointType.EXPONENTIAL_HISTOGRAM;
  readonly isMonotonic = false;
  readonly blockLength: number;
  readonly #options: ExponentialHistogramOptions;
  readonly #allocate: (length: number) => Block;
  readonly #ledger = new ExtremesLedger();

  constructor(options: ExponentialHistogramOptions, arena: Arena) {
    this.#options = options;
    this.#allocate = (length) => arena.allocate(length);
    this.blockLength = exponentialBlockLength(options.maxSize);
  }

  createSeries(parts: SeriesParts): ExponentialHistogramSeries {
    return new ExponentialHistogramSeries(parts, this.#options.maxSize, this.#allocate);
  }

  createPointReader(delta: boolean): Reader {
    return delta
      ? new DeltaExponentialHistogram(this.#options, this.#ledger)
      : new CumulativeExponentialHistogram(this.#options, this.#ledger);
  }
}
