import type { HistorySource } from '@nanometer/live';
import { identityOf } from './series/history-series.ts';
import type { MinuteColumns, MinutesWanted } from './worker/messages.ts';

/** Reads minutes; see {@link historySource}. */
export type ReadMinutes = (
  wanted: readonly MinutesWanted[],
  afterMs: number,
  untilMs: number,
  rowsLimit: number,
) => Promise<MinuteColumns | undefined>;

/**
 * The minutes as a live stream wants them: a row per series and minute, with the last value and its time, so that running totals
 * end as they would have without the gap.
 */
export function historySource(read: ReadMinutes): HistorySource {
  return {
    read: ({ series, afterMs, untilMs, rowsLimit }) =>
      read(
        series.map((each) => ({ id: each.id, identity: identityOf(each), field: each.field })),
        afterMs,
        untilMs,
        rowsLimit,
      ),
  };
}
