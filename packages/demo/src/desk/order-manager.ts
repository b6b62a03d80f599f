import type { FillEvent, NewOrder, OrderEvent } from '../exchange/order.ts';
import type { WireRequest } from '../exchange/protocol.ts';
import type { Side } from '../market/message.ts';
import type { MarketMaker, WorkingQuote } from './market-maker.ts';
import type { Telemetry } from './telemetry.ts';

/** An order the desk has sent and not yet heard the end of. */
export interface OpenOrder {
  readonly orderId: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly side: Side;
  readonly maker: MarketMaker;
  readonly arrivalMid: number;
  readonly sentMs: number;
  cancelSentMs: number | undefined;
}

/** Where orders go. */
export interface OrderGateway {
  /** Unix milliseconds of market time 0. */
  readonly originMs: number;
  send(exchange: string, request: WireRequest): void;
}

/** Orders and sides traded by strategy. */
export interface StrategyCount {
  orders: number;
  buys: number;
  sells: number;
}

/** Sends orders, follows them to their end, and tells their maker. */
export class OrderManager {
  readonly strategies: Map<string, StrategyCount> = new Map();
  readonly #gateway: OrderGateway;
  readonly #telemetry: Telemetry;
  readonly #onFill: (order: OpenOrder, fill: FillEvent, receivedMs: number) => void;
  readonly #open: Map<string, OpenOrder> = new Map();
  #orderCount = 0;
  /** Unix milliseconds of the market: when the message being handled was received. */
  nowMs: number;

  constructor(
    gateway: OrderGateway,
    telemetry: Telemetry,
    onFill: (order: OpenOrder, fill: FillEvent, receivedMs: number) => void,
  ) {
    this.#gateway = gateway;
    this.#telemetry = telemetry;
    this.#onFill = onFill;
    this.nowMs = gateway.originMs;
  }

  /** Orders whose end is not known. */
  get openCount(): number {
    return this.#open.size;
  }

  /** Sends a post-only limit order. */
  quote(maker: MarketMaker, side: Side, quantity: number, price: number, mid: number): WorkingQuote {
    const orderId = this.#place(maker, mid, { side, type: 'limit', timeInForce: 'GTX', quantity, price });
    return { orderId, price, canceling: false };
  }

  /** Sends a market order. */
  takeMarket(maker: MarketMaker, side: Side, quantity: number, mid: number): void {
    this.#place(maker, mid, { side, type: 'market', timeInForce: 'IOC', quantity });
  }

  cancel(orderId: string): void {
    const order = this.#open.get(orderId);
    if (!order || order.cancelSentMs !== undefined) return;
    order.cancelSentMs = this.nowMs;
    const { exchange, symbol } = order;
    this.#send(exchange, { method: 'order.cancel', timeMs: this.#marketTimeMs(), symbol, orderId });
  }

  /** Takes a report of the exchange that was received at `receivedMs`. */
  onReport(event: OrderEvent, receivedMs: number): void {
    const { trading } = this.#telemetry;
    const { orderId } = event;
    const order = this.#open.get(orderId);
    switch (event.event) {
      case 'ack':
        trading.onAck({ orderId, timeMs: receivedMs });
        if (order) this.#answered(order, 'order.new', order.sentMs, receivedMs);
        return;
      case 'fill':
        if (order) this.#filled(order, event, receivedMs);
        return;
      case 'reject':
        trading.onReject({ orderId, reason: event.reason, timeMs: receivedMs });
        if (order) this.#answered(order, 'order.new', order.sentMs, receivedMs, event.reason);
        break;
      case 'cancelReject':
        // The order ended while the cancel was on its way; its end is told by another report.
        if (order?.cancelSentMs !== undefined) {
          this.#answered(order, 'order.cancel', order.cancelSentMs, receivedMs, event.reason);
          order.cancelSentMs = undefined;
        }
        return;
      case 'cancel':
      case 'expire':
        trading.onCancel({ orderId, timeMs: receivedMs });
        // At the end of the market the exchange cancels by itself: what was received before the request was sent is no answer to it.
        if (order?.cancelSentMs !== undefined && receivedMs >= order.cancelSentMs) {
          this.#answered(order, 'order.cancel', order.cancelSentMs, receivedMs);
        }
        break;
    }
    if (order) this.#end(order);
  }

  #place(maker: MarketMaker, mid: number, terms: Omit<NewOrder, 'orderId' | 'symbol'>): string {
    const { exchange, symbol } = maker.spec;
    const orderId = `desk-${++this.#orderCount}`;
    const sentMs = this.nowMs;
    const { side, type, quantity, price } = terms;
    const strategy = maker.style.name;
    this.#open.set(orderId, {
      orderId,
      exchange,
      symbol,
      side,
      maker,
      arrivalMid: mid,
      sentMs,
      cancelSentMs: undefined,
    });
    this.#countOf(strategy).orders++;
    this.#telemetry.trading.onOrder({
      orderId,
      strategy,
      exchange,
      symbol,
      side,
      type,
      quantity,
      price,
      timeMs: sentMs,
    });
    this.#send(exchange, {
      method: 'order.place',
      timeMs: this.#marketTimeMs(),
      order: { orderId, symbol, ...terms },
    });
    return orderId;
  }

  #send(exchange: string, request: WireRequest): void {
    const { pipeline } = this.#telemetry;
    pipeline.onIngest({ stage: 'orders', records: 1 });
    const startMs = performance.now();
    this.#gateway.send(exchange, request);
    pipeline.onProcessed({ stage: 'orders', records: 1, durationSeconds: (performance.now() - startMs) / 1000 });
  }

  #marketTimeMs(): number {
    return this.nowMs - this.#gateway.originMs;
  }

  #filled(order: OpenOrder, fill: FillEvent, receivedMs: number): void {
    const count = this.#countOf(order.maker.style.name);
    if (fill.side === 'buy') count.buys++;
    else count.sells++;
    this.#onFill(order, fill, receivedMs);
    order.maker.onFill(fill.side, receivedMs);
    if (fill.remaining === 0) this.#end(order);
  }

  #end(order: OpenOrder): void {
    this.#open.delete(order.orderId);
    order.maker.onQuoteEnd(order.side, order.orderId);
  }

  #answered(order: OpenOrder, operation: string, sentMs: number, receivedMs: number, errorType?: string): void {
    const durationSeconds = (receivedMs - sentMs) / 1000;
    this.#telemetry.exchange.onRequest({ exchange: order.exchange, operation, durationSeconds, errorType });
  }

  #countOf(strategy: string): StrategyCount {
    let count = this.strategies.get(strategy);
    if (!count) this.strategies.set(strategy, (count = { orders: 0, buys: 0, sells: 0 }));
    return count;
  }
}
