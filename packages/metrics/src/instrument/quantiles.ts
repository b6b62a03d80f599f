import { DataPointType } from '../data-types.ts';
import type { SyncStorage } from '../storage/sync-storage.ts';

/** A series of a stream. */
export interface StoredSeries {
  readonly storage: SyncStorage;
  readonly position: number;
}

/** Reads a quantile off the streams of one attribute set: the first exponential histogram, else the first explicit one. */
export function quantileAmong(series: readonly StoredSeries[], q: number): number | undefined {
  let chosen: StoredSeries | undefined;
  for (const candidate of series) {
    const type = candidate.storage.aggregator.dataPointType;
    if (type === DataPointType.EXPONENTIAL_HISTOGRAM) {
      chosen = candidate;
      break;
    }
    if (type === DataPointType.HISTOGRAM) chosen ??= candidate;
  }
  return chosen?.storage.aggregator.quantileOf?.(chosen.storage.sourceAt(chosen.position), q);
}
