import type { Arena } from '../arena/arena.ts';
import { DROP_CAUSES, type DropCause, type DropCounts } from '../drop-counts.ts';
import type { SyncStorage } from '../storage/sync-storage.ts';

/** A provider's view of itself. */
export interface MeterProviderStats {
  /** Attribute sets in use by synchronous instruments, overflow series included. */
  readonly seriesActive: number;
  /** Overflow series among them: streams that have reached their cardinality limit. */
  readonly seriesOverflowed: number;
  /** Measurements that the cardinality limit sent to an overflow series, since the start; one per stream. */
  readonly measurementsOverflowed: number;
  /** Measurements not recorded since the start, by cause. */
  readonly dropped: Readonly<Record<DropCause, number>>;
  /** Shared memory reserved for series of this thread. */
  readonly arenaBytes: number;
  /** Shared memory reserved for series of worker threads that are alive. */
  readonly workerArenaBytes: number;
}

export interface StatsSources {
  readonly storages: Iterable<SyncStorage>;
  readonly drops: DropCounts;
  readonly arena: Arena;
  readonly workerArenaBytes: number;
}

export function statsOf({ storages, drops, arena, workerArenaBytes }: StatsSources): MeterProviderStats {
  let seriesActive = 0;
  let seriesOverflowed = 0;
  let measurementsOverflowed = 0;
  for (const storage of storages) {
    seriesActive += storage.size;
    if (storage.hasOverflowed) seriesOverflowed++;
    measurementsOverflowed += storage.overflowedCount;
  }
  const dropped = Object.fromEntries(DROP_CAUSES.map((cause) => [cause, drops.of(cause)]));
  return {
    seriesActive,
    seriesOverflowed,
    measurementsOverflowed,
    dropped: dropped as Record<DropCause, number>,
    arenaBytes: arena.sizeBytes,
    workerArenaBytes,
  };
}
