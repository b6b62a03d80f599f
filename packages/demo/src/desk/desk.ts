import { type Fill, PositionLedger } from '@nanometer/quant';
import type { FillEvent } from '../exchange/order.ts';
import type { WireBookTicker, WireDepth, WireMessage, WireTrade } from '../exchange/protocol.ts';
import type { MarketSpec } from '../market/market-spec.ts';
import type { LedgerTotals, StrategyTotals } from '../options.ts';
import { DeskClock } from './desk-clock.ts';
import { DeskMarket } from './desk-market.ts';
import { feedEvent } from './feed-event.ts';
import { MANUAL, ManualTrader } from './manual-trader.ts';
import { MarketMaker, TIGHT, WIDE } from './market-maker.ts';
import type { JournalEntry } from './desk-state.ts';
import type { Journal } from './journal.ts';
import { benchmarkOf } from './instrumentation-options.ts';
import type { Received } from './market-session.ts';
import { type OpenOrder, type OrderGateway, OrderManager } from './order-manager.ts';
import { coinsWithoutRate, DOLLAR_COINS, RateSource } from './rate-source.ts';
import { StopLoss } from './stop-loss.ts';
import type { Telemetry } from './telemetry.ts';
import type { Trader } from './trader.ts';

const MODEL = 'imbalance-logit';
const DOLLAR = 1;
/** Levels of each side that the shape of a book is told of, once a period. */
const BOOK_LEVELS = 50;
/** Shorter than any two events of a market are apart. */
const RESOLUTION_MS = 0.001;

/** What a desk may be given beside its markets. */
export interface DeskSettings {
  /** Called with every fill, after it was booked. */
  readonly onFill?: (fill: Fill) => void;
  /** What earlier desks did, and where this one writes what it does. */
  readonly journal?: Journal | undefined;
  /** Market time after which a limit is broken by hand; never without it. */
  readonly plantBreachMs?: number | undefined;
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
  readonly #clock: DeskClock;
  readonly #markets: Map<string, Map<string, DeskMarket>> = new Map();
  readonly #marketList: DeskMarket[] = [];
  readonly #rates: readonly RateSource[];
  readonly #benchmark: DeskMarket | undefined;
  readonly #manual: ManualTrader | undefined;
  readonly #onFill: ((fill: Fill) => void) | undefined;
  readonly #journal: Journal | undefined;
  #isRestoring = false;
  #restoredMs = 0;
  #filledQuantity = 0;
  #predictionCount = 0;
  #eventCount = 0;
  #lastSliceMs = 0;

  constructor(
    markets: readonly MarketSpec[],
    gateway: OrderGateway,
    telemetry: Telemetry,
    { onFill, journal, plantBreachMs }: DeskSettings = {},
  ) {
    this.#journal = journal;
    this.#onFill = onFill;
    this.#gateway = gateway;
    this.#telemetry = telemetry;
    this.#rates = coinsWithoutRate(markets).map((coin) => new RateSource(coin, markets));
    const listener = {
      onFill: (order: OpenOrder, fill: FillEvent, receivedMs: number) => this.#filled(order, fill, receivedMs),
      onEnd: (order: OpenOrder, receivedMs: number) => this.#ended(order, receivedMs),
    };
    this.#orders = new OrderManager(gateway, telemetry, listener, `desk-${journal?.run ?? 1}-`);
    for (const currency of DOLLAR_COINS) this.#rate(currency, DOLLAR, gateway.originMs);
    for (const spec of markets) this.#addMarket(spec);
    const benchmark = benchmarkOf(markets);
    this.#benchmark = benchmark && this.#markets.get(benchmark.exchange)?.get(benchmark.symbol);
    if (plantBreachMs !== undefined) this.#manual = this.#manualTrader(gateway.originMs + plantBreachMs);
    // What an earlier desk holds by hand is sold.
    else if (journal?.entries.some(isManual)) this.#manual = this.#manualTrader(-Infinity);
    const source = { orders: this.#orders.strategies, benchmarkMid: () => this.#benchmark?.mid ?? NaN };
    this.#clock = new DeskClock(telemetry, source, (endMs) => this.#closePeriod(endMs));
    if (journal) this.#restore(journal.entries);
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
      this.#clock.advance(message.r);
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
    this.#journal?.commit(timeMs);
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
    const market = new DeskMarket(spec);
    market.arms = [TIGHT, WIDE].map((style) => {
      const maker: MarketMaker = new MarketMaker(
        style,
        spec,
        {
          place: (side, quantity, price) => this.#orders.quote(maker, side, quantity, price, market.mid),
          cancel: ({ orderId }) => this.#orders.cancel(orderId),
          takeMarket: (side, quantity) => this.#orders.takeMarket(maker, side, quantity, market.mid),
        },
        market.pace,
      );
      const stop = new StopLoss({
        maker,
        risk: this.#telemetry.risk,
        takeMarket: (side, quantity) => this.#orders.takeMarket(maker, side, quantity, market.mid),
      });
      return { maker, stop };
    });
    this.#marketList.push(market);
    const bySymbol = this.#markets.get(spec.exchange) ?? new Map<string, DeskMarket>();
    this.#markets.set(spec.exchange, bySymbol.set(spec.symbol, market));
  }

  #manualTrader(startMs: number): ManualTrader | undefined {
    const market = this.#benchmark;
    if (!market) return undefined;
    const trader: ManualTrader = new ManualTrader(market.spec, startMs, (side, quantity) =>
      this.#orders.takeMarket(trader, side, quantity, market.mid),
    );
    return trader;
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
      case 'response': {
        const { status, headers, r: timeMs } = message;
        this.#telemetry.exchange.onResponse({ exchange, status, headers, timeMs });
        return;
      }
      case 'marketStatus':
        for (const { arms } of this.#markets.get(exchange)?.values() ?? []) for (const { maker } of arms) maker.halt();
        return;
      case 'depthUpdate':
      case 'depthSnapshot':
        this.#onDepth(exchange, message);
        return;
    }
  }

