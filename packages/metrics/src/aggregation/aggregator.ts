import type { Attributes } from '@opentelemetry/api';
import type { DataPointType } from '../data-types.ts';
import type { Series, SeriesParts } from './series.ts';
import type { SharedSource } from './shared-source.ts';
import type { Source } from './source.ts';

/**
 * Reads points on behalf of one reader, and owns that reader's baselines, so that readers cannot disturb each other.
 * Returns `undefined` for what is not to be reported: a series never recorded or, for delta, idle since the last read.
 */
export interface PointReader<State, Value> {
  read(source: Source<State>): Value | undefined;
  /** Drops the baseline of a series that is gone: its ordinal may come to stand for another. */
  forget(ordinal: number): void;
}

/** How measurements become points. One instance serves all series of a storage. */
export interface Aggregator<State = unknown, Value = unknown, S extends Series<State> = Series<State>> {
  readonly dataPointType: DataPointType;
  readonly isMonotonic: boolean;
  /** Cells one series takes. */
  readonly blockLength: number;
  /** Told the attributes of every new series. */
  onSeries?(attributes: Attributes): void;
  createSeries(parts: SeriesParts): S;
  /** Joins a series with its counterparts in other threads; asked anew, with the answer before, when one comes or goes. */
  share(own: S, members: readonly S[], before: SharedSource<State> | undefined): SharedSource<State>;
  /** The `q` quantile of a series, for histograms; `undefined` without a measurement. Throws for `q` outside 0 to 1. */
  quantileOf?(source: Source<State>, q: number): number | undefined;
  /** Drops what the aggregation itself keeps of a series beside its block. */
  forget(ordinal: number): void;
  createPointReader(delta: boolean): PointReader<State, Value>;
}
