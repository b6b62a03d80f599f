// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Name of an experiment. */
export const ATTR_TRADING_EXPERIMENT_NAME = "trading.experiment.name" as const;

/** State of an experiment, `undecided`, `a_better` or `b_better`. */
export const ATTR_TRADING_EXPERIMENT_STATE = "trading.experiment.state" as const;

/** 1 for the state an experiment is in, 0 for the other two. Unit `1`. */
export const METRIC_TRADING_EXPERIMENT_STATE: MetricDefinition<'observablegauge'> = {
  "name": "trading.experiment.state",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "int",
  "description": "1 for the state an experiment is in, 0 for the other two.",
  "definition": "`undecided` until the always-valid p-value falls below alpha, then the arm with the larger mean; it stays so.",
  "attributes": [
    "trading.experiment.name",
    "trading.experiment.state"
  ],
  "sign": "0 or 1",
  "window": "since the end of the burn-in"
};

/** Batches an experiment has tested, the burn-in left out. Unit `{batch}`. */
export const METRIC_TRADING_EXPERIMENT_BATCH_COUNT: MetricDefinition<'observablegauge'> = {
  "name": "trading.experiment.batch.count",
  "kind": "observablegauge",
  "unit": "{batch}",
  "valueType": "int",
  "description": "Batches an experiment has tested, the burn-in left out.",
  "definition": "One per `batch` periods in which both strategies were known.",
  "attributes": [
    "trading.experiment.name"
  ],
  "sign": "never negative",
  "window": "since the end of the burn-in"
};

/** Mean difference of what the two arms earn per period, in the reporting currency. Unit `{currency}`. */
export const METRIC_TRADING_EXPERIMENT_EFFECT: MetricDefinition<'observablegauge'> = {
  "name": "trading.experiment.effect",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Mean difference of what the two arms earn per period, in the reporting currency.",
  "definition": "mean of a - b over the batches tested.",
  "attributes": [
    "trading.experiment.name"
  ],
  "sign": "positive where arm a earns more",
  "window": "since the burn-in"
};

/** Lower bound of the difference that holds at all times together with probability 1 - alpha. Unit `{currency}`. */
export const METRIC_TRADING_EXPERIMENT_EFFECT_LOW: MetricDefinition<'observablegauge'> = {
  "name": "trading.experiment.effect.low",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Lower bound of the difference that holds at all times together with probability 1 - alpha.",
  "definition": "mean - sqrt(v (v + n t^2) log((v + n t^2)/(v alpha^2)) / (n^2 t^2)), v the larger of the variance of the burn-in and of all batches so far, t the effect of interest.",
  "attributes": [
    "trading.experiment.name"
  ],
  "sign": "as trading.experiment.effect",
  "window": "since the burn-in"
};

/** Upper bound of the difference that holds at all times together with probability 1 - alpha. Unit `{currency}`. */
export const METRIC_TRADING_EXPERIMENT_EFFECT_HIGH: MetricDefinition<'observablegauge'> = {
  "name": "trading.experiment.effect.high",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Upper bound of the difference that holds at all times together with probability 1 - alpha.",
  "definition": "as trading.experiment.effect.low, mean + the same distance.",
  "attributes": [
    "trading.experiment.name"
  ],
  "sign": "as trading.experiment.effect",
  "window": "since the burn-in"
};

/** Always-valid p-value of an experiment: it may be looked at after every batch. Unit `1`. */
export const METRIC_TRADING_EXPERIMENT_PVALUE: MetricDefinition<'observablegauge'> = {
  "name": "trading.experiment.pvalue",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Always-valid p-value of an experiment: it may be looked at after every batch.",
  "definition": "least 1/L so far, L = sqrt(v/(v + n t^2)) exp(n^2 t^2 d^2/(2 v (v + n t^2))).",
  "attributes": [
    "trading.experiment.name"
  ],
  "sign": "0 to 1",
  "window": "since the burn-in"
};

/** Correlation of a batch with the next; far from 0 the batches are too short for the test. Unit `1`. */
export const METRIC_TRADING_EXPERIMENT_BATCH_AUTOCORRELATION: MetricDefinition<'observablegauge'> = {
  "name": "trading.experiment.batch.autocorrelation",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Correlation of a batch with the next; far from 0 the batches are too short for the test.",
  "definition": "lag 1 autocorrelation of the batch means.",
  "attributes": [
    "trading.experiment.name"
  ],
  "sign": "-1 to 1",
  "window": "since the start"
};
