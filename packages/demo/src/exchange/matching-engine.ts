import { DepthBook } from '../market/depth-book.ts';
import { feeOf, type FeeSchedule, type MarketSpec, roundTo } from '../market/market-spec.ts';
import type { BboMessage, DepthMessage, MarketMessage, Side, TradeMessage } from '../market/message.ts';
import type { NewOrder, OrderEvent, RejectReason } from './order.ts';

interface RestingOrder {
  readonly orderId: string;
  readonly side: Side;
  readonly price: number;
  remaining: number;
  /** Displayed quantity in front of the order; `undefined` while the size at its price has not been seen. */
  queueAhead: number | undefined;
}

interface Touch {
  price: number;
  /** Displayed size less what own orders took of it since the last update. */
  available: number;
}

const NOTHING = NaN;

/**
 * Matches the desk's orders of one market against the replayed book.
 *
 * - An order that crosses takes what the touch displays, at the touch's price; what one update displays is taken once.
 * - A resting order waits behind the size displayed at its price when it joined. Trades at that price and reductions of
 *   the displayed size move it forward; it fills with what a trade has left after the queue in front of it.
 * - A trade beyond its price, or an opposite touch at or beyond it, fills it at its own price.
 *
 * The desk's orders do not change the replayed book and do not meet each other. Quantity traded at a price is shared by
 * the desk's orders there in time priority, never counted twice.
 */
export class MatchingEngine {
  readonly spec: MarketSpec;
  readonly #fees: FeeSchedule;
  readonly #emit: (event: OrderEvent) => void;
  readonly #book: DepthBook = new DepthBook();
  readonly #bid: Touch = { price: NOTHING, available: 0 };
  readonly #ask: Touch = { price: NOTHING, available: 0 };
  /** In time priority. */
  #orders: RestingOrder[] = [];
  #fillCount = 0;

  constructor(spec: MarketSpec, fees: FeeSchedule, emit: (event: OrderEvent) => void) {
    this.spec = spec;
    this.#fees = fees;
    this.#emit = emit;
  }

  /** Number of resting orders. */
  get openOrders(): number {
    return this.#orders.length;
  }

  /** Displayed quantity in front of a resting order; `undefined` when unknown or when there is no such order. */
  queueAhead(orderId: string): number | undefined {
    return this.#orders.find((order) => order.orderId === orderId)?.queueAhead;
  }

  /** Takes one message of the market's data. */
  onMarketMessage(message: MarketMessage): void {
    if (message.channel === 'bbo') this.#onBbo(message);
    else if (message.channel === 'trades') this.#onTrade(message);
    else this.#onDepth(message);
  }

  /** Takes a new order that arrives at `timeMs`. */
  submit(order: NewOrder, timeMs: number): void {
    const reason = this.#refusal(order);
    if (reason) return this.#reject(order, reason, timeMs);
    const opposite = order.side === 'buy' ? this.#ask : this.#bid;
    const limit = order.price ?? (order.side === 'buy' ? Infinity : 0);
    const crosses = order.side === 'buy' ? opposite.price <= limit : opposite.price >= limit;
    if (crosses && order.timeInForce === 'GTX') return this.#reject(order, 'post_only', timeMs);
    if (order.type === 'market' && !(opposite.available > 0)) return this.#reject(order, 'no_liquidity', timeMs);

    const { orderId, symbol } = order;
    this.#emit({ event: 'ack', orderId, symbol, timeMs });
    const resting = { orderId, side: order.side, price: limit, remaining: order.quantity, queueAhead: undefined };
    if (crosses) this.#fill(resting, opposite.price, this.#take(opposite, order.quantity), 'taker', timeMs);
    if (resting.remaining === 0) return;
    if (order.type === 'market' || order.timeInForce === 'IOC') {
      this.#emit({ event: 'expire', orderId, symbol, remaining: resting.remaining, timeMs });
      return;
    }
    this.#join(resting, crosses);
  }

  /** Cancels a resting order. */
  cancel(orderId: string, timeMs: number): void {
    const { symbol } = this.spec;
    const index = this.#orders.findIndex((order) => order.orderId === orderId);
    const order = this.#orders[index];
    if (order === undefined) {
      this.#emit({ event: 'cancelReject', orderId, symbol, reason: 'unknown_order', timeMs });
      return;
    }
    this.#orders.splice(index, 1);
    this.#emit({ event: 'cancel', orderId, symbol, remaining: order.remaining, timeMs });
  }

  /** Ends every resting order, as the market closes. */
  expireAll(timeMs: number): void {
    const orders = this.#orders;
    this.#orders = [];
    for (const { orderId, remaining } of orders) {
      this.#emit({ event: 'expire', orderId, symbol: this.spec.symbol, remaining, timeMs });
    }
  }

