// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Name of the stage. */
export const ATTR_PIPELINE_STAGE = "pipeline.stage" as const;

/** Why an event, or a part of it, was left out. */
export const ATTR_PIPELINE_DROP_REASON = "pipeline.drop.reason" as const;

/** Records that entered the stage. Unit `{record}`. */
export const METRIC_PIPELINE_INGEST_COUNT: MetricDefinition<'counter'> = {
  "name": "pipeline.ingest.count",
  "kind": "counter",
  "unit": "{record}",
  "valueType": "int",
  "description": "Records that entered the stage.",
  "definition": "Sum of record counts.",
  "attributes": [
    "pipeline.stage"
  ]
};

/** Records the stage finished. Unit `{record}`. */
export const METRIC_PIPELINE_PROCESS_COUNT: MetricDefinition<'counter'> = {
  "name": "pipeline.process.count",
  "kind": "counter",
  "unit": "{record}",
  "valueType": "int",
  "description": "Records the stage finished.",
  "definition": "Sum of record counts.",
  "attributes": [
    "pipeline.stage"
  ]
};

/** Time to process one batch. Unit `s`. */
export const METRIC_PIPELINE_PROCESS_DURATION: MetricDefinition<'histogram'> = {
  "name": "pipeline.process.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time to process one batch.",
  "definition": "Once per batch.",
  "attributes": [
    "pipeline.stage"
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
    0.1,
    0.5,
    1,
    5
  ]
};

/** Records waiting in front of the stage. Unit `{record}`. */
export const METRIC_PIPELINE_QUEUE_SIZE: MetricDefinition<'gauge'> = {
  "name": "pipeline.queue.size",
  "kind": "gauge",
  "unit": "{record}",
  "valueType": "int",
  "description": "Records waiting in front of the stage.",
  "definition": "Last reported size.",
  "attributes": [
    "pipeline.stage"
  ],
  "sign": "never negative",
  "window": "as last told"
};

/** Errors of the stage by type. Unit `{error}`. */
export const METRIC_PIPELINE_ERROR_COUNT: MetricDefinition<'counter'> = {
  "name": "pipeline.error.count",
  "kind": "counter",
  "unit": "{error}",
  "valueType": "int",
  "description": "Errors of the stage by type.",
  "definition": "One per error; types beyond the limit per stage are `_OTHER`.",
  "attributes": [
    "pipeline.stage",
    "error.type"
  ]
};

/** Events, or parts of events, left out by the pipeline instrumentation, by cause. Unit `{event}`. */
export const METRIC_PIPELINE_EVENT_DROPPED: MetricDefinition<'counter'> = {
  "name": "pipeline.event.dropped",
  "kind": "counter",
  "unit": "{event}",
  "valueType": "int",
  "description": "Events, or parts of events, left out by the pipeline instrumentation, by cause.",
  "definition": "One per part left out; what is valid of the event is still recorded.",
  "attributes": [
    "pipeline.drop.reason"
  ]
};
