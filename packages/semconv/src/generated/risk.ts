// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Name of a configured limit. */
export const ATTR_RISK_LIMIT_NAME = "risk.limit.name" as const;

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
