import type { AckEvent, OrderEvent } from './events.ts';
import type { Order } from './order.ts';

/** How an order ended: `partial` was cancelled after a part was filled. */
export type OrderOutcome = 'filled' | 'partial' | 'canceled' | 'rejected';

/** Told of what changes in tracked orders. The order is reused after the call: hold none of it. */
export interface OrderListener {
  sent(order: Order, event: OrderEvent): void;
  acknowledged(order: Order, event: AckEvent): void;
  /** Once per order, with the event that ended it. */
  ended(order: Order, outcome: OrderOutcome, event: { readonly timeMs: number }): void;
}
