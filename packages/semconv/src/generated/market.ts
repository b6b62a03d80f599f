// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Length of the windows a number comes from. */
export const ATTR_MARKET_WINDOW = "market.window" as const;

/** Variant of an estimate, `aggressor` or `bulk` of VPIN, `kyle` or `hasbrouck` of price impact. */
export const ATTR_MARKET_VARIANT = "market.variant" as const;

/** Estimator of volatility. */
export const ATTR_MARKET_ESTIMATOR = "market.estimator" as const;

/** Side of a book, `bid` or `ask`. */
export const ATTR_MARKET_BOOK_SIDE = "market.book.side" as const;

/** Direction of price changes, `down` or `up`. */
export const ATTR_MARKET_DIRECTION = "market.direction" as const;

/** Why a market event was left out. */
export const ATTR_MARKET_DROP_REASON = "market.drop.reason" as const;

/** Best quotes received. Unit `{quote}`. */
export const METRIC_MARKET_QUOTE_COUNT: MetricDefinition<'counter'> = {
  "name": "market.quote.count",
  "kind": "counter",
  "unit": "{quote}",
  "valueType": "int",
  "description": "Best quotes received.",
  "definition": "One per quote that makes sense; those of symbols beyond the limit count as `_OTHER`.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ]
};

/** Quotes whose bid equals their ask. Unit `{quote}`. */
export const METRIC_MARKET_QUOTE_LOCKED: MetricDefinition<'counter'> = {
  "name": "market.quote.locked",
  "kind": "counter",
  "unit": "{quote}",
  "valueType": "int",
  "description": "Quotes whose bid equals their ask.",
  "definition": "One per quote with bid = ask.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ]
};

/** Quotes whose bid is above their ask. Unit `{quote}`. */
export const METRIC_MARKET_QUOTE_CROSSED: MetricDefinition<'counter'> = {
  "name": "market.quote.crossed",
  "kind": "counter",
  "unit": "{quote}",
  "valueType": "int",
  "description": "Quotes whose bid is above their ask.",
  "definition": "One per quote with bid > ask.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ]
};

/** Trades of the market. Unit `{trade}`. */
export const METRIC_MARKET_TRADE_COUNT: MetricDefinition<'counter'> = {
  "name": "market.trade.count",
  "kind": "counter",
  "unit": "{trade}",
  "valueType": "int",
  "description": "Trades of the market.",
  "definition": "One per trade that makes sense; those of symbols beyond the limit count as `_OTHER`.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ]
};

/** Trades without an aggressor flag whose side was estimated. Unit `{trade}`. */
export const METRIC_MARKET_TRADE_CLASSIFIED: MetricDefinition<'counter'> = {
  "name": "market.trade.classified",
  "kind": "counter",
  "unit": "{trade}",
  "valueType": "int",
  "description": "Trades without an aggressor flag whose side was estimated.",
  "definition": "One per trade signed by the quote test, then the tick test.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ]
};

/** Quantity traded in the market. Unit `{unit}`. */
export const METRIC_MARKET_TRADE_VOLUME: MetricDefinition<'counter'> = {
  "name": "market.trade.volume",
  "kind": "counter",
  "unit": "{unit}",
  "valueType": "double",
  "description": "Quantity traded in the market.",
  "definition": "Sum of trade quantities, in units of the instrument.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ]
};

/** Books received. Unit `{book}`. */
export const METRIC_MARKET_BOOK_COUNT: MetricDefinition<'counter'> = {
  "name": "market.book.count",
  "kind": "counter",
  "unit": "{book}",
  "valueType": "int",
  "description": "Books received.",
  "definition": "One per book that makes sense.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ]
};

/** How often a clock set back, or an interruption, made everything that spans time begin anew. Unit `{restart}`. */
export const METRIC_MARKET_STREAM_RESTART: MetricDefinition<'counter'> = {
  "name": "market.stream.restart",
  "kind": "counter",
  "unit": "{restart}",
  "valueType": "int",
  "description": "How often a clock set back, or an interruption, made everything that spans time begin anew.",
  "definition": "One per time that falls by more than `stepBack`, and one per interruption reported.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ]
};

/** Halfway between best bid and ask. Unit `{currency}`. */
export const METRIC_MARKET_MID: MetricDefinition<'observablegauge'> = {
  "name": "market.mid",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Halfway between best bid and ask.",
  "definition": "(bid + ask) / 2 of the latest quote.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "that of the prices",
  "window": "the latest quote"
};

/** Mid weighted towards the side with less size. Unit `{currency}`. */
export const METRIC_MARKET_MICROPRICE: MetricDefinition<'observablegauge'> = {
  "name": "market.microprice",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Mid weighted towards the side with less size.",
  "definition": "(bid × ask size + ask × bid size) / (bid size + ask size) of the latest quote.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "that of the prices",
  "window": "the latest quote"
};

