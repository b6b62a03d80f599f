// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** What tells the regime, `rule` or the name of a fitted model. */
export const ATTR_TRADING_REGIME_MODEL = "trading.regime.model" as const;

/** A regime; of the rule: volatility and trend. */
export const ATTR_TRADING_REGIME_NAME = "trading.regime.name" as const;

/** What raised an alarm, `page_hinkley` or `bayesian`. */
export const ATTR_TRADING_REGIME_DETECTOR = "trading.regime.detector" as const;

/** 1 for the regime of a market that is in force. Unit `1`. */
export const METRIC_TRADING_REGIME_ACTIVE: MetricDefinition<'observablegauge'> = {
  "name": "trading.regime.active",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "int",
  "description": "1 for the regime of a market that is in force.",
  "definition": "Rule: tercile of the EWMA volatility among those of the past (low, middle, high) and trend by the efficiency ratio (down, flat, up). Hidden Markov: the regime whose filtered probability is at least `confidence`. Another one is taken after `confirmations` periods in a row and not before `minimumDwell`.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "trading.regime.model",
    "trading.regime.name"
  ],
  "sign": "0 or 1",
  "window": "rule: `regimes.rule.window` volatilities"
};

/** Probability of a regime of a hidden Markov model given the returns so far. Unit `1`. */
export const METRIC_TRADING_REGIME_PROBABILITY: MetricDefinition<'observablegauge'> = {
  "name": "trading.regime.probability",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Probability of a regime of a hidden Markov model given the returns so far.",
  "definition": "Hamilton filter, forward only: nothing later than the bar is used.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "trading.regime.model",
    "trading.regime.name"
  ],
  "sign": "0 to 1",
  "window": "since the start"
};

/** Periods since the regime in force began. Unit `{period}`. */
export const METRIC_TRADING_REGIME_DWELL: MetricDefinition<'observablegauge'> = {
  "name": "trading.regime.dwell",
  "kind": "observablegauge",
  "unit": "{period}",
  "valueType": "int",
  "description": "Periods since the regime in force began.",
  "definition": "One per bar.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "trading.regime.model"
  ],
  "sign": "never negative",
  "window": "since the last change"
};

/** Changes of the regime in force. Unit `{transition}`. */
export const METRIC_TRADING_REGIME_TRANSITION: MetricDefinition<'counter'> = {
  "name": "trading.regime.transition",
  "kind": "counter",
  "unit": "{transition}",
  "valueType": "int",
  "description": "Changes of the regime in force.",
  "definition": "One per change; the first regime is none.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "trading.regime.model"
  ]
};

/** Forecast of the volatility of a market per bar. Unit `1`. */
export const METRIC_TRADING_REGIME_VOLATILITY: MetricDefinition<'observablegauge'> = {
  "name": "trading.regime.volatility",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Forecast of the volatility of a market per bar.",
  "definition": "v = lambda v + (1 - lambda) r^2, its root.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "never negative",
  "window": "exponential, lambda 0.94 by default"
};

/** Alarms that the returns of a market have changed. Unit `{alarm}`. */
export const METRIC_TRADING_REGIME_CHANGE_ALARM: MetricDefinition<'counter'> = {
  "name": "trading.regime.change.alarm",
  "kind": "counter",
  "unit": "{alarm}",
  "valueType": "int",
  "description": "Alarms that the returns of a market have changed.",
  "definition": "Page-Hinkley: the mean moved, in units of the EWMA volatility. Bayesian: the probability of a change within the latest bars rose to the threshold.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "trading.regime.detector"
  ]
};

/** Probability that a new stretch of returns began within the latest five bars. Unit `1`. */
export const METRIC_TRADING_REGIME_CHANGE_PROBABILITY: MetricDefinition<'observablegauge'> = {
  "name": "trading.regime.change.probability",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Probability that a new stretch of returns began within the latest five bars.",
  "definition": "Bayesian online change point detection, normal stretches with mean and variance unknown, run lengths to 500.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "0 to 1",
  "window": "as of the latest bar"
};

/** Results of closed trades after fees, by the regime of their market when they were opened. Unit `{currency}`. */
export const METRIC_TRADING_REGIME_PNL: MetricDefinition<'updowncounter'> = {
  "name": "trading.regime.pnl",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Results of closed trades after fees, by the regime of their market when they were opened.",
  "definition": "Sum of net results in the settlement currency. The regime at entry was known at entry; `unknown` before there was one.",
  "attributes": [
    "trading.strategy",
    "trading.regime.model",
    "trading.regime.name",
    "trading.currency"
  ],
  "sign": "gain positive"
};

/** Closed trades by outcome and by the regime of their market when they were opened. Unit `{trade}`. */
export const METRIC_TRADING_REGIME_TRADE_COUNT: MetricDefinition<'counter'> = {
  "name": "trading.regime.trade.count",
  "kind": "counter",
  "unit": "{trade}",
  "valueType": "int",
  "description": "Closed trades by outcome and by the regime of their market when they were opened.",
  "definition": "One per closed trade; win rate = win / (win + loss).",
  "attributes": [
    "trading.strategy",
    "trading.regime.model",
    "trading.regime.name",
    "trading.trade.outcome"
  ]
};
