// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** How long an order stays in force, as the exchange spells it. */
export const ATTR_TRADING_ORDER_TIME_IN_FORCE = "trading.order.time_in_force" as const;

/** How an order ended, `filled`, `partial`, `canceled` or `rejected`. */
export const ATTR_TRADING_EXECUTION_OUTCOME = "trading.execution.outcome" as const;

/** What a rate counts, `quantity` or `order`. */
export const ATTR_TRADING_EXECUTION_BASIS = "trading.execution.basis" as const;

/** Price that fills are compared with. */
export const ATTR_TRADING_EXECUTION_BENCHMARK = "trading.execution.benchmark" as const;

/** Part of the implementation shortfall. */
export const ATTR_TRADING_EXECUTION_COMPONENT = "trading.execution.component" as const;

/** Time after the fill in seconds. */
export const ATTR_TRADING_MARKOUT_HORIZON = "trading.markout.horizon" as const;

/** Which way the mean of the edge has moved, `up` or `down`. */
export const ATTR_TRADING_EDGE_DIRECTION = "trading.edge.direction" as const;

/** Part of the alpha, `signal`, `slippage` or `fees`. */
export const ATTR_TRADING_ALPHA_COMPONENT = "trading.alpha.component" as const;

/** Benchmark that returns are compared with. */
export const ATTR_TRADING_ALPHA_BENCHMARK = "trading.alpha.benchmark" as const;

/** Orders that are off the book, by how they ended. Unit `{order}`. */
export const METRIC_TRADING_EXECUTION_ORDER_ENDED: MetricDefinition<'counter'> = {
  "name": "trading.execution.order.ended",
  "kind": "counter",
  "unit": "{order}",
  "valueType": "int",
  "description": "Orders that are off the book, by how they ended.",
  "definition": "One per order when it is filled in full (`filled`), cancelled after a part was filled (`partial`), cancelled before (`canceled`) or refused (`rejected`). Orders forgotten because too many were open are not among them.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.order.type",
    "trading.order.time_in_force",
    "trading.execution.outcome"
  ]
};

/** Quantity of the orders that are off the book, in the contract's own units. Unit `{unit}`. */
export const METRIC_TRADING_EXECUTION_QUANTITY_REQUESTED: MetricDefinition<'counter'> = {
  "name": "trading.execution.quantity.requested",
  "kind": "counter",
  "unit": "{unit}",
  "valueType": "double",
  "description": "Quantity of the orders that are off the book, in the contract's own units.",
  "definition": "Adds the quantity of every order when it ends.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol"
  ]
};

/** Filled quantity of the orders that are off the book, in the contract's own units. Unit `{unit}`. */
export const METRIC_TRADING_EXECUTION_QUANTITY_FILLED: MetricDefinition<'counter'> = {
  "name": "trading.execution.quantity.filled",
  "kind": "counter",
  "unit": "{unit}",
  "valueType": "double",
  "description": "Filled quantity of the orders that are off the book, in the contract's own units.",
  "definition": "Adds what was filled of every order when it ends, and fills that come after. Divided by trading.execution.quantity.requested it is the fill rate by quantity of any window.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol"
  ]
};

/** Share of what was ordered that was filled, 0 to 1. Unit `1`. */
export const METRIC_TRADING_EXECUTION_FILL_RATE: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.fill_rate",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of what was ordered that was filled, 0 to 1.",
  "definition": "`quantity`: trading.execution.quantity.filled / requested; `order`: orders filled in full / orders ended.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.execution.basis"
  ],
  "sign": "0 to 1",
  "window": "since start; over any other window from the counters"
};

/** Share of ended orders that were filled in part only, 0 to 1. Unit `1`. */
export const METRIC_TRADING_EXECUTION_PARTIAL_RATE: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.partial_rate",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of ended orders that were filled in part only, 0 to 1.",
  "definition": "Orders ended `partial` / orders ended.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "0 to 1",
  "window": "since start; over any other window from the counters"
};

/** Share of ended orders that were refused, 0 to 1. Unit `1`. */
export const METRIC_TRADING_EXECUTION_REJECT_RATE: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.reject_rate",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of ended orders that were refused, 0 to 1.",
  "definition": "Orders ended `rejected` / orders ended.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "0 to 1",
  "window": "since start; over any other window from the counters"
};

