import type { MarkSource } from './contract-book.ts';
import type { Contract } from './contract.ts';
import type { TradeStatistics } from './trade-statistics.ts';

/** A quantity that is still open, with the price and time of its fill. */
export interface Lot {
  /** Unsigned. */
  readonly quantity: number;
  readonly price: number;
  readonly timeMs: number;
}

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
  /** Fees in third currencies, each converted to the settlement currency at the latest rate when it was charged. */
  readonly convertedFees: number;
  /** Funding paid, cost positive, in the settlement currency, converted where it was not in it. */
  readonly funding: number;
  /** Interest paid on what was borrowed, as {@link funding}. */
  readonly borrow: number;
  /** Fees and payments that are in none of these because there was no rate to convert them. */
  readonly unconvertedCosts: number;
  /** realized + unrealized - all fees - funding - borrow; undefined until an open position has a mark. */
  readonly netPnl: number | undefined;
  /** Largest unrealized loss of the open trade, positive, at each mark and each fill; undefined when flat. */
  readonly adverseExcursion: number | undefined;
  /** Largest unrealized gain of the open trade; undefined when flat. */
  readonly favorableExcursion: number | undefined;
  /** Cost × seconds held, and cost, summed over the closed trades. Their ratio is the holding time weighted by cost. */
  readonly heldCostSeconds: number;
  readonly closedCost: number;
  /** Open lots, oldest first, where the ledger keeps lots; a new array at each call. */
  lots(): readonly Lot[];
  /** Currencies that {@link feesIn} has fees of. */
  feeCurrencies(): readonly string[];
  /** Fees charged so far in a currency, as the fills named them: cost positive. */
  feesIn(currency: string): number;
  /** Signed value at the latest mark, in the notional currency of the contract; undefined until there is a mark. */
  readonly notional: number | undefined;
  /** What the position is valued at: the mark price, else the touch of its side, else the last trade. */
  readonly markPrice: number | undefined;
  readonly markSource: MarkSource | undefined;
  readonly markTimeMs: number | undefined;
  readonly lastFillPrice: number;
  readonly fillCount: number;
  /** Closed trades, grouped as the ledger's `tradeGrouping` says, after all costs. */
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
  /** Writes {@link netPnl} into the cell after `values[from]`, which must hold unrealized P&L. Never allocates. */
  netInto(values: Float64Array, from: number): void;
}
