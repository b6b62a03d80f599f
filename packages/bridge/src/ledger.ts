/** How points arrive. */
export type Transport = 'grpc' | 'http' | 'push';

/** Where points go. */
export type OutputName = 'prometheus' | 'live' | 'statsd' | 'alerts' | 'history';

/** Why a point did not go to an output. The first six concern every output alike. */
export type DropCause =
  | 'unsupported_type'
  | 'invalid_point'
  | 'no_recorded_value'
  | 'series_limit'
  | 'duplicate_point'
  | 'stale_point'
  | 'late_increment'
  | 'name_collision'
  | 'type_conflict'
  | 'non_finite'
  | 'line_too_long'
  | HistoryRefusal
  | StatsdLoss;

/** Of the history: a time it does not keep, a clock ahead, a disk that did not take what waited. */
type HistoryRefusal = 'too_old' | 'too_new' | 'write_failed';

/** Why what was sent, or waited for it, is lost. */
type StatsdLoss = 'queue_full' | 'resolve_failed' | 'send_failed' | 'refused' | 'unconfirmed' | 'closed';

/** What became of the points of one output: received = forwarded + held + dropped. */
export interface OutputLedger {
  readonly received: number;
  readonly forwarded: number;
  readonly held: number;
  readonly dropped: Readonly<Partial<Record<DropCause, number>>>;
}

/** The account of one output. Its own words: an output forwards a point when it has taken it over for good. */
export class Account {
  received = 0;
  forwarded = 0;
  readonly #dropped = new Map<DropCause, number>();

  drop(cause: DropCause, count: number = 1): void {
    if (count > 0) this.#dropped.set(cause, (this.#dropped.get(cause) ?? 0) + count);
  }

  /** Goes on from what an earlier life had counted. */
  restore(saved: Omit<OutputLedger, 'held'> | undefined): void {
    if (saved === undefined) return;
    this.received = saved.received;
    this.forwarded = saved.forwarded;
    for (const [cause, count] of Object.entries(saved.dropped)) this.#dropped.set(cause as DropCause, count);
  }

  ledger(held: number): OutputLedger {
    const { received, forwarded } = this;
    return { received, forwarded, held, dropped: Object.fromEntries(this.#dropped) };
  }
}
