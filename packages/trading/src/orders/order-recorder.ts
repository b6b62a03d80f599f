import type { Fill, Position } from '@nanometer/quant';
import type { Meter } from '@opentelemetry/api';
import type { Drops } from '../drops.ts';
import type { AckEvent, CancelEvent, OrderEvent, OrderResult, RejectEvent } from './events.ts';
import { BoundedValues } from './bounded-values.ts';
import { isName } from '@nanometer/instrumentation';
import { checkOrder } from './order-check.ts';
import { OrderInstruments } from './order-instruments.ts';
import { OrderSeries } from './order-series.ts';
import type { Order } from './order.ts';
import { type OrdersSnapshot, restoreCells, trackedOrder } from './order-snapshot.ts';
import { OrderTracker } from './order-tracker.ts';
import type { OrderListener, OrderOutcome } from './order-outcome.ts';
import type { Settings } from '../options.ts';

/** Sums of fills reach the order's quantity up to rounding. */
const FILLED_SHARE = 1 - 1e-9;

/** What a series of orders is kept by. */
export type OrderKey = Pick<OrderEvent, 'exchange' | 'symbol' | 'strategy'>;

/** Follows orders from sending to their end. */
export class OrderRecorder {
  readonly #instruments: OrderInstruments;
  readonly #drops: Drops;
  readonly #listener: OrderListener;
  readonly #tracker: OrderTracker;
  readonly #seriesLimit: number;
  readonly #series = new Map<string, Map<string, Map<string, OrderSeries>>>();
  readonly #types: BoundedValues;
  readonly #timesInForce: BoundedValues;
  readonly #reasons: BoundedValues;
  #seriesCount = 0;

  constructor(meter: Meter, drops: Drops, settings: Settings, listener: OrderListener) {
    this.#instruments = new OrderInstruments(meter);
    this.#drops = drops;
    this.#listener = listener;
    this.#tracker = new OrderTracker(settings.openOrderLimit, settings.endedOrderLimit);
    this.#seriesLimit = settings.orderSeriesLimit;
    this.#types = new BoundedValues(settings.orderTypeLimit);
    this.#timesInForce = new BoundedValues(settings.timeInForceLimit);
    this.#reasons = new BoundedValues(settings.rejectReasonLimit);
  }

  get openCount(): number {
    return this.#tracker.openCount;
  }

  /** Orders held in memory, open and ended. */
  get trackedCount(): number {
    return this.#tracker.size;
  }

