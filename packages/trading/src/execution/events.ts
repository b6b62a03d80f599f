import type { Side } from '@nanometer/quant';

/** Best bid and offer of a market, as the desk received it. All times are Unix milliseconds on the desk's own clock. */
export interface QuoteEvent {
  readonly exchange: string;
  readonly symbol: string;
  readonly bid: number;
  readonly ask: number;
  readonly timeMs: number;
}

/** A trade between others, as the exchange published it; needed for the interval VWAP and for bars of trades. */
export interface MarketTradeEvent {
  readonly exchange: string;
  readonly symbol: string;
  readonly price: number;
  /** In the contract's own units. */
  readonly quantity: number;
  /** Needed for bars of trades only. */
  readonly timeMs?: number | undefined;
}

/** A decision to trade that is worked by one or more orders, which name it as their `parentId`. */
export interface ParentOrderEvent {
  /** Unique among the parents that are open; never becomes an attribute. */
  readonly parentId: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly side: Side;
  /** In the contract's own units, from 1e-100 to 1e100. */
  readonly quantity: number;
  /** Mid price at the decision; taken from the quotes where it is not given. */
  readonly decisionMid?: number | undefined;
  readonly timeMs: number;
}

/** The end of a parent order that was not filled in full: what is open is given up. */
export interface ParentEndEvent {
  readonly parentId: string;
  /** Mid price at the end; taken from the quotes where it is not given. */
  readonly endMid?: number | undefined;
  readonly timeMs: number;
}

/** Returns of one period of a regular clock, of a strategy and of the benchmarks of the option `attribution`. */
export interface ReturnEvent {
  readonly strategy: string;
  /** As a fraction: 0.01 is a percent. */
  readonly value: number;
  /** One for each benchmark, in their order. */
  readonly benchmarks: readonly number[];
  /** Money the return was earned on, in the reporting currency; without it there is no rate in money. */
  readonly capital?: number | undefined;
}

/** What became of one of these events. Everything but `applied` is counted in `trading.event.dropped`. */
export type ExecutionResult =
  | 'applied'
  | 'duplicate'
  | 'out_of_order'
  | 'unknown_contract'
  | 'unknown_parent'
  | 'no_attribution'
  | 'series_limit'
  | 'invalid_event'
  | 'invalid_parent_id'
  | 'invalid_strategy'
  | 'invalid_side'
  | 'invalid_quantity'
  | 'invalid_price'
  | 'invalid_return'
  | 'invalid_time';
