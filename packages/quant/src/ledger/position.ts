import type { Contract } from './contract.ts';
import type { TradeStatistics } from './trade-statistics.ts';

/** One position, kept apart by account, strategy, exchange and symbol. A live view: it changes with each event. */
export interface Position {
  /** 0, 1, 2, … in order of opening; stable, so that callers can keep their own state in an array beside. */
  readonly handle: number;
  /** Empty when the fills carry no account. */
  readonly account: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly contract: Contract;
  /** Signed, long positive, in the contract's own units. */
  readonly quantity: number;
  /** Average entry price, harmonic for inverse contracts; undefined when flat. */
  readonly averagePrice: number | undefined;
  /** Since the first fill, before fees, in the settlement currency; over all trades of the position. */
  readonly realizedPnl: number;
  /** At the contract's latest mark; undefined until there is one. */
  readonly unrealizedPnl: number | undefined;
  /** Fees that reduce P&L in the settlement currency: cost positive. Fees in other currencies are not in it. */
  readonly fees: number;
  /** Signed value at the latest mark, in the notional currency of the contract; undefined until there is a mark. */
  readonly notional: number | undefined;
  readonly markPrice: number | undefined;
  readonly lastFillPrice: number;
  readonly fillCount: number;
  /** Closed round trips, flat to flat or flat to flip, after fees. */
  readonly trades: TradeStatistics;
  /** Time of the fill that opened the trade that is open now; undefined when flat. */
  readonly openTimeMs: number | undefined;
  /** {@link unrealizedPnl} at any price. */
  unrealizedPnlAt(price: number): number;
  /** {@link notional} at any price. */
  notionalAt(price: number): number;
  /**
   * Writes quantity, notional and unrealized P&L into the first three cells, at the latest mark, and returns whether
   * there is one. Until then the position's own last fill is the best known price: an open position is never worth
   * nothing. Unlike the getters it never allocates.
   */
  valueInto(output: Float64Array): boolean;
}
