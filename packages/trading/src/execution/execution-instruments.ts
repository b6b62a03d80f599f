import {
  createCounter,
  createHistogram,
  createObservableCounter,
  createObservableGauge,
  createObservableUpDownCounter,
  createUpDownCounter,
  METRIC_TRADING_ALPHA_BETA,
  METRIC_TRADING_ALPHA_CAPTURED,
  METRIC_TRADING_ALPHA_DETERMINATION,
  METRIC_TRADING_ALPHA_JENSEN,
  METRIC_TRADING_ALPHA_JENSEN_RATE,
  METRIC_TRADING_ALPHA_RATE,
  METRIC_TRADING_EDGE_ALARM,
  METRIC_TRADING_EDGE_HALF_LIFE,
  METRIC_TRADING_EDGE_HALF_LIFE_ERROR,
  METRIC_TRADING_EDGE_LIFETIME,
  METRIC_TRADING_EDGE_SLOPE,
  METRIC_TRADING_EDGE_SLOPE_T,
  METRIC_TRADING_EXECUTION_CANCEL_TO_FILL,
  METRIC_TRADING_EXECUTION_DONE_DURATION,
  METRIC_TRADING_EXECUTION_EFFECTIVE_SPREAD,
  METRIC_TRADING_EXECUTION_EFFECTIVE_SPREAD_MEDIAN,
  METRIC_TRADING_EXECUTION_FILL_RATE,
  METRIC_TRADING_EXECUTION_ORDER_ENDED,
  METRIC_TRADING_EXECUTION_ORDER_TO_TRADE,
  METRIC_TRADING_EXECUTION_PARTIAL_RATE,
  METRIC_TRADING_EXECUTION_PRICE_IMPACT,
  METRIC_TRADING_EXECUTION_QUANTITY_FILLED,
  METRIC_TRADING_EXECUTION_QUANTITY_REQUESTED,
  METRIC_TRADING_EXECUTION_REALIZED_SPREAD,
  METRIC_TRADING_EXECUTION_REALIZED_SPREAD_MEDIAN,
  METRIC_TRADING_EXECUTION_REJECT_RATE,
  METRIC_TRADING_EXECUTION_SHORTFALL,
  METRIC_TRADING_EXECUTION_SHORTFALL_ORDER,
  METRIC_TRADING_EXECUTION_SHORTFALL_VALUE,
  METRIC_TRADING_EXECUTION_SLIPPAGE,
  METRIC_TRADING_EXECUTION_SLIPPAGE_COST,
  METRIC_TRADING_EXECUTION_SLIPPAGE_VALUE,
  METRIC_TRADING_EXECUTION_SLIPPAGE_WEIGHTED,
  METRIC_TRADING_MARKOUT_COUNT,
  METRIC_TRADING_MARKOUT_EDGE,
  METRIC_TRADING_MARKOUT_ERROR,
  METRIC_TRADING_MARKOUT_PENDING,
} from '@nanometer/semconv';
import type { Counter, Histogram, Meter, Observable, UpDownCounter } from '@opentelemetry/api';

/** Instruments that are written as events come. */
export class RecordedInstruments {
  readonly orderEnded: Counter;
  readonly quantityRequested: Counter;
  readonly quantityFilled: Counter;
  readonly doneDuration: Histogram;
  readonly slippage: Histogram;
  readonly shortfall: UpDownCounter;
  readonly shortfallValue: Counter;
  readonly shortfallOrder: Counter;
  readonly edgeAlarm: Counter;
  readonly alphaCaptured: UpDownCounter;

  constructor(meter: Meter) {
    this.orderEnded = createCounter(meter, METRIC_TRADING_EXECUTION_ORDER_ENDED);
    this.quantityRequested = createCounter(meter, METRIC_TRADING_EXECUTION_QUANTITY_REQUESTED);
    this.quantityFilled = createCounter(meter, METRIC_TRADING_EXECUTION_QUANTITY_FILLED);
    this.doneDuration = createHistogram(meter, METRIC_TRADING_EXECUTION_DONE_DURATION);
    this.slippage = createHistogram(meter, METRIC_TRADING_EXECUTION_SLIPPAGE);
    this.shortfall = createUpDownCounter(meter, METRIC_TRADING_EXECUTION_SHORTFALL);
    this.shortfallValue = createCounter(meter, METRIC_TRADING_EXECUTION_SHORTFALL_VALUE);
    this.shortfallOrder = createCounter(meter, METRIC_TRADING_EXECUTION_SHORTFALL_ORDER);
    this.edgeAlarm = createCounter(meter, METRIC_TRADING_EDGE_ALARM);
    this.alphaCaptured = createUpDownCounter(meter, METRIC_TRADING_ALPHA_CAPTURED);
  }
}

