import type { DropCause } from './ledger.ts';

/** The exporter's account: received = forwarded + held + the sum of dropped. */
export interface OtlpStats {
  /** Points handed over, and found in the log at its opening. */
  readonly received: number;
  /** Of those, found in the log: an earlier process counted them too. */
  readonly recovered: number;
  /** Points the receiver acknowledged. */
  readonly forwarded: number;
  /** Points in the log or on their way into it. */
  readonly held: number;
  readonly dropped: Readonly<Partial<Record<DropCause, number>>>;
  /** Bytes of the log, what is delivered and not yet freed included. */
  readonly heldBytes: number;
  /** Age of the oldest record held; 0 when there is none. */
  readonly oldestHeldSeconds: number;
  /** Requests the receiver took. */
  readonly requests: number;
  /** Requests that failed and were sent again. */
  readonly retries: number;
  /** Why the last attempt failed; absent after a success. */
  readonly lastError?: string;
}
