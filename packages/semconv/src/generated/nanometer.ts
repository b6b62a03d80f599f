// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Class of an error, low cardinality (OpenTelemetry's own attribute). */
export const ATTR_ERROR_TYPE = "error.type" as const;

/** Output of the bridge. */
export const ATTR_NANOMETER_OUTPUT = "nanometer.output" as const;

/** Cause of a drop. */
export const ATTR_NANOMETER_DROP_CAUSE = "nanometer.drop.cause" as const;

/** How points arrived. */
export const ATTR_NANOMETER_TRANSPORT = "nanometer.transport" as const;

/** Whose memory it is, that of the thread which reads or that of the worker threads joined to it. */
export const ATTR_NANOMETER_THREAD_KIND = "nanometer.thread.kind" as const;

/** How a lossless subscriber went on after a cut. */
export const ATTR_NANOMETER_LIVE_RECOVERY = "nanometer.live.recovery" as const;

/** Measurements the SDK did not record, by cause. Unit `{measurement}`. */
export const METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.sdk.measurement.dropped",
  "kind": "observablecounter",
  "unit": "{measurement}",
  "valueType": "int",
  "description": "Measurements the SDK did not record, by cause.",
  "definition": "One per measurement.",
  "attributes": [
    "nanometer.drop.cause"
  ]
};

/** Series in use by the SDK. Unit `{series}`. */
export const METRIC_NANOMETER_SDK_SERIES_ACTIVE: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.sdk.series.active",
  "kind": "observableupdowncounter",
  "unit": "{series}",
  "valueType": "int",
  "description": "Series in use by the SDK.",
  "definition": "Distinct attribute sets over all instruments.",
  "attributes": []
};

/** Data points handed to the OTLP exporter. Unit `{point}`. */
export const METRIC_NANOMETER_OTLP_POINT_RECEIVED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.otlp.point.received",
  "kind": "observablecounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points handed to the OTLP exporter.",
  "definition": "One per data point exported or found in the log at its opening; received = forwarded + held + dropped.",
  "attributes": []
};

/** Data points the OTLP receiver acknowledged. Unit `{point}`. */
export const METRIC_NANOMETER_OTLP_POINT_FORWARDED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.otlp.point.forwarded",
  "kind": "observablecounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points the OTLP receiver acknowledged.",
  "definition": "One per data point, when the request that carried it was accepted.",
  "attributes": []
};

/** Data points in the OTLP exporter's log that are not acknowledged yet. Unit `{point}`. */
export const METRIC_NANOMETER_OTLP_POINT_HELD: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.otlp.point.held",
  "kind": "observableupdowncounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points in the OTLP exporter's log that are not acknowledged yet.",
  "definition": "Received minus forwarded minus dropped.",
  "attributes": []
};

/** Data points the OTLP exporter gave up, by cause. Unit `{point}`. */
export const METRIC_NANOMETER_OTLP_POINT_DROPPED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.otlp.point.dropped",
  "kind": "observablecounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points the OTLP exporter gave up, by cause.",
  "definition": "One per data point.",
  "attributes": [
    "nanometer.drop.cause"
  ]
};

/** Size of the OTLP exporter's log. Unit `By`. */
export const METRIC_NANOMETER_OTLP_BYTE_HELD: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.otlp.byte.held",
  "kind": "observableupdowncounter",
  "unit": "By",
  "valueType": "int",
  "description": "Size of the OTLP exporter's log.",
  "definition": "Bytes of its files or of its queue in memory, acknowledged data that is not freed yet included.",
  "attributes": []
};

/** Age of the oldest data the OTLP exporter holds. Unit `s`. */
export const METRIC_NANOMETER_OTLP_HELD_AGE: MetricDefinition<'observablegauge'> = {
  "name": "nanometer.otlp.held.age",
  "kind": "observablegauge",
  "unit": "s",
  "valueType": "double",
  "description": "Age of the oldest data the OTLP exporter holds.",
  "definition": "Time since its append; 0 when nothing is held.",
  "attributes": []
};

