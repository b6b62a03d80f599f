import { increase } from '../sum.ts';
import { DataPointType, type Histogram } from '../../data-types.ts';
import { quantileOfExplicit } from '../../kernel/explicit-quantile.ts';
import { checkQuantile } from '../../kernel/rank.ts';
import type { Aggregator, PointReader } from '../aggregator.ts';
import { Column } from '../column.ts';
import { sumOf } from '../copy-cells.ts';
import type { SeriesParts } from '../series.ts';
import { SharedSource } from '../shared-source.ts';
import type { Source } from '../source.ts';
import { BucketFinder } from './bucket-finder.ts';
import { explicitBlockLength, ExplicitHistogramSeries, type ExplicitState, mergeExplicit } from './explicit-series.ts';
import { type Extremes, ExtremesLedger, type IntervalExtremes } from './extremes.ts';

export interface ExplicitHistogramOptions {
  /** Finite, strictly increasing upper bounds, frozen, as all points share them; buckets are one more. */
  readonly boundaries: readonly number[];
  readonly recordMinMax: boolean;
  /** False for instruments whose measurements may be negative: their sum would mean nothing (specification). */
  readonly reportSum: boolean;
}

type Reader = PointReader<ExplicitState, Histogram>;

function toPoint(
  options: ExplicitHistogramOptions,
  counts: number[],
  sum: number,
  extremes: Extremes | undefined,
): Histogram {
  const point = {
    min: extremes?.min,
    max: extremes?.max,
    sum: options.reportSum ? sum : undefined,
    buckets: { boundaries: options.boundaries, counts },
    // Added up rather than taken from the block: another thread may be between its two stores.
    count: sumOf(counts),
  };
  // Absent values are `undefined` in the SDK's own data, which its types do not say under exactOptionalPropertyTypes.
  return point as unknown as Histogram;
}

function difference(now: readonly number[], before: readonly number[]): number[] {
  const deltas: number[] = [];
  for (let bucket = 0; bucket < now.length; bucket++) deltas.push(now[bucket]! - before[bucket]!);
  return deltas;
}

class CumulativeExplicitHistogram implements Reader {
  readonly #options: ExplicitHistogramOptions;
  readonly #ledger: ExtremesLedger;

  constructor(options: ExplicitHistogramOptions, ledger: ExtremesLedger) {
    this.#options = options;
    this.#ledger = ledger;
  }

  read(source: Source<ExplicitState>): Histogram | undefined {
    if (source.updates === 0) return undefined;
    const state = source.snapshot();
    const extremes = this.#options.recordMinMax ? this.#ledger.total(source.ordinal, state) : undefined;
    return toPoint(this.#options, state.counts, state.sum, extremes);
  }

  forget(): void {
    // Cumulative points need no baseline.
  }
}

class DeltaExplicitHistogram implements Reader {
  readonly #options: ExplicitHistogramOptions;
  readonly #takeExtremes: IntervalExtremes;
  readonly #updates = new Column(0);
  readonly #reportedSum = new Column(0);
  readonly #reportedCounts: (readonly number[] | undefined)[] = [];

  constructor(options: ExplicitHistogramOptions, ledger: ExtremesLedger) {
    this.#options = options;
    this.#takeExtremes = ledger.addInterval();
  }

  read(source: Source<ExplicitState>): Histogram | undefined {
    const { ordinal, updates } = source;
    if (updates === this.#updates.get(ordinal)) return undefined;
    const { counts, sum } = source.snapshot();
    const countsBefore = this.#reportedCounts[ordinal];
    const sumBefore = this.#reportedSum.get(ordinal);
    this.#updates.set(ordinal, updates);
    const delta = increase(sum, sumBefore);
    this.#reportedSum.set(ordinal, sumBefore + delta);
    this.#reportedCounts[ordinal] = counts;
    const deltas = countsBefore === undefined ? [...counts] : difference(counts, countsBefore);
    const extremes = this.#options.recordMinMax ? this.#takeExtremes(source) : undefined;
    return toPoint(this.#options, deltas, delta, extremes);
  }

  forget(ordinal: number): void {
    this.#updates.set(ordinal, 0);
    this.#reportedSum.set(ordinal, 0);
    this.#reportedCounts[ordinal] = undefined;
  }
}

/** Counts measurements in buckets with given upper bounds. */
export class ExplicitHistogramAggregator implements Aggregator<ExplicitState, Histogram, ExplicitHistogramSeries> {
  readonly dataPointType: DataPointType = DataPointType.HISTOGRAM;
  readonly isMonotonic = false;
  readonly blockLength: number;
  readonly #options: ExplicitHistogramOptions;
  readonly #finder: BucketFinder;
  readonly #ledger = new ExtremesLedger();

  constructor(options: ExplicitHistogramOptions) {
    this.#options = options;
    this.#finder = new BucketFinder(options.boundaries);
    this.blockLength = explicitBlockLength(options.boundaries.length);
  }

  createSeries(parts: SeriesParts): ExplicitHistogramSeries {
    return new ExplicitHistogramSeries(parts, this.#finder);
  }

  share(own: ExplicitHistogramSeries, members: readonly ExplicitHistogramSeries[]): SharedSource<ExplicitState> {
    return new SharedSource(own, members, mergeExplicit);
  }

  quantileOf(source: Source<ExplicitState>, q: number): number | undefined {
    checkQuantile(q);
    if (source.updates === 0) return undefined;
    const { boundaries, recordMinMax } = this.#options;
    const state = source.snapshot();
    const extremes = recordMinMax ? this.#ledger.total(source.ordinal, state) : undefined;
    return quantileOfExplicit({ boundaries, counts: state.counts, ...extremes }, q);
  }

  forget(ordinal: number): void {
    this.#ledger.forget(ordinal);
  }

  createPointReader(delta: boolean): Reader {
    return delta
      ? new DeltaExplicitHistogram(this.#options, this.#ledger)
      : new CumulativeExplicitHistogram(this.#options, this.#ledger);
  }
}
