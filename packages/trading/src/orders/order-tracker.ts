import { CellTable } from '@nanometer/quant';
import type { OrderEvent } from './events.ts';
import { Order, ORDER_CELLS } from './order.ts';
import type { OrderSeries } from './order-series.ts';

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
  readonly #table = new CellTable(ORDER_CELLS);
  readonly #open = new Order(this.#table);
  readonly #ended = new Order(this.#table);
  readonly #openLimit: number;
  readonly #endedLimit: number;
  #openCount = 0;
  #endedCount = 0;
  /** Forgotten orders that wait to be used again, a ring as well: a burst of new ones then makes no new objects. */
  readonly #spare = new Order(this.#table);
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
    const order = this.#made();
    order.restart(event);
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

  /** Every order, ended ones first, each list from the oldest on. */
  *all(): Generator<Order> {
    for (const list of [this.#ended, this.#open]) {
      for (let order = list.newer; order !== list; order = order.newer) yield order;
    }
  }

  #forget(order: Order): void {
    unlink(order);
    this.#byId.delete(order.id);
    order.series = undefined;
    order.position = undefined;
    append(this.#spare, order);
  }

  #made(): Order {
    const order = this.#spare.newer;
    if (order === this.#spare) return new Order(this.#table);
    unlink(order);
    return order;
  }
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
