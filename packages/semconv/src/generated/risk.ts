// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Name of a configured limit. */
export const ATTR_RISK_LIMIT_NAME = "risk.limit.name" as const;

/** Level of a limit that was crossed, `soft` or `hard`. */
export const ATTR_RISK_LIMIT_LEVEL = "risk.limit.level" as const;

/** What exposures are grouped by, `symbol`, `exchange`, `strategy`, `account` or `currency` (of the notional, before conversion). */
export const ATTR_RISK_DIMENSION = "risk.dimension" as const;

/** Name of a group of a dimension; empty for the account of positions without one. */
export const ATTR_RISK_GROUP = "risk.group" as const;

/** Probability that a loss stays within a value at risk. */
export const ATTR_RISK_CONFIDENCE = "risk.confidence" as const;

/** How a value at risk is made from past returns. */
export const ATTR_RISK_METHOD = "risk.method" as const;

/** Zone of the Basel traffic light, `green`, `yellow` or `red`. */
export const ATTR_RISK_BASEL_ZONE = "risk.basel.zone" as const;

/** What tripped the kill switch: the name of a limit, or the reason given; `other` beyond the first 32. */
export const ATTR_RISK_KILL_SWITCH_REASON = "risk.kill_switch.reason" as const;

/** Why an order was vetoed. */
export const ATTR_RISK_VETO_REASON = "risk.veto.reason" as const;

/** Kind of a stop-loss as the desk names it. */
export const ATTR_RISK_STOP_KIND = "risk.stop.kind" as const;

/** The instrument of a pair that holds more exposure, as exchange/symbol. */
export const ATTR_RISK_CORRELATION_FIRST = "risk.correlation.first" as const;

/** The other instrument of a pair, as exchange/symbol. */
export const ATTR_RISK_CORRELATION_SECOND = "risk.correlation.second" as const;

/** How correlation is estimated, `ewma`, `windowed`, `ledoit_wolf` or `hayashi_yoshida`. */
export const ATTR_RISK_CORRELATION_METHOD = "risk.correlation.method" as const;

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
  "sign": "long positive",
  "window": "now, at the latest mark and rate"
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
  "sign": "long positive",
  "window": "now, at the latest mark and rate"
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
  ],
  "sign": "never negative",
  "window": "now, at the latest mark and rate"
};

/** Sum of positive exposures in the reporting currency. Unit `{currency}`. */
export const METRIC_RISK_EXPOSURE_LONG: MetricDefinition<'gauge'> = {
  "name": "risk.exposure.long",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of positive exposures in the reporting currency.",
  "definition": "Sum over positions whose rate is known.",
  "attributes": [
    "trading.currency"
  ],
  "sign": "long positive",
  "window": "now, at the latest mark and rate"
};

/** Sum of negative exposures in the reporting currency, as a positive amount. Unit `{currency}`. */
export const METRIC_RISK_EXPOSURE_SHORT: MetricDefinition<'gauge'> = {
  "name": "risk.exposure.short",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of negative exposures in the reporting currency, as a positive amount.",
  "definition": "Sum over positions whose rate is known.",
  "attributes": [
    "trading.currency"
  ],
  "sign": "short positive",
  "window": "now, at the latest mark and rate"
};

/** Sum of signed exposures of a group in the reporting currency. Unit `{currency}`. */
export const METRIC_RISK_EXPOSURE_GROUP_NET: MetricDefinition<'observablegauge'> = {
  "name": "risk.exposure.group.net",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of signed exposures of a group in the reporting currency.",
  "definition": "As risk.exposure.net, over the positions of the group; read when collected, current in the getters at once.",
  "attributes": [
    "risk.dimension",
    "risk.group",
    "trading.currency"
  ],
  "sign": "long positive",
  "window": "now, at the latest mark and rate"
};

