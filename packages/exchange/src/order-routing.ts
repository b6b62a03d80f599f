import { type BoundCounter, type BoundHistogram, bindCounter, bindHistogram } from '@nanometer/metrics';
import { isDuration, isName } from '@nanometer/instrumentation';
import { effectiveSpreadBps } from '@nanometer/quant';
import { ATTR_ERROR_TYPE, ATTR_EXCHANGE_NAME, ATTR_EXCHANGE_ROUTING_BASIS } from '@nanometer/semconv';
import type { Attributes, BatchObservableResult } from '@opentelemetry/api';
import type { Drops } from './drops.ts';
import type { OrderEvent } from './events.ts';
import type { Instruments } from './instruments.ts';
import { OrderPath, type OrderTimes } from './order-path.ts';
import { concentrationOf, ROUTING_BASES, Routed, type RoutingBasis, shareOf } from './routing.ts';

/** The series of orders at one exchange. */
interface OrderSeries {
  readonly attributes: Attributes;
  readonly routed: Routed;
  readonly send: BoundHistogram;
  readonly ack: BoundHistogram;
  readonly fill: BoundHistogram;
  readonly cancel: BoundHistogram;
  readonly sent: BoundCounter;
  readonly quantity: BoundCounter;
  readonly notional: BoundCounter;
  readonly rejected: Map<string, BoundCounter>;
  readonly shares: Readonly<Record<RoutingBasis, Attributes>>;
}

/** The way of orders to the exchanges and what became of them: latencies by leg, routing shares, rejects, spreads paid. */
export class OrderRouting {
  readonly #instruments: Instruments;
  readonly #drops: Drops;
  readonly #errorTypeLimit: number;
  readonly #path: OrderPath;
  readonly #series = new Map<string, OrderSeries>();

  constructor(
    instruments: Instruments,
    drops: Drops,
    limits: { readonly orders: number; readonly errorTypes: number },
  ) {
    this.#instruments = instruments;
    this.#drops = drops;
    this.#errorTypeLimit = limits.errorTypes;
    this.#path = new OrderPath(limits.orders);
  }

  /** `event.exchange` is a name that is followed. */
  take(event: OrderEvent): void {
    if (!Number.isFinite(event.timeMs)) {
      this.#drops.count('invalid_time');
      return;
    }
    const series = this.#series.get(event.exchange) ?? this.#addSeries(event.exchange);
    if (event.kind === 'sent') this.#sent(series, event);
    else this.#later(series, event, this.#path.get(event.exchange, event.orderId));
  }

  observe(result: BatchObservableResult): void {
    const of = this.#instruments;
    const all = [...this.#series.values()].map(({ routed }) => routed);
    for (const { attributes, routed, shares } of this.#series.values()) {
      for (const basis of ROUTING_BASES) {
        const share = shareOf(routed, all, basis);
        if (share !== undefined) result.observe(of.routingShare, share, shares[basis]);
      }
      const { rejectShare, effectiveSpreadBps: spread } = routed;
      if (rejectShare !== undefined) result.observe(of.rejectShare, rejectShare, attributes);
      if (spread !== undefined) result.observe(of.effectiveSpread, spread, attributes);
    }
    for (const basis of ROUTING_BASES) {
      const index = concentrationOf(all, basis);
      if (index !== undefined) {
        result.observe(of.routingConcentration, index, { [ATTR_EXCHANGE_ROUTING_BASIS]: basis });
      }
    }
  }

  #sent(series: OrderSeries, event: Extract<OrderEvent, { kind: 'sent' }>): void {
    const { decisionTimeMs, quantity, notional, timeMs } = event;
    const { forgotten } = this.#path;
    if (!this.#path.add(event.exchange, event.orderId, timeMs)) {
      this.#drops.count('invalid_order');
      return;
    }
    if (this.#path.forgotten > forgotten) this.#drops.count('too_many_orders');
    series.routed.orders++;
    series.sent.add(1);
    if (decisionTimeMs !== undefined) this.#leg(series.send, decisionTimeMs, timeMs);
    if (this.#isAmount(quantity)) {
      series.routed.quantity += quantity;
      series.quantity.add(quantity);
    }
    if (this.#isAmount(notional)) {
      series.routed.notional += notional;
      series.notional.add(notional);
    }
  }

  #later(series: OrderSeries, event: Exclude<OrderEvent, { kind: 'sent' }>, order: OrderTimes | undefined): void {
    // A fill tells what was paid, also of an order that is no longer known.
    if (event.kind === 'filled') this.#paid(series.routed, event);
    if (order === undefined) {
      this.#drops.count('unknown_order');
      return;
    }
    switch (event.kind) {
      case 'acknowledged':
        this.#acknowledged(series, order, event.timeMs);
        break;
      case 'rejected':
        this.#acknowledged(series, order, event.timeMs);
        series.routed.rejects++;
        this.#rejectedBy(series, event.errorType).add(1);
        this.#path.remove(event.exchange, event.orderId);
        break;
      case 'filled':
        if (!order.isFilled) {
          order.isFilled = true;
          // Some exchanges report a fill before the acknowledgement, or instead of it.
          this.#leg(series.fill, Number.isNaN(order.ackMs) ? event.timeMs : order.ackMs, event.timeMs);
        }
        if (event.isDone === true) this.#path.remove(event.exchange, event.orderId);
        break;
      case 'cancel_sent':
        if (Number.isNaN(order.cancelMs)) order.cancelMs = event.timeMs;
        break;
      case 'canceled':
        // An end of before the request was sent is the exchange's own, and no answer to it.
        if (event.timeMs >= order.cancelMs) this.#leg(series.cancel, order.cancelMs, event.timeMs);
        this.#path.remove(event.exchange, event.orderId);
        break;
      default:
        this.#drops.count('invalid_order');
    }
  }