  /** The strategies look at the touch only; the book is kept for its shape. */
  #onDepth(exchange: string, { e, s, b, a }: WireDepth): void {
    const market = this.#markets.get(exchange)?.get(s);
    if (!market) return;
    market.depthChanged = true;
    market.book.apply(e === 'depthSnapshot', b, a);
  }

  #onQuote(exchange: string, quote: WireBookTicker): void {
    const market = this.#markets.get(exchange)?.get(quote.s);
    if (!market) return;
    const { ml, trading, market: markets } = this.#telemetry;
    const { signal } = market;
    const { s: symbol, b: bid, B: bidSize, a: ask, A: askSize, r: timeMs } = quote;
    const mid = (bid + ask) / 2;
    trading.onQuote({ exchange, symbol, bid, ask, timeMs });
    markets.onQuote({ exchange, symbol, bid, bidSize, ask, askSize, timeMs });
    const outcome = signal.settle(mid);
    if (outcome) ml.onOutcome({ ...outcome, timeMs });
    if (mid !== market.mid) {
      this.#mark(market, mid, timeMs);
      for (const { stop } of market.arms) stop.onMid(mid, timeMs);
    }

    const startMs = performance.now();
    const value = signal.infer(bidSize, askSize);
    ml.onInference({ model: MODEL, durationSeconds: (performance.now() - startMs) / 1000 });
    if (signal.idle) {
      const predictionId = ++this.#predictionCount;
      signal.commit(predictionId);
      ml.onPrediction({ model: MODEL, predictionId, value, timeMs });
      for (const { maker } of market.arms) {
        const strategy = maker.style.name;
        trading.onSignal({ strategy, exchange, symbol, signal: MODEL, value: 2 * value - 1, timeMs });
      }
    }
    const view = { bidPrice: bid, askPrice: ask, probabilityUp: value, nowMs: timeMs };
    for (const { maker } of market.arms) maker.onMarket(view);
  }

  #onTrade(exchange: string, { s: symbol, p: price, q: quantity, m, r: timeMs }: WireTrade): void {
    const { trading, market: markets } = this.#telemetry;
    trading.onMarketTrade({ exchange, symbol, price, quantity, timeMs });
    markets.onTrade({ exchange, symbol, price, quantity, side: m ? 'sell' : 'buy', timeMs });
    this.#markets
      .get(exchange)
      ?.get(symbol)
      ?.signal.onTrade(m ? -quantity : quantity, timeMs);
  }

  /** A new mid of a market: positions are valued at it, and coins that it prices. */
  #mark(market: DeskMarket, price: number, timeMs: number): void {
    const { trading, risk } = this.#telemetry;
    const { spec } = market;
    market.move(price);
    for (const rate of this.#rates) if (rate.accepts(spec)) this.#rate(rate.coin, price, timeMs);
    const mark = { exchange: spec.exchange, symbol: spec.symbol, price, timeMs };
    trading.onMark(mark);
    risk.onMark(mark);
  }

  #rate(currency: string, rate: number, timeMs: number): void {
    this.#telemetry.trading.onRate({ currency, rate, timeMs });
    this.#telemetry.risk.onRate({ currency, rate, timeMs });
  }

  #filled(order: OpenOrder, event: FillEvent, timeMs: number): void {
    const { fillId, orderId, side, quantity, price, fee, feeCurrency, liquidity } = event;
    const { exchange, symbol, arrivalMid, maker } = order;
    const { name: strategy, account } = maker.style;
    const where = { account, strategy, exchange, symbol };
    const terms = { fillId, orderId, side, quantity, price, fee, feeCurrency, liquidity };
    const fill: Fill = { ...where, ...terms, decisionMid: arrivalMid, arrivalMid, timeMs };
    this.#book(maker, fill);
    const market = this.#markets.get(exchange)?.get(symbol);
    this.#journal?.fill(fill, market?.mid ?? NaN);
    const stop = market?.arms.find((arm) => arm.maker === maker)?.stop;
    stop?.onFill(orderId, price, quantity);
    stop?.onPosition(market?.mid ?? NaN, timeMs);
    this.#telemetry.showAtOnce();
    this.#onFill?.(fill);
  }

  #ended({ maker, exchange, symbol, orderId }: OpenOrder, timeMs: number): void {
    const market = this.#markets.get(exchange)?.get(symbol);
    market?.arms.find((arm) => arm.maker === maker)?.stop.onOrderEnd(orderId, market.mid, timeMs);
  }

  /** Into the desk's own books and those of the instrumentation. */
  #book(maker: Trader, fill: Fill): void {
    if (this.#ledger.applyFill(fill) === 'applied') this.#filledQuantity += fill.quantity;
    maker.position = this.#ledger.position(fill)?.quantity ?? 0;
    this.#telemetry.trading.onFill(fill);
    this.#telemetry.risk.onFill(fill);
  }

  /**
   * Tells everybody again what earlier desks did: fills, the mids at the end of each period, and the ends themselves, so
   * that books, counters and figures by period are what they were. Orders that were open are gone with the exchange.
   */
  #restore(entries: readonly JournalEntry[]): void {
    this.#isRestoring = true;
    for (const entry of entries) {
      if ('fill' in entry) this.#restoreFill(entry.fill, entry.mid);
      else {
        const { endMs, marks, orders } = entry.period;
        for (const [at, mid] of marks) {
          const market = this.#marketList[at];
          // The last price of a period came before its end.
          if (market) this.#restoreMark(market, mid, endMs - RESOLUTION_MS);
        }
        for (const [strategy, count] of Object.entries(orders)) this.#orders.countOf(strategy).orders = count;
        this.#clock.close(endMs);
      }
    }
    this.#isRestoring = false;
    if (entries.some((entry) => 'period' in entry)) this.#clock.resume();
    for (const { arms, mid } of this.#marketList) {
      for (const { stop } of arms) stop.onPosition(mid, this.#orders.nowMs);
    }
  }

  /** A report can be older than what was heard before it; prices never go back. */
  #restoreMark(market: DeskMarket, mid: number, timeMs: number): void {
    this.#restoredMs = Math.max(this.#restoredMs, timeMs);
    this.#mark(market, mid, this.#restoredMs);
  }

  #restoreFill(fill: Fill, mid: number): void {
    const { exchange, symbol, strategy, side } = fill;
    const market = this.#markets.get(exchange)?.get(symbol);
    const arm = market?.arms.find(({ maker }) => maker.style.name === strategy);
    const maker = strategy === MANUAL ? this.#manual : arm?.maker;
    if (!market || !maker) return;
    this.#restoreMark(market, mid, fill.timeMs);
    const count = this.#orders.countOf(strategy);
    if (side === 'buy') count.buys++;
    else count.sells++;
    this.#book(maker, fill);
  }

  #closePeriod(endMs: number): void {
    const { risk, market: markets } = this.#telemetry;
    if (this.#journal && !this.#isRestoring) {
      const marks: [number, number][] = [];
      this.#marketList.forEach(({ mid, closeMid }, at) => {
        if (!Number.isNaN(mid) && mid !== closeMid) marks.push([at, mid]);
      });
      const orders = [...this.#orders.strategies].map(([name, count]) => [name, count.orders] as const);
      this.#journal.period({ endMs, marks, orders: Object.fromEntries(orders) });
    }
    for (const market of this.#marketList) {
      const { exchange, symbol } = market.spec;
      const value = market.closePeriod();
      if (value !== undefined) risk.onAverageTrueRange({ exchange, symbol, value });
      if (!market.depthChanged) continue;
      market.depthChanged = false;
      const bids = market.book.bids(BOOK_LEVELS);
      const asks = market.book.asks(BOOK_LEVELS);
      // Changes before the first snapshot leave a side empty: that is no book yet.
      if (bids.length > 0 && asks.length > 0) markets.onBook({ exchange, symbol, bids, asks });
    }
    if (risk.killSwitch().active) this.#halt();
    else if (!this.#isRestoring) this.#manual?.onPeriod(this.#benchmark?.mid ?? NaN, endMs);
  }

  #halt(): void {
    this.#manual?.halt();
    for (const bySymbol of this.#markets.values()) {
      for (const { arms } of bySymbol.values()) for (const { maker } of arms) maker.halt();
    }
  }
}

function isManual(entry: JournalEntry): boolean {
  return 'fill' in entry && entry.fill.strategy === MANUAL;
}