/** Sum of absolute exposures of a group in the reporting currency. Unit `{currency}`. */
export const METRIC_RISK_EXPOSURE_GROUP_GROSS: MetricDefinition<'observablegauge'> = {
  "name": "risk.exposure.group.gross",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of absolute exposures of a group in the reporting currency.",
  "definition": "As risk.exposure.gross, over the positions of the group; read when collected, current in the getters at once.",
  "attributes": [
    "risk.dimension",
    "risk.group",
    "trading.currency"
  ],
  "sign": "never negative",
  "window": "now, at the latest mark and rate"
};

/** Sum of positive exposures of a group in the reporting currency. Unit `{currency}`. */
export const METRIC_RISK_EXPOSURE_GROUP_LONG: MetricDefinition<'observablegauge'> = {
  "name": "risk.exposure.group.long",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of positive exposures of a group in the reporting currency.",
  "definition": "As risk.exposure.long, over the positions of the group; read when collected, current in the getters at once.",
  "attributes": [
    "risk.dimension",
    "risk.group",
    "trading.currency"
  ],
  "sign": "long positive",
  "window": "now, at the latest mark and rate"
};

/** Sum of negative exposures of a group in the reporting currency, as a positive amount. Unit `{currency}`. */
export const METRIC_RISK_EXPOSURE_GROUP_SHORT: MetricDefinition<'observablegauge'> = {
  "name": "risk.exposure.group.short",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of negative exposures of a group in the reporting currency, as a positive amount.",
  "definition": "As risk.exposure.short, over the positions of the group; read when collected, current in the getters at once.",
  "attributes": [
    "risk.dimension",
    "risk.group",
    "trading.currency"
  ],
  "sign": "short positive",
  "window": "now, at the latest mark and rate"
};

/** Herfindahl-Hirschman index of gross exposure over the groups of a dimension, 1 = all in one. Unit `1`. */
export const METRIC_RISK_CONCENTRATION: MetricDefinition<'observablegauge'> = {
  "name": "risk.concentration",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Herfindahl-Hirschman index of gross exposure over the groups of a dimension, 1 = all in one.",
  "definition": "Sum over groups of (gross of the group / gross of all)^2; 1/n for n equal groups.",
  "attributes": [
    "risk.dimension"
  ],
  "sign": "0 to 1",
  "window": "now, at the latest mark and rate"
};

/** Gross exposure as a multiple of equity. Unit `1`. */
export const METRIC_RISK_LEVERAGE: MetricDefinition<'observablegauge'> = {
  "name": "risk.leverage",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Gross exposure as a multiple of equity.",
  "definition": "risk.exposure.gross / risk.equity; NaN is never exported.",
  "attributes": [
    "trading.currency"
  ],
  "sign": "never negative",
  "window": "now, at the latest mark and rate"
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
  ],
  "sign": "gain positive",
  "window": "since start"
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
  "sign": "loss positive",
  "window": "since start"
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
  "sign": "loss positive",
  "window": "since start"
};

/** Loss of today's positions that past returns exceed with probability 1 - confidence, as a positive loss. Unit `{currency}`. */
export const METRIC_RISK_VALUE_AT_RISK: MetricDefinition<'gauge'> = {
  "name": "risk.value_at_risk",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Loss of today's positions that past returns exceed with probability 1 - confidence, as a positive loss.",
  "definition": "filtered_historical: ceil((1 - confidence) x T)-th largest loss among T scenarios, each return scaled from the volatility of its day to today's (EWMA 0.94); historical: the same unscaled; parametric: mean + z x sample deviation of the scenario losses; cornish_fisher: z bent by population skewness and kurtosis; ewma: z x fading deviation without mean. Each scenario is today's exposures x one period's returns. Positions without returns are left out, see risk.value_at_risk.uncovered.",
  "attributes": [
    "risk.confidence",
    "risk.method",
    "trading.currency"
  ],
  "sign": "loss positive",
  "window": "T periods of the returns given, 500 unless set; horizon one of them"
};

