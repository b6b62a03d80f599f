import { type Fill, type FillEffect, type Position, type RateBook } from '@nanometer/quant';
import type { BatchObservableResult, Meter } from '@opentelemetry/api';
import { isAmount } from '../amount.ts';
import type { Drops } from '../drops.ts';
import type { LedgerRecorder } from '../ledger/ledger-recorder.ts';
import type { Settings } from '../options.ts';
import type { AckEvent, OrderEvent } from '../orders/events.ts';
import type { OrderListener, OrderOutcome } from '../orders/order-outcome.ts';
import type { OrderKey } from '../orders/order-recorder.ts';
import type { OrderSeries } from '../orders/order-series.ts';
import type { Order } from '../orders/order.ts';
import { AttributionBook } from './attribution-book.ts';
import {
  ACK_MID,
  ARRIVAL_MID,
  BENCHMARKS,
  DECISION_MID,
  EXPECTED,
  FAR_TOUCH,
  INTERVAL_VWAP,
  LIMIT,
} from './benchmark.ts';
import type { ExecutionResult, MarketTradeEvent, QuoteEvent, ReturnEvent } from './events.ts';
import { type Carried, type ExecutionSnapshot, given, type MarketKey, taken } from './execution-snapshot.ts';
import { ObservedInstruments, RecordedInstruments } from './execution-instruments.ts';
import { MarkoutRecorder } from './markout-recorder.ts';
import { type Market, Markets } from './markets.ts';
import { OrderVenue } from './order-venue.ts';
import { ShortfallRecorder } from './shortfall-recorder.ts';
import { BENCHMARK_PRICE, SlippageSeries, TRADED_CELLS, TRADED_PRICE, TRADED_QUANTITY } from './slippage-series.ts';

// Cells that carry money to the markouts.
const FEE = 0;
const ARRIVAL = 1;

/** Measures how well orders are executed and what their fills are worth afterwards. */
export class ExecutionRecorder implements OrderListener {
  readonly #meter: Meter;
  readonly #drops: Drops;
  readonly #rates: RateBook;
  readonly #positionAt: (handle: number) => Position | undefined;
  readonly #recorded: RecordedInstruments;
  readonly #observed: ObservedInstruments;
  readonly #markets: Markets;
  readonly #markouts: MarkoutRecorder;
  readonly #attribution: AttributionBook | undefined;
  readonly shortfalls: ShortfallRecorder;
  /** By handle of the order series. */
  readonly #venues: OrderVenue[] = [];
  /** By position handle. */
  readonly #slippage: SlippageSeries[] = [];
  readonly #prices = new Float64Array(BENCHMARKS.length);
  readonly #traded = new Float64Array(TRADED_CELLS);
  readonly #money = new Float64Array(2);
  readonly #observe = (result: BatchObservableResult): void => this.#observeAll(result);

