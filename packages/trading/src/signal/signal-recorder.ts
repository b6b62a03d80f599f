import { isName } from '@nanometer/instrumentation';
import { type Mark, SignalQueue, SignalScore, type SignalScoreSnapshot } from '@nanometer/quant';
import {
  METRIC_TRADING_SIGNAL_HIT_RATE,
  METRIC_TRADING_SIGNAL_INFORMATION_COEFFICIENT,
  METRIC_TRADING_SIGNAL_PENDING,
} from '@nanometer/semconv';
import type { Meter } from '@opentelemetry/api';
import type { Drops } from '../drops.ts';
import { ObservedGauges, type Observe } from '../observed-gauges.ts';
import type { QuoteEvent } from '../execution/events.ts';
import type { OrderEvent } from '../orders/events.ts';
import type { SignalEvent, SignalResult } from './events.ts';
import { SignalMarket, type SignalMarketSnapshot } from './signal-market.ts';
import type { SignalOptions } from './signal-options.ts';
import { SignalInstruments, type SignalKey, SignalScores, SignalSeries } from './signal-series.ts';

const GAUGES = {
  hitRate: METRIC_TRADING_SIGNAL_HIT_RATE,
  coefficient: METRIC_TRADING_SIGNAL_INFORMATION_COEFFICIENT,
  pending: METRIC_TRADING_SIGNAL_PENDING,
} as const;

const HORIZONS_MS: readonly number[] = [1000, 10_000, 60_000, 300_000];

/** State of a {@link SignalRecorder}, plain data. */
export interface SignalSnapshot {
  readonly scores: readonly {
    readonly strategy: string;
    readonly signal: string;
    readonly horizons: readonly SignalScoreSnapshot[];
  }[];
  readonly markets: readonly SignalMarketSnapshot[];
}

/** Records signals and what the market did after them, by its mids or, where it has none, its marks. */
export class SignalRecorder {
  readonly #instruments: SignalInstruments;
  readonly #drops: Drops;
  readonly #horizonsMs: readonly number[];
  readonly #window: number;
  readonly #minimum: number;
  readonly #pendingLimit: number;
  readonly #seriesLimit: number;
  readonly #markets = new Map<string, Map<string, SignalMarket>>();
  readonly #scores: SignalScores[] = [];
  readonly #gauges: ObservedGauges<typeof GAUGES>;
  readonly #isExpected: boolean;
  #seriesCount = 0;
  #marketCount = 0;
  /** Of the latest event: a quote and a mark of one market come together. */
  #latest: SignalMarket | undefined = undefined;

  /** Without options prices are kept from the first signal on. Throws a `QuantError` `invalid_option`. */
  constructor(meter: Meter, drops: Drops, given: SignalOptions | undefined) {
    const options = given ?? {};
    this.#isExpected = given !== undefined;
    this.#instruments = new SignalInstruments(meter);
    this.#drops = drops;
    this.#horizonsMs = options.horizonsMs ?? HORIZONS_MS;
    this.#window = options.window ?? 500;
    this.#minimum = options.minimumCount ?? 30;
    this.#pendingLimit = options.pendingLimit ?? 4096;
    this.#seriesLimit = options.seriesLimit ?? 4096;
    // Made and thrown away, so that options which cannot be used are refused now and not at the first signal.
    for (const make of [() => this.#queueOf(), () => new SignalScore(this.#window, this.#minimum)]) make();
    this.#gauges = new ObservedGauges(meter, GAUGES, (observe) => this.#read(observe));
  }

  /** Whether prices are of use: signals are expected, or there were some. */
  get isListening(): boolean {
    return this.#isExpected || this.#scores.length > 0;
  }

  signalled(event: SignalEvent): SignalResult {
    const fault = faultOf(event);
    if (fault !== undefined) return this.#drops.count(fault);
    const market = this.#marketOf(event.exchange, event.symbol);
    const series = market && this.#seriesOf(market, event);
    if (market === undefined || series === undefined) return this.#drops.count('series_limit');
    const scores = this.#scores[series.scoreIndex] as SignalScores;
    series.given(event);
    scores.strength.record(event.strength ?? Math.abs(event.value));
    if (!market.queue.signal(series.scoreIndex, event.value, event.timeMs)) this.#drops.count('signal_unscored');
    market.latest.set(event.strategy, { timeMs: event.timeMs, scores, isFollowed: false });
    return 'applied';
  }

  /**
   * A mark of a market that holds from `timeMs` on. Makes the market known, up to the limit of series. Once a market has
   * quotes, they are what its signals are scored by: marks and mids mixed would differ without the market moving.
   * A desk without signals pays one comparison.
   */
  marked({ exchange, symbol, price, timeMs }: Mark): void {
    if (!this.isListening) return;
    const market = this.#marketOf(exchange, symbol);
    if (market !== undefined && !market.hasQuotes) market.queue.quote(price, timeMs);
  }

  /** A best bid and offer of a market, whose mid holds from its time on. */
  quoted({ exchange, symbol, bid, ask, timeMs }: QuoteEvent): void {
    if (!this.isListening) return;
    const market = this.#marketOf(exchange, symbol);
    if (market === undefined) return;
    market.hasQuotes = true;
    market.queue.quote((bid + ask) / 2, timeMs);
  }

  /** An order that was taken: the first one after a signal of its strategy on its market follows that signal. */
  ordered({ exchange, symbol, strategy, timeMs }: OrderEvent): void {
    const latest = this.#markets.get(exchange)?.get(symbol)?.latest.get(strategy);
    if (latest === undefined || latest.isFollowed || timeMs < latest.timeMs) return;
    latest.isFollowed = true;
    latest.scores.ordered((timeMs - latest.timeMs) / 1000);
  }

  snapshot(): SignalSnapshot {
    return {
      scores: this.#scores.map(({ strategy, signal, scores }) => ({
        strategy,
        signal,
        horizons: scores.map((score) => score.snapshot()),
      })),
      markets: [...this.#allMarkets()].map((market) => market.snapshot()),
    };
  }