/** Cancelled orders per order that was filled in full or in part. Unit `1`. */
export const METRIC_TRADING_EXECUTION_CANCEL_TO_FILL: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.cancel_to_fill",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Cancelled orders per order that was filled in full or in part.",
  "definition": "(`canceled` + `partial`) / (`filled` + `partial`) of the orders ended.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "never negative",
  "window": "since start; over any other window from the counters"
};

/** Orders sent per fill. Unit `1`. */
export const METRIC_TRADING_EXECUTION_ORDER_TO_TRADE: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.order_to_trade",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Orders sent per fill.",
  "definition": "Orders sent / fills of those orders; replacements count as orders.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "never negative",
  "window": "since start; over any other window from the counters"
};

/** Time from sending an order to its end. Unit `s`. */
export const METRIC_TRADING_EXECUTION_DONE_DURATION: MetricDefinition<'histogram'> = {
  "name": "trading.execution.done.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time from sending an order to its end.",
  "definition": "Time of the last fill, cancel or reject minus send time; absent where the times go backwards. The time to the first fill is trading.order.fill.duration.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.execution.outcome"
  ],
  "buckets": [
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
    5,
    10,
    30,
    60,
    300,
    3600
  ]
};

/** Distance of fill prices from a benchmark in basis points, by direction. Unit `{bp}`. */
export const METRIC_TRADING_EXECUTION_SLIPPAGE: MetricDefinition<'histogram'> = {
  "name": "trading.execution.slippage",
  "kind": "histogram",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Distance of fill prices from a benchmark in basis points, by direction.",
  "definition": "abs(fill - benchmark) / benchmark x 10000, once per fill and known benchmark (`interval_vwap`: once per order that ended, at its average price). `arrival_mid` of fills that carry one is trading.slippage. The direction is an attribute because histograms take no negative values.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.execution.benchmark",
    "trading.slippage.direction"
  ],
  "sign": "the direction says it, `cost` is money lost",
  "buckets": [
    0,
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500
  ]
};

/** Money lost to fill prices worse than a benchmark, improvement negative. Unit `{currency}`. */
export const METRIC_TRADING_EXECUTION_SLIPPAGE_COST: MetricDefinition<'observableupdowncounter'> = {
  "name": "trading.execution.slippage.cost",
  "kind": "observableupdowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Money lost to fill prices worse than a benchmark, improvement negative.",
  "definition": "Compensated sum of side x quantity x (value at fill - value at benchmark) in the settlement currency. Part of realized and unrealized P&L already, never to be subtracted again.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency",
    "trading.execution.benchmark"
  ],
  "sign": "cost positive"
};

/** What the fills with a benchmark were worth at it. Unit `{currency}`. */
export const METRIC_TRADING_EXECUTION_SLIPPAGE_VALUE: MetricDefinition<'observablecounter'> = {
  "name": "trading.execution.slippage.value",
  "kind": "observablecounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "What the fills with a benchmark were worth at it.",
  "definition": "Compensated sum of quantity x value at benchmark in the settlement currency. trading.execution.slippage.cost / value x 10000 is the quantity-weighted slippage of any window and grouping.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency",
    "trading.execution.benchmark"
  ]
};

/** Quantity-weighted slippage against a benchmark in basis points. Unit `{bp}`. */
export const METRIC_TRADING_EXECUTION_SLIPPAGE_WEIGHTED: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.slippage.weighted",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Quantity-weighted slippage against a benchmark in basis points.",
  "definition": "trading.execution.slippage.cost / value x 10000.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency",
    "trading.execution.benchmark"
  ],
  "sign": "cost positive",
  "window": "since start; over any other window from cost and value"
};

/** Implementation shortfall of finished orders in the settlement currency, by part; the sum over the parts is the total. Unit `{currency}`. */
export const METRIC_TRADING_EXECUTION_SHORTFALL: MetricDefinition<'updowncounter'> = {
  "name": "trading.execution.shortfall",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Implementation shortfall of finished orders in the settlement currency, by part; the sum over the parts is the total.",
  "definition": "`delay` S(P0 - Pd) + `trading` sum s(p - P0) + `opportunity` (S - sum s)(Pn - P0) + `fees`, times the side, for target S, fills s at p, decision Pd, arrival P0, end Pn. An order with a decision mid and no parent is its own parent; P0 is the mid when its first order was sent.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency",
    "trading.execution.component"
  ],
  "sign": "cost positive"
};

