import { type Fill, PositionLedger } from '@nanometer/quant';
import type { FillEvent } from '../exchange/order.ts';
import type { WireBookTicker, WireMessage, WireTrade } from '../exchange/protocol.ts';
import type { MarketSpec } from '../market/market-spec.ts';
import type { LedgerTotals, StrategyTotals } from '../options.ts';
import { MarketMaker, TIGHT, WIDE } from './market-maker.ts';
import { feedEvent } from './feed-event.ts';
import type { Received } from './market-session.ts';
import { type OpenOrder, type OrderGateway, OrderManager } from './order-manager.ts';
import { coinsWithoutRate, DOLLAR_COINS, RateSource } from './rate-source.ts';
import { Signal } from './signal.ts';
import type { Telemetry } from './telemetry.ts';

const MODEL = 'imbalance-logit';
const DOLLAR = 1;
/** Shares trade a tenth as often as coins; their makers take their time. */
const SLOW_EXCHANGES: Readonly<Record<string, number>> = { 'us-equity': 20 };

interface Market {
  readonly spec: MarketSpec;
  readonly signal: Signal;
  readonly makers: readonly MarketMaker[];
  mid: number;
}

/**
 * The trading logic: keeps each market's state, runs the model and the strategies on every quote, sends orders, books
 * fills. What happens is told to the instrumentation in `telemetry`, line by line, and nothing else knows of metrics.
 */
export class Desk {
  readonly #gateway: OrderGateway;
  readonly #telemetry: Telemetry;
  readonly #ledger: PositionLedger = new PositionLedger();
  readonly #orders: OrderManager;
  readonly #markets: Map<string, Map<string, Market>> = new Map();
  readonly #rates: readonly RateSource[];
  readonly #onFill: (fill: Fill) => void;
  #filledQuantity = 0;
  #predictionCount = 0;
  #eventCount = 0;
  #lastSliceMs = 0;