/** Instruments that are computed when a reader collects. */
export class ObservedInstruments {
  readonly fillRate: Observable;
  readonly partialRate: Observable;
  readonly rejectRate: Observable;
  readonly cancelToFill: Observable;
  readonly orderToTrade: Observable;
  readonly slippageCost: Observable;
  readonly slippageValue: Observable;
  readonly slippageWeighted: Observable;
  readonly effectiveSpread: Observable;
  readonly effectiveSpreadMedian: Observable;
  readonly realizedSpread: Observable;
  readonly realizedSpreadMedian: Observable;
  readonly priceImpact: Observable;
  readonly markoutEdge: Observable;
  readonly markoutError: Observable;
  readonly markoutCount: Observable;
  readonly markoutPending: Observable;
  readonly halfLife: Observable;
  readonly halfLifeError: Observable;
  readonly lifetime: Observable;
  readonly slope: Observable;
  readonly slopeT: Observable;
  readonly alphaRate: Observable;
  readonly jensen: Observable;
  readonly jensenRate: Observable;
  readonly beta: Observable;
  readonly determination: Observable;
  readonly all: Observable[];

  constructor(meter: Meter) {
    this.fillRate = createObservableGauge(meter, METRIC_TRADING_EXECUTION_FILL_RATE);
    this.partialRate = createObservableGauge(meter, METRIC_TRADING_EXECUTION_PARTIAL_RATE);
    this.rejectRate = createObservableGauge(meter, METRIC_TRADING_EXECUTION_REJECT_RATE);
    this.cancelToFill = createObservableGauge(meter, METRIC_TRADING_EXECUTION_CANCEL_TO_FILL);
    this.orderToTrade = createObservableGauge(meter, METRIC_TRADING_EXECUTION_ORDER_TO_TRADE);
    this.slippageCost = createObservableUpDownCounter(meter, METRIC_TRADING_EXECUTION_SLIPPAGE_COST);
    this.slippageValue = createObservableCounter(meter, METRIC_TRADING_EXECUTION_SLIPPAGE_VALUE);
    this.slippageWeighted = createObservableGauge(meter, METRIC_TRADING_EXECUTION_SLIPPAGE_WEIGHTED);
    this.effectiveSpread = createObservableGauge(meter, METRIC_TRADING_EXECUTION_EFFECTIVE_SPREAD);
    this.effectiveSpreadMedian = createObservableGauge(meter, METRIC_TRADING_EXECUTION_EFFECTIVE_SPREAD_MEDIAN);
    this.realizedSpread = createObservableGauge(meter, METRIC_TRADING_EXECUTION_REALIZED_SPREAD);
    this.realizedSpreadMedian = createObservableGauge(meter, METRIC_TRADING_EXECUTION_REALIZED_SPREAD_MEDIAN);
    this.priceImpact = createObservableGauge(meter, METRIC_TRADING_EXECUTION_PRICE_IMPACT);
    this.markoutEdge = createObservableGauge(meter, METRIC_TRADING_MARKOUT_EDGE);
    this.markoutError = createObservableGauge(meter, METRIC_TRADING_MARKOUT_ERROR);
    this.markoutCount = createObservableCounter(meter, METRIC_TRADING_MARKOUT_COUNT);
    this.markoutPending = createObservableUpDownCounter(meter, METRIC_TRADING_MARKOUT_PENDING);
    this.halfLife = createObservableGauge(meter, METRIC_TRADING_EDGE_HALF_LIFE);
    this.halfLifeError = createObservableGauge(meter, METRIC_TRADING_EDGE_HALF_LIFE_ERROR);
    this.lifetime = createObservableGauge(meter, METRIC_TRADING_EDGE_LIFETIME);
    this.slope = createObservableGauge(meter, METRIC_TRADING_EDGE_SLOPE);
    this.slopeT = createObservableGauge(meter, METRIC_TRADING_EDGE_SLOPE_T);
    this.alphaRate = createObservableGauge(meter, METRIC_TRADING_ALPHA_RATE);
    this.jensen = createObservableGauge(meter, METRIC_TRADING_ALPHA_JENSEN);
    this.jensenRate = createObservableGauge(meter, METRIC_TRADING_ALPHA_JENSEN_RATE);
    this.beta = createObservableGauge(meter, METRIC_TRADING_ALPHA_BETA);
    this.determination = createObservableGauge(meter, METRIC_TRADING_ALPHA_DETERMINATION);
    this.all = Object.values(this as unknown as Record<string, Observable>).filter((value) => value !== undefined);
  }
}
