// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Name of a configured limit. */
export const ATTR_RISK_LIMIT_NAME = "risk.limit.name" as const;

/** Probability that a loss stays within a value at risk. */
export const ATTR_RISK_CONFIDENCE = "risk.confidence" as const;

/** How scenarios are made from past returns. */
export const ATTR_RISK_METHOD = "risk.method" as const;

/** Why an event was not counted. */
export const ATTR_RISK_DROP_REASON = "risk.drop.reason" as const;

/** Signed exposure at the latest mark in the reporting currency, long positive. Unit `{currency}`. */
export const METRIC_RISK_EXPOSURE_NOTIONAL: MetricDefinition<'gauge'> = {
  "name": "risk.exposure.notional",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Signed exposure at the latest mark in the reporting currency, long positive.",
  "definition": "quantity x multiplier x mark x rate; inverse contracts x face x rate. Until the first mark the position's last fill price stands for it.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "long positive"
};

/** Sum of signed exposures in the reporting currency. Unit `{currency}`. */
export const METRIC_RISK_EXPOSURE_NET: MetricDefinition<'gauge'> = {
  "name": "risk.exposure.net",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of signed exposures in the reporting currency.",
  "definition": "Sum over positions whose rate is known.",
  "attributes": [
    "trading.currency"
  ],
  "sign": "long positive"
};

/** Sum of absolute exposures in the reporting currency. Unit `{currency}`. */
export const METRIC_RISK_EXPOSURE_GROSS: MetricDefinition<'gauge'> = {
  "name": "risk.exposure.gross",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of absolute exposures in the reporting currency.",
  "definition": "Sum over positions whose rate is known.",
  "attributes": [
    "trading.currency"
  ]
};

/** Initial capital plus realized and unrealized P&L less fees, in the reporting currency. Unit `{currency}`. */
export const METRIC_RISK_EQUITY: MetricDefinition<'gauge'> = {
  "name": "risk.equity",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Initial capital plus realized and unrealized P&L less fees, in the reporting currency.",
  "definition": "Amounts converted at the latest rate; currencies without a rate are left out and counted.",
  "attributes": [
    "trading.currency"
  ]
};

/** Fall of equity from its peak, as a positive loss. Unit `{currency}`. */
export const METRIC_RISK_DRAWDOWN: MetricDefinition<'gauge'> = {
  "name": "risk.drawdown",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Fall of equity from its peak, as a positive loss.",
  "definition": "peak - equity; the peak starts at the initial capital.",
  "attributes": [
    "trading.currency"
  ],
  "sign": "loss positive"
};

/** Largest drawdown since start, as a positive loss. Unit `{currency}`. */
export const METRIC_RISK_DRAWDOWN_MAX: MetricDefinition<'gauge'> = {
  "name": "risk.drawdown.max",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Largest drawdown since start, as a positive loss.",
  "definition": "Maximum of risk.drawdown.",
  "attributes": [
    "trading.currency"
  ],
  "sign": "loss positive",
  "window": "since start"
};

/** Drawdown as a share of the peak of equity. Unit `1`. */
export const METRIC_RISK_DRAWDOWN_RATIO: MetricDefinition<'gauge'> = {
  "name": "risk.drawdown.ratio",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Drawdown as a share of the peak of equity.",
  "definition": "(peak - equity) / peak; absent while the peak is not positive.",
  "attributes": [
    "trading.currency"
  ],
  "sign": "loss positive"
};

/** Loss of today's positions that past returns exceed with probability 1 - confidence, as a positive loss. Unit `{currency}`. */
export const METRIC_RISK_VALUE_AT_RISK: MetricDefinition<'gauge'> = {
  "name": "risk.value_at_risk",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Loss of today's positions that past returns exceed with probability 1 - confidence, as a positive loss.",
  "definition": "The loss with ceil((1 - confidence) x T) - 1 larger ones among T scenarios, each today's exposures x one period's returns. Positions without returns are left out, see risk.value_at_risk.uncovered.",
  "attributes": [
    "risk.confidence",
    "risk.method",
    "trading.currency"
  ],
  "sign": "loss positive",
  "window": "one period of the returns given"
};

