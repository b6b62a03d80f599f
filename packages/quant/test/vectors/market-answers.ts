import {
  effectiveSpreadBps,
  type FlowWindowResult,
  type DecayedPairMoments,
  MARKOUT_CELLS,
  MARKOUT_LATER_MID,
  MARKOUT_MID,
  MARKOUT_PRICE,
  MARKOUT_QUANTITY,
  MARKOUT_TIME,
  MarketMicrostructure,
  MarkoutQueue,
  Moments,
  PairMoments,
  midOf,
  priceImpactBps,
  realizedSpreadBps,
  type TimedQuote,
  type TimedTrade,
  type VolumeBucket,
} from '@nanometer/quant';
import { epochSecondsOf, recordedQuotes, recordedTrades } from './market-data.ts';

const SECOND_NS = 1e9;
const HORIZONS_SECONDS = ['0.1', '0.5', '1', '5', '10', '30'];
const BUCKET_VOLUME = 20;
const BUCKETS = 50;
const SECONDS_PER_YEAR = 365 * 86_400;

/** How a market's files are read. */
export interface AnswerOptions {
  /** Units of time that make a second; default nanoseconds. */
  readonly unitsPerSecond?: number;
  /** Volume of a VPIN bucket; default 20. */
  readonly bucketVolume?: number;
}

/** Every microstructure answer of one recorded market, in one pass over its quotes and trades on the receive clock. */
export class MarketAnswers {
  readonly #market: MarketMicrostructure;
  readonly #bucketVolume: number;
  readonly #firstWindows = new Map<number, FlowWindowResult[]>();
  readonly #effective = new Moments();
  readonly #markouts = HORIZONS_SECONDS.map(() => ({ taker: new Moments(), realized: new Moments() }));
  readonly #fill = new Float64Array(MARKOUT_CELLS);
  readonly #queue: MarkoutQueue;
  #windows: object = {};
  #firstBucket: VolumeBucket | undefined = undefined;
  #firstVpin: number | undefined = undefined;
  #effectiveNotional = 0;
  #effectiveWeighted = 0;

  constructor({ unitsPerSecond = SECOND_NS, bucketVolume = BUCKET_VOLUME }: AnswerOptions = {}) {
    this.#queue = new MarkoutQueue(HORIZONS_SECONDS.map((seconds) => Number(seconds) * unitsPerSecond));
    this.#bucketVolume = bucketVolume;
    this.#market = new MarketMicrostructure({
      flowWindows: [unitsPerSecond, 10 * unitsPerSecond],
      onFlowWindow: (length, window) => this.#onWindow(length / unitsPerSecond, window),
      gridStep: unitsPerSecond,
      barLength: 60 * unitsPerSecond,
      rateTimeConstant: 10 * unitsPerSecond,
      sweepTimeout: 60 * unitsPerSecond,
      stepBack: 60 * unitsPerSecond,
      vpin: { bucketVolume, buckets: BUCKETS, onBucket: (bucket) => (this.#firstBucket ??= bucket) },
    });
  }

