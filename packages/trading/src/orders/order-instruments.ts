import type { Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';
import {
  createCounter,
  createHistogram,
  createUpDownCounter,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_ORDER_ACKNOWLEDGED,
  METRIC_TRADING_ORDER_CANCELED,
  METRIC_TRADING_ORDER_COUNT,
  METRIC_TRADING_ORDER_FILL_DURATION,
  METRIC_TRADING_ORDER_OPEN,
  METRIC_TRADING_ORDER_REJECTED,
} from '@nanometer/semconv';

/** The instruments of the order life cycle. */
export class OrderInstruments {
  readonly count: Counter;
  readonly acknowledged: Counter;
  readonly rejected: Counter;
  readonly canceled: Counter;
  readonly open: UpDownCounter;
  readonly ackDuration: Histogram;
  readonly fillDuration: Histogram;

  constructor(meter: Meter) {
    this.count = createCounter(meter, METRIC_TRADING_ORDER_COUNT);
    this.acknowledged = createCounter(meter, METRIC_TRADING_ORDER_ACKNOWLEDGED);
    this.rejected = createCounter(meter, METRIC_TRADING_ORDER_REJECTED);
    this.canceled = createCounter(meter, METRIC_TRADING_ORDER_CANCELED);
    this.open = createUpDownCounter(meter, METRIC_TRADING_ORDER_OPEN);
    this.ackDuration = createHistogram(meter, METRIC_TRADING_ORDER_ACK_DURATION);
    this.fillDuration = createHistogram(meter, METRIC_TRADING_ORDER_FILL_DURATION);
  }
}