/** Mean loss of today's positions in the scenarios beyond the value at risk, as a positive loss. Unit `{currency}`. */
export const METRIC_RISK_EXPECTED_SHORTFALL: MetricDefinition<'gauge'> = {
  "name": "risk.expected_shortfall",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Mean loss of today's positions in the scenarios beyond the value at risk, as a positive loss.",
  "definition": "Rockafellar and Uryasev (2000), discrete form; the last scenario of the tail counts in part.",
  "attributes": [
    "risk.confidence",
    "risk.method",
    "trading.currency"
  ],
  "sign": "loss positive",
  "window": "one period of the returns given"
};

/** Sum of absolute exposures of positions that no returns are known for. Unit `{currency}`. */
export const METRIC_RISK_VALUE_AT_RISK_UNCOVERED: MetricDefinition<'gauge'> = {
  "name": "risk.value_at_risk.uncovered",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of absolute exposures of positions that no returns are known for.",
  "definition": "They are left out of value at risk and expected shortfall.",
  "attributes": [
    "trading.currency"
  ]
};

/** Periods whose result was compared with the value at risk at their beginning. Unit `{period}`. */
export const METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.value_at_risk.period.count",
  "kind": "counter",
  "unit": "{period}",
  "valueType": "int",
  "description": "Periods whose result was compared with the value at risk at their beginning.",
  "definition": "One per closed period with a forecast.",
  "attributes": [
    "risk.confidence"
  ]
};

/** Periods whose loss was above the value at risk at their beginning. Unit `{period}`. */
export const METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.value_at_risk.exception.count",
  "kind": "counter",
  "unit": "{period}",
  "valueType": "int",
  "description": "Periods whose loss was above the value at risk at their beginning.",
  "definition": "One per closed period; (1 - confidence) x periods are expected.",
  "attributes": [
    "risk.confidence"
  ]
};

/** Likelihood ratio that the exceptions come as often as promised; above 3.84 they do not, at 95 %. Unit `1`. */
export const METRIC_RISK_VALUE_AT_RISK_KUPIEC: MetricDefinition<'gauge'> = {
  "name": "risk.value_at_risk.kupiec",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Likelihood ratio that the exceptions come as often as promised; above 3.84 they do not, at 95 %.",
  "definition": "Kupiec's proportion of failures (1995), chi-square with one degree of freedom.",
  "attributes": [
    "risk.confidence"
  ],
  "window": "since start"
};

/** Use of a limit, 1 = at the limit. Unit `1`. */
export const METRIC_RISK_LIMIT_UTILIZATION: MetricDefinition<'gauge'> = {
  "name": "risk.limit.utilization",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Use of a limit, 1 = at the limit.",
  "definition": "used / limit.",
  "attributes": [
    "risk.limit.name"
  ]
};

/** Times a limit's utilization crossed 1 from below. Unit `{breach}`. */
export const METRIC_RISK_LIMIT_BREACH_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.limit.breach.count",
  "kind": "counter",
  "unit": "{breach}",
  "valueType": "int",
  "description": "Times a limit's utilization crossed 1 from below.",
  "definition": "One per crossing.",
  "attributes": [
    "risk.limit.name"
  ]
};

/** Time from a position change to readable exposure and drawdown. Unit `s`. */
export const METRIC_RISK_UPDATE_DURATION: MetricDefinition<'histogram'> = {
  "name": "risk.update.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time from a position change to readable exposure and drawdown.",
  "definition": "Monotonic clock around the update of one fill, sampled as configured.",
  "attributes": [],
  "buckets": [
    5e-7,
    0.000001,
    0.000002,
    0.000005,
    0.00001,
    0.00002,
    0.00005,
    0.0001,
    0.0002,
    0.0005,
    0.001,
    0.002,
    0.005,
    0.01,
    0.02
  ]
};

/** Events refused or left out of totals by the risk instrumentation, by cause. Unit `{event}`. */
export const METRIC_RISK_EVENT_DROPPED: MetricDefinition<'counter'> = {
  "name": "risk.event.dropped",
  "kind": "counter",
  "unit": "{event}",
  "valueType": "int",
  "description": "Events refused or left out of totals by the risk instrumentation, by cause.",
  "definition": "One per event.",
  "attributes": [
    "risk.drop.reason"
  ]
};