/** Ask less bid. Unit `{currency}`. */
export const METRIC_MARKET_SPREAD: MetricDefinition<'observablegauge'> = {
  "name": "market.spread",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Ask less bid.",
  "definition": "ask - bid of the latest quote.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "negative when crossed",
  "window": "the latest quote"
};

/** Spread in basis points of the mid. Unit `{bp}`. */
export const METRIC_MARKET_SPREAD_RELATIVE: MetricDefinition<'observablegauge'> = {
  "name": "market.spread.relative",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Spread in basis points of the mid.",
  "definition": "(ask - bid) / mid × 10,000 of the latest quote.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "negative when crossed",
  "window": "the latest quote"
};

/** Spread that a trader met at a random moment. Unit `{currency}`. */
export const METRIC_MARKET_SPREAD_TIME_WEIGHTED: MetricDefinition<'observablegauge'> = {
  "name": "market.spread.time_weighted",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Spread that a trader met at a random moment.",
  "definition": "∫ (ask - bid) w dt / ∫ w dt over the time quotes stood, w = e^(-age/τ).",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "negative when crossed",
  "window": "the last 60 s lean most (time constant `timeConstant`)"
};

/** Spread in basis points of the mid that a trader met at a random moment. Unit `{bp}`. */
export const METRIC_MARKET_SPREAD_RELATIVE_TIME_WEIGHTED: MetricDefinition<'observablegauge'> = {
  "name": "market.spread.relative.time_weighted",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Spread in basis points of the mid that a trader met at a random moment.",
  "definition": "∫ (ask - bid) / mid × 10,000 w dt / ∫ w dt, w = e^(-age/τ).",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "negative when crossed",
  "window": "the last 60 s lean most (time constant `timeConstant`)"
};

/** Imbalance of sizes at the best quote. Unit `1`. */
export const METRIC_MARKET_IMBALANCE: MetricDefinition<'observablegauge'> = {
  "name": "market.imbalance",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Imbalance of sizes at the best quote.",
  "definition": "(bid size - ask size) / (bid size + ask size) of the latest quote.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "positive: more to buy",
  "window": "the latest quote"
};

/** Imbalance at the best quote over the time quotes stood. Unit `1`. */
export const METRIC_MARKET_IMBALANCE_TIME_WEIGHTED: MetricDefinition<'observablegauge'> = {
  "name": "market.imbalance.time_weighted",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Imbalance at the best quote over the time quotes stood.",
  "definition": "∫ imbalance w dt / ∫ w dt over the time quotes with size stood, w = e^(-age/τ).",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "positive: more to buy",
  "window": "the last 60 s lean most (time constant `timeConstant`)"
};

/** Imbalance of sizes over the best levels of the book. Unit `1`. */
export const METRIC_MARKET_BOOK_IMBALANCE: MetricDefinition<'observablegauge'> = {
  "name": "market.book.imbalance",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Imbalance of sizes over the best levels of the book.",
  "definition": "(Σ bid sizes - Σ ask sizes) / (Σ bid sizes + Σ ask sizes) over the best `levels` (5) of each side of the latest book.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "positive: more to buy",
  "window": "the latest book"
};

/** Size near the mid, by side. Unit `{unit}`. */
export const METRIC_MARKET_BOOK_DEPTH: MetricDefinition<'observablegauge'> = {
  "name": "market.book.depth",
  "kind": "observablegauge",
  "unit": "{unit}",
  "valueType": "double",
  "description": "Size near the mid, by side.",
  "definition": "Σ sizes of the levels at most `withinBps` (10) from the mid, latest book.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "market.book.side"
  ],
  "sign": "never negative",
  "window": "the latest book"
};

/** Size that each basis point from the mid adds, both sides together. Unit `{unit}`. */
export const METRIC_MARKET_BOOK_SLOPE: MetricDefinition<'observablegauge'> = {
  "name": "market.book.slope",
  "kind": "observablegauge",
  "unit": "{unit}",
  "valueType": "double",
  "description": "Size that each basis point from the mid adds, both sides together.",
  "definition": "Σ d·S / Σ d² over the levels within `withinBps` of the mid: d distance in basis points, S cumulative size of its side (least squares through the origin).",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "never negative",
  "window": "the latest book"
};

/** Size that joined the bid and left the ask in the last whole window. Unit `{unit}`. */
export const METRIC_MARKET_ORDER_FLOW_IMBALANCE: MetricDefinition<'observablegauge'> = {
  "name": "market.order_flow.imbalance",
  "kind": "observablegauge",
  "unit": "{unit}",
  "valueType": "double",
  "description": "Size that joined the bid and left the ask in the last whole window.",
  "definition": "Σ 1[b≥b′]B - 1[b≤b′]B′ - 1[a≤a′]A + 1[a≥a′]A′ over the changes of the best quote in [t0 + k·h, t0 + (k + 1)·h).",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "market.window"
  ],
  "sign": "positive: towards buying",
  "window": "`market.window`, whole windows from the first quote on"
};