/** OTLP requests that failed and are sent again. Unit `{request}`. */
export const METRIC_NANOMETER_OTLP_REQUEST_RETRIED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.otlp.request.retried",
  "kind": "observablecounter",
  "unit": "{request}",
  "valueType": "int",
  "description": "OTLP requests that failed and are sent again.",
  "definition": "One per failed attempt.",
  "attributes": []
};

/** Time the disk took to make appended data durable. Unit `s`. */
export const METRIC_NANOMETER_OTLP_LOG_SYNC_DURATION: MetricDefinition<'histogram'> = {
  "name": "nanometer.otlp.log.sync.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time the disk took to make appended data durable.",
  "definition": "Duration of one fdatasync of the OTLP exporter's log.",
  "attributes": [],
  "buckets": [
    0.0001,
    0.0005,
    0.001,
    0.005,
    0.01,
    0.05,
    0.1,
    0.5,
    1,
    5
  ]
};

/** Measurements of synchronous instruments that the cardinality limit sent to an overflow series. Unit `{measurement}`. */
export const METRIC_NANOMETER_SDK_MEASUREMENT_OVERFLOWED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.sdk.measurement.overflowed",
  "kind": "observablecounter",
  "unit": "{measurement}",
  "valueType": "int",
  "description": "Measurements of synchronous instruments that the cardinality limit sent to an overflow series.",
  "definition": "One per measurement and stream.",
  "attributes": []
};

/** Overflow series in use, which is streams of synchronous instruments that have reached their cardinality limit. Unit `{series}`. */
export const METRIC_NANOMETER_SDK_SERIES_OVERFLOWED: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.sdk.series.overflowed",
  "kind": "observableupdowncounter",
  "unit": "{series}",
  "valueType": "int",
  "description": "Overflow series in use, which is streams of synchronous instruments that have reached their cardinality limit.",
  "definition": "At most one per stream; also counted in `nanometer.sdk.series.active`.",
  "attributes": []
};

/** Shared memory reserved for series. Unit `By`. */
export const METRIC_NANOMETER_SDK_MEMORY_USAGE: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.sdk.memory.usage",
  "kind": "observableupdowncounter",
  "unit": "By",
  "valueType": "int",
  "description": "Shared memory reserved for series.",
  "definition": "Bytes of the arena of this thread (`own`), and of those of worker threads that have not ended (`worker`).",
  "attributes": [
    "nanometer.thread.kind"
  ]
};

/** OTLP export requests received; refused ones carry `error.type`. Unit `{request}`. */
export const METRIC_NANOMETER_BRIDGE_REQUEST_COUNT: MetricDefinition<'counter'> = {
  "name": "nanometer.bridge.request.count",
  "kind": "counter",
  "unit": "{request}",
  "valueType": "int",
  "description": "OTLP export requests received; refused ones carry `error.type`.",
  "definition": "One per request.",
  "attributes": [
    "nanometer.transport",
    "error.type"
  ]
};

/** Data points received. Unit `{point}`. */
export const METRIC_NANOMETER_BRIDGE_POINT_RECEIVED: MetricDefinition<'counter'> = {
  "name": "nanometer.bridge.point.received",
  "kind": "counter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points received.",
  "definition": "One per data point of an accepted request.",
  "attributes": [
    "nanometer.transport"
  ]
};

/** Data points taken over by an output. Unit `{point}`. */
export const METRIC_NANOMETER_BRIDGE_POINT_FORWARDED: MetricDefinition<'counter'> = {
  "name": "nanometer.bridge.point.forwarded",
  "kind": "counter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points taken over by an output.",
  "definition": "One per data point and output; conflated points count as forwarded once superseded.",
  "attributes": [
    "nanometer.output"
  ]
};

