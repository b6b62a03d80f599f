import type { FlowWindow } from '@nanometer/quant';
import {
  ATTR_MARKET_BOOK_SIDE,
  ATTR_MARKET_DIRECTION,
  ATTR_MARKET_ESTIMATOR,
  ATTR_MARKET_VARIANT,
  ATTR_MARKET_WINDOW,
} from '@nanometer/semconv';
import type { Attributes, BatchObservableResult, ObservableGauge } from '@opentelemetry/api';
import type { MarketInstruments } from './instruments.ts';
import type { Market } from './market.ts';
import type { MarketSettings } from './options.ts';

/** Windows, pairs, returns and bars before which a fit or a yearly number would be noise. */
const MINIMUM_SAMPLES = 30;

interface FlowAttributes {
  readonly flow: FlowWindow;
  readonly window: Attributes;
  readonly kyle: Attributes;
  readonly hasbrouck: Attributes;
}

/** Reports one market when metrics are collected. What has no value now is left out, and so has no data point. */
export class MarketGauges {
  readonly #market: Market;
  readonly #instruments: MarketInstruments;
  readonly #settings: MarketSettings;
  readonly #flows: readonly FlowAttributes[];
  readonly #attributes: Attributes;
  readonly #with: (key: string, value: string) => Attributes;
  readonly #cache = new Map<string, Attributes>();

