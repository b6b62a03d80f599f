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

/** Whether a book's checksum was the exchange's, `matched` or `mismatched`. */
export const ATTR_EXCHANGE_CHECKSUM_RESULT = "exchange.checksum.result" as const;

/** By what routing is shared, `orders`, `quantity` or `notional`. */
export const ATTR_EXCHANGE_ROUTING_BASIS = "exchange.routing.basis" as const;

/** Why requests were refused, `limited` (HTTP 429) or `banned` (HTTP 418). */
export const ATTR_EXCHANGE_BAN_CAUSE = "exchange.ban.cause" as const;

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
  "sign": "late positive",
  "window": "the last message"
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
  ],
  "sign": "negative where the clock was set back",
  "window": "now"
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
  ],
  "sign": "negative where the clock was set back",
  "window": "now"
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
  ],
  "sign": "never negative"
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
  ],
  "sign": "never negative",
  "window": "the last request"
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
  ],
  "sign": "never negative",
  "window": "of the limiter, by the last answer"
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

/** Time to decode one message. Unit `s`. */
export const METRIC_EXCHANGE_MESSAGE_DECODE_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.message.decode.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time to decode one message.",
  "definition": "Monotonic clock around the decoder.",
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

/** Messages received and not yet handled. Unit `{message}`. */
export const METRIC_EXCHANGE_QUEUE_DEPTH: MetricDefinition<'gauge'> = {
  "name": "exchange.queue.depth",
  "kind": "gauge",
  "unit": "{message}",
  "valueType": "int",
  "description": "Messages received and not yet handled.",
  "definition": "As the service tells it.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ],
  "sign": "never negative",
  "window": "as last told"
};

/** 1 while a channel has been silent for longer than its limit, else 0. Unit `1`. */
export const METRIC_EXCHANGE_CHANNEL_STALLED: MetricDefinition<'observablegauge'> = {
  "name": "exchange.channel.stalled",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "int",
  "description": "1 while a channel has been silent for longer than its limit, else 0.",
  "definition": "1 from the check that finds the last message older than `staleAfterMs` to the next message.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ],
  "sign": "0 or 1",
  "window": "now"
};

/** Times a channel was found silent for longer than its limit. Unit `{stall}`. */
export const METRIC_EXCHANGE_CHANNEL_STALL: MetricDefinition<'counter'> = {
  "name": "exchange.channel.stall",
  "kind": "counter",
  "unit": "{stall}",
  "valueType": "int",
  "description": "Times a channel was found silent for longer than its limit.",
  "definition": "One per change to stalled.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
  ]
};

/** Checksums of books compared with the exchange’s. Unit `{check}`. */
export const METRIC_EXCHANGE_BOOK_CHECKSUM: MetricDefinition<'counter'> = {
  "name": "exchange.book.checksum",
  "kind": "counter",
  "unit": "{check}",
  "valueType": "int",
  "description": "Checksums of books compared with the exchange’s.",
  "definition": "One per comparison; CRC-32 of the best levels as texts, by the exchange’s own rule.",
  "attributes": [
    "exchange.name",
    "exchange.channel",
    "exchange.checksum.result"
  ]
};

/** Connections opened again after a loss. Unit `{connection}`. */
export const METRIC_EXCHANGE_CONNECTION_RECONNECT: MetricDefinition<'counter'> = {
  "name": "exchange.connection.reconnect",
  "kind": "counter",
  "unit": "{connection}",
  "valueType": "int",
  "description": "Connections opened again after a loss.",
  "definition": "One per open after the last open connection was lost.",
  "attributes": [
    "exchange.name"
  ]
};

/** Time without any connection after a loss. Unit `s`. */
export const METRIC_EXCHANGE_CONNECTION_DOWN_TIME: MetricDefinition<'counter'> = {
  "name": "exchange.connection.down.time",
  "kind": "counter",
  "unit": "s",
  "valueType": "double",
  "description": "Time without any connection after a loss.",
  "definition": "Sum of open minus loss, by the events’ times; the loss that still lasts is not in it.",
  "attributes": [
    "exchange.name"
  ]
};

/** Time to open a connection. Unit `s`. */
export const METRIC_EXCHANGE_CONNECTION_HANDSHAKE_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.connection.handshake.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time to open a connection.",
  "definition": "As the service tells it, from the attempt to the open.",
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

