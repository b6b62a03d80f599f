import {
  effectiveSpreadBps,
  imbalanceOf,
  MARKOUT_CELLS,
  MARKOUT_LATER_MID,
  MARKOUT_MID,
  MARKOUT_PRICE,
  MARKOUT_QUANTITY,
  MARKOUT_TIME,
  MarkoutQueue,
  micropriceOf,
  midOf,
  Moments,
  orderFlow,
  PairMoments,
  priceImpactBps,
  QuoteStatistics,
  RealizedMeasures,
  realizedSpreadBps,
  RollSpread,
  type Quote,
  type VolumeBucket,
  Vpin,
  WindowRegression,
} from '@nanometer/quant';
import {
  epochSecondsOf,
  type RecordedQuote,
  type RecordedTrade,
  recordedQuotes,
  recordedTrades,
} from './market-data.ts';

const SECOND_NS = 1e9;
const HORIZONS_SECONDS = ['0.1', '0.5', '1', '5', '10', '30'];
const BUCKET_VOLUME = 20;
const BUCKETS = 50;
const SECONDS_PER_YEAR = 365 * 86_400;

/** A regression over windows, with the first windows it saw. */
class Windows {
  readonly #first: [flow: number, change: number][] = [];
  readonly regression: WindowRegression;

  constructor(lengthNs: number) {
    this.regression = new WindowRegression(lengthNs, (flow, change) => {
      if (this.#first.length < 3) this.#first.push([flow, change]);
    });
  }

  answer(slopeName: string, withFirst: boolean): object {
    const { fit } = this.regression;
    const answer = { n: fit.count, alpha: fit.intercept, [slopeName]: fit.slope, r2: fit.rSquared };
    if (!withFirst) return answer;
    return {
      ...answer,
      first3_ofi: this.#first.map(([flow]) => flow),
      first3_dmid: this.#first.map(([, change]) => change),
    };
  }
}

/** Every microstructure answer of one recorded market, in one pass over its quotes and trades on the receive clock. */
export class MarketAnswers {
  readonly #quotes = new QuoteStatistics();
  readonly #flow1s = new Windows(SECOND_NS);
  readonly #flow10s = new Windows(10 * SECOND_NS);
  readonly #kyle1s = new Windows(SECOND_NS);
  readonly #kyle10s = new Windows(10 * SECOND_NS);
  readonly #effective = new Moments();
  readonly #markouts = HORIZONS_SECONDS.map(() => ({ taker: new Moments(), realized: new Moments() }));
  readonly #fill = new Float64Array(MARKOUT_CELLS);
  readonly #queue = new MarkoutQueue(HORIZONS_SECONDS.map((seconds) => Number(seconds) * SECOND_NS));
  readonly #buckets: VolumeBucket[] = [];
  readonly #vpin = new Vpin(BUCKET_VOLUME, BUCKETS, (bucket) => this.#onBucket(bucket));
  readonly #grid = new RealizedMeasures();
  readonly #roll = new RollSpread();
  #firstVpin: number | undefined = undefined;
  #gridEndNs = Number.NaN;
  #quote: Quote | undefined = undefined;
  #tradeCount = 0;
  #flowTotal = 0;
  #effectiveNotional = 0;
  #effectiveWeighted = 0;

