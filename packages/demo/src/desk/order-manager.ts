import type { LimitState } from '@nanometer/risk';
import type { FillEvent, NewOrder, OrderEvent } from '../exchange/order.ts';
import type { WireRequest } from '../exchange/protocol.ts';
import type { Side } from '../market/message.ts';
import { notionalOf } from '../market/market-spec.ts';
import type { WorkingQuote } from './market-maker.ts';
import { isDollar } from './rate-source.ts';
import type { Telemetry } from './telemetry.ts';
import type { Trader } from './trader.ts';

/** An order the desk has sent and not yet heard the end of. */
export interface OpenOrder {
  readonly orderId: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly side: Side;
  readonly maker: Trader;
  readonly arrivalMid: number;
  /** Its parent order, where it works off a decision of several orders or none. */
  readonly parentId: string | undefined;
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

/** What became of orders. */
export interface OrderListener {
  onFill(order: OpenOrder, fill: FillEvent, receivedMs: number): void;
  onEnd(order: OpenOrder, receivedMs: number): void;
}

/** Checks orders against the limits, sends them, follows them to their end, and tells their maker. */
export class OrderManager {
  readonly strategies: Map<string, StrategyCount> = new Map();
  readonly #gateway: OrderGateway;
  readonly #telemetry: Telemetry;
  readonly #listener: OrderListener;
  readonly #idPrefix: string;
  readonly #open: Map<string, OpenOrder> = new Map();
  #orderCount = 0;
  /** Unix milliseconds of the market: when the message being handled was received. */
  nowMs: number;

  /** Order ids begin with `idPrefix`, which no earlier run on the same exchange may have used. */
  constructor(gateway: OrderGateway, telemetry: Telemetry, listener: OrderListener, idPrefix: string) {
    this.#gateway = gateway;
    this.#telemetry = telemetry;
    this.#listener = listener;
    this.#idPrefix = idPrefix;
    this.nowMs = gateway.originMs;
  }

  /** Orders whose end is not known. */
  get openCount(): number {
    return this.#open.size;
  }

  /** Sends a post-only limit order; `undefined` when the limits do not let it through. */
  quote(maker: Trader, side: Side, quantity: number, price: number, mid: number): WorkingQuote | undefined {
    if (this.#vetoed(maker, side)) return undefined;
    const orderId = this.#place(maker, mid, { side, type: 'limit', timeInForce: 'GTX', quantity, price });
    return { orderId, price, canceling: false };
  }

  /** Sends a market order that works off a decision, and returns its id; `undefined` when the limits do not let it through. */
  takeMarket(maker: Trader, side: Side, quantity: number, mid: number): string | undefined {
    if (this.#vetoed(maker, side)) return undefined;
    const { exchange, symbol } = maker.spec;
    const strategy = maker.style.name;
    const parentId = `${this.#idPrefix}parent-${this.#orderCount + 1}`;
    this.#telemetry.trading.onParentOrder({
      parentId,
      strategy,
      exchange,
      symbol,
      side,
      quantity,
      decisionMid: mid,
      timeMs: this.nowMs,
    });
    return this.#place(maker, mid, { side, type: 'market', timeInForce: 'IOC', quantity }, parentId);
  }

  cancel(orderId: string): void {
    const order = this.#open.get(orderId);
    if (!order || order.cancelSentMs !== undefined) return;
    order.cancelSentMs = this.nowMs;
    const { exchange, symbol } = order;
    this.#telemetry.exchange.onOrder({ kind: 'cancel_sent', exchange, orderId, timeMs: this.nowMs });
    this.#send(exchange, { method: 'order.cancel', timeMs: this.#marketTimeMs(), symbol, orderId });
  }

  /** Takes a report of the exchange that was received at `receivedMs`. */
  onReport(event: OrderEvent, receivedMs: number): void {
    const { trading, exchange: exchanges } = this.#telemetry;
    const { orderId } = event;
    const order = this.#open.get(orderId);
    const step = order && { exchange: order.exchange, orderId, timeMs: receivedMs };
    switch (event.event) {
      case 'ack':
        trading.onAck({ orderId, timeMs: receivedMs });
        if (step) exchanges.onOrder({ ...step, kind: 'acknowledged' });
        if (order) this.#answered(order, 'order.new', order.sentMs, receivedMs);
        return;
      case 'fill':
        if (order) this.#filled(order, event, receivedMs);
        return;
      case 'reject':
        trading.onReject({ orderId, reason: event.reason, timeMs: receivedMs });
        if (step) exchanges.onOrder({ ...step, kind: 'rejected', errorType: event.reason });
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
        if (step) exchanges.onOrder({ ...step, kind: 'canceled' });
        // At the end of the market the exchange cancels by itself: what was received before the request was sent is no answer to it.
        if (order?.cancelSentMs !== undefined && receivedMs >= order.cancelSentMs) {
          this.#answered(order, 'order.cancel', order.cancelSentMs, receivedMs);
        }
        break;
    }
    if (!order) return;
    this.#end(order, receivedMs);
    // A parent that was filled has ended by its last fill.
    if (order.parentId !== undefined) trading.onParentEnd({ parentId: order.parentId, timeMs: receivedMs });
  }