  /** `onFill` is called with every fill, after it was booked. */
  constructor(
    markets: readonly MarketSpec[],
    gateway: OrderGateway,
    telemetry: Telemetry,
    onFill: (fill: Fill) => void = () => undefined,
  ) {
    this.#onFill = onFill;
    this.#gateway = gateway;
    this.#telemetry = telemetry;
    this.#rates = coinsWithoutRate(markets).map((coin) => new RateSource(coin, markets));
    this.#orders = new OrderManager(gateway, telemetry, (order, fill, receivedMs) =>
      this.#book(order, fill, receivedMs),
    );
    for (const currency of DOLLAR_COINS) telemetry.risk.onRate({ currency, rate: DOLLAR, timeMs: gateway.originMs });
    for (const spec of markets) this.#addMarket(spec);
  }

  /** Exchange messages handled. */
  get events(): number {
    return this.#eventCount;
  }

  /** Orders whose end is not known. */
  get openOrders(): number {
    return this.#orders.openCount;
  }

  /** Handles the messages of a slice of market time; requests go out on the way. */
  onSlice(messages: readonly Received[], timeMs: number, closing: boolean): void {
    const { pipeline, exchange: feeds } = this.#telemetry;
    const before = this.#gateway.originMs + this.#lastSliceMs;
    pipeline.onQueueSize({ stage: 'strategy', size: messages.length });
    pipeline.onIngest({ stage: 'strategy', records: messages.length });
    const startMs = performance.now();
    let lastMs = startMs;
    for (const received of messages) {
      const { exchange, message } = received;
      const event = feedEvent(received);
      feeds.onMessage(event);
      // A report of the last slice's end may have been received before it was over.
      this.#orders.nowMs = Math.max(before, message.r);
      this.#onMessage(exchange, message);
      const handledMs = performance.now();
      feeds.onHandled({ exchange, channel: event.channel, durationSeconds: (handledMs - lastMs) / 1000 });
      lastMs = handledMs;
    }
    const records = messages.length;
    pipeline.onProcessed({ stage: 'strategy', records, durationSeconds: (lastMs - startMs) / 1000 });
    this.#lastSliceMs = timeMs;
    this.#orders.nowMs = this.#gateway.originMs + timeMs;
    if (closing) this.#halt();
  }

  /** What the desk's own books say. */
  totals(): LedgerTotals {
    const fees: Record<string, number> = {};
    const realizedPnl: Record<string, number> = {};
    for (const { currency, fees: paid, realizedPnl: gained } of this.#ledger.totals().values()) {
      fees[currency] = paid;
      realizedPnl[currency] = gained;
    }
    return { fills: this.#ledger.fillCount, filledQuantity: this.#filledQuantity, fees, realizedPnl };
  }

  strategyTotals(): Readonly<Record<string, StrategyTotals>> {
    return Object.fromEntries([...this.#orders.strategies].map(([name, count]) => [name, { ...count }]));
  }

  #addMarket(spec: MarketSpec): void {
    this.#ledger.defineContract(spec);
    this.#telemetry.trading.defineContract(spec);
    this.#telemetry.risk.defineContract(spec);
    const pace = SLOW_EXCHANGES[spec.exchange] ?? 1;
    const makers: MarketMaker[] = [];
    const market: Market = { spec, signal: new Signal(), makers, mid: NaN };
    for (const style of [TIGHT, WIDE]) {
      const maker: MarketMaker = new MarketMaker(
        style,
        spec,
        {
          place: (side, quantity, price) => this.#orders.quote(maker, side, quantity, price, market.mid),
          cancel: ({ orderId }) => this.#orders.cancel(orderId),
          takeMarket: (side, quantity) => this.#orders.takeMarket(maker, side, quantity, market.mid),
        },
        pace,
      );
      makers.push(maker);
    }
    const bySymbol = this.#markets.get(spec.exchange) ?? new Map<string, Market>();
    this.#markets.set(spec.exchange, bySymbol.set(spec.symbol, market));
  }

  #onMessage(exchange: string, message: WireMessage): void {
    this.#eventCount++;
    switch (message.e) {
      case 'bookTicker':
        this.#onQuote(exchange, message);
        return;
      case 'trade':
        this.#onTrade(exchange, message);
        return;
      case 'executionReport':
        this.#orders.onReport(message.x, message.r);
        return;
      case 'rateLimit': {
        const { limiter, used, limit } = message;
        this.#telemetry.exchange.onRateLimit({ exchange, limiter, used, limit });
        return;
      }
      case 'marketStatus':
        for (const { makers } of this.#markets.get(exchange)?.values() ?? []) for (const maker of makers) maker.halt();
        return;
      case 'depthUpdate':
      case 'depthSnapshot':
        // The strategies look at the touch only; the feed's health is watched all the same.
        return;
    }
  }

  #onQuote(exchange: string, quote: WireBookTicker): void {
    const market = this.#markets.get(exchange)?.get(quote.s);
    if (!market) return;
    const { ml, trading, risk } = this.#telemetry;
    const { signal, spec } = market;
    const timeMs = quote.r;
    const mid = (quote.b + quote.a) / 2;
    trading.onQuote({ exchange, symbol: quote.s, bid: quote.b, ask: quote.a, timeMs });
    const outcome = signal.settle(mid);
    if (outcome) ml.onOutcome({ ...outcome, timeMs });
    if (mid !== market.mid) {
      market.mid = mid;
      for (const rate of this.#rates) {
        if (rate.accepts(spec)) risk.onRate({ currency: rate.coin, rate: mid, timeMs });
      }
      const mark = { exchange, symbol: quote.s, price: mid, timeMs };
      trading.onMark(mark);
      risk.onMark(mark);
    }

    const startMs = performance.now();
    const value = signal.infer(quote.B, quote.A);
    ml.onInference({ model: MODEL, durationSeconds: (performance.now() - startMs) / 1000 });
    if (signal.idle) {
      const predictionId = ++this.#predictionCount;
      signal.commit(predictionId);
      ml.onPrediction({ model: MODEL, predictionId, value, timeMs });
    }
    const view = { bidPrice: quote.b, askPrice: quote.a, probabilityUp: value, nowMs: timeMs };
    for (const maker of market.makers) maker.onMarket(view);
  }

  #onTrade(exchange: string, trade: WireTrade): void {
    this.#telemetry.trading.onMarketTrade({ exchange, symbol: trade.s, price: trade.p, quantity: trade.q });
    this.#markets
      .get(exchange)
      ?.get(trade.s)
      ?.signal.onTrade(trade.m ? -trade.q : trade.q, trade.r);
  }

  #book(order: OpenOrder, event: FillEvent, timeMs: number): void {
    const { fillId, orderId, side, quantity, price, fee, feeCurrency, liquidity } = event;
    const { exchange, symbol, arrivalMid, maker } = order;
    const strategy = maker.style.name;
    const terms = { fillId, orderId, strategy, exchange, symbol, side, quantity, price, fee, feeCurrency, liquidity };
    const fill: Fill = { ...terms, decisionMid: arrivalMid, arrivalMid, timeMs };
    if (this.#ledger.applyFill(fill) === 'applied') this.#filledQuantity += quantity;
    maker.position = this.#ledger.position({ strategy, exchange, symbol })?.quantity ?? 0;
    this.#telemetry.trading.onFill(fill);
    this.#telemetry.risk.onFill(fill);
    this.#telemetry.showAtOnce();
    this.#onFill(fill);
  }

  #halt(): void {
    for (const bySymbol of this.#markets.values()) {
      for (const { makers } of bySymbol.values()) for (const maker of makers) maker.halt();
    }
  }
}