/** Price impact of order flow: b of the line ΔMid = a + b·OFI. Unit `{currency}`. */
export const METRIC_MARKET_IMPACT_SLOPE: MetricDefinition<'observablegauge'> = {
  "name": "market.impact.slope",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Price impact of order flow: b of the line ΔMid = a + b·OFI.",
  "definition": "Weighted least squares of the mid change on order-flow imbalance by window.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "market.window"
  ],
  "sign": "positive: buying lifts the mid",
  "window": "windows of `market.window`, half-life `flowHalfLife` (300 windows)"
};

/** a of the line ΔMid = a + b·OFI. Unit `{currency}`. */
export const METRIC_MARKET_IMPACT_INTERCEPT: MetricDefinition<'observablegauge'> = {
  "name": "market.impact.intercept",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "a of the line ΔMid = a + b·OFI.",
  "definition": "Mid change of a window without order-flow imbalance, by the same regression.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "market.window"
  ],
  "sign": "mid rising positive",
  "window": "windows of `market.window`, half-life `flowHalfLife` (300 windows)"
};

/** Share of mid changes that order flow explains. Unit `1`. */
export const METRIC_MARKET_IMPACT_R_SQUARED: MetricDefinition<'observablegauge'> = {
  "name": "market.impact.r_squared",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of mid changes that order flow explains.",
  "definition": "R² of the same regression, 0 to 1.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "market.window"
  ],
  "sign": "0 to 1",
  "window": "windows of `market.window`, half-life `flowHalfLife` (300 windows)"
};

/** Price impact of signed trading; an estimate. Variant `kyle`: price per unit; variant `hasbrouck`: log return per root of currency. Unit `{currency}`. */
export const METRIC_MARKET_KYLE_LAMBDA: MetricDefinition<'observablegauge'> = {
  "name": "market.kyle.lambda",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Price impact of signed trading; an estimate. Variant `kyle`: price per unit; variant `hasbrouck`: log return per root of currency.",
  "definition": "Slope of the mid change on bought less sold quantity by window; variant `hasbrouck`: slope of the log mid change on Σ sign·√(price × quantity).",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "market.window",
    "market.variant"
  ],
  "sign": "positive: buying lifts the mid",
  "window": "windows of `market.window`, half-life `flowHalfLife` (300 windows)"
};

/** Share of mid changes that signed trading explains. Unit `1`. */
export const METRIC_MARKET_KYLE_R_SQUARED: MetricDefinition<'observablegauge'> = {
  "name": "market.kyle.r_squared",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of mid changes that signed trading explains.",
  "definition": "R² of the regression behind `market.kyle.lambda`, 0 to 1.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "market.window",
    "market.variant"
  ],
  "sign": "0 to 1",
  "window": "windows of `market.window`, half-life `flowHalfLife` (300 windows)"
};

/** How one-sided trading was by volume, 0 balanced to 1; an estimate that predicts nothing. Variant `aggressor`: sides from the exchange (else Lee and Ready); variant `bulk`: bulk classification, which is inferior. Unit `1`. */
export const METRIC_MARKET_VPIN: MetricDefinition<'observablegauge'> = {
  "name": "market.vpin",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "How one-sided trading was by volume, 0 balanced to 1; an estimate that predicts nothing. Variant `aggressor`: sides from the exchange (else Lee and Ready); variant `bulk`: bulk classification, which is inferior.",
  "definition": "Σ|bought - sold| / (n·V) over n = 50 buckets of equal volume V (a fiftieth of the daily volume); trades are split at bucket edges.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "market.variant"
  ],
  "sign": "0 to 1",
  "window": "the latest 50 buckets"
};

/** Return that a unit of traded value goes with (Amihud). Unit `1`. */
export const METRIC_MARKET_ILLIQUIDITY: MetricDefinition<'observablegauge'> = {
  "name": "market.illiquidity",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Return that a unit of traded value goes with (Amihud).",
  "definition": "Weighted mean of |mid return| / (price × quantity traded) over bars of 60 s with trades.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "never negative",
  "window": "bars of 60 s, half-life 60 bars"
};

/** Spread that trade prices alone imply; an estimate. Unit `{currency}`. */
export const METRIC_MARKET_ROLL_SPREAD: MetricDefinition<'observablegauge'> = {
  "name": "market.roll.spread",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Spread that trade prices alone imply; an estimate.",
  "definition": "2·√(-cov(Δp, Δp₋₁)) over successive trades.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "never negative",
  "window": "half-life 1,000 trades"
};

