import type { Side } from '../market/message.ts';

/** `GTC` rests until cancelled, `GTX` is refused if it would take, `IOC` never rests. */
export type TimeInForce = 'GTC' | 'GTX' | 'IOC';

/** A new order as the exchange receives it. */
export interface NewOrder {
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: 'limit' | 'market';
  readonly timeInForce: TimeInForce;
  readonly quantity: number;
  /** Limit price; `undefined` for market orders. */
  readonly price?: number;
}

/** Class of a refusal; closed, so that it can be an attribute. */
export type RejectReason =
  | 'unknown_symbol'
  | 'duplicate_order'
  | 'price_grid'
  | 'quantity_grid'
  | 'post_only'
  | 'no_liquidity'
  | 'rate_limit'
  | 'market_closed'
  | 'unknown_order';

/** What happened to an order, at market time `timeMs`. */
export type OrderEvent =
  | { readonly event: 'ack'; readonly orderId: string; readonly symbol: string; readonly timeMs: number }
  | {
      readonly event: 'reject' | 'cancelReject';
      readonly orderId: string;
      readonly symbol: string;
      readonly reason: RejectReason;
      readonly timeMs: number;
    }
  | {
      readonly event: 'cancel' | 'expire';
      readonly orderId: string;
      readonly symbol: string;
      /** Quantity that was not filled. */
      readonly remaining: number;
      readonly timeMs: number;
    }
  | FillEvent;

/** A fill of an order. */
export interface FillEvent {
  readonly event: 'fill';
  readonly orderId: string;
  readonly symbol: string;
  /** Unique on its exchange. */
  readonly fillId: string;
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
  /** Quantity still open after this fill. */
  readonly remaining: number;
  /** Cost positive, rebate negative, in the settlement currency. */
  readonly fee: number;
  readonly feeCurrency: string;
  readonly liquidity: 'maker' | 'taker';
  readonly timeMs: number;
}
