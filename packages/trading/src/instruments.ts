import type { Counter, Gauge, Histogram, Meter, ObservableGauge, UpDownCounter } from '@opentelemetry/api';
import {
  createCounter,
  createGauge,
  createHistogram,
  createObservableGauge,
  createUpDownCounter,
  METRIC_TRADING_EVENT_DROPPED,
  METRIC_TRADING_FEE,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_NOTIONAL,
  METRIC_TRADING_FILL_QUANTITY,
  METRIC_TRADING_LEDGER_ERROR,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_ORDER_ACKNOWLEDGED,
  METRIC_TRADING_ORDER_CANCELED,
  METRIC_TRADING_ORDER_COUNT,
  METRIC_TRADING_ORDER_FILL_DURATION,
  METRIC_TRADING_ORDER_OPEN,
  METRIC_TRADING_ORDER_REJECTED,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
  METRIC_TRADING_SLIPPAGE,
  METRIC_TRADING_SLIPPAGE_COST,
  METRIC_TRADING_TRADE_COUNT,
  METRIC_TRADING_TRADE_DURATION,
  METRIC_TRADING_TRADE_GAIN,
  METRIC_TRADING_TRADE_LOSS,
} from '@nanometer/semconv';

/** Every instrument of the package, made once per instrumentation. */
export class Instruments {
  readonly orderCount: Counter;
  readonly orderAcknowledged: Counter;
  readonly orderRejected: Counter;
  readonly orderCanceled: Counter;
  readonly orderOpen: UpDownCounter;
  readonly orderAckDuration: Histogram;
  readonly orderFillDuration: Histogram;
  readonly fillCount: Counter;
  readonly fillQuantity: Counter;
  readonly fillNotional: Counter;
  readonly fee: UpDownCounter;
  readonly pnlRealized: UpDownCounter;
  readonly pnlUnrealized: Gauge;
  readonly positionQuantity: Gauge;
  readonly tradeCount: Counter;
  readonly tradeGain: Counter;
  readonly tradeLoss: Counter;
  readonly tradeDuration: Histogram;
  readonly slippage: Histogram;
  readonly slippageCost: UpDownCounter;
  readonly eventDropped: Counter;
  readonly ledgerError: ObservableGauge;

  constructor(meter: Meter) {
    this.orderCount = createCounter(meter, METRIC_TRADING_ORDER_COUNT);
    this.orderAcknowledged = createCounter(meter, METRIC_TRADING_ORDER_ACKNOWLEDGED);
    this.orderRejected = createCounter(meter, METRIC_TRADING_ORDER_REJECTED);
    this.orderCanceled = createCounter(meter, METRIC_TRADING_ORDER_CANCELED);
    this.orderOpen = createUpDownCounter(meter, METRIC_TRADING_ORDER_OPEN);
    this.orderAckDuration = createHistogram(meter, METRIC_TRADING_ORDER_ACK_DURATION);
    this.orderFillDuration = createHistogram(meter, METRIC_TRADING_ORDER_FILL_DURATION);
    this.fillCount = createCounter(meter, METRIC_TRADING_FILL_COUNT);
    this.fillQuantity = createCounter(meter, METRIC_TRADING_FILL_QUANTITY);
    this.fillNotional = createCounter(meter, METRIC_TRADING_FILL_NOTIONAL);
    this.fee = createUpDownCounter(meter, METRIC_TRADING_FEE);
    this.pnlRealized = createUpDownCounter(meter, METRIC_TRADING_PNL_REALIZED);
    this.pnlUnrealized = createGauge(meter, METRIC_TRADING_PNL_UNREALIZED);
    this.positionQuantity = createGauge(meter, METRIC_TRADING_POSITION_QUANTITY);
    this.tradeCount = createCounter(meter, METRIC_TRADING_TRADE_COUNT);
    this.tradeGain = createCounter(meter, METRIC_TRADING_TRADE_GAIN);
    this.tradeLoss = createCounter(meter, METRIC_TRADING_TRADE_LOSS);
    this.tradeDuration = createHistogram(meter, METRIC_TRADING_TRADE_DURATION);
    this.slippage = createHistogram(meter, METRIC_TRADING_SLIPPAGE);
    this.slippageCost = createUpDownCounter(meter, METRIC_TRADING_SLIPPAGE_COST);
    this.eventDropped = createCounter(meter, METRIC_TRADING_EVENT_DROPPED);
    this.ledgerError = createObservableGauge(meter, METRIC_TRADING_LEDGER_ERROR);
  }
}