/** Mean loss of today's positions beyond the value at risk, as a positive loss. Unit `{currency}`. */
export const METRIC_RISK_EXPECTED_SHORTFALL: MetricDefinition<'gauge'> = {
  "name": "risk.expected_shortfall",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Mean loss of today's positions beyond the value at risk, as a positive loss.",
  "definition": "Historical methods: Rockafellar and Uryasev, discrete form, the last scenario of the tail counts in part. parametric and ewma: mean + deviation x density(z) / (1 - confidence). cornish_fisher: the integral of the bent quantile, only where the expansion rises everywhere.",
  "attributes": [
    "risk.confidence",
    "risk.method",
    "trading.currency"
  ],
  "sign": "loss positive",
  "window": "T periods of the returns given, 500 unless set; horizon one of them"
};

/** Part of the value at risk that one contract bears; negative for a hedge. Unit `{currency}`. */
export const METRIC_RISK_VALUE_AT_RISK_COMPONENT: MetricDefinition<'observablegauge'> = {
  "name": "risk.value_at_risk.component",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Part of the value at risk that one contract bears; negative for a hedge.",
  "definition": "exposure x risk.value_at_risk.marginal (Euler); over all contracts they add up to the value at risk. The largest by size are exported.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "risk.confidence",
    "risk.method",
    "trading.currency"
  ],
  "sign": "loss positive",
  "window": "as risk.value_at_risk"
};

/** What one more unit of exposure to a contract adds to the value at risk. Unit `1`. */
export const METRIC_RISK_VALUE_AT_RISK_MARGINAL: MetricDefinition<'observablegauge'> = {
  "name": "risk.value_at_risk.marginal",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "What one more unit of exposure to a contract adds to the value at risk.",
  "definition": "Derivative of risk.value_at_risk by the exposure; historical methods: the loss per unit in the scenario at the value at risk, which jumps.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "risk.confidence",
    "risk.method",
    "trading.currency"
  ],
  "sign": "loss positive",
  "window": "as risk.value_at_risk"
};

/** Part of the expected shortfall that one contract bears; negative for a hedge. Unit `{currency}`. */
export const METRIC_RISK_EXPECTED_SHORTFALL_COMPONENT: MetricDefinition<'observablegauge'> = {
  "name": "risk.expected_shortfall.component",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Part of the expected shortfall that one contract bears; negative for a hedge.",
  "definition": "exposure x derivative of the expected shortfall; historical methods: the average own loss over the tail. They add up to the expected shortfall.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "risk.confidence",
    "risk.method",
    "trading.currency"
  ],
  "sign": "loss positive",
  "window": "as risk.expected_shortfall"
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
  ],
  "sign": "never negative",
  "window": "now, at the latest mark and rate"
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
    "risk.confidence",
    "risk.method"
  ],
  "window": "since start"
};

/** Periods whose loss was above the value at risk at their beginning. Unit `{period}`. */
export const METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.value_at_risk.exception.count",
  "kind": "counter",
  "unit": "{period}",
  "valueType": "int",
  "description": "Periods whose loss was above the value at risk at their beginning.",
  "definition": "One per closed period; (1 - confidence) x periods are expected. A loss equal to the forecast is none.",
  "attributes": [
    "risk.confidence",
    "risk.method"
  ],
  "window": "since start"
};

/** Likelihood ratio that the exceptions come as often as promised; above 3.84 they do not, at 95 %. Unit `1`. */
export const METRIC_RISK_VALUE_AT_RISK_KUPIEC: MetricDefinition<'gauge'> = {
  "name": "risk.value_at_risk.kupiec",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Likelihood ratio that the exceptions come as often as promised; above 3.84 they do not, at 95 %.",
  "definition": "-2 ln of the likelihood at 1 - confidence over that at the observed rate; chi-square with one degree of freedom.",
  "attributes": [
    "risk.confidence",
    "risk.method"
  ],
  "sign": "never negative",
  "window": "since start"
};