  quote({ timeNs, quote }: RecordedQuote): void {
    const mid = midOf(quote);
    this.#advanceGrid(timeNs, mid);
    this.#queue.quote(quote.bid, quote.ask, timeNs);
    if (this.#quote !== undefined) {
      const flow = orderFlow(this.#quote, quote);
      this.#flowTotal += flow;
      for (const windows of [this.#flow1s, this.#flow10s]) windows.regression.flow(flow, timeNs);
    }
    for (const { regression } of [this.#flow1s, this.#flow10s, this.#kyle1s, this.#kyle10s])
      regression.mid(mid, timeNs);
    this.#quotes.add(quote, timeNs);
    this.#quote = quote;
  }

  trade({ timeNs, price, quantity, isBuy }: RecordedTrade): void {
    this.#tradeCount++;
    const direction = isBuy ? 1 : -1;
    this.#roll.add(price);
    this.#vpin.add(quantity, isBuy);
    this.#firstVpin ??= this.#vpin.value;
    for (const { regression } of [this.#kyle1s, this.#kyle10s]) regression.flow(direction * quantity, timeNs);
    if (this.#quote === undefined) return;
    const mid = midOf(this.#quote);
    const spread = effectiveSpreadBps(direction, price, mid);
    if (spread === undefined) return;
    this.#effective.add(spread);
    this.#effectiveNotional += quantity * price;
    this.#effectiveWeighted += quantity * price * spread;
    this.#fill[MARKOUT_TIME] = timeNs;
    this.#fill[MARKOUT_QUANTITY] = direction * quantity;
    this.#fill[MARKOUT_PRICE] = price;
    this.#fill[MARKOUT_MID] = mid;
    this.#queue.filled(this, this.#fill);
  }

  answer(): object {
    const last = this.#quote;
    const quotes = this.#quotes;
    return {
      bbo_rows: quotes.count,
      trade_rows: this.#tradeCount,
      spread_mean_event: quotes.spreadMean,
      spread_time_weighted: quotes.spreadTimeWeighted,
      rel_spread_bps_time_weighted: quotes.relativeSpreadBpsTimeWeighted,
      imbalance_time_weighted: quotes.imbalanceTimeWeighted,
      imbalance_mean_event: quotes.imbalanceMean,
      imbalance_last: last && imbalanceOf(last),
      microprice_last: last && micropriceOf(last),
      mid_last: last && midOf(last),
      ofi_total: this.#flowTotal,
      ofi_1s: this.#flow1s.answer('beta_price_per_btc', true),
      kyle_lambda_1s: this.#kyle1s.answer('lambda_price_per_btc', false),
      ofi_10s: this.#flow10s.answer('beta_price_per_btc', true),
      kyle_lambda_10s: this.#kyle10s.answer('lambda_price_per_btc', false),
      effective_spread_bps_mean: this.#effective.mean,
      effective_spread_bps_volume_weighted:
        this.#effectiveNotional > 0 ? this.#effectiveWeighted / this.#effectiveNotional : undefined,
      trades_with_prevailing_quote: this.#effective.count,
      markout: Object.fromEntries(
        HORIZONS_SECONDS.map((seconds, at) => {
          const { taker, realized } = this.#markouts[at]!;
          return [
            seconds,
            {
              n: taker.count,
              taker_markout_vs_mid0_bps_mean: taker.mean,
              realized_spread_bps_mean: realized.mean,
            },
          ];
        }),
      ),
      vpin: {
        bucket_volume: BUCKET_VOLUME,
        n: BUCKETS,
        full_buckets: this.#vpin.fullBuckets,
        vpin_last: this.#vpin.value,
        vpin_first_full_window: this.#firstVpin,
        first_bucket: this.#buckets[0] && [this.#buckets[0].buy, this.#buckets[0].sell],
      },
      rv_1s: {
        n: this.#grid.count,
        rv: this.#grid.variance,
        bipower: this.#grid.bipower,
        ann_vol_365d: this.#grid.volatility(SECONDS_PER_YEAR),
      },
      roll_spread_from_trades: this.#roll.value,
    };
  }

  #advanceGrid(timeNs: number, mid: number): void {
    if (this.#quote === undefined) {
      this.#grid.add(mid);
      this.#gridEndNs = timeNs + SECOND_NS;
      return;
    }
    for (; timeNs >= this.#gridEndNs; this.#gridEndNs += SECOND_NS) this.#grid.add(midOf(this.#quote));
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

  #onBucket(bucket: VolumeBucket): void {
    if (this.#buckets.length === 0) this.#buckets.push(bucket);
  }
}

/** Computes the answers of one market's files. At equal times a trade comes first: its quote is one strictly before it. */
export function answersOfMarket(bboFile: string, tradesFile: string): object {
  const answers = new MarketAnswers();
  const epoch = epochSecondsOf(bboFile);
  const trades = recordedTrades(tradesFile, epoch);
  let trade = trades.next();
  for (const quote of recordedQuotes(bboFile, epoch)) {
    for (; trade.done !== true && trade.value.timeNs <= quote.timeNs; trade = trades.next()) answers.trade(trade.value);
    answers.quote(quote);
  }
  for (; trade.done !== true; trade = trades.next()) answers.trade(trade.value);
  return answers.answer();
}

/** Correlations of log returns of mids on whole seconds, previous tick, over the time that all files cover. */
export function correlationOfMarkets(bboFiles: readonly string[]): object {
  const epoch = Math.min(...bboFiles.map((file) => epochSecondsOf(file)));
  const series = bboFiles.map((file) => [...recordedQuotes(file, epoch)]);
  const firstNs = Math.max(...series.map((quotes) => quotes[0]?.timeNs ?? Number.NaN));
  const lastNs = Math.min(...series.map((quotes) => quotes.at(-1)?.timeNs ?? Number.NaN));
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

function gridOf(quotes: readonly RecordedQuote[], startSecond: number, endSecond: number): number[] {
  const mids: number[] = [];
  let at = 0;
  for (let second = startSecond; second <= endSecond; second++) {
    while (at + 1 < quotes.length && quotes[at + 1]!.timeNs <= second * SECOND_NS) at++;
    mids.push(midOf(quotes[at]!.quote));
  }
  return mids;
}