  quote(quote: TimedQuote): void {
    if (this.#market.onQuote(quote)) this.#queue.quote(quote.bid, quote.ask, quote.time);
  }

  trade(trade: TimedTrade): void {
    const market = this.#market;
    if (!market.onTrade(trade)) return;
    this.#firstVpin ??= market.vpin?.value;
    const { mid } = market.quote;
    if (market.sign === 0 || !market.quote.isKnown) return;
    const spread = effectiveSpreadBps(market.sign, trade.price, mid);
    if (spread === undefined) return;
    this.#effective.add(spread);
    this.#effectiveNotional += trade.quantity * trade.price;
    this.#effectiveWeighted += trade.quantity * trade.price * spread;
    this.#fill[MARKOUT_TIME] = trade.time;
    this.#fill[MARKOUT_QUANTITY] = market.sign * trade.quantity;
    this.#fill[MARKOUT_PRICE] = trade.price;
    this.#fill[MARKOUT_MID] = mid;
    this.#queue.filled(this, this.#fill);
  }

  /** Takes down what the windows and the grid say at the last quote: trades after it close none that count. */
  endQuotes(): void {
    const { grid, flows } = this.#market;
    const { measures } = grid;
    const [flow1s, flow10s] = flows;
    this.#windows = {
      ofi_1s: { ...fitAnswer(flow1s?.impact, 'beta_price_per_btc'), ...this.#firstOf(1) },
      kyle_lambda_1s: fitAnswer(flow1s?.kyle, 'lambda_price_per_btc'),
      ofi_10s: { ...fitAnswer(flow10s?.impact, 'beta_price_per_btc'), ...this.#firstOf(10) },
      kyle_lambda_10s: fitAnswer(flow10s?.kyle, 'lambda_price_per_btc'),
      rv_1s: {
        n: measures.count,
        rv: measures.variance,
        bipower: measures.bipower,
        ann_vol_365d: measures.volatility(SECONDS_PER_YEAR),
      },
    };
  }

  answer(): object {
    const { quotes, quote, orderFlow, roll, vpin, trades } = this.#market;
    return {
      ...this.#windows,
      bbo_rows: quotes.count,
      trade_rows: trades,
      spread_mean_event: quotes.spreadMean,
      spread_time_weighted: quotes.spreadTimeWeighted,
      rel_spread_bps_time_weighted: quotes.relativeSpreadBpsTimeWeighted,
      imbalance_time_weighted: quotes.imbalanceTimeWeighted,
      imbalance_mean_event: quotes.imbalanceMean,
      imbalance_last: quote.imbalance,
      microprice_last: quote.microprice,
      mid_last: quote.isKnown ? quote.mid : undefined,
      ofi_total: orderFlow,
      effective_spread_bps_mean: this.#effective.mean,
      effective_spread_bps_volume_weighted:
        this.#effectiveNotional > 0 ? this.#effectiveWeighted / this.#effectiveNotional : undefined,
      trades_with_prevailing_quote: this.#effective.count,
      markout: Object.fromEntries(HORIZONS_SECONDS.map((seconds, at) => [seconds, this.#markout(at)])),
      vpin: {
        bucket_volume: this.#bucketVolume,
        n: BUCKETS,
        full_buckets: vpin?.fullBuckets,
        vpin_last: vpin?.value,
        vpin_first_full_window: this.#firstVpin,
        first_bucket: this.#firstBucket && [this.#firstBucket.buy, this.#firstBucket.sell],
      },
      roll_spread_from_trades: roll.value,
    };
  }

  #markout(at: number): object {
    const { taker, realized } = this.#markouts[at]!;
    return { n: taker.count, taker_markout_vs_mid0_bps_mean: taker.mean, realized_spread_bps_mean: realized.mean };
  }

  #firstOf(seconds: number): object {
    const windows = this.#firstWindows.get(seconds) ?? [];
    return {
      first3_ofi: windows.map(({ orderFlow }) => orderFlow),
      first3_dmid: windows.map(({ change }) => change),
    };
  }

  #onWindow(seconds: number, window: FlowWindowResult): void {
    const first = this.#firstWindows.get(seconds);
    if (first === undefined) this.#firstWindows.set(seconds, [{ ...window }]);
    else if (first.length < 3) first.push({ ...window });
  }

  /** The queue's answer for one trade at one horizon. */
  settled(at: number, fill: Float64Array): void {
    const direction = fill[MARKOUT_QUANTITY]! > 0 ? 1 : -1;
    const mid = fill[MARKOUT_MID]!;
    const laterMid = fill[MARKOUT_LATER_MID]!;
    const price = fill[MARKOUT_PRICE]!;
    const impact = priceImpactBps(direction, mid, laterMid);
    const realized = realizedSpreadBps(direction, price, mid, laterMid);
    if (impact === undefined || realized === undefined) return;
    // A markout is one way, impact twice that by convention.
    this.#markouts[at]!.taker.add(impact / 2);
    this.#markouts[at]!.realized.add(realized);
  }
}

function fitAnswer(fit: DecayedPairMoments | undefined, slopeName: string): object {
  return { n: fit?.count, alpha: fit?.intercept, [slopeName]: fit?.slope, r2: fit?.rSquared };
}

/** Answers of a market's quotes and trades. At equal times a trade comes first: its quote is one strictly before it. */
export function answersOf(
  quotes: Iterable<TimedQuote>,
  trades: Iterator<TimedTrade>,
  options: AnswerOptions = {},
): object {
  const answers = new MarketAnswers(options);
  let trade = trades.next();
  for (const quote of quotes) {
    for (; trade.done !== true && trade.value.time <= quote.time; trade = trades.next()) answers.trade(trade.value);
    answers.quote(quote);
  }
  answers.endQuotes();
  for (; trade.done !== true; trade = trades.next()) answers.trade(trade.value);
  return answers.answer();
}

/** Computes the answers of one market's files of best quotes and trades with aggressor flags. */
export function answersOfMarket(bboFile: string, tradesFile: string): object {
  const epoch = epochSecondsOf(bboFile);
  return answersOf(recordedQuotes(bboFile, epoch), recordedTrades(tradesFile, epoch));
}

/** Correlations of log returns of mids on whole seconds, previous tick, over the time that all files cover. */
export function correlationOfMarkets(bboFiles: readonly string[]): object {
  const epoch = Math.min(...bboFiles.map((file) => epochSecondsOf(file)));
  const series = bboFiles.map((file) => [...recordedQuotes(file, epoch)]);
  const firstNs = Math.max(...series.map((quotes) => quotes[0]?.time ?? Number.NaN));
  const lastNs = Math.min(...series.map((quotes) => quotes.at(-1)?.time ?? Number.NaN));
  const start = Math.ceil(firstNs / SECOND_NS);
  const end = Math.floor(lastNs / SECOND_NS);
  const mids = series.map((quotes) => gridOf(quotes, start, end));
  const matrix = mids.map((a) =>
    mids.map((b) => {
      const pair = new PairMoments();
      for (let at = 1; at < a.length; at++) pair.add(Math.log(a[at]! / a[at - 1]!), Math.log(b[at]! / b[at - 1]!));
      return pair.correlation;
    }),
  );
  return { grid_start_ns: (epoch + start) * 1e9, n: (mids[0]?.length ?? 0) - 1, matrix };
}

function gridOf(quotes: readonly TimedQuote[], startSecond: number, endSecond: number): number[] {
  const mids: number[] = [];
  let at = 0;
  for (let second = startSecond; second <= endSecond; second++) {
    while (at + 1 < quotes.length && quotes[at + 1]!.time <= second * SECOND_NS) at++;
    mids.push(midOf(quotes[at]!));
  }
  return mids;
}
