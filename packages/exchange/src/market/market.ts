import { type BoundCounter, type BoundHistogram, bindCounter, bindHistogram } from '@nanometer/metrics';
import { BookStatistics, MarketMicrostructure, type VpinSettings } from '@nanometer/quant';
import { ATTR_EXCHANGE_NAME, ATTR_TRADING_SYMBOL } from '@nanometer/semconv';
import type { Attributes } from '@opentelemetry/api';
import type { BookEvent, MarketTradeEvent, QuoteEvent } from './events.ts';
import type { MarketInstruments } from './instruments.ts';
import type { MarketSettings } from './options.ts';

/** Easley, López de Prado and O'Hara: fifty buckets a day. */
const BUCKETS_PER_DAY = 50;

/** A quote or trade on its way into the statistics. One per market: doubles are stored in place, and nothing is made. */
class Tick {
  bid: number = Number.NaN;
  bidSize: number = Number.NaN;
  ask: number = Number.NaN;
  askSize: number = Number.NaN;
  price: number = Number.NaN;
  quantity: number = Number.NaN;
  direction: 1 | -1 | 0 = 0;
  time: number = Number.NaN;
}

/** One market: its statistics and its bound series. */
export class Market {
  readonly exchange: string;
  readonly symbol: string;
  readonly attributes: Attributes;
  readonly statistics: MarketMicrostructure;
  readonly book: BookStatistics;
  readonly #tick = new Tick();
  readonly #quotes: BoundCounter;
  readonly #locked: BoundCounter;
  readonly #crossed: BoundCounter;
  readonly #trades: BoundCounter;
  readonly #classified: BoundCounter;
  readonly #volume: BoundCounter;
  readonly #books: BoundCounter;
  readonly #restarted: BoundCounter;
  readonly #abandoned: BoundCounter;
  readonly #resilience: BoundHistogram;
  #restarts = 0;
  #abandonments = 0;

  constructor(instruments: MarketInstruments, settings: MarketSettings, exchange: string, symbol: string) {
    const attributes = { [ATTR_EXCHANGE_NAME]: exchange, [ATTR_TRADING_SYMBOL]: symbol };
    this.exchange = exchange;
    this.symbol = symbol;
    this.attributes = attributes;
    this.#quotes = bindCounter(instruments.quoteCount, attributes);
    this.#locked = bindCounter(instruments.quoteLocked, attributes);
    this.#crossed = bindCounter(instruments.quoteCrossed, attributes);
    this.#trades = bindCounter(instruments.tradeCount, attributes);
    this.#classified = bindCounter(instruments.tradeClassified, attributes);
    this.#volume = bindCounter(instruments.tradeVolume, attributes);
    this.#books = bindCounter(instruments.bookCount, attributes);
    this.#restarted = bindCounter(instruments.streamRestart, attributes);
    this.#abandoned = bindCounter(instruments.resilienceAbandoned, attributes);
    this.#resilience = bindHistogram(instruments.resilience, attributes);
    this.statistics = new MarketMicrostructure({
      ...settings.statistics,
      vpin: vpinOf(settings.dailyVolumes[exchange]?.[symbol]),
      onRecovery: (durationMs) => this.#resilience.record(durationMs / 1000),
    });
    this.book = new BookStatistics(settings.bookLevels, settings.withinBps);
  }

  /** Returns whether the quote made sense. */
  quote(event: QuoteEvent): boolean {
    const tick = this.#tick;
    tick.bid = event.bid;
    tick.bidSize = event.bidSize;
    tick.ask = event.ask;
    tick.askSize = event.askSize;
    tick.time = event.timeMs;
    if (!this.statistics.onQuote(tick)) return false;
    this.#quotes.add(1);
    if (tick.ask === tick.bid) this.#locked.add(1);
    else if (tick.ask < tick.bid) this.#crossed.add(1);
    this.#count();
    return true;
  }

  /** Returns whether the trade made sense. */
  trade(event: MarketTradeEvent): boolean {
    const tick = this.#tick;
    const { side } = event;
    tick.price = event.price;
    tick.quantity = event.quantity;
    tick.direction = side === 'buy' ? 1 : side === 'sell' ? -1 : 0;
    tick.time = event.timeMs;
    if (!this.statistics.onTrade(tick)) return false;
    this.#trades.add(1);
    this.#volume.add(tick.quantity);
    if (tick.direction === 0 && this.statistics.sign !== 0) this.#classified.add(1);
    this.#count();
    return true;
  }

  /** Returns whether the book made sense. */
  bookOf(event: BookEvent): boolean {
    if (!Array.isArray(event.bids) || !Array.isArray(event.asks)) return false;
    if (!this.book.add(event.bids, event.asks)) return false;
    this.#books.add(1);
    return true;
  }

  interrupt(): void {
    this.statistics.interrupt();
    this.#count();
  }

  /** What the statistics count rarely. */
  #count(): void {
    const { restarts, resilience } = this.statistics;
    if (restarts > this.#restarts) {
      this.#restarted.add(restarts - this.#restarts);
      this.#restarts = restarts;
    }
    if (resilience.abandoned > this.#abandonments) {
      this.#abandoned.add(resilience.abandoned - this.#abandonments);
      this.#abandonments = resilience.abandoned;
    }
  }
}

function vpinOf(dailyVolume: number | undefined): VpinSettings | undefined {
  return dailyVolume === undefined
    ? undefined
    : { bucketVolume: dailyVolume / BUCKETS_PER_DAY, buckets: BUCKETS_PER_DAY, bulkBarLength: 60_000 };
}
