import { DataPointType } from '../data-types.ts';
import type { SyncStorage } from '../storage/sync-storage.ts';

/** A series of a stream. */
export interface StoredSeries {
  readonly storage: SyncStorage;
  readonly position: number;
}

/** Reads a quantile off the streams of one attribute set: the first exponential histogram, else the first explicit one. */
export function quantileAmong(series: readonly StoredSeries[], q: number): number | undefined {
  const typed = (type: DataPointType): StoredSeries | undefined =>
    series.find(({ storage }) => storage.aggregator.dataPointType === type);
  const chosen = typed(DataPointType.EXPONENTIAL_HISTOGRAM) ?? typed(DataPointType.HISTOGRAM);
  return chosen?.storage.aggregator.quantileOf?.(chosen.storage.sourceAt(chosen.position), q);
}