  constructor(meter: Meter, drops: Drops, settings: Settings, ledger: LedgerRecorder) {
    this.#meter = meter;
    this.#drops = drops;
    this.#rates = ledger.rates;
    this.#positionAt = (handle) => ledger.ledger.positionAt(handle);
    this.#recorded = new RecordedInstruments(meter);
    this.#observed = new ObservedInstruments(meter);
    const { execution, reportingCurrency } = settings;
    this.#markets = new Markets((exchange, symbol) => ledger.ledger.contract(exchange, symbol), execution, drops);
    this.#markouts = new MarkoutRecorder(this.#recorded, execution, drops);
    this.shortfalls = new ShortfallRecorder(this.#markets, execution, drops);
    const { attribution } = execution;
    this.#attribution = attribution && new AttributionBook(attribution, reportingCurrency);
    meter.addBatchObservableCallback(this.#observe, this.#observed.all);
  }

  /** Fills that wait for a horizon. */
  get pending(): number {
    return this.#markets.pending;
  }

  quote(event: QuoteEvent): ExecutionResult {
    return this.#counted(this.#markets.quote(event));
  }

  marketTrade(event: MarketTradeEvent): ExecutionResult {
    return this.#counted(this.#markets.trade(event));
  }

  returned(event: ReturnEvent): ExecutionResult {
    return this.#counted(this.#attribution === undefined ? 'no_attribution' : this.#attribution.add(event));
  }

  /** Where orders of a series are counted. */
  venueOf(series: OrderSeries): OrderVenue {
    return (this.#venues[series.handle] ??= new OrderVenue(this.#recorded, series));
  }

  sent(order: Order, event: OrderEvent): void {
    const market = this.#markets.of(event.exchange, event.symbol);
    order.decisionMid = this.#usable(event.decisionMid);
    order.expectedPrice = this.#usable(event.expectedPrice);
    const arrivalMid = this.#usable(event.arrivalMid);
    order.arrivalMid = arrivalMid === arrivalMid || market === undefined ? arrivalMid : market.midAt(event.timeMs);
    if (market !== undefined) order.markVolume(market.volume);
    this.venueOf(order.series as OrderSeries).sent();
    if (order.parentId !== undefined) this.shortfalls.sent(order);
  }

  acknowledged(order: Order, event: AckEvent): void {
    const mid = this.#usable(event.mid);
    const market = mid === mid ? undefined : this.#marketOf(order);
    order.ackMid = market === undefined ? mid : market.midAt(event.timeMs);
  }

  ended(order: Order, outcome: OrderOutcome, event: { readonly timeMs: number }): void {
    const venue = this.venueOf(order.series as OrderSeries);
    venue.ended(order, outcome);
    const seconds = (event.timeMs - order.sentTimeMs) / 1000;
    if (seconds >= 0) venue.lasted(seconds, outcome);
    else this.#drops.count('negative_duration');
    const market = this.#marketOf(order);
    if (market === undefined) return;
    if (order.filled > 0) this.#comparedWithInterval(order, market);
    this.shortfalls.ended(order, outcome, market, venue, event);
  }

  /** Takes an applied fill, before its order is told. */
  filled(fill: Fill, effect: FillEffect, order: Order | undefined): void {
    const position = effect.position as Position;
    const market = this.#markets.of(fill.exchange, fill.symbol) as Market;
    this.#priceBenchmarks(fill, order, market);
    this.#priceFee(fill, effect);
    this.#compared(fill, position);
    if (market.hasQuote) {
      this.#money[ARRIVAL] = this.#prices[ARRIVAL_MID] as number;
      this.#markouts.filled(fill, position, market, this.#money);
    }
    if (order === undefined) return;
    order.position = position;
    order.account.filledAt(position.contract, fill.quantity, fill.price, this.#money[FEE] as number);
    this.venueOf(order.series as OrderSeries).traded(order, fill);
    this.shortfalls.filled(order, fill, position.contract, this.#money);
  }

  /** Everything but the orders themselves. */
  snapshot(): Omit<ExecutionSnapshot, 'orders'> {
    const { nowMs } = this.#markets;
    return {
      parents: this.shortfalls.snapshot(),
      markets: this.#markets.all.map((market) => ({
        key: keyOf(market.contract),
        numbers: taken(this.#carried(market)),
      })),
      nowMs: Number.isNaN(nowMs) ? null : nowMs,
      markouts: this.#markouts.snapshot(),
      venues: this.#venues
        .filter((venue) => venue !== undefined)
        .map((venue) => ({ key: { ...keyOf(venue.series), strategy: venue.series.strategy }, numbers: taken(venue) })),
      slippage: this.#slippage.flatMap((series, key) =>
        series === undefined ? [] : [{ key, numbers: taken(series) }],
      ),
      attribution: this.#attribution?.snapshot() ?? [],
    };
  }

  /** Into a recorder that has seen nothing, over a restored ledger. Throws a `QuantError` `invalid_snapshot`. */
  restore(snapshot: ExecutionSnapshot, seriesOf: (key: OrderKey) => OrderSeries | undefined): void {
    const venueAt = (key: OrderKey): OrderVenue | undefined => {
      const series = seriesOf(key);
      return series && this.venueOf(series);
    };
    for (const { key, numbers } of snapshot.venues) {
      const venue = venueAt(key);
      if (venue !== undefined) given(`orders of ${key.strategy}`, venue, numbers);
    }
    for (const { key, numbers } of snapshot.slippage) {
      const position = this.#positionAt(key);
      if (position !== undefined) given('slippage', this.#slippageOf(position), numbers);
    }
    this.#markouts.restore(snapshot.markouts);
    for (const { key, numbers } of snapshot.markets) {
      const market = this.#markets.of(key.exchange, key.symbol);
      if (market !== undefined) given(`market ${key.symbol}`, this.#carried(market), numbers);
    }
    this.#markets.resumeAt(snapshot.nowMs ?? Number.NaN);
    this.shortfalls.restore(snapshot.parents, venueAt);
    this.#attribution?.restore(snapshot.attribution);
  }

  #carried({ queue, volume }: Market): Carried {
    return {
      carry: (tape): void => {
        queue.carry(tape, this.#markouts.codeOf, (code) => this.#markouts.sinkOf(code, this.#positionAt));
        volume.carry(tape);
      },
    };
  }

  /** Stops computing when readers collect. Idempotent. */
  close(): void {
    this.#meter.removeBatchObservableCallback(this.#observe, this.#observed.all);
  }

  #marketOf({ series }: Order): Market | undefined {
    return series === undefined ? undefined : this.#markets.of(series.exchange, series.symbol);
  }

  /** Writes the price of every benchmark of a fill, NaN where it is not known. */
  #priceBenchmarks(fill: Fill, order: Order | undefined, market: Market): void {
    const prices = this.#prices;
    const { history } = market.queue;
    const stood = history.before(fill.timeMs);
    prices[DECISION_MID] = this.#usable(fill.decisionMid);
    prices[EXPECTED] = this.#usable(fill.expectedPrice);
    // An arrival mid that is none was counted with the fill's headline slippage.
    prices[ARRIVAL_MID] = isAmount(fill.arrivalMid) ? fill.arrivalMid : Number.NaN;
    prices[FAR_TOUCH] = fill.side === 'buy' ? history.ask(stood) : history.bid(stood);
    prices[ACK_MID] = Number.NaN;
    prices[LIMIT] = Number.NaN;
    if (order === undefined) return;
    prices[ACK_MID] = order.ackMid;
    prices[LIMIT] = order.limitPrice;
    if (fill.decisionMid === undefined) prices[DECISION_MID] = order.decisionMid;
    if (fill.arrivalMid === undefined) prices[ARRIVAL_MID] = order.arrivalMid;
    if (fill.expectedPrice === undefined) prices[EXPECTED] = order.expectedPrice;
  }

  /** Writes the fee in the settlement currency, NaN when there is no rate to convert it at. */
  #priceFee(fill: Fill, effect: FillEffect): void {
    const { currency } = (effect.position as Position).contract;
    let fee = effect.feeCost;
    if (fee === 0 && fill.fee !== 0 && effect.feeCurrency !== currency) {
      fee = (fill.fee * this.#rates.rate(effect.feeCurrency)) / this.#rates.rate(currency);
    }
    this.#money[FEE] = fee;
  }

  #compared(fill: Fill, position: Position): void {
    const series = this.#slippageOf(position);
    const traded = this.#traded;
    traded[TRADED_QUANTITY] = fill.side === 'buy' ? fill.quantity : -fill.quantity;
    traded[TRADED_PRICE] = fill.price;
    for (let benchmark = 0; benchmark < INTERVAL_VWAP; benchmark++) {
      const price = this.#prices[benchmark] as number;
      if (!(price > 0)) continue;
      traded[BENCHMARK_PRICE] = price;
      series.add(benchmark, traded);
    }
  }

  /** The average price of an order against that of all trades while it was in the market. */
  #comparedWithInterval(order: Order, market: Market): void {
    const { position } = order;
    const average = position && order.account.averagePrice(position.contract);
    const price = order.vwapOf(market.volume);
    if (position === undefined || average === undefined || price === undefined) return;
    const traded = this.#traded;
    traded[TRADED_QUANTITY] = order.side === 'buy' ? order.account.filled : -order.account.filled;
    traded[TRADED_PRICE] = average;
    traded[BENCHMARK_PRICE] = price;
    this.#slippageOf(position).add(INTERVAL_VWAP, traded);
  }

