/** What became of the series that one StatsD send took along. */
export interface StatsdOutcome {
  /** Those not delivered, by their place in the send, with what the receiver has summed of their counters. */
  readonly failed: readonly { readonly index: number; readonly sent: number; readonly sentSum: number }[];
  /** It is not known whether any of it was delivered: the bridge ended while it was sent. */
  readonly unconfirmed: boolean;
}

/** Of a send that nobody saw end. */
export const UNCONFIRMED: StatsdOutcome = { failed: [], unconfirmed: true };
