import { type Position, ShortfallAccount, type Side, VOLUME_MARK_CELLS } from '@nanometer/quant';
import type { OrderEvent } from './events.ts';
import type { OrderSeries } from './order-series.ts';

/** One order while it is tracked. Objects are reused: hold none beyond an event. */
export class Order {
  id = '';
  series: OrderSeries | undefined = undefined;
  quantity = 0;
  filled = 0;
  sentTimeMs = 0;
  acknowledged = false;
  hasFill = false;
  ended = false;
  older: Order = this;
  newer: Order = this;
  side: Side = 'buy';
  /** Bounded, as they become attributes; empty where there is none. */
  type = '';
  timeInForce = '';
  parentId: string | undefined = undefined;
  // Prices that fills are compared with, NaN where one is not known: a field that is always a double is stored in place.
  limitPrice: number = Number.NaN;
  expectedPrice: number = Number.NaN;
  decisionMid: number = Number.NaN;
  arrivalMid: number = Number.NaN;
  ackMid: number = Number.NaN;
  /** Position of the latest fill. */
  position: Position | undefined = undefined;
  /** What was filled and paid. */
  readonly account: ShortfallAccount = new ShortfallAccount();
  /** The market's volume when the order was sent. */
  readonly volumeMark: Float64Array = new Float64Array(VOLUME_MARK_CELLS);
}

/**
 * Orders by id, open ones and a number of ended ones, both bounded. Each list is a ring through a sentinel, oldest
 * first after it, so that the oldest is found and any order unlinked in constant time.
 *
 * ```
 * sentinel → oldest → … → newest → sentinel
 * ```
 */
export class OrderTracker {
  readonly #byId = new Map<string, Order>();
  readonly #open = new Order();
  readonly #ended = new Order();
  readonly #openLimit: number;
  readonly #endedLimit: number;
  #openCount = 0;
  #endedCount = 0;
  #spare: Order | undefined = undefined;
  #latest: Order = this.#open;

  constructor(openLimit: number, endedLimit: number) {
    this.#openLimit = openLimit;
    this.#endedLimit = endedLimit;
  }

  get openCount(): number {
    return this.#openCount;
  }

  /** Orders held in memory, open and ended. */
  get size(): number {
    return this.#byId.size;
  }

  /** The order that was added last. */
  get latest(): Order {
    return this.#latest;
  }

  find(id: string): Order | undefined {
    return this.#byId.get(id);
  }

  /**
   * Tracks a new order. Returns the series of the open order that had to be forgotten to make room, if any.
   * The id must not be tracked already.
   */
  add(event: OrderEvent, series: OrderSeries): OrderSeries | undefined {
    let evicted: OrderSeries | undefined;
    if (this.#openCount >= this.#openLimit) {
      const oldest = this.#open.newer;
      evicted = oldest.series;
      this.#openCount--;
      this.#forget(oldest);
    }
    const order = this.#spare ?? new Order();
    this.#spare = undefined;
    restart(order, event);
    order.series = series;
    append(this.#open, order);
    this.#openCount++;
    this.#byId.set(order.id, order);
    this.#latest = order;
    return evicted;
  }

  /** Moves an open order to the ended ones, of which the oldest is forgotten beyond the limit. */
  end(order: Order): void {
    order.ended = true;
    unlink(order);
    append(this.#ended, order);
    this.#openCount--;
    if (++this.#endedCount > this.#endedLimit) {
      this.#endedCount--;
      this.#forget(this.#ended.newer);
    }
  }

  #forget(order: Order): void {
    unlink(order);
    this.#byId.delete(order.id);
    order.series = undefined;
    order.position = undefined;
    this.#spare = order;
  }
}

/** Makes an order that may have been another one before into that of an event. */
function restart(order: Order, event: OrderEvent): void {
  order.id = event.orderId;
  order.side = event.side;
  order.quantity = event.quantity;
  order.filled = 0;
  order.sentTimeMs = event.timeMs;
  order.acknowledged = false;
  order.hasFill = false;
  order.ended = false;
  order.parentId = event.parentId;
  order.limitPrice = event.price ?? Number.NaN;
  order.ackMid = Number.NaN;
  order.position = undefined;
  order.account.reset();
}

function append(sentinel: Order, order: Order): void {
  order.newer = sentinel;
  order.older = sentinel.older;
  sentinel.older.newer = order;
  sentinel.older = order;
}

function unlink(order: Order): void {
  order.older.newer = order.newer;
  order.newer.older = order.older;
}