  /** Orders that take a position off are let through always, and a limit of one strategy holds up no other. */
  #vetoed(maker: Trader, side: Side): boolean {
    const { risk } = this.#telemetry;
    if (side === 'buy' ? maker.position < 0 : maker.position > 0) return false;
    const reason = risk.killSwitch().active ? 'kill_switch' : breachedLimit(risk.limits(), maker);
    if (reason === undefined) return false;
    risk.onVeto({ strategy: maker.style.name, reason });
    return true;
  }

  #place(maker: Trader, mid: number, terms: Omit<NewOrder, 'orderId' | 'symbol'>, parentId?: string): string {
    const { spec } = maker;
    const { exchange, symbol } = spec;
    const orderId = `${this.#idPrefix}${++this.#orderCount}`;
    const sentMs = this.nowMs;
    const { side, type, timeInForce, quantity, price } = terms;
    const strategy = maker.style.name;
    this.#open.set(orderId, {
      orderId,
      exchange,
      symbol,
      side,
      maker,
      arrivalMid: mid,
      parentId,
      sentMs,
      cancelSentMs: undefined,
    });
    this.countOf(strategy).orders++;
    this.#telemetry.trading.onOrder({
      orderId,
      strategy,
      exchange,
      symbol,
      side,
      type,
      timeInForce,
      quantity,
      price,
      parentId,
      decisionMid: mid,
      arrivalMid: mid,
      expectedPrice: price ?? mid,
      timeMs: sentMs,
    });
    const notional = isDollar(spec.quoteCurrency) ? notionalOf(spec, price ?? mid, quantity) : undefined;
    this.#telemetry.exchange.onOrder({ kind: 'sent', exchange, orderId, quantity, notional, timeMs: sentMs });
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
    const count = this.countOf(order.maker.style.name);
    if (fill.side === 'buy') count.buys++;
    else count.sells++;
    const { exchange, orderId, maker, arrivalMid: mid } = order;
    const { side, price, quantity } = fill;
    const isDone = fill.remaining === 0;
    const notional = isDollar(maker.spec.quoteCurrency) ? notionalOf(maker.spec, price, quantity) : undefined;
    this.#telemetry.exchange.onOrder({
      kind: 'filled',
      exchange,
      orderId,
      side,
      price,
      quantity,
      notional,
      mid,
      isDone,
      timeMs: receivedMs,
    });
    this.#listener.onFill(order, fill, receivedMs);
    maker.onFill(side, receivedMs);
    if (isDone) this.#end(order, receivedMs);
  }

  #end(order: OpenOrder, receivedMs: number): void {
    const { orderId, maker, side } = order;
    this.#open.delete(orderId);
    maker.onQuoteEnd(side, orderId);
    this.#listener.onEnd(order, receivedMs);
  }

  #answered(order: OpenOrder, operation: string, sentMs: number, receivedMs: number, errorType?: string): void {
    const durationSeconds = (receivedMs - sentMs) / 1000;
    this.#telemetry.exchange.onRequest({ exchange: order.exchange, operation, durationSeconds, errorType });
  }

  /** Counts of a strategy, made if it is new. */
  countOf(strategy: string): StrategyCount {
    let count = this.strategies.get(strategy);
    if (!count) this.strategies.set(strategy, (count = { orders: 0, buys: 0, sells: 0 }));
    return count;
  }
}

/** Name of the first limit of the desk, or of the trader's strategy, that is breached. */
function breachedLimit(limits: readonly LimitState[], { style }: Trader): string | undefined {
  const ours = limits.find(
    ({ breached, dimension, group }) =>
      breached && (dimension === undefined || (dimension === 'strategy' && group === style.name)),
  );
  return ours?.name;
}
