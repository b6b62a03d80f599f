import type { SampleOutcome } from './histogram-samples.ts';
import type { OwnerFate } from './statsd-batch.ts';
import type { StreamRefusal } from './stream-table.ts';
import type { SenderStats } from './transport/packet-sender.ts';

/** Why a line was not written. */
export type LineDropCause = Exclude<SampleOutcome, 'packed' | 'unchanged'>;

/**
 * Why a data point was dropped: no stream for it, no line for it, one from before the last one, the same series twice in
 * one export, or not delivered (and by the policy not part of the next export).
 */
export type PointDropCause =
  StreamRefusal | LineDropCause | 'stale_point' | 'duplicate_point' | Exclude<OwnerFate, 'held'>;

/** All causes of dropped lines. */
export const LINE_DROP_CAUSES: readonly LineDropCause[] = ['line_too_long', 'non_finite', 'unsupported'];

/** All causes of dropped points. */
export const POINT_DROP_CAUSES: readonly PointDropCause[] = [
  'series_limit',
  'name_collision',
  ...LINE_DROP_CAUSES,
  'stale_point',
  'duplicate_point',
  'queue_full',
  'resolve_failed',
  'send_failed',
  'refused',
  'unconfirmed',
  'closed',
];

/** What an exporter has done since it was made. Between exports points = forwarded + held + dropped. */
export interface StatsdExporterStats {
  /** Points received. */
  readonly points: number;
  /** Points whose lines were delivered as far as the transport can know, those superseded on the way included. */
  readonly pointsForwarded: number;
  /** Points whose lines were not delivered and are part of the next export. */
  readonly pointsHeld: number;
  readonly pointsDropped: Readonly<Record<PointDropCause, number>>;
  /** Lines beside a point's leading one (a histogram's sum, extremes and percentiles) that were not written. */
  readonly linesDropped: Readonly<Record<LineDropCause, number>>;
  readonly seriesActive: number;
  readonly sender: SenderStats;
  /** Of the state file; zeros without one. */
  readonly state: {
    /** Increments a former exporter had sent without learning whether they arrived. */
    readonly incrementsUncertain: number;
    readonly writesFailed: number;
  };
}