/** Realized variance of the mid. Unit `1`. */
export const METRIC_MARKET_REALIZED_VARIANCE: MetricDefinition<'observablegauge'> = {
  "name": "market.realized.variance",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Realized variance of the mid.",
  "definition": "Σ r², r log returns of the mid on a grid of 1 s by the previous tick.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "never negative",
  "window": "the latest 300 steps of 1 s"
};

/** Part of the variance that jumps hardly touch. Unit `1`. */
export const METRIC_MARKET_REALIZED_BIPOWER: MetricDefinition<'observablegauge'> = {
  "name": "market.realized.bipower",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Part of the variance that jumps hardly touch.",
  "definition": "(π/2)·Σ|r||r₋₁| on the same grid.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "never negative",
  "window": "the latest 300 steps of 1 s"
};

/** Part of the realized variance from falling or rising prices. Unit `1`. */
export const METRIC_MARKET_REALIZED_SEMIVARIANCE: MetricDefinition<'observablegauge'> = {
  "name": "market.realized.semivariance",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Part of the realized variance from falling or rising prices.",
  "definition": "Σ r² over returns below 0 (`down`) or not (`up`).",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "market.direction"
  ],
  "sign": "never negative",
  "window": "the latest 300 steps of 1 s"
};

/** Share of the realized variance that jumps made. Unit `1`. */
export const METRIC_MARKET_REALIZED_JUMP_SHARE: MetricDefinition<'observablegauge'> = {
  "name": "market.realized.jump_share",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of the realized variance that jumps made.",
  "definition": "max(0, 1 - bipower / variance).",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "0 to 1",
  "window": "the latest 300 steps of 1 s"
};

/** Volatility per year of 365 days (`yearMs`), by estimator. Unit `1`. */
export const METRIC_MARKET_VOLATILITY: MetricDefinition<'observablegauge'> = {
  "name": "market.volatility",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Volatility per year of 365 days (`yearMs`), by estimator.",
  "definition": "√(variance per step × steps per year): `realized` on the 1 s grid; `parkinson` mean ln(H/L)²/(4 ln 2), `garman_klass` mean ln(H/L)²/2 - (2 ln 2 - 1)·ln(C/O)², `yang_zhang` overnight + k·open-to-close + (1 - k)·Rogers-Satchell, over bars of 60 s.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "market.estimator"
  ],
  "sign": "never negative",
  "window": "300 steps of 1 s; 60 bars of 60 s"
};

/** Trades per second, leaning on the last 10 s. Unit `{trade}/s`. */
export const METRIC_MARKET_TRADE_RATE: MetricDefinition<'observablegauge'> = {
  "name": "market.trade.rate",
  "kind": "observablegauge",
  "unit": "{trade}/s",
  "valueType": "double",
  "description": "Trades per second, leaning on the last 10 s.",
  "definition": "Σ e^(-age/τ)/τ over trades, τ = 10 s, as of the latest event.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "never negative",
  "window": "time constant 10 s"
};

/** Quotes per trade, leaning on the last 10 s. Unit `1`. */
export const METRIC_MARKET_QUOTE_PER_TRADE: MetricDefinition<'observablegauge'> = {
  "name": "market.quote.per_trade",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Quotes per trade, leaning on the last 10 s.",
  "definition": "Rate of quotes / rate of trades, each Σ e^(-age/τ)/τ.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "never negative",
  "window": "time constant 10 s"
};

/** Time a spread took to come back after a sweep. Unit `s`. */
export const METRIC_MARKET_RESILIENCE_DURATION: MetricDefinition<'histogram'> = {
  "name": "market.resilience.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time a spread took to come back after a sweep.",
  "definition": "From the first quote after a trade whose spread is at least `sweepFactor` (2) times the one before the trade, to the first whose spread is again at most that.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ],
  "buckets": [
    0.0001,
    0.001,
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
    60
  ]
};

/** Sweeps whose spread did not come back in time. Unit `{sweep}`. */
export const METRIC_MARKET_RESILIENCE_ABANDONED: MetricDefinition<'counter'> = {
  "name": "market.resilience.abandoned",
  "kind": "counter",
  "unit": "{sweep}",
  "valueType": "int",
  "description": "Sweeps whose spread did not come back in time.",
  "definition": "One per sweep not absorbed within 60 s.",
  "attributes": [
    "exchange.name",
    "trading.symbol"
  ]
};

/** Market events left out, by cause. Unit `{event}`. */
export const METRIC_MARKET_EVENT_DROPPED: MetricDefinition<'counter'> = {
  "name": "market.event.dropped",
  "kind": "counter",
  "unit": "{event}",
  "valueType": "int",
  "description": "Market events left out, by cause.",
  "definition": "One per event left out.",
  "attributes": [
    "market.drop.reason"
  ]
};
