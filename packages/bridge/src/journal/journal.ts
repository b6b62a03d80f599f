import type { StatsdOutcome } from '../outputs/statsd-outcome.ts';
import type { Transport } from '../ledger.ts';

/** Everything that changes a bridge's state. The state is a function of these, in their order. */
export type Entry =
  | { readonly kind: 'request'; readonly transport: Transport; readonly timeMs: number; readonly bytes: Uint8Array }
  /** Series without a point since this time are forgotten. */
  | { readonly kind: 'expire'; readonly beforeMs: number }
  /** The first so many changed series are about to be sent as StatsD. */
  | { readonly kind: 'statsdTake'; readonly seriesCount: number }
  | { readonly kind: 'statsdOutcome'; readonly outcome: StatsdOutcome };

/** Where entries are kept before they take effect. */
export interface Journal {
  /**
   * Keeps an entry, then calls `apply`; entries are applied in the order they were given. Rejects with
   * `JournalUnavailable` when it cannot be kept: then `apply` was not called.
   */
  commit(entry: Entry, apply: () => void): Promise<void>;
}

/** An entry could not be kept; what it was about has not happened and may be tried again. */
export class JournalUnavailable extends Error {
  override readonly name = 'JournalUnavailable';
}

/** Keeps nothing: entries take effect at once, and end with the process. */
export const NO_JOURNAL: Journal = {
  commit: (_entry, apply) => {
    apply();
    return DONE;
  },
};

const DONE = Promise.resolve();