/** Likelihood ratio that exceptions do not cluster; above 3.84 they do, at 95 %. Unit `1`. */
export const METRIC_RISK_VALUE_AT_RISK_INDEPENDENCE: MetricDefinition<'gauge'> = {
  "name": "risk.value_at_risk.independence",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Likelihood ratio that exceptions do not cluster; above 3.84 they do, at 95 %.",
  "definition": "Christoffersen, from the counts of the four transitions between periods with and without an exception; chi-square with one degree of freedom.",
  "attributes": [
    "risk.confidence",
    "risk.method"
  ],
  "sign": "never negative",
  "window": "since start"
};

/** Likelihood ratio that exceptions are as many as promised and do not cluster; above 5.99 it fails, at 95 %. Unit `1`. */
export const METRIC_RISK_VALUE_AT_RISK_CONDITIONAL_COVERAGE: MetricDefinition<'gauge'> = {
  "name": "risk.value_at_risk.conditional_coverage",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Likelihood ratio that exceptions are as many as promised and do not cluster; above 5.99 it fails, at 95 %.",
  "definition": "risk.value_at_risk.kupiec + risk.value_at_risk.independence; chi-square with two degrees of freedom.",
  "attributes": [
    "risk.confidence",
    "risk.method"
  ],
  "sign": "never negative",
  "window": "since start"
};

/** Exceptions of the 99 % value at risk among the latest 250 periods. Unit `{period}`. */
export const METRIC_RISK_VALUE_AT_RISK_BASEL_EXCEPTIONS: MetricDefinition<'gauge'> = {
  "name": "risk.value_at_risk.basel.exceptions",
  "kind": "gauge",
  "unit": "{period}",
  "valueType": "int",
  "description": "Exceptions of the 99 % value at risk among the latest 250 periods.",
  "definition": "Green 0-4, yellow 5-9, red 10 and more.",
  "attributes": [
    "risk.method"
  ],
  "sign": "never negative",
  "window": "250 periods"
};

/** Closed periods by the zone of the Basel traffic light at their end. Unit `{period}`. */
export const METRIC_RISK_VALUE_AT_RISK_BASEL_ZONE_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.value_at_risk.basel.zone.count",
  "kind": "counter",
  "unit": "{period}",
  "valueType": "int",
  "description": "Closed periods by the zone of the Basel traffic light at their end.",
  "definition": "One per closed period from the 250th on.",
  "attributes": [
    "risk.method",
    "risk.basel.zone"
  ],
  "window": "since start"
};

/** Use of a limit, 1 = at its hard level. Unit `1`. */
export const METRIC_RISK_LIMIT_UTILIZATION: MetricDefinition<'gauge'> = {
  "name": "risk.limit.utilization",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Use of a limit, 1 = at its hard level.",
  "definition": "used / hard level.",
  "attributes": [
    "risk.limit.name"
  ],
  "sign": "loss positive where a loss is watched",
  "window": "now, at the latest mark and rate"
};

/** Times what a limit watches crossed its soft or hard level from below. Unit `{breach}`. */
export const METRIC_RISK_LIMIT_BREACH_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.limit.breach.count",
  "kind": "counter",
  "unit": "{breach}",
  "valueType": "int",
  "description": "Times what a limit watches crossed its soft or hard level from below.",
  "definition": "One per crossing and level.",
  "attributes": [
    "risk.limit.name",
    "risk.limit.level"
  ],
  "window": "since start"
};

/** 1 while the kill switch is tripped, 0 otherwise. Unit `1`. */
export const METRIC_RISK_KILL_SWITCH_ACTIVE: MetricDefinition<'gauge'> = {
  "name": "risk.kill_switch.active",
  "kind": "gauge",
  "unit": "1",
  "valueType": "int",
  "description": "1 while the kill switch is tripped, 0 otherwise.",
  "definition": "Latched: it stays 1 until it is reset explicitly, whatever the limits say meanwhile.",
  "attributes": [],
  "sign": "0 or 1",
  "window": "now"
};