/** Time from a subscription to its confirmation. Unit `s`. */
export const METRIC_EXCHANGE_SUBSCRIBE_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.subscribe.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time from a subscription to its confirmation.",
  "definition": "As the service tells it.",
  "attributes": [
    "exchange.name",
    "exchange.channel"
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

/** Round trip of a ping. Unit `s`. */
export const METRIC_EXCHANGE_PING_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.ping.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Round trip of a ping.",
  "definition": "Pong received minus ping sent.",
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

/** Clock of the exchange less the service’s, estimated from a request for its time. Unit `s`. */
export const METRIC_EXCHANGE_CLOCK_OFFSET: MetricDefinition<'gauge'> = {
  "name": "exchange.clock.offset",
  "kind": "gauge",
  "unit": "s",
  "valueType": "double",
  "description": "Clock of the exchange less the service’s, estimated from a request for its time.",
  "definition": "((T1 - T0) + (T2 - T3)) / 2 with T0 sent, T1 received and T2 answered by the exchange, T3 received; T1 = T2 where it tells one time.",
  "attributes": [
    "exchange.name"
  ],
  "sign": "exchange ahead positive",
  "window": "the last request for the time"
};

/** Errors by class. Unit `{error}`. */
export const METRIC_EXCHANGE_ERROR_COUNT: MetricDefinition<'counter'> = {
  "name": "exchange.error.count",
  "kind": "counter",
  "unit": "{error}",
  "valueType": "int",
  "description": "Errors by class.",
  "definition": "One per error told or request failed; `error.type` is the class in ccxt’s hierarchy, never the message.",
  "attributes": [
    "exchange.name",
    "exchange.operation",
    "error.type"
  ]
};

/** Decision to send of an order. Unit `s`. */
export const METRIC_EXCHANGE_ORDER_SEND_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.order.send.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Decision to send of an order.",
  "definition": "Sent minus decided, where the decision’s time is told.",
  "attributes": [
    "exchange.name"
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

/** Send to acknowledgement of an order. Unit `s`. */
export const METRIC_EXCHANGE_ORDER_ACK_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.order.ack.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Send to acknowledgement of an order.",
  "definition": "First acknowledgement or reject minus sent.",
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

/** Acknowledgement to first fill of an order. Unit `s`. */
export const METRIC_EXCHANGE_ORDER_FILL_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.order.fill.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Acknowledgement to first fill of an order.",
  "definition": "First fill minus acknowledgement; a fill that comes before it counts from 0.",
  "attributes": [
    "exchange.name"
  ],
  "buckets": [
    0.0001,
    0.001,
    0.01,
    0.1,
    0.25,
    0.5,
    1,
    2.5,
    5,
    10,
    30,
    60,
    300,
    1800,
    3600
  ]
};

/** Cancel to confirmation of an order. Unit `s`. */
export const METRIC_EXCHANGE_ORDER_CANCEL_DURATION: MetricDefinition<'histogram'> = {
  "name": "exchange.order.cancel.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Cancel to confirmation of an order.",
  "definition": "Confirmed minus first cancel sent.",
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

/** Orders sent. Unit `{order}`. */
export const METRIC_EXCHANGE_ORDER_SENT: MetricDefinition<'counter'> = {
  "name": "exchange.order.sent",
  "kind": "counter",
  "unit": "{order}",
  "valueType": "int",
  "description": "Orders sent.",
  "definition": "One per order sent.",
  "attributes": [
    "exchange.name"
  ]
};

/** Quantity of orders sent. Unit `{unit}`. */
export const METRIC_EXCHANGE_ORDER_QUANTITY: MetricDefinition<'counter'> = {
  "name": "exchange.order.quantity",
  "kind": "counter",
  "unit": "{unit}",
  "valueType": "double",
  "description": "Quantity of orders sent.",
  "definition": "Sum of quantities; over symbols of different units only a checksum.",
  "attributes": [
    "exchange.name"
  ]
};

/** Notional of orders sent, in the reporting currency. Unit `{currency}`. */
export const METRIC_EXCHANGE_ORDER_NOTIONAL: MetricDefinition<'counter'> = {
  "name": "exchange.order.notional",
  "kind": "counter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Notional of orders sent, in the reporting currency.",
  "definition": "Sum of notionals as told.",
  "attributes": [
    "exchange.name"
  ]
};

/** Orders rejected by the exchange, by class. Unit `{order}`. */
export const METRIC_EXCHANGE_ORDER_REJECTED: MetricDefinition<'counter'> = {
  "name": "exchange.order.rejected",
  "kind": "counter",
  "unit": "{order}",
  "valueType": "int",
  "description": "Orders rejected by the exchange, by class.",
  "definition": "One per reject.",
  "attributes": [
    "exchange.name",
    "error.type"
  ]
};

/** Share of orders sent that were rejected. Unit `1`. */
export const METRIC_EXCHANGE_ORDER_REJECT_SHARE: MetricDefinition<'observablegauge'> = {
  "name": "exchange.order.reject_share",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of orders sent that were rejected.",
  "definition": "Rejects / orders sent.",
  "attributes": [
    "exchange.name"
  ],
  "sign": "0 to 1",
  "window": "since the start"
};

/** Share of all orders, quantity or notional that went to an exchange. Unit `1`. */
export const METRIC_EXCHANGE_ROUTING_SHARE: MetricDefinition<'observablegauge'> = {
  "name": "exchange.routing.share",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of all orders, quantity or notional that went to an exchange.",
  "definition": "Sent to the exchange / sent to all.",
  "attributes": [
    "exchange.name",
    "exchange.routing.basis"
  ],
  "sign": "0 to 1",
  "window": "since the start"
};

/** How concentrated routing is, 1/n for n equal shares to 1. Unit `1`. */
export const METRIC_EXCHANGE_ROUTING_CONCENTRATION: MetricDefinition<'observablegauge'> = {
  "name": "exchange.routing.concentration",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "How concentrated routing is, 1/n for n equal shares to 1.",
  "definition": "Σ share² (Herfindahl-Hirschman index).",
  "attributes": [
    "exchange.routing.basis"
  ],
  "sign": "0 to 1",
  "window": "since the start"
};

/** Effective spread paid at an exchange, for its routing quality. Unit `{bp}`. */
export const METRIC_EXCHANGE_FILL_EFFECTIVE_SPREAD: MetricDefinition<'observablegauge'> = {
  "name": "exchange.fill.effective_spread",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Effective spread paid at an exchange, for its routing quality.",
  "definition": "Σ notional × 2·D·(price - mid) / mid × 10,000 / Σ notional over fills whose mid is told, D 1 for a buy, -1 for a sell.",
  "attributes": [
    "exchange.name"
  ],
  "sign": "paid positive",
  "window": "since the start"
};

/** Time until a limiter starts anew. Unit `s`. */
export const METRIC_EXCHANGE_RATE_LIMIT_RESET: MetricDefinition<'observablegauge'> = {
  "name": "exchange.rate_limit.reset",
  "kind": "observablegauge",
  "unit": "s",
  "valueType": "double",
  "description": "Time until a limiter starts anew.",
  "definition": "Reset time as the exchange tells it minus now; absent once it is past.",
  "attributes": [
    "exchange.name",
    "exchange.limiter"
  ],
  "sign": "never negative",
  "window": "now"
};

/** Answers that refused for too many requests. Unit `{ban}`. */
export const METRIC_EXCHANGE_BAN_COUNT: MetricDefinition<'counter'> = {
  "name": "exchange.ban.count",
  "kind": "counter",
  "unit": "{ban}",
  "valueType": "int",
  "description": "Answers that refused for too many requests.",
  "definition": "One per HTTP 429 (`limited`) or 418 (`banned`).",
  "attributes": [
    "exchange.name",
    "exchange.ban.cause"
  ]
};

/** Time until requests are allowed again. Unit `s`. */
export const METRIC_EXCHANGE_BAN_REMAINING: MetricDefinition<'observablegauge'> = {
  "name": "exchange.ban.remaining",
  "kind": "observablegauge",
  "unit": "s",
  "valueType": "double",
  "description": "Time until requests are allowed again.",
  "definition": "Latest end of a ban by Retry-After minus now; absent without one.",
  "attributes": [
    "exchange.name"
  ],
  "sign": "never negative",
  "window": "now"
};
