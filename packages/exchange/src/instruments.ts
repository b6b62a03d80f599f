import type { Counter, Gauge, Histogram, Meter, ObservableGauge, UpDownCounter } from '@opentelemetry/api';
import {
  createCounter,
  createGauge,
  createHistogram,
  createObservableGauge,
  createUpDownCounter,
  METRIC_EXCHANGE_BAN_COUNT,
  METRIC_EXCHANGE_BAN_REMAINING,
  METRIC_EXCHANGE_BOOK_CHECKSUM,
  METRIC_EXCHANGE_CHANNEL_AGE,
  METRIC_EXCHANGE_CHANNEL_STALL,
  METRIC_EXCHANGE_CHANNEL_STALLED,
  METRIC_EXCHANGE_CLOCK_OFFSET,
  METRIC_EXCHANGE_CONNECTION_ACTIVE,
  METRIC_EXCHANGE_CONNECTION_DOWN_TIME,
  METRIC_EXCHANGE_CONNECTION_HANDSHAKE_DURATION,
  METRIC_EXCHANGE_CONNECTION_LOST,
  METRIC_EXCHANGE_CONNECTION_RECONNECT,
  METRIC_EXCHANGE_ERROR_COUNT,
  METRIC_EXCHANGE_EVENT_DROPPED,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_FEED_DELAY_APPARENT,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_FEED_DELAY_FLOOR,
  METRIC_EXCHANGE_FILL_EFFECTIVE_SPREAD,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_MESSAGE_DECODE_DURATION,
  METRIC_EXCHANGE_MESSAGE_GAP,
  METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION,
  METRIC_EXCHANGE_MESSAGE_IO,
  METRIC_EXCHANGE_MESSAGE_RESYNC,
  METRIC_EXCHANGE_MESSAGE_STALE,
  METRIC_EXCHANGE_ORDER_ACK_DURATION,
  METRIC_EXCHANGE_ORDER_CANCEL_DURATION,
  METRIC_EXCHANGE_ORDER_FILL_DURATION,
  METRIC_EXCHANGE_ORDER_NOTIONAL,
  METRIC_EXCHANGE_ORDER_QUANTITY,
  METRIC_EXCHANGE_ORDER_REJECTED,
  METRIC_EXCHANGE_ORDER_REJECT_SHARE,
  METRIC_EXCHANGE_ORDER_SEND_DURATION,
  METRIC_EXCHANGE_ORDER_SENT,
  METRIC_EXCHANGE_PING_DURATION,
  METRIC_EXCHANGE_QUEUE_DEPTH,
  METRIC_EXCHANGE_RATE_LIMIT_RESET,
  METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION,
  METRIC_EXCHANGE_REQUEST_DURATION,
  METRIC_EXCHANGE_REQUEST_QUEUE_DEPTH,
  METRIC_EXCHANGE_REQUEST_QUEUE_DURATION,
  METRIC_EXCHANGE_ROUTING_CONCENTRATION,
  METRIC_EXCHANGE_ROUTING_SHARE,
  METRIC_EXCHANGE_SUBSCRIBE_DURATION,
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
  readonly connectionReconnect: Counter;
  readonly connectionDownTime: Counter;
  readonly handshakeDuration: Histogram;
  readonly subscribeDuration: Histogram;
  readonly pingDuration: Histogram;
  readonly clockOffset: Gauge;
  readonly decodeDuration: Histogram;
  readonly queueDepth: Gauge;
  readonly channelStalled: ObservableGauge;
  readonly channelStall: Counter;
  readonly bookChecksum: Counter;
  readonly errorCount: Counter;
  readonly orderSendDuration: Histogram;
  readonly orderAckDuration: Histogram;
  readonly orderFillDuration: Histogram;
  readonly orderCancelDuration: Histogram;
  readonly orderSent: Counter;
  readonly orderQuantity: Counter;
  readonly orderNotional: Counter;
  readonly orderRejected: Counter;
  readonly rejectShare: ObservableGauge;
  readonly routingShare: ObservableGauge;
  readonly routingConcentration: ObservableGauge;
  readonly effectiveSpread: ObservableGauge;
  readonly rateLimitReset: ObservableGauge;
  readonly banCount: Counter;
  readonly banRemaining: ObservableGauge;
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
    this.connectionReconnect = createCounter(meter, METRIC_EXCHANGE_CONNECTION_RECONNECT);
    this.connectionDownTime = createCounter(meter, METRIC_EXCHANGE_CONNECTION_DOWN_TIME);
    this.handshakeDuration = createHistogram(meter, METRIC_EXCHANGE_CONNECTION_HANDSHAKE_DURATION);
    this.subscribeDuration = createHistogram(meter, METRIC_EXCHANGE_SUBSCRIBE_DURATION);
    this.pingDuration = createHistogram(meter, METRIC_EXCHANGE_PING_DURATION);
    this.clockOffset = createGauge(meter, METRIC_EXCHANGE_CLOCK_OFFSET);
    this.decodeDuration = createHistogram(meter, METRIC_EXCHANGE_MESSAGE_DECODE_DURATION);
    this.queueDepth = createGauge(meter, METRIC_EXCHANGE_QUEUE_DEPTH);
    this.channelStalled = createObservableGauge(meter, METRIC_EXCHANGE_CHANNEL_STALLED);
    this.channelStall = createCounter(meter, METRIC_EXCHANGE_CHANNEL_STALL);
    this.bookChecksum = createCounter(meter, METRIC_EXCHANGE_BOOK_CHECKSUM);
    this.errorCount = createCounter(meter, METRIC_EXCHANGE_ERROR_COUNT);
    this.orderSendDuration = createHistogram(meter, METRIC_EXCHANGE_ORDER_SEND_DURATION);
    this.orderAckDuration = createHistogram(meter, METRIC_EXCHANGE_ORDER_ACK_DURATION);
    this.orderFillDuration = createHistogram(meter, METRIC_EXCHANGE_ORDER_FILL_DURATION);
    this.orderCancelDuration = createHistogram(meter, METRIC_EXCHANGE_ORDER_CANCEL_DURATION);
    this.orderSent = createCounter(meter, METRIC_EXCHANGE_ORDER_SENT);
    this.orderQuantity = createCounter(meter, METRIC_EXCHANGE_ORDER_QUANTITY);
    this.orderNotional = createCounter(meter, METRIC_EXCHANGE_ORDER_NOTIONAL);
    this.orderRejected = createCounter(meter, METRIC_EXCHANGE_ORDER_REJECTED);
    this.rejectShare = createObservableGauge(meter, METRIC_EXCHANGE_ORDER_REJECT_SHARE);
    this.routingShare = createObservableGauge(meter, METRIC_EXCHANGE_ROUTING_SHARE);
    this.routingConcentration = createObservableGauge(meter, METRIC_EXCHANGE_ROUTING_CONCENTRATION);
    this.effectiveSpread = createObservableGauge(meter, METRIC_EXCHANGE_FILL_EFFECTIVE_SPREAD);
    this.rateLimitReset = createObservableGauge(meter, METRIC_EXCHANGE_RATE_LIMIT_RESET);
    this.banCount = createCounter(meter, METRIC_EXCHANGE_BAN_COUNT);
    this.banRemaining = createObservableGauge(meter, METRIC_EXCHANGE_BAN_REMAINING);
    this.eventDropped = createCounter(meter, METRIC_EXCHANGE_EVENT_DROPPED);
  }

  /** The instruments that one callback observes. */
  get observables(): ObservableGauge[] {
    return [
      this.feedAge,
      this.channelAge,
      this.channelStalled,
      this.rejectShare,
      this.routingShare,
      this.routingConcentration,
      this.effectiveSpread,
      this.rateLimitReset,
      this.banRemaining,
    ];
  }
}