/** Data points an output has taken and not yet passed on. Unit `{point}`. */
export const METRIC_NANOMETER_BRIDGE_POINT_HELD: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.bridge.point.held",
  "kind": "observableupdowncounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points an output has taken and not yet passed on.",
  "definition": "Received minus forwarded minus dropped.",
  "attributes": [
    "nanometer.output"
  ]
};

/** Data points not passed on, by output and cause. Unit `{point}`. */
export const METRIC_NANOMETER_BRIDGE_POINT_DROPPED: MetricDefinition<'counter'> = {
  "name": "nanometer.bridge.point.dropped",
  "kind": "counter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points not passed on, by output and cause.",
  "definition": "One per data point and output.",
  "attributes": [
    "nanometer.output",
    "nanometer.drop.cause"
  ]
};

/** Series the bridge holds. Unit `{series}`. */
export const METRIC_NANOMETER_BRIDGE_SERIES_ACTIVE: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.bridge.series.active",
  "kind": "observableupdowncounter",
  "unit": "{series}",
  "valueType": "int",
  "description": "Series the bridge holds.",
  "definition": "Distinct (resource, scope, metric, attributes).",
  "attributes": []
};

/** Series the bridge has forgotten because they got no more points. Unit `{series}`. */
export const METRIC_NANOMETER_BRIDGE_SERIES_EXPIRED: MetricDefinition<'counter'> = {
  "name": "nanometer.bridge.series.expired",
  "kind": "counter",
  "unit": "{series}",
  "valueType": "int",
  "description": "Series the bridge has forgotten because they got no more points.",
  "definition": "One per series without a new point for the bridge's `seriesTtlMillis`.",
  "attributes": []
};

/** Workers of the live stream started in place of one that was lost. Unit `{restart}`. */
export const METRIC_NANOMETER_BRIDGE_FAN_OUT_RESTART_COUNT: MetricDefinition<'counter'> = {
  "name": "nanometer.bridge.fan_out.restart.count",
  "kind": "counter",
  "unit": "{restart}",
  "valueType": "int",
  "description": "Workers of the live stream started in place of one that was lost.",
  "definition": "One per worker that ended unasked (`ended`), gave no sign of life (`stalled`) or was so far behind that more rows waited for it than may (`overflow`). Absent when the stream is served inline.",
  "attributes": [
    "error.type"
  ]
};

/** Rows for which a later one of their series stood in on the way to the worker of the live stream. Unit `{row}`. */
export const METRIC_NANOMETER_BRIDGE_FAN_OUT_ROW_CONFLATED: MetricDefinition<'counter'> = {
  "name": "nanometer.bridge.fan_out.row.conflated",
  "kind": "counter",
  "unit": "{row}",
  "valueType": "int",
  "description": "Rows for which a later one of their series stood in on the way to the worker of the live stream.",
  "definition": "One per row that found the ring full while no subscriber wanted every row; totals are running totals, so none is lost. Absent when the stream is served inline.",
  "attributes": []
};

/** Requests that waited for room on the way to the worker of the live stream before they were taken. Unit `{request}`. */
export const METRIC_NANOMETER_BRIDGE_FAN_OUT_PRODUCER_WAITED: MetricDefinition<'counter'> = {
  "name": "nanometer.bridge.fan_out.producer.waited",
  "kind": "counter",
  "unit": "{request}",
  "valueType": "int",
  "description": "Requests that waited for room on the way to the worker of the live stream before they were taken.",
  "definition": "One per request that came while the ring was full and a lossless subscriber wanted every row. Absent when the stream is served inline.",
  "attributes": []
};

/** Size of the log of the bridge's state; absent when the state is in memory. Unit `By`. */
export const METRIC_NANOMETER_BRIDGE_STATE_SIZE: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.bridge.state.size",
  "kind": "observableupdowncounter",
  "unit": "By",
  "valueType": "int",
  "description": "Size of the log of the bridge's state; absent when the state is in memory.",
  "definition": "Bytes of its files, those a saved state stands for and that are not deleted yet included.",
  "attributes": []
};

