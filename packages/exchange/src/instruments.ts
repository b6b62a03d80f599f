import type { Counter, Gauge, Histogram, Meter, ObservableGauge, UpDownCounter } from '@opentelemetry/api';
import {
  createCounter,
  createGauge,
  createHistogram,
  createObservableGauge,
  createUpDownCounter,
  METRIC_EXCHANGE_CHANNEL_AGE,
  METRIC_EXCHANGE_CONNECTION_ACTIVE,
  METRIC_EXCHANGE_CONNECTION_LOST,
  METRIC_EXCHANGE_EVENT_DROPPED,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_FEED_DELAY_APPARENT,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_FEED_DELAY_FLOOR,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_MESSAGE_GAP,
  METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION,
  METRIC_EXCHANGE_MESSAGE_IO,
  METRIC_EXCHANGE_MESSAGE_RESYNC,
  METRIC_EXCHANGE_MESSAGE_STALE,
  METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION,
  METRIC_EXCHANGE_REQUEST_DURATION,
  METRIC_EXCHANGE_REQUEST_QUEUE_DEPTH,
  METRIC_EXCHANGE_REQUEST_QUEUE_DURATION,
} from '@nanometer/semconv';

/** Every instrument of the package, made once per instrumentation. */
export class Instruments {
  readonly messageCount: Counter;
  readonly messageBytes: Counter;
  readonly messageGap: Counter;
  readonly messageStale: Counter;
  readonly messageResync: Counter;
  readonly handlerDuration: Histogram;
  readonly delayApparent: Gauge;
  readonly delayFloor: Gauge;
  readonly delayExcess: Histogram;
  readonly feedAge: ObservableGauge;
  readonly channelAge: ObservableGauge;
  readonly connectionActive: UpDownCounter;
  readonly connectionLost: Counter;
  readonly requestDuration: Histogram;
  readonly requestQueueDepth: Gauge;
  readonly requestQueueDuration: Histogram;
  readonly rateLimitUtilization: Gauge;
  readonly eventDropped: Counter;

  constructor(meter: Meter) {
    this.messageCount = createCounter(meter, METRIC_EXCHANGE_MESSAGE_COUNT);
    this.messageBytes = createCounter(meter, METRIC_EXCHANGE_MESSAGE_IO);
    this.messageGap = createCounter(meter, METRIC_EXCHANGE_MESSAGE_GAP);
    this.messageStale = createCounter(meter, METRIC_EXCHANGE_MESSAGE_STALE);
    this.messageResync = createCounter(meter, METRIC_EXCHANGE_MESSAGE_RESYNC);
    this.handlerDuration = createHistogram(meter, METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION);
    this.delayApparent = createGauge(meter, METRIC_EXCHANGE_FEED_DELAY_APPARENT);
    this.delayFloor = createGauge(meter, METRIC_EXCHANGE_FEED_DELAY_FLOOR);
    this.delayExcess = createHistogram(meter, METRIC_EXCHANGE_FEED_DELAY_EXCESS);
    this.feedAge = createObservableGauge(meter, METRIC_EXCHANGE_FEED_AGE);
    this.channelAge = createObservableGauge(meter, METRIC_EXCHANGE_CHANNEL_AGE);
    this.connectionActive = createUpDownCounter(meter, METRIC_EXCHANGE_CONNECTION_ACTIVE);
    this.connectionLost = createCounter(meter, METRIC_EXCHANGE_CONNECTION_LOST);
    this.requestDuration = createHistogram(meter, METRIC_EXCHANGE_REQUEST_DURATION);
    this.requestQueueDepth = createGauge(meter, METRIC_EXCHANGE_REQUEST_QUEUE_DEPTH);
    this.requestQueueDuration = createHistogram(meter, METRIC_EXCHANGE_REQUEST_QUEUE_DURATION);
    this.rateLimitUtilization = createGauge(meter, METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION);
    this.eventDropped = createCounter(meter, METRIC_EXCHANGE_EVENT_DROPPED);
  }
}