  constructor(market: Market, instruments: MarketInstruments, settings: MarketSettings) {
    this.#market = market;
    this.#instruments = instruments;
    this.#settings = settings;
    const { attributes } = market;
    this.#attributes = attributes;
    this.#with = (key, value) => {
      let found = this.#cache.get(value);
      if (found === undefined) this.#cache.set(value, (found = { ...attributes, [key]: value }));
      return found;
    };
    this.#flows = market.statistics.flows.map((flow) => {
      const window = { ...attributes, [ATTR_MARKET_WINDOW]: `${flow.length / 1000}s` };
      return {
        flow,
        window,
        kyle: { ...window, [ATTR_MARKET_VARIANT]: 'kyle' },
        hasbrouck: { ...window, [ATTR_MARKET_VARIANT]: 'hasbrouck' },
      };
    });
  }

  observe(result: BatchObservableResult): void {
    this.#observeQuote(result);
    this.#observeBook(result);
    for (const flow of this.#flows) this.#observeFlow(result, flow);
    this.#observeTrades(result);
    this.#observeVolatility(result);
  }

  #observeQuote(result: BatchObservableResult): void {
    const { quote, quotes } = this.#market.statistics;
    const of = this.#instruments;
    const own = this.#attributes;
    if (quote.isKnown) {
      observe(result, of.mid, quote.mid, own);
      observe(result, of.spread, quote.spread, own);
      observe(result, of.relativeSpread, (quote.spread / quote.mid) * 1e4, own);
    }
    observe(result, of.microprice, quote.microprice, own);
    observe(result, of.imbalance, quote.imbalance, own);
    observe(result, of.spreadTimeWeighted, quotes.spreadTimeWeighted, own);
    observe(result, of.relativeSpreadTimeWeighted, quotes.relativeSpreadBpsTimeWeighted, own);
    observe(result, of.imbalanceTimeWeighted, quotes.imbalanceTimeWeighted, own);
  }

  #observeBook(result: BatchObservableResult): void {
    const { book } = this.#market;
    observe(result, this.#instruments.bookImbalance, book.imbalance, this.#attributes);
    observe(result, this.#instruments.bookSlope, book.slope, this.#attributes);
    observe(result, this.#instruments.bookDepth, book.bidDepth, this.#with(ATTR_MARKET_BOOK_SIDE, 'bid'));
    observe(result, this.#instruments.bookDepth, book.askDepth, this.#with(ATTR_MARKET_BOOK_SIDE, 'ask'));
  }

  #observeFlow(result: BatchObservableResult, { flow, window, kyle, hasbrouck }: FlowAttributes): void {
    const of = this.#instruments;
    observe(result, of.orderFlow, flow.last?.orderFlow, window);
    if (flow.impact.count < MINIMUM_SAMPLES) return;
    observe(result, of.impactSlope, flow.impact.slope, window);
    observe(result, of.impactIntercept, flow.impact.intercept, window);
    observe(result, of.impactRSquared, flow.impact.rSquared, window);
    observe(result, of.kyleLambda, flow.kyle.slope, kyle);
    observe(result, of.kyleRSquared, flow.kyle.rSquared, kyle);
    observe(result, of.kyleLambda, flow.hasbrouck.slope, hasbrouck);
    observe(result, of.kyleRSquared, flow.hasbrouck.rSquared, hasbrouck);
  }

  #observeTrades(result: BatchObservableResult): void {
    const { vpin, bulkVpin, amihud, roll, tradeRate, quoteRate, time } = this.#market.statistics;
    const of = this.#instruments;
    const own = this.#attributes;
    observe(result, of.vpin, vpin?.value, this.#with(ATTR_MARKET_VARIANT, 'aggressor'));
    observe(result, of.vpin, bulkVpin?.value, this.#with(ATTR_MARKET_VARIANT, 'bulk'));
    observe(result, of.illiquidity, amihud.value, own);
    if (roll.count >= MINIMUM_SAMPLES) observe(result, of.rollSpread, roll.value, own);
    if (time === undefined) return;
    const trades = tradeRate.at(time);
    const quotes = quoteRate.at(time);
    // The decayed rate is per millisecond.
    if (trades !== undefined) observe(result, of.tradeRate, trades * 1000, own);
    if (trades !== undefined && trades > 0 && quotes !== undefined) {
      observe(result, of.quotesPerTrade, quotes / trades, own);
    }
  }

  #observeVolatility(result: BatchObservableResult): void {
    const { grid, bars } = this.#market.statistics;
    const { measures } = grid;
    const { yearMs, statistics } = this.#settings;
    const of = this.#instruments;
    const own = this.#attributes;
    observe(result, of.realizedVariance, measures.variance, own);
    observe(result, of.bipower, measures.bipower, own);
    observe(result, of.jumpShare, measures.jumpShare, own);
    observe(result, of.semivariance, measures.downsideVariance, this.#with(ATTR_MARKET_DIRECTION, 'down'));
    observe(result, of.semivariance, measures.upsideVariance, this.#with(ATTR_MARKET_DIRECTION, 'up'));
    if (measures.count >= MINIMUM_SAMPLES) {
      const yearly = measures.volatility(yearMs / statistics.gridStep);
      observe(result, of.volatility, yearly, this.#with(ATTR_MARKET_ESTIMATOR, 'realized'));
    }
    if (bars.count < MINIMUM_SAMPLES) return;
    const barsPerYear = yearMs / statistics.barLength;
    this.#observeRange(result, 'parkinson', bars.parkinson, barsPerYear);
    this.#observeRange(result, 'garman_klass', bars.garmanKlass, barsPerYear);
    this.#observeRange(result, 'yang_zhang', bars.yangZhang, barsPerYear);
  }

  #observeRange(
    result: BatchObservableResult,
    estimator: string,
    variancePerBar: number | undefined,
    barsPerYear: number,
  ): void {
    // Garman and Klass can come out below zero; there is no volatility to state then.
    if (variancePerBar === undefined || variancePerBar < 0) return;
    const attributes = this.#with(ATTR_MARKET_ESTIMATOR, estimator);
    observe(result, this.#instruments.volatility, Math.sqrt(variancePerBar * barsPerYear), attributes);
  }
}

function observe(
  result: BatchObservableResult,
  instrument: ObservableGauge,
  value: number | undefined,
  attributes: Attributes,
): void {
  if (value !== undefined && Number.isFinite(value)) result.observe(instrument, value, attributes);
}
