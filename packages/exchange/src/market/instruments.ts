import type { Counter, Histogram, Meter, ObservableGauge } from '@opentelemetry/api';
import {
  createCounter,
  createHistogram,
  createObservableGauge,
  METRIC_MARKET_BOOK_COUNT,
  METRIC_MARKET_BOOK_DEPTH,
  METRIC_MARKET_BOOK_IMBALANCE,
  METRIC_MARKET_BOOK_SLOPE,
  METRIC_MARKET_EVENT_DROPPED,
  METRIC_MARKET_ILLIQUIDITY,
  METRIC_MARKET_IMBALANCE,
  METRIC_MARKET_IMBALANCE_TIME_WEIGHTED,
  METRIC_MARKET_IMPACT_INTERCEPT,
  METRIC_MARKET_IMPACT_R_SQUARED,
  METRIC_MARKET_IMPACT_SLOPE,
  METRIC_MARKET_KYLE_LAMBDA,
  METRIC_MARKET_KYLE_R_SQUARED,
  METRIC_MARKET_MICROPRICE,
  METRIC_MARKET_MID,
  METRIC_MARKET_ORDER_FLOW_IMBALANCE,
  METRIC_MARKET_QUOTE_COUNT,
  METRIC_MARKET_QUOTE_CROSSED,
  METRIC_MARKET_QUOTE_LOCKED,
  METRIC_MARKET_QUOTE_PER_TRADE,
  METRIC_MARKET_REALIZED_BIPOWER,
  METRIC_MARKET_REALIZED_JUMP_SHARE,
  METRIC_MARKET_REALIZED_SEMIVARIANCE,
  METRIC_MARKET_REALIZED_VARIANCE,
  METRIC_MARKET_RESILIENCE_ABANDONED,
  METRIC_MARKET_RESILIENCE_DURATION,
  METRIC_MARKET_ROLL_SPREAD,
  METRIC_MARKET_SPREAD,
  METRIC_MARKET_SPREAD_RELATIVE,
  METRIC_MARKET_SPREAD_RELATIVE_TIME_WEIGHTED,
  METRIC_MARKET_SPREAD_TIME_WEIGHTED,
  METRIC_MARKET_STREAM_RESTART,
  METRIC_MARKET_TRADE_CLASSIFIED,
  METRIC_MARKET_TRADE_COUNT,
  METRIC_MARKET_TRADE_RATE,
  METRIC_MARKET_TRADE_VOLUME,
  METRIC_MARKET_VOLATILITY,
  METRIC_MARKET_VPIN,
} from '@nanometer/semconv';

/** Every instrument of markets, made once per instrumentation. */
export class MarketInstruments {
  readonly quoteCount: Counter;
  readonly quoteLocked: Counter;
  readonly quoteCrossed: Counter;
  readonly tradeCount: Counter;
  readonly tradeClassified: Counter;
  readonly tradeVolume: Counter;
  readonly bookCount: Counter;
  readonly streamRestart: Counter;
  readonly resilienceAbandoned: Counter;
  readonly eventDropped: Counter;
  readonly resilience: Histogram;
  readonly mid: ObservableGauge;
  readonly microprice: ObservableGauge;
  readonly spread: ObservableGauge;
  readonly relativeSpread: ObservableGauge;
  readonly spreadTimeWeighted: ObservableGauge;
  readonly relativeSpreadTimeWeighted: ObservableGauge;
  readonly imbalance: ObservableGauge;
  readonly imbalanceTimeWeighted: ObservableGauge;
  readonly bookImbalance: ObservableGauge;
  readonly bookDepth: ObservableGauge;
  readonly bookSlope: ObservableGauge;
  readonly orderFlow: ObservableGauge;
  readonly impactSlope: ObservableGauge;
  readonly impactIntercept: ObservableGauge;
  readonly impactRSquared: ObservableGauge;
  readonly kyleLambda: ObservableGauge;
  readonly kyleRSquared: ObservableGauge;
  readonly vpin: ObservableGauge;
  readonly illiquidity: ObservableGauge;
  readonly rollSpread: ObservableGauge;
  readonly realizedVariance: ObservableGauge;
  readonly bipower: ObservableGauge;
  readonly semivariance: ObservableGauge;
  readonly jumpShare: ObservableGauge;
  readonly volatility: ObservableGauge;
  readonly tradeRate: ObservableGauge;
  readonly quotesPerTrade: ObservableGauge;