  sent(event: OrderEvent): OrderResult {
    const refusal = checkOrder(event);
    if (refusal !== undefined) return this.#drops.count(refusal);
    if (this.#tracker.find(event.orderId) !== undefined) return this.#drops.count('duplicate');
    const series = this.seriesOf(event);
    if (series === undefined) return this.#drops.count('series_limit');
    const evicted = this.#tracker.add(event, series);
    if (evicted !== undefined) {
      evicted.ended();
      this.#drops.count('order_evicted');
    }
    const order = this.#tracker.latest;
    order.type = this.#types.pass(event.type);
    order.timeInForce = event.timeInForce === undefined ? '' : this.#timesInForce.pass(event.timeInForce);
    series.sent(event.side, order.type);
    this.#listener.sent(order, event);
    return 'applied';
  }

  acknowledged(event: AckEvent): OrderResult {
    const order = this.#find(event);
    if (typeof order === 'string') return this.#drops.count(order);
    if (order.acknowledged) return this.#drops.count('duplicate');
    order.acknowledged = true;
    const series = order.series as OrderSeries;
    series.acknowledged();
    this.#listener.acknowledged(order, event);
    const seconds = (event.timeMs - order.sentTimeMs) / 1000;
    if (seconds >= 0) series.ackDuration(seconds);
    else this.#drops.count('negative_duration');
    return 'applied';
  }

  rejected(event: RejectEvent): OrderResult {
    const order = this.#find(event);
    if (typeof order === 'string') return this.#drops.count(order);
    if (!isName(event.reason)) return this.#drops.count('invalid_reason');
    if (order.ended) return this.#drops.count('order_ended');
    (order.series as OrderSeries).rejected(this.#reasons.pass(event.reason));
    this.#end(order, order.filled > 0 ? 'partial' : 'rejected', event);
    return 'applied';
  }

  canceled(event: CancelEvent): OrderResult {
    const order = this.#find(event);
    if (typeof order === 'string') return this.#drops.count(order);
    if (order.ended) return this.#drops.count('order_ended');
    (order.series as OrderSeries).canceled();
    this.#end(order, order.filled > 0 ? 'partial' : 'canceled', event);
    return 'applied';
  }

  /** The order of a fill. Fills of orders that are not tracked are fills all the same. */
  orderOf({ orderId }: Fill): Order | undefined {
    return orderId === undefined ? undefined : this.#tracker.find(orderId);
  }

  /** A fill of an order was counted. */
  filled(order: Order, fill: Fill): void {
    if (!order.hasFill) {
      order.hasFill = true;
      const seconds = (fill.timeMs - order.sentTimeMs) / 1000;
      if (seconds >= 0) (order.series as OrderSeries).fillDuration(seconds);
      else this.#drops.count('negative_duration');
    }
    order.filled += fill.quantity;
    if (!order.ended && order.filled >= order.quantity * FILLED_SHARE) this.#end(order, 'filled', fill);
  }

  snapshot(): OrdersSnapshot {
    return {
      orders: Array.from(this.#tracker.all(), trackedOrder),
      types: this.#types.known,
      timesInForce: this.#timesInForce.known,
      reasons: this.#reasons.known,
    };
  }

  /** Into a recorder that has seen nothing. Orders beyond its limits are forgotten, the oldest first. */
  restore(
    { orders, types, timesInForce, reasons }: OrdersSnapshot,
    positionAt: (handle: number) => Position | undefined,
  ): void {
    for (const type of types) this.#types.pass(type);
    for (const time of timesInForce) this.#timesInForce.pass(time);
    for (const reason of reasons) this.#reasons.pass(reason);
    for (const saved of orders) {
      const series = this.seriesOf(saved);
      if (series === undefined) continue;
      const { id: orderId, type, timeInForce, side, parentId } = saved;
      const evicted = this.#tracker.add({ ...saved, orderId, type, side, parentId, quantity: 1, timeMs: 0 }, series);
      evicted?.ended();
      const order = this.#tracker.latest;
      restoreCells(order, saved);
      Object.assign(order, { type, timeInForce, acknowledged: saved.acknowledged, hasFill: saved.hasFill });
      order.position = saved.position === undefined ? undefined : positionAt(saved.position);
      if (saved.ended) this.#tracker.end(order);
      else series.resumed();
    }
  }

  #end(order: Order, outcome: OrderOutcome, event: { readonly timeMs: number }): void {
    (order.series as OrderSeries).ended();
    this.#listener.ended(order, outcome, event);
    this.#tracker.end(order);
  }

  #find(event: AckEvent): Order | 'invalid_event' | 'invalid_time' | 'unknown_order' {
    if (typeof event !== 'object' || event === null) return 'invalid_event';
    if (!Number.isFinite(event.timeMs)) return 'invalid_time';
    return this.#tracker.find(event.orderId) ?? 'unknown_order';
  }

  /** The series of a strategy on a symbol of an exchange; undefined beyond the limit. */
  seriesOf({ exchange, symbol, strategy }: OrderKey): OrderSeries | undefined {
    const known = this.#series.get(exchange)?.get(symbol)?.get(strategy);
    if (known !== undefined || this.#seriesCount >= this.#seriesLimit) return known;
    const series = new OrderSeries(this.#instruments, this.#seriesCount++, exchange, symbol, strategy);
    const symbols = this.#series.get(exchange) ?? new Map<string, Map<string, OrderSeries>>();
    this.#series.set(exchange, symbols);
    const strategies = symbols.get(symbol) ?? new Map<string, OrderSeries>();
    symbols.set(symbol, strategies);
    strategies.set(strategy, series);
    return series;
  }
}
