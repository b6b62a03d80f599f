import type { OwnerFate } from '@nanometer/exporter-statsd';

/** A series that was not delivered, by its place in the send. */
export interface FailedSeries {
  readonly index: number;
  /** Held for the next send, or why it is lost. */
  readonly fate: OwnerFate;
  /** What the receiver has summed of its counter, or of a histogram's count and sum. */
  readonly sent: number;
  readonly sentSum: number;
}

/** What became of the series that one StatsD send took along. */
export interface StatsdOutcome {
  /** Those not delivered. */
  readonly failed: readonly FailedSeries[];
  /** It is not known whether any of it was delivered: the bridge ended while it was sent. */
  readonly unconfirmed: boolean;
}

/** Of a send that nobody saw end. */
export const UNCONFIRMED: StatsdOutcome = { failed: [], unconfirmed: true };
