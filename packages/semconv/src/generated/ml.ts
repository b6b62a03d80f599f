// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Name of the model. */
export const ATTR_ML_MODEL_NAME = "ml.model.name" as const;

/** Outcome of a prediction once it is known; `scored` when only its error is known. */
export const ATTR_ML_PREDICTION_OUTCOME = "ml.prediction.outcome" as const;

/** Why an event, a part of it or a pending prediction was left out. */
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
  "definition": "One per outcome; accuracy is correct over correct plus incorrect.",
  "attributes": [
    "ml.model.name",
    "ml.prediction.outcome"
  ]
};

/** Predictions given up without an outcome, because their time was over (`expired`) or the table was full (`evicted`). Unit `{prediction}`. */
export const METRIC_ML_PREDICTION_EXPIRED: MetricDefinition<'counter'> = {
  "name": "ml.prediction.expired",
  "kind": "counter",
  "unit": "{prediction}",
  "valueType": "int",
  "description": "Predictions given up without an outcome, because their time was over (`expired`) or the table was full (`evicted`).",
  "definition": "One per prediction that left the pending table unresolved.",
  "attributes": [
    "ml.model.name",
    "ml.drop.reason"
  ]
};

/** Absolute error of predictions whose outcome is known. Unit `1`. */
export const METRIC_ML_PREDICTION_ERROR: MetricDefinition<'histogram'> = {
  "name": "ml.prediction.error",
  "kind": "histogram",
  "unit": "1",
  "valueType": "double",
  "description": "Absolute error of predictions whose outcome is known.",
  "definition": "Absolute value of the reported error, in the unit of the prediction.",
  "attributes": [
    "ml.model.name"
  ],
  "buckets": [
    0.00001,
    0.0001,
    0.001,
    0.01,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2.5,
    5,
    10,
    100,
    1000
  ],
  "exponentialMaxSize": 160
};

/** The last predicted value. Unit `1`. */
export const METRIC_ML_PREDICTION_VALUE: MetricDefinition<'gauge'> = {
  "name": "ml.prediction.value",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "The last predicted value.",
  "definition": "As the model returned it; values that are not finite are left out and counted.",
  "attributes": [
    "ml.model.name"
  ],
  "sign": "that of the prediction",
  "window": "the latest prediction"
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
  ],
  "sign": "never negative"
};

/** Events, or parts of events, left out by the ML instrumentation, by cause. Unit `{event}`. */
export const METRIC_ML_EVENT_DROPPED: MetricDefinition<'counter'> = {
  "name": "ml.event.dropped",
  "kind": "counter",
  "unit": "{event}",
  "valueType": "int",
  "description": "Events, or parts of events, left out by the ML instrumentation, by cause.",
  "definition": "One per part left out; what is valid of the event is still recorded.",
  "attributes": [
    "ml.drop.reason"
  ]
};