/** Entries of the bridge's log that the disk did not give back at the start. Unit `{entry}`. */
export const METRIC_NANOMETER_BRIDGE_STATE_LOST: MetricDefinition<'counter'> = {
  "name": "nanometer.bridge.state.lost",
  "kind": "counter",
  "unit": "{entry}",
  "valueType": "int",
  "description": "Entries of the bridge's log that the disk did not give back at the start.",
  "definition": "One per request, StatsD send or expiry that was in the log and cannot be read or repeated.",
  "attributes": []
};

/** Commits of the bridge's history; those that the disk did not take carry `error.type`. Unit `{commit}`. */
export const METRIC_NANOMETER_HISTORY_COMMIT_COUNT: MetricDefinition<'counter'> = {
  "name": "nanometer.history.commit.count",
  "kind": "counter",
  "unit": "{commit}",
  "valueType": "int",
  "description": "Commits of the bridge's history; those that the disk did not take carry `error.type`.",
  "definition": "One per transaction. What a failed one held is tried again with the next.",
  "attributes": [
    "error.type"
  ]
};

/** Minutes and hours of series that the history has let go, by cause, `age` or `size`. Unit `{rollup}`. */
export const METRIC_NANOMETER_HISTORY_ROLLUP_EVICTED: MetricDefinition<'counter'> = {
  "name": "nanometer.history.rollup.evicted",
  "kind": "counter",
  "unit": "{rollup}",
  "valueType": "int",
  "description": "Minutes and hours of series that the history has let go, by cause, `age` or `size`.",
  "definition": "One per series and minute or hour.",
  "attributes": [
    "nanometer.drop.cause"
  ]
};

/** Parts of minutes that wait to be written to the history. Unit `{rollup}`. */
export const METRIC_NANOMETER_HISTORY_ROLLUP_HELD: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.history.rollup.held",
  "kind": "observableupdowncounter",
  "unit": "{rollup}",
  "valueType": "int",
  "description": "Parts of minutes that wait to be written to the history.",
  "definition": "At most the history's `pendingLimit` that are complete, and one per series that is under way.",
  "attributes": []
};

/** Series the history holds. Unit `{series}`. */
export const METRIC_NANOMETER_HISTORY_SERIES_ACTIVE: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.history.series.active",
  "kind": "observableupdowncounter",
  "unit": "{series}",
  "valueType": "int",
  "description": "Series the history holds.",
  "definition": "Distinct (name, kind, attributes, resource).",
  "attributes": []
};

/** Size of the history's file that is in use. Unit `By`. */
export const METRIC_NANOMETER_HISTORY_SIZE: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.history.size",
  "kind": "observableupdowncounter",
  "unit": "By",
  "valueType": "int",
  "description": "Size of the history's file that is in use.",
  "definition": "Pages in use after the last commit; the log beside it is not included.",
  "attributes": []
};

/** Connected live clients. Unit `{client}`. */
export const METRIC_NANOMETER_LIVE_CLIENT_ACTIVE: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.live.client.active",
  "kind": "observableupdowncounter",
  "unit": "{client}",
  "valueType": "int",
  "description": "Connected live clients.",
  "definition": "Open WebSocket connections.",
  "attributes": []
};

/** Data frames sent to live clients. Unit `{frame}`. */
export const METRIC_NANOMETER_LIVE_FRAME_SENT: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.live.frame.sent",
  "kind": "observablecounter",
  "unit": "{frame}",
  "valueType": "int",
  "description": "Data frames sent to live clients.",
  "definition": "One per frame and client.",
  "attributes": []
};

/** Frames put off because a client was slow; the next frame carries the latest values. Unit `{frame}`. */
export const METRIC_NANOMETER_LIVE_FRAME_CONFLATED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.live.frame.conflated",
  "kind": "observablecounter",
  "unit": "{frame}",
  "valueType": "int",
  "description": "Frames put off because a client was slow; the next frame carries the latest values.",
  "definition": "One per frame and client.",
  "attributes": []
};

