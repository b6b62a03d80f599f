import type { Side } from '@nanometer/quant';

/** An order handed to the exchange. All times are Unix milliseconds on the desk's own clock. */
export interface OrderEvent {
  /** Unique among the orders that are tracked; never becomes an attribute. */
  readonly orderId: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly side: Side;
  /** Low-cardinality type such as `limit` or `market`. */
  readonly type: string;
  /** In the contract's own units, from 1e-100 to 1e100. */
  readonly quantity: number;
  /** Limit price; absent for market orders. */
  readonly price?: number | undefined;
  /** Low-cardinality time in force such as `GTC` or `IOC`. */
  readonly timeInForce?: string | undefined;
  /** The parent order it is a part of; never becomes an attribute. */
  readonly parentId?: string | undefined;
  /**
   * Mid price when the strategy decided. An order with one and without a parent is its own parent: implementation
   * shortfall is computed for it.
   */
  readonly decisionMid?: number | undefined;
  /** Mid price when the order was sent; taken from the quotes where it is not given. */
  readonly arrivalMid?: number | undefined;
  /** Price the strategy expects to be filled at. */
  readonly expectedPrice?: number | undefined;
  readonly timeMs: number;
}

/** The exchange has taken an order. */
export interface AckEvent {
  readonly orderId: string;
  /** Mid price at the acknowledgement; taken from the quotes where it is not given. */
  readonly mid?: number | undefined;
  readonly timeMs: number;
}

/** The exchange has refused an order. */
export interface RejectEvent {
  readonly orderId: string;
  /** Low-cardinality class of the reason, such as `InsufficientFunds`; never the message text. */
  readonly reason: string;
  readonly timeMs: number;
}

/** An order is off the book before it was filled in full. */
export interface CancelEvent {
  readonly orderId: string;
  readonly timeMs: number;
}

/** What became of an order event. Everything but `applied` is counted in `trading.event.dropped`. */
export type OrderResult =
  | 'applied'
  | 'duplicate'
  | 'unknown_order'
  | 'order_ended'
  | 'series_limit'
  | 'invalid_event'
  | 'invalid_order_id'
  | 'invalid_strategy'
  | 'invalid_exchange'
  | 'invalid_symbol'
  | 'invalid_side'
  | 'invalid_order_type'
  | 'invalid_time_in_force'
  | 'invalid_parent_id'
  | 'invalid_quantity'
  | 'invalid_price'
  | 'invalid_reason'
  | 'invalid_time';