  #acknowledged(series: OrderSeries, order: OrderTimes, timeMs: number): void {
    if (!Number.isNaN(order.ackMs)) return;
    order.ackMs = timeMs;
    this.#leg(series.ack, order.sentMs, timeMs);
  }

  #paid(routed: Routed, { side, price, quantity, notional, mid }: Extract<OrderEvent, { kind: 'filled' }>): void {
    if (mid === undefined) return;
    const spread = effectiveSpreadBps(side === 'buy' ? 1 : -1, price, mid);
    const weight = notional ?? price * quantity;
    if (spread === undefined || !Number.isFinite(spread) || !(weight > 0 && weight < Infinity)) {
      this.#drops.count('invalid_amount');
      return;
    }
    routed.spreadWeight += weight;
    routed.weightedSpreadBps += weight * spread;
  }

  #leg(histogram: BoundHistogram, fromMs: number, toMs: number): void {
    const seconds = (toMs - fromMs) / 1000;
    if (isDuration(seconds)) histogram.record(seconds);
    else this.#drops.count('invalid_duration');
  }

  #isAmount(value: number | undefined): value is number {
    if (value === undefined) return false;
    if (Number.isFinite(value) && value >= 0) return true;
    this.#drops.count('invalid_amount');
    return false;
  }

  #rejectedBy(series: OrderSeries, errorType: string | undefined): BoundCounter {
    const known = isName(errorType) && (series.rejected.has(errorType) || series.rejected.size < this.#errorTypeLimit);
    const type = known ? errorType : '_OTHER';
    let bound = series.rejected.get(type);
    if (bound === undefined) {
      bound = bindCounter(this.#instruments.orderRejected, { ...series.attributes, [ATTR_ERROR_TYPE]: type });
      series.rejected.set(type, bound);
    }
    return bound;
  }

  #addSeries(exchange: string): OrderSeries {
    const of = this.#instruments;
    const attributes = { [ATTR_EXCHANGE_NAME]: exchange };
    const shareAttributes = (basis: RoutingBasis): Attributes => ({
      ...attributes,
      [ATTR_EXCHANGE_ROUTING_BASIS]: basis,
    });
    const series: OrderSeries = {
      attributes,
      routed: new Routed(),
      send: bindHistogram(of.orderSendDuration, attributes),
      ack: bindHistogram(of.orderAckDuration, attributes),
      fill: bindHistogram(of.orderFillDuration, attributes),
      cancel: bindHistogram(of.orderCancelDuration, attributes),
      sent: bindCounter(of.orderSent, attributes),
      quantity: bindCounter(of.orderQuantity, attributes),
      notional: bindCounter(of.orderNotional, attributes),
      rejected: new Map(),
      shares: {
        orders: shareAttributes('orders'),
        quantity: shareAttributes('quantity'),
        notional: shareAttributes('notional'),
      },
    };
    this.#series.set(exchange, series);
    return series;
  }
}
