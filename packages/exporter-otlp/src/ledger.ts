import type { LogDropCause } from './log/record-log.ts';

/** Why a point was dropped; closed, so that a caller can switch over it. */
export type DropCause =
  | LogDropCause
  /** The log could not take the record: disk full, read-only, I/O error. */
  | 'write_failed'
  /** The receiver refused the request for good. */
  | 'refused'
  /** One point alone is larger than the receiver takes. */
  | 'too_large'
  /** The receiver took the request and rejected some of its points. */
  | 'partial_success'
  /** Metrics that could not be encoded. */
  | 'invalid_point'
  /** Exported after the shutdown, or held in memory at its end. */
  | 'closed';

/** What became of the points: received = forwarded + held + dropped. */
export class Ledger {
  /** Handed to the exporter, or found in its log at the opening. */
  received = 0;
  /** Of those, found in the log. */
  recovered = 0;
  /** Acknowledged by the receiver. */
  forwarded = 0;
  /** Handed over and not yet in the log. */
  pending = 0;
  readonly #dropped = new Map<DropCause, number>();

  drop(cause: DropCause, points: number): void {
    if (points > 0) this.#dropped.set(cause, (this.#dropped.get(cause) ?? 0) + points);
  }

  get dropped(): Readonly<Partial<Record<DropCause, number>>> {
    return Object.fromEntries(this.#dropped);
  }

  get droppedPoints(): number {
    let sum = 0;
    for (const points of this.#dropped.values()) sum += points;
    return sum;
  }
}
