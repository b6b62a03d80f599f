import type { PushCounts, PushErrorCode } from './messages.ts';

/** What a push server has done since it started: received = applied + duplicate + dropped + waiting. */
export interface PushServerStats extends PushCounts {
  /** Connected producers. */
  readonly producers: number;
  /** Rows received. */
  readonly received: number;
  /** Rows whose fate is not known yet. */
  readonly waiting: number;
  /** Events told. */
  readonly events: number;
  /** Refusals by code, those of the handshake included. */
  readonly refused: Readonly<Partial<Record<PushRefusal, number>>>;
}

/** Why a producer, or what it said, is refused. */
export type PushRefusal = PushErrorCode | 'unauthorized' | 'origin_refused' | 'host_refused' | 'idle_timeout';

/** The counters behind `PushServerStats`, shared by the connections of one server. */
export class PushTally {
  received = 0;
  events = 0;
  readonly counts: { applied: number; duplicate: number; dropped: number } = { applied: 0, duplicate: 0, dropped: 0 };
  readonly refused: Partial<Record<PushRefusal, number>> = {};

  stats(producers: number): PushServerStats {
    const { received, events, counts, refused } = this;
    const waiting = received - counts.applied - counts.duplicate - counts.dropped;
    return { producers, received, ...counts, waiting, events, refused: { ...refused } };
  }
}