  #refusal(order: NewOrder): RejectReason | undefined {
    const { quantityDecimals, priceDecimals } = this.spec;
    if (!(order.quantity > 0 && order.quantity < Infinity)) return 'quantity_grid';
    if (roundTo(order.quantity, quantityDecimals) !== order.quantity) return 'quantity_grid';
    if (order.type === 'limit') {
      const price = order.price ?? NaN;
      if (!(price > 0 && price < Infinity) || roundTo(price, priceDecimals) !== price) return 'price_grid';
    }
    return this.#orders.some(({ orderId }) => orderId === order.orderId) ? 'duplicate_order' : undefined;
  }

  #reject(order: NewOrder, reason: RejectReason, timeMs: number): void {
    this.#emit({ event: 'reject', orderId: order.orderId, symbol: order.symbol, reason, timeMs });
  }

  #join(order: RestingOrder, crossed: boolean): void {
    const touch = order.side === 'buy' ? this.#bid : this.#ask;
    const ahead = order.side === 'buy' ? touch.price - order.price : order.price - touch.price;
    // A better price than the touch has nobody in front; what took the whole opposite touch is the new best.
    if (crossed || ahead < 0) order.queueAhead = 0;
    else if (ahead === 0) order.queueAhead = touch.available;
    else order.queueAhead = this.#displayed(order);
    this.#orders.push(order);
  }

  /** A level that displays nothing may lie beyond the depth that is sent: its size is unknown, not zero. */
  #displayed(order: RestingOrder): number | undefined {
    const size = order.side === 'buy' ? this.#book.bidQuantity(order.price) : this.#book.askQuantity(order.price);
    return size > 0 ? size : undefined;
  }

  #onBbo(bbo: BboMessage): void {
    if (!(bbo.bidPrice < bbo.askPrice)) return;
    this.#bid.price = bbo.bidPrice;
    this.#bid.available = bbo.bidQuantity;
    this.#ask.price = bbo.askPrice;
    this.#ask.available = bbo.askQuantity;
    if (this.#orders.length === 0) return;
    for (const order of this.#orders) {
      const buys = order.side === 'buy';
      const opposite = buys ? this.#ask : this.#bid;
      if (buys ? opposite.price <= order.price : opposite.price >= order.price) {
        this.#fill(order, order.price, this.#take(opposite, order.remaining), 'maker', bbo.timeMs);
        continue;
      }
      const touch = buys ? this.#bid : this.#ask;
      if (touch.price === order.price) order.queueAhead = Math.min(order.queueAhead ?? Infinity, touch.available);
      else if (buys ? touch.price < order.price : touch.price > order.price) order.queueAhead = 0;
    }
    this.#dropFilled();
  }

  #onTrade(trade: TradeMessage): void {
    if (this.#orders.length === 0) return;
    let taken = 0;
    for (const order of this.#orders) {
      const buys = order.side === 'buy';
      if (buys ? trade.price < order.price : trade.price > order.price) {
        this.#fill(order, order.price, order.remaining, 'maker', trade.timeMs);
      } else if (trade.price === order.price && trade.takerSide !== order.side && order.queueAhead !== undefined) {
        const passed = trade.quantity - order.queueAhead;
        order.queueAhead = Math.max(0, -passed);
        const share = roundTo(passed - taken, this.spec.quantityDecimals);
        if (share <= 0) continue;
        const quantity = Math.min(order.remaining, share);
        taken += quantity;
        this.#fill(order, order.price, quantity, 'maker', trade.timeMs);
      }
    }
    this.#dropFilled();
  }

  #onDepth(depth: DepthMessage): void {
    this.#book.apply(depth.snapshot, depth.bids, depth.asks);
    for (const order of this.#orders) {
      // At the touch its own channel, which is faster than the diff stream, tells the size.
      const touch = order.side === 'buy' ? this.#bid : this.#ask;
      if (order.price === touch.price) continue;
      const displayed = this.#displayed(order);
      if (displayed !== undefined) order.queueAhead = Math.min(order.queueAhead ?? Infinity, displayed);
    }
  }

  #take(touch: Touch, wanted: number): number {
    const quantity = Math.min(wanted, touch.available);
    touch.available = roundTo(touch.available - quantity, this.spec.quantityDecimals);
    return quantity;
  }

  #fill(order: RestingOrder, price: number, quantity: number, liquidity: 'maker' | 'taker', timeMs: number): void {
    if (!(quantity > 0)) return;
    const { spec } = this;
    order.remaining = roundTo(order.remaining - quantity, spec.quantityDecimals);
    this.#emit({
      event: 'fill',
      orderId: order.orderId,
      symbol: spec.symbol,
      fillId: `${spec.exchange}:${spec.symbol}:${++this.#fillCount}`,
      side: order.side,
      price,
      quantity,
      remaining: order.remaining,
      fee: feeOf(spec, liquidity === 'maker' ? this.#fees.makerBps : this.#fees.takerBps, price, quantity),
      feeCurrency: spec.currency,
      liquidity,
      timeMs,
    });
  }

  #dropFilled(): void {
    if (this.#orders.some((order) => order.remaining === 0)) {
      this.#orders = this.#orders.filter((order) => order.remaining > 0);
    }
  }
}