  constructor(meter: Meter) {
    this.quoteCount = createCounter(meter, METRIC_MARKET_QUOTE_COUNT);
    this.quoteLocked = createCounter(meter, METRIC_MARKET_QUOTE_LOCKED);
    this.quoteCrossed = createCounter(meter, METRIC_MARKET_QUOTE_CROSSED);
    this.tradeCount = createCounter(meter, METRIC_MARKET_TRADE_COUNT);
    this.tradeClassified = createCounter(meter, METRIC_MARKET_TRADE_CLASSIFIED);
    this.tradeVolume = createCounter(meter, METRIC_MARKET_TRADE_VOLUME);
    this.bookCount = createCounter(meter, METRIC_MARKET_BOOK_COUNT);
    this.streamRestart = createCounter(meter, METRIC_MARKET_STREAM_RESTART);
    this.resilienceAbandoned = createCounter(meter, METRIC_MARKET_RESILIENCE_ABANDONED);
    this.eventDropped = createCounter(meter, METRIC_MARKET_EVENT_DROPPED);
    this.resilience = createHistogram(meter, METRIC_MARKET_RESILIENCE_DURATION);
    this.mid = createObservableGauge(meter, METRIC_MARKET_MID);
    this.microprice = createObservableGauge(meter, METRIC_MARKET_MICROPRICE);
    this.spread = createObservableGauge(meter, METRIC_MARKET_SPREAD);
    this.relativeSpread = createObservableGauge(meter, METRIC_MARKET_SPREAD_RELATIVE);
    this.spreadTimeWeighted = createObservableGauge(meter, METRIC_MARKET_SPREAD_TIME_WEIGHTED);
    this.relativeSpreadTimeWeighted = createObservableGauge(meter, METRIC_MARKET_SPREAD_RELATIVE_TIME_WEIGHTED);
    this.imbalance = createObservableGauge(meter, METRIC_MARKET_IMBALANCE);
    this.imbalanceTimeWeighted = createObservableGauge(meter, METRIC_MARKET_IMBALANCE_TIME_WEIGHTED);
    this.bookImbalance = createObservableGauge(meter, METRIC_MARKET_BOOK_IMBALANCE);
    this.bookDepth = createObservableGauge(meter, METRIC_MARKET_BOOK_DEPTH);
    this.bookSlope = createObservableGauge(meter, METRIC_MARKET_BOOK_SLOPE);
    this.orderFlow = createObservableGauge(meter, METRIC_MARKET_ORDER_FLOW_IMBALANCE);
    this.impactSlope = createObservableGauge(meter, METRIC_MARKET_IMPACT_SLOPE);
    this.impactIntercept = createObservableGauge(meter, METRIC_MARKET_IMPACT_INTERCEPT);
    this.impactRSquared = createObservableGauge(meter, METRIC_MARKET_IMPACT_R_SQUARED);
    this.kyleLambda = createObservableGauge(meter, METRIC_MARKET_KYLE_LAMBDA);
    this.kyleRSquared = createObservableGauge(meter, METRIC_MARKET_KYLE_R_SQUARED);
    this.vpin = createObservableGauge(meter, METRIC_MARKET_VPIN);
    this.illiquidity = createObservableGauge(meter, METRIC_MARKET_ILLIQUIDITY);
    this.rollSpread = createObservableGauge(meter, METRIC_MARKET_ROLL_SPREAD);
    this.realizedVariance = createObservableGauge(meter, METRIC_MARKET_REALIZED_VARIANCE);
    this.bipower = createObservableGauge(meter, METRIC_MARKET_REALIZED_BIPOWER);
    this.semivariance = createObservableGauge(meter, METRIC_MARKET_REALIZED_SEMIVARIANCE);
    this.jumpShare = createObservableGauge(meter, METRIC_MARKET_REALIZED_JUMP_SHARE);
    this.volatility = createObservableGauge(meter, METRIC_MARKET_VOLATILITY);
    this.tradeRate = createObservableGauge(meter, METRIC_MARKET_TRADE_RATE);
    this.quotesPerTrade = createObservableGauge(meter, METRIC_MARKET_QUOTE_PER_TRADE);
  }

  /** The instruments that one callback observes. */
  get gauges(): ObservableGauge[] {
    return [
      this.mid,
      this.microprice,
      this.spread,
      this.relativeSpread,
      this.spreadTimeWeighted,
      this.relativeSpreadTimeWeighted,
      this.imbalance,
      this.imbalanceTimeWeighted,
      this.bookImbalance,
      this.bookDepth,
      this.bookSlope,
      this.orderFlow,
      this.impactSlope,
      this.impactIntercept,
      this.impactRSquared,
      this.kyleLambda,
      this.kyleRSquared,
      this.vpin,
      this.illiquidity,
      this.rollSpread,
      this.realizedVariance,
      this.bipower,
      this.semivariance,
      this.jumpShare,
      this.volatility,
      this.tradeRate,
      this.quotesPerTrade,
    ];
  }
}
