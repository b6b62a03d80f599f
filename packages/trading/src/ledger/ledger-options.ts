import type { CostMethod, TradeGrouping } from '@nanometer/quant';

/** How the ledger computes P&L and trades, and what it starts from. */
export interface LedgerOptions {
  /** `average` (default), `fifo` or `lifo`. */
  readonly costMethod?: CostMethod | undefined;
  /** `flat-to-flat` (default), `flat-to-reduced` or `fill-to-fill`. */
  readonly tradeGrouping?: TradeGrouping | undefined;
  /** Most open lots where lots are kept; with more, lots are merged, counted as `lots_merged`. Default 262,144. */
  readonly lotLimit?: number | undefined;
  /** Age in ms beyond which a mark price or a quote gives way to the next price in order. Default: never. */
  readonly markAgeLimitMs?: number | undefined;
  /** What `ledger.snapshot()` returned before: the ledger goes on from there. */
  readonly state?: Uint8Array | undefined;
  /** Unix milliseconds at collection, for the age of marks. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}
