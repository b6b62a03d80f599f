// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** The exchange, market segment included where it has its own connection. */
export const ATTR_EXCHANGE_NAME = "exchange.name" as const;

/** The feed's channel. */
export const ATTR_EXCHANGE_CHANNEL = "exchange.channel" as const;

/** Class of a request. */
export const ATTR_EXCHANGE_OPERATION = "exchange.operation" as const;

/** Name of a rate limiter of the exchange. */
export const ATTR_EXCHANGE_LIMITER = "exchange.limiter" as const;

/** Why an event, or a part of it, was left out. */
export const ATTR_EXCHANGE_DROP_REASON = "exchange.drop.reason" as const;

/** Messages received. Unit `{message}`. */
export const METRIC_EXCHANGE_MESSAGE_COUNT: MetricDefinition<'counter'> = {
  "name": "exchange.message.count",
  "kind": "counter",
  "unit": "{message}",
  "valueType": "int",
  "description": "Messages received.",
  "definition": "One per message.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ]
};

/** Payload bytes received. Unit `By`. */
export const METRIC_EXCHANGE_MESSAGE_IO: MetricDefinition<'counter'> = {
  "name": "exchange.message.io",
  "kind": "counter",
  "unit": "By",
  "valueType": "int",
  "description": "Payload bytes received.",
  "definition": "Sum of message payload sizes before decompression.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ]
};

/** Messages missed according to the exchange's sequence numbers. Unit `{message}`. */
export const METRIC_EXCHANGE_MESSAGE_GAP: MetricDefinition<'counter'> = {
  "name": "exchange.message.gap",
  "kind": "counter",
  "unit": "{message}",
  "valueType": "int",
  "description": "Messages missed according to the exchange's sequence numbers.",
  "definition": "Sum of the missing sequence numbers of every gap, per exchange, channel and symbol; where messages name their predecessor, the distance from the last one seen to it.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ]
};

/** Messages whose sequence number was not newer than the last. Unit `{message}`. */
export const METRIC_EXCHANGE_MESSAGE_STALE: MetricDefinition<'counter'> = {
  "name": "exchange.message.stale",
  "kind": "counter",
  "unit": "{message}",
  "valueType": "int",
  "description": "Messages whose sequence number was not newer than the last.",
  "definition": "One per message.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ]
};

/** Sequences started anew, as after a snapshot or a reconnect. Unit `{resync}`. */
export const METRIC_EXCHANGE_MESSAGE_RESYNC: MetricDefinition<'counter'> = {
  "name": "exchange.message.resync",
  "kind": "counter",
  "unit": "{resync}",
  "valueType": "int",
  "description": "Sequences started anew, as after a snapshot or a reconnect.",
  "definition": "One per resynchronisation the service reports.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ]
};

/** Time to decode and handle one message. Unit `s`. */
export const METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.message.handler.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time to decode and handle one message.",
  "definition": "Monotonic clock around the handler.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ],
  "buckets": [
    0.000001,
    0.0000025,
    0.000005,
    0.00001,
    0.000025,
    0.00005,
    0.0001,
    0.00025,
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1
  ]
};

/** Receive time minus the exchange's stamp of the last message; negative when clocks disagree, never clamped. Unit `s`. */
export const METRIC_EXCHANGE_FEED_DELAY_APPARENT: MetricDefinition<'gauge'> = {
  "name": "exchange.feed.delay.apparent",
  "kind": "gauge",
  "unit": "s",
  "valueType": "double",
  "description": "Receive time minus the exchange's stamp of the last message; negative when clocks disagree, never clamped.",
  "definition": "receive - event stamp.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ],
  "sign": "late positive"
};

/** Smallest apparent delay of the rolling window, the estimate of clock offset plus shortest path. Unit `s`. */
export const METRIC_EXCHANGE_FEED_DELAY_FLOOR: MetricDefinition<'gauge'> = {
  "name": "exchange.feed.delay.floor",
  "kind": "gauge",
  "unit": "s",
  "valueType": "double",
  "description": "Smallest apparent delay of the rolling window, the estimate of clock offset plus shortest path.",
  "definition": "Minimum apparent delay of the last 60 s of receive time, kept in steps of 250 ms.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ],
  "sign": "late positive",
  "window": "60 s"
};

/** Apparent delay above its rolling floor, honest without synchronised clocks. Unit `s`. */
export const METRIC_EXCHANGE_FEED_DELAY_EXCESS: MetricDefinition<'histogram'> = {
  "name": "exchange.feed.delay.excess",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Apparent delay above its rolling floor, honest without synchronised clocks.",
  "definition": "apparent delay - rolling minimum.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ],
  "window": "floor over 60 s",
  "buckets": [
    0.00005,
    0.0001,
    0.00025,
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2.5
  ]
};