/** Data frames made for live clients; equal subscriptions share one. Unit `{frame}`. */
export const METRIC_NANOMETER_LIVE_FRAME_ENCODED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.live.frame.encoded",
  "kind": "observablecounter",
  "unit": "{frame}",
  "valueType": "int",
  "description": "Data frames made for live clients; equal subscriptions share one.",
  "definition": "One per frame, whoever gets it.",
  "attributes": []
};

/** Lossless subscriptions that came back, by how they went on. Unit `{subscription}`. */
export const METRIC_NANOMETER_LIVE_SUBSCRIBER_RESUMED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.live.subscriber.resumed",
  "kind": "observablecounter",
  "unit": "{subscription}",
  "valueType": "int",
  "description": "Lossless subscriptions that came back, by how they went on.",
  "definition": "One per subscription that names where it was.",
  "attributes": [
    "nanometer.live.recovery"
  ]
};

/** What live clients were refused or closed for, slow ones included. Unit `{refusal}`. */
export const METRIC_NANOMETER_LIVE_CLIENT_REFUSED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.live.client.refused",
  "kind": "observablecounter",
  "unit": "{refusal}",
  "valueType": "int",
  "description": "What live clients were refused or closed for, slow ones included.",
  "definition": "One per refusal, by its code.",
  "attributes": [
    "error.type"
  ]
};

/** Events sent to live clients. Unit `{event}`. */
export const METRIC_NANOMETER_LIVE_EVENT_SENT: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.live.event.sent",
  "kind": "observablecounter",
  "unit": "{event}",
  "valueType": "int",
  "description": "Events sent to live clients.",
  "definition": "One per event and client.",
  "attributes": []
};

/** Data points the StatsD exporter received. Unit `{point}`. */
export const METRIC_NANOMETER_STATSD_POINT_RECEIVED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.statsd.point.received",
  "kind": "observablecounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points the StatsD exporter received.",
  "definition": "One per data point of an export.",
  "attributes": []
};

/** Data points the StatsD server has, as far as the transport can know. Unit `{point}`. */
export const METRIC_NANOMETER_STATSD_POINT_FORWARDED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.statsd.point.forwarded",
  "kind": "observablecounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points the StatsD server has, as far as the transport can know.",
  "definition": "One per data point; points superseded while held count as forwarded with the one that supersedes them.",
  "attributes": []
};

/** Data points that were not delivered and are part of the next export. Unit `{point}`. */
export const METRIC_NANOMETER_STATSD_POINT_HELD: MetricDefinition<'observableupdowncounter'> = {
  "name": "nanometer.statsd.point.held",
  "kind": "observableupdowncounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points that were not delivered and are part of the next export.",
  "definition": "Received minus forwarded minus dropped.",
  "attributes": []
};

/** Data points that never reach the StatsD server, by cause. Unit `{point}`. */
export const METRIC_NANOMETER_STATSD_POINT_DROPPED: MetricDefinition<'observablecounter'> = {
  "name": "nanometer.statsd.point.dropped",
  "kind": "observablecounter",
  "unit": "{point}",
  "valueType": "int",
  "description": "Data points that never reach the StatsD server, by cause.",
  "definition": "One per data point.",
  "attributes": [
    "nanometer.drop.cause"
  ]
};

/** Number that `nanometer doctor` sent last, to see it arrive. Unit `1`. */
export const METRIC_NANOMETER_PROBE_VALUE: MetricDefinition<'gauge'> = {
  "name": "nanometer.probe.value",
  "kind": "gauge",
  "unit": "1",
  "valueType": "int",
  "description": "Number that `nanometer doctor` sent last, to see it arrive.",
  "definition": "Drawn at random for each probe.",
  "attributes": []
};
