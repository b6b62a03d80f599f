// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Kind of the SDK component; the name of its class where the conventions have no value for it. */
export const ATTR_OTEL_COMPONENT_TYPE = "otel.component.type" as const;

/** The component, told apart from others of its kind by a number. */
export const ATTR_OTEL_COMPONENT_NAME = "otel.component.name" as const;

/** The duration of the collect operation of the metric reader. Unit `s`. */
export const METRIC_OTEL_SDK_METRIC_READER_COLLECTION_DURATION: MetricDefinition<'histogram'> = {
  "name": "otel.sdk.metric_reader.collection.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "The duration of the collect operation of the metric reader.",
  "definition": "From the start of the collection to its last point; callbacks included, export not. `error.type` where a callback failed.",
  "attributes": [
    "otel.component.type",
    "otel.component.name",
    "error.type"
  ],
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
    5,
    10
  ]
};