/** Times the kill switch was tripped, by reason. Unit `{trip}`. */
export const METRIC_RISK_KILL_SWITCH_TRIP_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.kill_switch.trip.count",
  "kind": "counter",
  "unit": "{trip}",
  "valueType": "int",
  "description": "Times the kill switch was tripped, by reason.",
  "definition": "One per change from 0 to 1; a second reason while it is tripped does not count.",
  "attributes": [
    "risk.kill_switch.reason"
  ],
  "window": "since start"
};

/** Orders that risk checks vetoed, by strategy and reason. Unit `{order}`. */
export const METRIC_RISK_VETO_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.veto.count",
  "kind": "counter",
  "unit": "{order}",
  "valueType": "int",
  "description": "Orders that risk checks vetoed, by strategy and reason.",
  "definition": "One per onVeto.",
  "attributes": [
    "trading.strategy",
    "risk.veto.reason"
  ],
  "window": "since start"
};

/** Stop-losses triggered. Unit `{stop}`. */
export const METRIC_RISK_STOP_TRIGGER_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.stop.trigger.count",
  "kind": "counter",
  "unit": "{stop}",
  "valueType": "int",
  "description": "Stop-losses triggered.",
  "definition": "One per stop whose trigger the desk reported.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "risk.stop.kind"
  ],
  "window": "since start"
};

/** Stop-losses whose price was crossed without a trigger within the time allowed. Unit `{stop}`. */
export const METRIC_RISK_STOP_MISSED_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.stop.missed.count",
  "kind": "counter",
  "unit": "{stop}",
  "valueType": "int",
  "description": "Stop-losses whose price was crossed without a trigger within the time allowed.",
  "definition": "One per stop: the first mark later than crossing + missedStopMs that finds it untriggered.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "risk.stop.kind"
  ],
  "window": "since start"
};

/** Distance of the latest mark from the nearest stop in basis points, negative once it was crossed. Unit `{bp}`. */
export const METRIC_RISK_STOP_DISTANCE: MetricDefinition<'gauge'> = {
  "name": "risk.stop.distance",
  "kind": "gauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Distance of the latest mark from the nearest stop in basis points, negative once it was crossed.",
  "definition": "protected side x (mark - stop) / mark x 10000, the smallest of the watched stops of the series.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "risk.stop.kind"
  ],
  "sign": "positive while not crossed",
  "window": "now, at the latest mark and rate"
};

/** Distance of the latest mark from the nearest stop in average true ranges, negative once it was crossed. Unit `1`. */
export const METRIC_RISK_STOP_DISTANCE_ATR: MetricDefinition<'gauge'> = {
  "name": "risk.stop.distance.atr",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Distance of the latest mark from the nearest stop in average true ranges, negative once it was crossed.",
  "definition": "protected side x (mark - stop) / average true range given for the symbol.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "risk.stop.kind"
  ],
  "sign": "positive while not crossed",
  "window": "now, at the latest mark and rate"
};

/** Time from the trigger of a stop-loss to its last fill. Unit `s`. */
export const METRIC_RISK_STOP_FILL_DURATION: MetricDefinition<'histogram'> = {
  "name": "risk.stop.fill.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time from the trigger of a stop-loss to its last fill.",
  "definition": "time of the fill - time of the trigger, both of the desk's events.",
  "attributes": [
    "trading.strategy",
    "risk.stop.kind"
  ],
  "window": "since start",
  "buckets": [
    0.001,
    0.002,
    0.005,
    0.01,
    0.02,
    0.05,
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    60
  ]
};

/** Distance of the fill of a stop-loss from its stop price in basis points, by direction. Unit `{bp}`. */
export const METRIC_RISK_STOP_SLIPPAGE: MetricDefinition<'histogram'> = {
  "name": "risk.stop.slippage",
  "kind": "histogram",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Distance of the fill of a stop-loss from its stop price in basis points, by direction.",
  "definition": "abs(fill - stop) / stop x 10000; cost when the fill is beyond the stop. The direction is an attribute because histograms take no negative values.",
  "attributes": [
    "trading.strategy",
    "risk.stop.kind",
    "trading.slippage.direction"
  ],
  "window": "since start",
  "buckets": [
    0,
    0.5,
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1000
  ]
};

