import { type BoundCounter, bindCounter } from '@nanometer/metrics';
import { isName } from '@nanometer/instrumentation';
import type { BookStatistics, MarketMicrostructure } from '@nanometer/quant';
import { ATTR_EXCHANGE_NAME, ATTR_TRADING_SYMBOL } from '@nanometer/semconv';
import type { BatchObservableResult, ObservableGauge } from '@opentelemetry/api';
import { type MarketDrops, marketDropsIn } from './drops.ts';
import type { BookEvent, InterruptionEvent, MarketTradeEvent, QuoteEvent } from './events.ts';
import { MarketInstruments } from './instruments.ts';
import { Market } from './market.ts';
import { MarketGauges } from './market-gauges.ts';
import { type MarketInstrumentationOptions, type MarketSettings, marketSettingsOf } from './options.ts';

/** Stands for the symbols beyond the limit. */
const OTHER_SYMBOL = '_OTHER';

/** The markets of one exchange, and the counts of those beyond the limit once there are any. */
interface ExchangeMarkets {
  readonly markets: Map<string, Market>;
  others: { readonly quotes: BoundCounter; readonly trades: BoundCounter; readonly books: BoundCounter } | undefined;
}

/**
 * Records the microstructure of markets, per exchange and symbol: spread, imbalance, order flow and price impact, VPIN,
 * realized measures, illiquidity, rates, resilience.
 *
 * No method throws or logs: what makes no sense, or is beyond a limit, is counted in `market.event.dropped` by reason.
 * Statistics are current when the method returns ({@link statisticsOf}), and are reported when metrics are collected.
 * A quote of a known market allocates nothing.
 */
export class MarketInstrumentation {
  readonly #settings: MarketSettings;
  readonly #instruments: MarketInstruments;
  readonly #drops: MarketDrops;
  readonly #exchanges = new Map<string, ExchangeMarkets>();
  readonly #gauges: MarketGauges[] = [];
  /** Of the latest event: quotes come in runs of one market. */
  #latest: Market | undefined = undefined;
  readonly #observables: ObservableGauge[];
  readonly #observe = (result: BatchObservableResult): void => {
    for (const gauges of this.#gauges) gauges.observe(result);
  };

  /** @throws ExchangeOptionError when an option is out of range. */
  constructor(options: MarketInstrumentationOptions = {}) {
    this.#settings = marketSettingsOf(options);
    this.#instruments = new MarketInstruments(this.#settings.meter);
    this.#drops = marketDropsIn(this.#instruments.eventDropped);
    this.#observables = this.#instruments.gauges;
    this.#settings.meter.addBatchObservableCallback(this.#observe, this.#observables);
  }

  /** Events left out so far. */
  get dropped(): number {
    return this.#drops.total;
  }

  /** The best quote changed. Give a trade that has the same time before the quote. */
  onQuote(event: QuoteEvent): void {
    const market = this.#market(event);
    if (market === undefined) this.#others(event)?.quotes.add(1);
    else if (!market.quote(event)) this.#drops.count('invalid_quote');
  }

  /** Somebody traded. */
  onTrade(event: MarketTradeEvent): void {
    const market = this.#market(event);
    if (market === undefined) this.#others(event)?.trades.add(1);
    else if (!market.trade(event)) this.#drops.count('invalid_trade');
  }

  /** The book is known, for its imbalance, depth and slope; the best quote is taken by {@link onQuote} only. */
  onBook(event: BookEvent): void {
    const market = this.#market(event);
    if (market === undefined) this.#others(event)?.books.add(1);
    else if (!market.bookOf(event)) this.#drops.count('invalid_book');
  }

  /** Markets were not seen for a while: no statistic bridges the time between. */
  onInterruption(event: InterruptionEvent): void {
    const markets = this.#exchanges.get(event?.exchange)?.markets;
    if (markets === undefined) return;
    if (event.symbol !== undefined) markets.get(event.symbol)?.interrupt();
    else for (const market of markets.values()) market.interrupt();
  }

  /** Time goes on without events: quotes go on standing, windows and bars close. Unix milliseconds, the events' clock. */
  advance(timeMs: number): void {
    for (const { markets } of this.#exchanges.values()) {
      for (const market of markets.values()) market.statistics.advance(timeMs);
    }
  }

  /** The statistics of a market as they are now; undefined before its first event. To be read only. */
  statisticsOf(exchange: string, symbol: string): MarketMicrostructure | undefined {
    return this.#exchanges.get(exchange)?.markets.get(symbol)?.statistics;
  }

  /** The shape of a market's latest book; undefined before the market's first event. To be read only. */
  bookOf(exchange: string, symbol: string): BookStatistics | undefined {
    return this.#exchanges.get(exchange)?.markets.get(symbol)?.book;
  }

  /** Stops reporting. Idempotent. */
  close(): void {
    this.#settings.meter.removeBatchObservableCallback(this.#observe, this.#observables);
  }

  #market(event: { readonly exchange: string; readonly symbol: string }): Market | undefined {
    const latest = this.#latest;
    if (latest !== undefined && latest.symbol === event?.symbol && latest.exchange === event.exchange) return latest;
    const market = this.#exchanges.get(event?.exchange)?.markets.get(event.symbol) ?? this.#addMarket(event);
    if (market !== undefined) this.#latest = market;
    return market;
  }

  #addMarket(event: { readonly exchange: string; readonly symbol: string } | undefined): Market | undefined {
    const { exchange, symbol } = event ?? {};
    if (!isName(exchange) || !isName(symbol)) {
      this.#drops.count('invalid_name');
      return undefined;
    }
    let known = this.#exchanges.get(exchange);
    if (known === undefined) {
      if (this.#exchanges.size >= this.#settings.exchangeLimit) {
        this.#drops.count('too_many_exchanges');
        return undefined;
      }
      known = { markets: new Map(), others: undefined };
      this.#exchanges.set(exchange, known);
    }
    if (known.markets.size >= this.#settings.symbolLimit) {
      this.#drops.count('too_many_symbols');
      return undefined;
    }
    const market = new Market(this.#instruments, this.#settings, exchange, symbol);
    known.markets.set(symbol, market);
    this.#gauges.push(new MarketGauges(market, this.#instruments, this.#settings));
    return market;
  }

  /** Where events of symbols beyond the limit are counted; undefined when the exchange itself is not followed. */
  #others(event: { readonly exchange: string; readonly symbol: string } | undefined): ExchangeMarkets['others'] {
    const exchange = event?.exchange;
    const known = exchange === undefined ? undefined : this.#exchanges.get(exchange);
    if (exchange === undefined || known === undefined || !isName(event?.symbol)) return undefined;
    const attributes = { [ATTR_EXCHANGE_NAME]: exchange, [ATTR_TRADING_SYMBOL]: OTHER_SYMBOL };
    known.others ??= {
      quotes: bindCounter(this.#instruments.quoteCount, attributes),
      trades: bindCounter(this.#instruments.tradeCount, attributes),
      books: bindCounter(this.#instruments.bookCount, attributes),
    };
    return known.others;
  }
}