/** Value of finished orders at the decision price, in the settlement currency. Unit `{currency}`. */
export const METRIC_TRADING_EXECUTION_SHORTFALL_VALUE: MetricDefinition<'counter'> = {
  "name": "trading.execution.shortfall.value",
  "kind": "counter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Value of finished orders at the decision price, in the settlement currency.",
  "definition": "Adds S x Pd per order with a shortfall. Shortfall / value x 10000 is the shortfall in basis points of any window.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ]
};

/** Finished orders with a shortfall. Unit `{order}`. */
export const METRIC_TRADING_EXECUTION_SHORTFALL_ORDER: MetricDefinition<'counter'> = {
  "name": "trading.execution.shortfall.order",
  "kind": "counter",
  "unit": "{order}",
  "valueType": "int",
  "description": "Finished orders with a shortfall.",
  "definition": "One per parent order that is done and whose prices were known.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ]
};

/** Twice the distance of fills from the mid before them, notional-weighted mean in basis points. Unit `{bp}`. */
export const METRIC_TRADING_EXECUTION_EFFECTIVE_SPREAD: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.effective_spread",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Twice the distance of fills from the mid before them, notional-weighted mean in basis points.",
  "definition": "2 D (p - m) / m x 10000, m being the last quote strictly before the fill on the desk's clock; D is 1 for a buy, -1 for a sell.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency"
  ],
  "sign": "cost positive",
  "window": "since start"
};

/** Median over fills of the effective spread in basis points. Unit `{bp}`. */
export const METRIC_TRADING_EXECUTION_EFFECTIVE_SPREAD_MEDIAN: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.effective_spread.median",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Median over fills of the effective spread in basis points.",
  "definition": "P2 estimate of the median, every fill counting once.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency"
  ],
  "sign": "cost positive",
  "window": "since start"
};

/** What is left of the effective spread at a horizon, notional-weighted mean in basis points. Unit `{bp}`. */
export const METRIC_TRADING_EXECUTION_REALIZED_SPREAD: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.realized_spread",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "What is left of the effective spread at a horizon, notional-weighted mean in basis points.",
  "definition": "2 D (p - m(t+h)) / m x 10000, m(t+h) being the last mid at or before the horizon. Effective = realized + impact over the same fills.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency",
    "trading.markout.horizon"
  ],
  "sign": "cost positive",
  "window": "since start"
};

/** Median over fills of the realized spread in basis points. Unit `{bp}`. */
export const METRIC_TRADING_EXECUTION_REALIZED_SPREAD_MEDIAN: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.realized_spread.median",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Median over fills of the realized spread in basis points.",
  "definition": "P2 estimate of the median, every fill counting once.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency",
    "trading.markout.horizon"
  ],
  "sign": "cost positive",
  "window": "since start"
};

/** How far the mid has moved the fill's way at a horizon, notional-weighted mean in basis points. Unit `{bp}`. */
export const METRIC_TRADING_EXECUTION_PRICE_IMPACT: MetricDefinition<'observablegauge'> = {
  "name": "trading.execution.price_impact",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "How far the mid has moved the fill's way at a horizon, notional-weighted mean in basis points.",
  "definition": "2 D (m(t+h) - m) / m x 10000.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency",
    "trading.markout.horizon"
  ],
  "sign": "positive: the market went the way of the fill",
  "window": "since start"
};

/** Markout curve M(h): what fills have earned at a horizon, notional-weighted mean after fees in basis points. Unit `{bp}`. */
export const METRIC_TRADING_MARKOUT_EDGE: MetricDefinition<'observablegauge'> = {
  "name": "trading.markout.edge",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Markout curve M(h): what fills have earned at a horizon, notional-weighted mean after fees in basis points.",
  "definition": "D (m(t+h) - p) / m x 10000 - fee in basis points of the notional, averaged with the notional as weight; trading.currency is that of the weights.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency",
    "trading.markout.horizon"
  ],
  "sign": "gain positive",
  "window": "since start"
};