/** Average correlation over all pairs of instruments. Unit `1`. */
export const METRIC_RISK_CORRELATION_AVERAGE: MetricDefinition<'gauge'> = {
  "name": "risk.correlation.average",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Average correlation over all pairs of instruments.",
  "definition": "Mean of the correlations above the diagonal, over instruments with variance.",
  "attributes": [
    "risk.correlation.method"
  ],
  "sign": "-1 to 1",
  "window": "of the method: EWMA half-life or the window"
};

/** Share of the largest eigenvalue in the trace of the correlation matrix: 1 when everything moves as one. Unit `1`. */
export const METRIC_RISK_CORRELATION_LARGEST_EIGENVALUE_SHARE: MetricDefinition<'gauge'> = {
  "name": "risk.correlation.largest_eigenvalue_share",
  "kind": "gauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of the largest eigenvalue in the trace of the correlation matrix: 1 when everything moves as one.",
  "definition": "Largest eigenvalue / number of instruments with variance, by power iteration from the last vector.",
  "attributes": [
    "risk.correlation.method"
  ],
  "sign": "0 to 1",
  "window": "of the method: EWMA half-life or the window"
};

/** Correlation of the pairs with the most exposure. Unit `1`. */
export const METRIC_RISK_CORRELATION_PAIR: MetricDefinition<'observablegauge'> = {
  "name": "risk.correlation.pair",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Correlation of the pairs with the most exposure.",
  "definition": "The pairs with the largest product of absolute net exposures; only those of the latest step are collected.",
  "attributes": [
    "risk.correlation.first",
    "risk.correlation.second",
    "risk.correlation.method"
  ],
  "sign": "-1 to 1",
  "window": "of the method: EWMA half-life or the window"
};

/** Grid steps whose correlations were computed. Unit `{step}`. */
export const METRIC_RISK_CORRELATION_STEP_COUNT: MetricDefinition<'counter'> = {
  "name": "risk.correlation.step.count",
  "kind": "counter",
  "unit": "{step}",
  "valueType": "int",
  "description": "Grid steps whose correlations were computed.",
  "definition": "One per step that the worker took.",
  "attributes": [
    "risk.correlation.method"
  ],
  "window": "since start"
};

/** Grid steps or ticks that the worker had no room for. Unit `{step}`. */
export const METRIC_RISK_CORRELATION_STEP_DROPPED: MetricDefinition<'counter'> = {
  "name": "risk.correlation.step.dropped",
  "kind": "counter",
  "unit": "{step}",
  "valueType": "int",
  "description": "Grid steps or ticks that the worker had no room for.",
  "definition": "One per row or tick refused by the full ring; the next step goes on from the last prices, so that only its timing is lost.",
  "attributes": [
    "risk.correlation.method"
  ],
  "window": "since start"
};

/** Time that one step of the correlations took in the worker. Unit `s`. */
export const METRIC_RISK_CORRELATION_STEP_DURATION: MetricDefinition<'histogram'> = {
  "name": "risk.correlation.step.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time that one step of the correlations took in the worker.",
  "definition": "Monotonic clock around update and summary; the copy of the whole matrix for the event is not in it.",
  "attributes": [
    "risk.correlation.method"
  ],
  "window": "since start",
  "buckets": [
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
    0.02,
    0.05,
    0.1
  ]
};

/** Time from a position change to readable exposure, drawdown, value at risk and expected shortfall. Unit `s`. */
export const METRIC_RISK_UPDATE_DURATION: MetricDefinition<'histogram'> = {
  "name": "risk.update.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time from a position change to readable exposure, drawdown, value at risk and expected shortfall.",
  "definition": "Monotonic clock around the update of one fill, sampled as configured.",
  "attributes": [],
  "window": "since start",
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
  ],
  "window": "since start"
};