  /** Into a recorder that has seen no signal yet, with the same horizons. Throws a `QuantError` `invalid_snapshot`. */
  restore(snapshot: SignalSnapshot): void {
    for (const { strategy, signal, horizons } of snapshot.scores) {
      const scores = this.#scores[this.#scoresOf({ strategy, signal })] as SignalScores;
      horizons.forEach((state, horizon) => scores.scores[horizon]?.restore(state));
    }
    for (const market of snapshot.markets) this.#restoreMarket(market);
  }

  close(): void {
    this.#gauges.close();
  }

  #restoreMarket({ exchange, symbol, queue, hasQuotes, series = [], latest = [] }: SignalMarketSnapshot): void {
    const market = this.#marketOf(exchange, symbol);
    if (market === undefined) return;
    market.queue.restore(queue);
    market.hasQuotes = hasQuotes ?? false;
    for (const { strategy, signal, value } of series) {
      this.#seriesOf(market, { strategy, signal, exchange, symbol })?.resumed(value);
    }
    for (const { strategy, signal, timeMs, isFollowed } of latest) {
      const scores = this.#scores[this.#scoresOf({ strategy, signal })] as SignalScores;
      market.latest.set(strategy, { timeMs, scores, isFollowed });
    }
  }

  #read(observe: Observe<keyof typeof GAUGES>): void {
    let pending = 0;
    for (const { queue } of this.#allMarkets()) pending += queue.waiting;
    if (this.#scores.length > 0) observe('pending', pending, {});
    for (const { scores, attributes } of this.#scores) {
      scores.forEach((score, horizon) => {
        observe('hitRate', score.hitRate, attributes[horizon] ?? {});
        observe('coefficient', score.informationCoefficient, attributes[horizon] ?? {});
      });
    }
  }

  *#allMarkets(): Generator<SignalMarket> {
    for (const symbols of this.#markets.values()) yield* symbols.values();
  }

  #queueOf(): SignalQueue {
    return new SignalQueue(
      this.#horizonsMs,
      (horizon, tag, value, forwardReturn) => this.#scores[tag]?.settled(horizon, value, forwardReturn),
      this.#pendingLimit,
    );
  }

  #marketOf(exchange: string, symbol: string): SignalMarket | undefined {
    const latest = this.#latest;
    if (latest !== undefined && latest.symbol === symbol && latest.exchange === exchange) return latest;
    const market = this.#findMarket(exchange, symbol);
    if (market !== undefined) this.#latest = market;
    return market;
  }

  /** The market, made when it is new; undefined beyond the limit. */
  #findMarket(exchange: string, symbol: string): SignalMarket | undefined {
    const symbols = this.#markets.get(exchange);
    const known = symbols?.get(symbol);
    if (known !== undefined || this.#marketCount >= this.#seriesLimit) return known;
    const market = new SignalMarket(exchange, symbol, this.#queueOf());
    this.#marketCount++;
    if (symbols === undefined) this.#markets.set(exchange, new Map([[symbol, market]]));
    else symbols.set(symbol, market);
    return market;
  }

  #seriesOf(market: SignalMarket, event: SignalKey): SignalSeries | undefined {
    const signals = market.series.get(event.strategy);
    const known = signals?.get(event.signal);
    if (known !== undefined || this.#seriesCount >= this.#seriesLimit) return known;
    const series = new SignalSeries(this.#instruments, event, this.#scoresOf(event));
    this.#seriesCount++;
    if (signals === undefined) market.series.set(event.strategy, new Map([[event.signal, series]]));
    else signals.set(event.signal, series);
    return series;
  }

  /** Index of the scores of a signal; only asked for when a series is new. */
  #scoresOf(key: Pick<SignalEvent, 'strategy' | 'signal'>): number {
    const known = this.#scores.findIndex(({ strategy, signal }) => strategy === key.strategy && signal === key.signal);
    if (known !== -1) return known;
    this.#scores.push(new SignalScores(this.#instruments, key, this.#horizonsMs, this.#window, this.#minimum));
    return this.#scores.length - 1;
  }
}

function faultOf(event: SignalEvent): Exclude<SignalResult, 'applied' | 'series_limit'> | undefined {
  if (typeof event !== 'object' || event === null) return 'invalid_event';
  if (!isName(event.strategy)) return 'invalid_strategy';
  if (!isName(event.exchange)) return 'invalid_exchange';
  if (!isName(event.symbol)) return 'invalid_symbol';
  if (!isName(event.signal)) return 'invalid_signal';
  if (!Number.isFinite(event.value)) return 'invalid_value';
  const { strength } = event;
  if (strength !== undefined && !(strength >= 0 && strength < Infinity)) return 'invalid_value';
  return Number.isFinite(event.timeMs) ? undefined : 'invalid_time';
}