/** Standard error of the mean markout in basis points. Unit `{bp}`. */
export const METRIC_TRADING_MARKOUT_ERROR: MetricDefinition<'observablegauge'> = {
  "name": "trading.markout.error",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Standard error of the mean markout in basis points.",
  "definition": "Sample deviation of the markouts / square root of their count; it takes fills as independent.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency",
    "trading.markout.horizon"
  ],
  "sign": "never negative",
  "window": "since start"
};

/** Fills that have reached a horizon. Unit `{fill}`. */
export const METRIC_TRADING_MARKOUT_COUNT: MetricDefinition<'observablecounter'> = {
  "name": "trading.markout.count",
  "kind": "observablecounter",
  "unit": "{fill}",
  "valueType": "int",
  "description": "Fills that have reached a horizon.",
  "definition": "One per fill and horizon when the first quote after it comes.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency",
    "trading.markout.horizon"
  ]
};

/** Fills that wait for a horizon. Unit `{fill}`. */
export const METRIC_TRADING_MARKOUT_PENDING: MetricDefinition<'observableupdowncounter'> = {
  "name": "trading.markout.pending",
  "kind": "observableupdowncounter",
  "unit": "{fill}",
  "valueType": "int",
  "description": "Fills that wait for a horizon.",
  "definition": "Fills of all markets inside the longest horizon; beyond the limit per market they are dropped and counted as `markout_limit`.",
  "attributes": [],
  "sign": "never negative"
};

/** Time in which half of the edge of a fill is gone. Unit `s`. */
export const METRIC_TRADING_EDGE_HALF_LIFE: MetricDefinition<'observablegauge'> = {
  "name": "trading.edge.half_life",
  "kind": "observablegauge",
  "unit": "s",
  "valueType": "double",
  "description": "Time in which half of the edge of a fill is gone.",
  "definition": "tau ln 2 of M(h) = Minf + (M0 - Minf) exp(-h/tau), fitted to the markout curve with weights n/var.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency"
  ],
  "sign": "never negative",
  "window": "since start"
};

/** Standard error of the half-life. Unit `s`. */
export const METRIC_TRADING_EDGE_HALF_LIFE_ERROR: MetricDefinition<'observablegauge'> = {
  "name": "trading.edge.half_life.error",
  "kind": "observablegauge",
  "unit": "s",
  "valueType": "double",
  "description": "Standard error of the half-life.",
  "definition": "Delta method: the entry of tau in the inverse of J'WJ, times ln 2.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency"
  ],
  "sign": "never negative",
  "window": "since start"
};

/** Whether the edge lasts: the latest net edge per fill over the longer-run one, 1 when steady. Unit `1`. */
export const METRIC_TRADING_EDGE_LIFETIME: MetricDefinition<'observablegauge'> = {
  "name": "trading.edge.lifetime",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Whether the edge lasts: the latest net edge per fill over the longer-run one, 1 when steady.",
  "definition": "EWMA of e with a half-life of 20 fills / EWMA with 200, e being the net markout at the holding horizon; both half-lives are options.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency"
  ],
  "sign": "negative once the latest edge is a loss",
  "window": "exponential, in fills"
};

/** Change of the net edge per fill over time. Unit `{bp}/{hour}`. */
export const METRIC_TRADING_EDGE_SLOPE: MetricDefinition<'observablegauge'> = {
  "name": "trading.edge.slope",
  "kind": "observablegauge",
  "unit": "{bp}/{hour}",
  "valueType": "double",
  "description": "Change of the net edge per fill over time.",
  "definition": "Slope of e on time by least squares that forget (0.995 per fill).",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency"
  ],
  "sign": "rising positive",
  "window": "exponential, in fills"
};

/** t-statistic of the slope of the net edge over time. Unit `1`. */
export const METRIC_TRADING_EDGE_SLOPE_T: MetricDefinition<'observablegauge'> = {
  "name": "trading.edge.slope.t",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "t-statistic of the slope of the net edge over time.",
  "definition": "Slope / standard error on the effective sample size (sum w)^2 / sum w^2.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency"
  ],
  "sign": "as the slope",
  "window": "exponential, in fills"
};

