import type { ResolvedOptions } from '../options.ts';
import type { SeriesTable } from '../series-table.ts';
import type { ServerCounters } from '../stats.ts';
import type { FrameTexts } from './frame-texts.ts';

/** What all streams of a server share. */
export interface StreamContext {
  readonly table: SeriesTable;
  readonly options: ResolvedOptions;
  readonly counters: ServerCounters;
  readonly texts: FrameTexts;
}
