// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Name of the model. */
export const ATTR_ML_MODEL_NAME = "ml.model.name" as const;

/** Outcome of a prediction once it is known, `correct` or `incorrect`. */
export const ATTR_ML_PREDICTION_OUTCOME = "ml.prediction.outcome" as const;

/** Why an event was not counted. */
export const ATTR_ML_DROP_REASON = "ml.drop.reason" as const;

/** Duration of one inference. Unit `s`. */
export const METRIC_ML_INFERENCE_DURATION: MetricDefinition<'histogram'> = {
  "name": "ml.inference.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Duration of one inference.",
  "definition": "Monotonic clock around the model call.",
  "attributes": [
    "ml.model.name"
  ],
  "buckets": [
    5e-7,
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
    1
  ]
};

/** Predictions made. Unit `{prediction}`. */
export const METRIC_ML_PREDICTION_COUNT: MetricDefinition<'counter'> = {
  "name": "ml.prediction.count",
  "kind": "counter",
  "unit": "{prediction}",
  "valueType": "int",
  "description": "Predictions made.",
  "definition": "One per prediction.",
  "attributes": [
    "ml.model.name"
  ]
};

/** Predictions whose outcome is known, by outcome. Unit `{prediction}`. */
export const METRIC_ML_PREDICTION_RESOLVED: MetricDefinition<'counter'> = {
  "name": "ml.prediction.resolved",
  "kind": "counter",
  "unit": "{prediction}",
  "valueType": "int",
  "description": "Predictions whose outcome is known, by outcome.",
  "definition": "One per outcome; accuracy is correct over resolved.",
  "attributes": [
    "ml.model.name",
    "ml.prediction.outcome"
  ]
};

/** The last predicted value. Unit `1`. */
export const METRIC_ML_PREDICTION_VALUE: MetricDefinition<'gauge'> = {
  "name": "ml.prediction.value",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "The last predicted value.",
  "definition": "As the model returned it.",
  "attributes": [
    "ml.model.name"
  ]
};

/** Predictions whose outcome is not yet known. Unit `{prediction}`. */
export const METRIC_ML_PREDICTION_PENDING: MetricDefinition<'updowncounter'> = {
  "name": "ml.prediction.pending",
  "kind": "updowncounter",
  "unit": "{prediction}",
  "valueType": "int",
  "description": "Predictions whose outcome is not yet known.",
  "definition": "Made minus resolved minus expired.",
  "attributes": [
    "ml.model.name"
  ]
};

/** Events refused by the ML instrumentation, by cause. Unit `{event}`. */
export const METRIC_ML_EVENT_DROPPED: MetricDefinition<'counter'> = {
  "name": "ml.event.dropped",
  "kind": "counter",
  "unit": "{event}",
  "valueType": "int",
  "description": "Events refused by the ML instrumentation, by cause.",
  "definition": "One per event.",
  "attributes": [
    "ml.drop.reason"
  ]
};