/** Time since the last message of the exchange. Unit `s`. */
export const METRIC_EXCHANGE_FEED_AGE: MetricDefinition<'observablegauge'> = {
  "name": "exchange.feed.age",
  "kind": "observablegauge",
  "unit": "s",
  "valueType": "double",
  "description": "Time since the last message of the exchange.",
  "definition": "Now minus receive time of the last message; absent before the first, and after the service closed its last connection on purpose.",
  "attributes": [
    "exchange.name"
  ]
};

/** Time since the last message of one channel; shows a channel that stalls while others of the exchange go on. Unit `s`. */
export const METRIC_EXCHANGE_CHANNEL_AGE: MetricDefinition<'observablegauge'> = {
  "name": "exchange.channel.age",
  "kind": "observablegauge",
  "unit": "s",
  "valueType": "double",
  "description": "Time since the last message of one channel; shows a channel that stalls while others of the exchange go on.",
  "definition": "Now minus receive time of the last message; absent before the first, and after the service closed its last connection on purpose.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ]
};

/** Open connections. Unit `{connection}`. */
export const METRIC_EXCHANGE_CONNECTION_ACTIVE: MetricDefinition<'updowncounter'> = {
  "name": "exchange.connection.active",
  "kind": "updowncounter",
  "unit": "{connection}",
  "valueType": "int",
  "description": "Open connections.",
  "definition": "+1 per connect, -1 per disconnect.",
  "attributes": [
    "exchange.name"
  ]
};

/** Connections lost, by cause. Unit `{connection}`. */
export const METRIC_EXCHANGE_CONNECTION_LOST: MetricDefinition<'counter'> = {
  "name": "exchange.connection.lost",
  "kind": "counter",
  "unit": "{connection}",
  "valueType": "int",
  "description": "Connections lost, by cause.",
  "definition": "One per disconnect that the service did not ask for; causes beyond the limit per exchange are `_OTHER`.",
  "attributes": [
    "exchange.name",
    "error.type"
  ]
};

/** Duration of requests; failed ones carry `error.type`. Unit `s`. */
export const METRIC_EXCHANGE_REQUEST_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.request.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Duration of requests; failed ones carry `error.type`.",
  "definition": "Answer received minus request sent.",
  "attributes": [
    "exchange.name",
    "exchange.operation",
    "error.type"
  ],
  "buckets": [
    0.0001,
    0.00025,
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2.5,
    5,
    10
  ]
};

/** Requests that wait in the client's own rate limiter, the new one included. Unit `{request}`. */
export const METRIC_EXCHANGE_REQUEST_QUEUE_DEPTH: MetricDefinition<'gauge'> = {
  "name": "exchange.request.queue.depth",
  "kind": "gauge",
  "unit": "{request}",
  "valueType": "int",
  "description": "Requests that wait in the client's own rate limiter, the new one included.",
  "definition": "Length of the queue when a request enters it.",
  "attributes": [
    "exchange.name"
  ]
};

/** Time a request waited in the client's own rate limiter before it was sent. Unit `s`. */
export const METRIC_EXCHANGE_REQUEST_QUEUE_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.request.queue.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time a request waited in the client's own rate limiter before it was sent.",
  "definition": "Request let through minus request entered.",
  "attributes": [
    "exchange.name"
  ],
  "buckets": [
    0.0001,
    0.00025,
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2.5,
    5,
    10
  ]
};

/** Use of a rate limit, 1 = at the limit. Unit `1`. */
export const METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION: MetricDefinition<'gauge'> = {
  "name": "exchange.rate_limit.utilization",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Use of a rate limit, 1 = at the limit.",
  "definition": "used / limit as the exchange reports it.",
  "attributes": [
    "exchange.name",
    "exchange.limiter"
  ]
};

/** Events, or parts of events, left out by the exchange instrumentation, by cause. Unit `{event}`. */
export const METRIC_EXCHANGE_EVENT_DROPPED: MetricDefinition<'counter'> = {
  "name": "exchange.event.dropped",
  "kind": "counter",
  "unit": "{event}",
  "valueType": "int",
  "description": "Events, or parts of events, left out by the exchange instrumentation, by cause.",
  "definition": "One per part left out; what is valid of the event is still recorded.",
  "attributes": [
    "exchange.drop.reason"
  ]
};
