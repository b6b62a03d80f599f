// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Name of a signal, low cardinality. */
export const ATTR_TRADING_SIGNAL_NAME = "trading.signal.name" as const;

/** Direction of a signal, `long`, `short` or `neutral`. */
export const ATTR_TRADING_SIGNAL_DIRECTION = "trading.signal.direction" as const;

/** Time after the signal in seconds. */
export const ATTR_TRADING_SIGNAL_HORIZON = "trading.signal.horizon" as const;

/** What the market did after a signal, `hit`, `miss` or `flat`. */
export const ATTR_TRADING_SIGNAL_OUTCOME = "trading.signal.outcome" as const;

/** Indicator with its parameters. */
export const ATTR_TRADING_INDICATOR_NAME = "trading.indicator.name" as const;

/** Line of an indicator, `value` where it has one. */
export const ATTR_TRADING_INDICATOR_OUTPUT = "trading.indicator.output" as const;

/** Signals of a strategy, by direction. Unit `{signal}`. */
export const METRIC_TRADING_SIGNAL_COUNT: MetricDefinition<'counter'> = {
  "name": "trading.signal.count",
  "kind": "counter",
  "unit": "{signal}",
  "valueType": "int",
  "description": "Signals of a strategy, by direction.",
  "definition": "One per signal event that was taken; long above 0, short below, neutral at 0.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.signal.name",
    "trading.signal.direction"
  ]
};

/** Latest value of a signal. Unit `1`. */
export const METRIC_TRADING_SIGNAL_VALUE: MetricDefinition<'gauge'> = {
  "name": "trading.signal.value",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Latest value of a signal.",
  "definition": "As the strategy gave it.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.signal.name"
  ],
  "sign": "above 0 the market is expected to rise",
  "window": "the latest signal"
};

/** Strength of signals. Unit `1`. */
export const METRIC_TRADING_SIGNAL_STRENGTH: MetricDefinition<'histogram'> = {
  "name": "trading.signal.strength",
  "kind": "histogram",
  "unit": "1",
  "valueType": "double",
  "description": "Strength of signals.",
  "definition": "The strength given with the signal, or the size of its value.",
  "attributes": [
    "trading.strategy",
    "trading.signal.name"
  ],
  "buckets": [
    0,
    0.05,
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    1,
    2,
    5,
    10
  ]
};

/** How much a signal moves. Unit `1`. */
export const METRIC_TRADING_SIGNAL_TURNOVER: MetricDefinition<'counter'> = {
  "name": "trading.signal.turnover",
  "kind": "counter",
  "unit": "1",
  "valueType": "double",
  "description": "How much a signal moves.",
  "definition": "Sum of |value - previous value| of a signal on a market.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.signal.name"
  ]
};

/** Signals by what the market did within a horizon. Unit `{signal}`. */
export const METRIC_TRADING_SIGNAL_OUTCOME_COUNT: MetricDefinition<'counter'> = {
  "name": "trading.signal.outcome.count",
  "kind": "counter",
  "unit": "{signal}",
  "valueType": "int",
  "description": "Signals by what the market did within a horizon.",
  "definition": "`hit` when the return from the mid at the signal to the latest mid at or before signal time + horizon has the sign of the value, `miss` when it has the other, `flat` when either is 0.",
  "attributes": [
    "trading.strategy",
    "trading.signal.name",
    "trading.signal.horizon",
    "trading.signal.outcome"
  ]
};

/** Share of the latest signals that the market followed. Unit `1`. */
export const METRIC_TRADING_SIGNAL_HIT_RATE: MetricDefinition<'observablegauge'> = {
  "name": "trading.signal.hit.rate",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of the latest signals that the market followed.",
  "definition": "hits / (hits + misses).",
  "attributes": [
    "trading.strategy",
    "trading.signal.name",
    "trading.signal.horizon"
  ],
  "sign": "0 to 1",
  "window": "latest `signals.window` outcomes, 500 by default"
};

/** Rank correlation of a signal with the return that follows. Unit `1`. */
export const METRIC_TRADING_SIGNAL_INFORMATION_COEFFICIENT: MetricDefinition<'observablegauge'> = {
  "name": "trading.signal.information_coefficient",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Rank correlation of a signal with the return that follows.",
  "definition": "Spearman correlation of value and forward return, ties sharing their mean rank.",
  "attributes": [
    "trading.strategy",
    "trading.signal.name",
    "trading.signal.horizon"
  ],
  "sign": "positive where the signal predicts",
  "window": "latest `signals.window` outcomes, 500 by default"
};

/** Signals whose longest horizon is not over. Unit `{signal}`. */
export const METRIC_TRADING_SIGNAL_PENDING: MetricDefinition<'observablegauge'> = {
  "name": "trading.signal.pending",
  "kind": "observablegauge",
  "unit": "{signal}",
  "valueType": "int",
  "description": "Signals whose longest horizon is not over.",
  "definition": "Signals taken minus signals settled at every horizon.",
  "attributes": [],
  "sign": "never negative",
  "window": "now"
};

/** Time from a signal to the first order that follows it. Unit `s`. */
export const METRIC_TRADING_SIGNAL_ORDER_DURATION: MetricDefinition<'histogram'> = {
  "name": "trading.signal.order.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time from a signal to the first order that follows it.",
  "definition": "Send time of the first order of the strategy on the market after the latest signal minus the time of that signal; once per signal.",
  "attributes": [
    "trading.strategy",
    "trading.signal.name"
  ],
  "buckets": [
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
    0.25,
    0.5,
    1,
    2.5,
    10,
    60
  ]
};

/** Value of a technical indicator at the end of the latest bar. Unit `1`. */
export const METRIC_TRADING_INDICATOR_VALUE: MetricDefinition<'observablegauge'> = {
  "name": "trading.indicator.value",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Value of a technical indicator at the end of the latest bar.",
  "definition": "Of bars of `indicators.periodMs` on event times, quiet ones filled with the last close; seeded as TA-Lib and Stock.Indicators do: exponential averages with the mean of the first n, Wilder averages likewise, true range from the second bar.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "trading.indicator.name",
    "trading.indicator.output"
  ],
  "sign": "of the indicator",
  "window": "in the name of the indicator"
};
