import type { MarketSpec } from '../market/market-spec.ts';
import type { Side } from '../market/message.ts';

/** Whom orders are sent for in one market, and who hears what becomes of them. */
export interface Trader {
  readonly style: {
    /** Name of the strategy. */
    readonly name: string;
    /** Account the strategy trades on. */
    readonly account: string;
  };
  readonly spec: MarketSpec;
  /** Signed position in the contract's units. */
  position: number;
  /** A fill changed the position. */
  onFill(side: Side, nowMs: number): void;
  /** An order has ended: filled, cancelled, rejected. */
  onQuoteEnd(side: Side, orderId: string): void;
}