  #slippageOf(position: Position): SlippageSeries {
    return (this.#slippage[position.handle] ??= new SlippageSeries(this.#recorded.slippage, position));
  }

  /** A price that an event may carry: NaN where it is not given, and where it is none, which is counted. */
  #usable(price: number | undefined): number {
    if (price === undefined) return Number.NaN;
    if (isAmount(price)) return price;
    this.#drops.count('invalid_benchmark');
    return Number.NaN;
  }

  #counted(result: ExecutionResult): ExecutionResult {
    return result === 'applied' ? result : this.#drops.count(result);
  }

  #observeAll(result: BatchObservableResult): void {
    const to = this.#observed;
    this.#venues.forEach((venue) => venue.observe(result, to));
    this.#slippage.forEach((series) =>
      series.observe((cost, value, attributes) => {
        result.observe(to.slippageCost, cost, attributes);
        result.observe(to.slippageValue, value, attributes);
        result.observe(to.slippageWeighted, (cost / value) * 10_000, attributes);
      }),
    );
    this.#markouts.observe(result, to, this.#markets.nowMs);
    if (this.#markets.nowMs === this.#markets.nowMs) result.observe(to.markoutPending, this.#markets.pending);
    this.#attribution?.observe(result, to);
  }
}

function keyOf({ exchange, symbol }: MarketKey): MarketKey {
  return { exchange, symbol };
}
