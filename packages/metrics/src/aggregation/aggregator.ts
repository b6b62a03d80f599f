import type { DataPointType } from '../data-types.ts';
import type { Series, SeriesParts } from './series.ts';

/**
 * Reads points on behalf of one reader, and owns that reader's baselines, so that readers cannot disturb each other.
 * Returns `undefined` for what is not to be reported: a series never recorded or, for delta, idle since the last read.
 */
export interface PointReader<S extends Series, Value> {
  read(series: S): Value | undefined;
}

/** How measurements become points. One instance serves all series of a storage. */
export interface Aggregator<S extends Series = Series, Value = unknown> {
  readonly dataPointType: DataPointType;
  readonly isMonotonic: boolean;
  /** Cells one series takes. */
  readonly blockLength: number;
  createSeries(parts: SeriesParts): S;
  createPointReader(delta: boolean): PointReader<S, Value>;
}