/** Changes of the mean net edge that a test has found; `down` is an edge that has decayed. Unit `{alarm}`. */
export const METRIC_TRADING_EDGE_ALARM: MetricDefinition<'counter'> = {
  "name": "trading.edge.alarm",
  "kind": "counter",
  "unit": "{alarm}",
  "valueType": "int",
  "description": "Changes of the mean net edge that a test has found; `down` is an edge that has decayed.",
  "definition": "Page-Hinkley on e over its deviation, tolerance 0.25 and threshold 25 deviations by default; starts anew after an alarm.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.liquidity",
    "trading.currency",
    "trading.edge.direction"
  ]
};

/** Alpha generation rate: money per hour that fills have earned at the holding horizon, after slippage and fees. Unit `{currency}/{hour}`. */
export const METRIC_TRADING_ALPHA_RATE: MetricDefinition<'observablegauge'> = {
  "name": "trading.alpha.rate",
  "kind": "observablegauge",
  "unit": "{currency}/{hour}",
  "valueType": "double",
  "description": "Alpha generation rate: money per hour that fills have earned at the holding horizon, after slippage and fees.",
  "definition": "[sum of D (m(t+h*) - m arrival) quantity - slippage against arrival - fees] / hours, over fills whose holding horizon ended in the window. Without an arrival mid the mid before the fill stands for it.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.currency"
  ],
  "sign": "gain positive",
  "window": "rolling, 1 hour in 60 steps by default"
};

/** What the alpha rate is made of, since start; the sum over the parts is the alpha. Unit `{currency}`. */
export const METRIC_TRADING_ALPHA_CAPTURED: MetricDefinition<'updowncounter'> = {
  "name": "trading.alpha.captured",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "What the alpha rate is made of, since start; the sum over the parts is the alpha.",
  "definition": "`signal` D (m(t+h*) - m arrival) quantity; `slippage` and `fees` with a minus. Its increase over any time, divided by the hours, is the rate of that time.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.currency",
    "trading.alpha.component"
  ],
  "sign": "gain positive"
};

/** Return per year that the benchmarks do not explain. Unit `1`. */
export const METRIC_TRADING_ALPHA_JENSEN: MetricDefinition<'observablegauge'> = {
  "name": "trading.alpha.jensen",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Return per year that the benchmarks do not explain.",
  "definition": "a x periods per year of r = a + sum of b rb, least squares in which each older period counts 0.99 times.",
  "attributes": [
    "trading.strategy"
  ],
  "sign": "gain positive",
  "window": "exponential, in periods"
};

/** The same in money per hour. Unit `{currency}/{hour}`. */
export const METRIC_TRADING_ALPHA_JENSEN_RATE: MetricDefinition<'observablegauge'> = {
  "name": "trading.alpha.jensen.rate",
  "kind": "observablegauge",
  "unit": "{currency}/{hour}",
  "valueType": "double",
  "description": "The same in money per hour.",
  "definition": "a x capital / hours of a period; absent for a strategy whose returns carry no capital.",
  "attributes": [
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "gain positive",
  "window": "exponential, in periods"
};

/** Sensitivity of a strategy's return to a benchmark. Unit `1`. */
export const METRIC_TRADING_ALPHA_BETA: MetricDefinition<'observablegauge'> = {
  "name": "trading.alpha.beta",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Sensitivity of a strategy's return to a benchmark.",
  "definition": "b of the same regression.",
  "attributes": [
    "trading.strategy",
    "trading.alpha.benchmark"
  ],
  "sign": "moves with the benchmark positive",
  "window": "exponential, in periods"
};

/** Share of the variance of a strategy's return that the benchmarks explain, 0 to 1. Unit `1`. */
export const METRIC_TRADING_ALPHA_DETERMINATION: MetricDefinition<'observablegauge'> = {
  "name": "trading.alpha.determination",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of the variance of a strategy's return that the benchmarks explain, 0 to 1.",
  "definition": "R2 of the same regression, with its weights.",
  "attributes": [
    "trading.strategy"
  ],
  "sign": "0 to 1",
  "window": "exponential, in periods"
};
