// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** The strategy that owns the order or position. */
export const ATTR_TRADING_STRATEGY = "trading.strategy" as const;

/** The account a position is held in; absent where the fills name none. */
export const ATTR_TRADING_ACCOUNT = "trading.account" as const;

/** The symbol as the exchange spells it. */
export const ATTR_TRADING_SYMBOL = "trading.symbol" as const;

/** Side of the order, `buy` or `sell`. */
export const ATTR_TRADING_SIDE = "trading.side" as const;

/** Whether the fill made or took liquidity, `maker` or `taker`. */
export const ATTR_TRADING_LIQUIDITY = "trading.liquidity" as const;

/** Currency of an amount. */
export const ATTR_TRADING_CURRENCY = "trading.currency" as const;

/** Order type. */
export const ATTR_TRADING_ORDER_TYPE = "trading.order.type" as const;

/** Outcome of a closed trade after fees, `win`, `loss` or `breakeven`. */
export const ATTR_TRADING_TRADE_OUTCOME = "trading.trade.outcome" as const;

/** Whether a fill was worse (`cost`) or better (`improvement`) than its benchmark. */
export const ATTR_TRADING_SLIPPAGE_DIRECTION = "trading.slippage.direction" as const;

/** Why an event was not counted. */
export const ATTR_TRADING_DROP_REASON = "trading.drop.reason" as const;

/** Orders sent. Unit `{order}`. */
export const METRIC_TRADING_ORDER_COUNT: MetricDefinition<'counter'> = {
  "name": "trading.order.count",
  "kind": "counter",
  "unit": "{order}",
  "valueType": "int",
  "description": "Orders sent.",
  "definition": "One per order event, at the moment the strategy hands the order over; replacements count as new orders.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.side",
    "trading.order.type"
  ]
};

/** Orders acknowledged by the exchange. Unit `{order}`. */
export const METRIC_TRADING_ORDER_ACKNOWLEDGED: MetricDefinition<'counter'> = {
  "name": "trading.order.acknowledged",
  "kind": "counter",
  "unit": "{order}",
  "valueType": "int",
  "description": "Orders acknowledged by the exchange.",
  "definition": "One per first acknowledgement of an order.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol"
  ]
};

/** Orders rejected, by low-cardinality reason. Unit `{order}`. */
export const METRIC_TRADING_ORDER_REJECTED: MetricDefinition<'counter'> = {
  "name": "trading.order.rejected",
  "kind": "counter",
  "unit": "{order}",
  "valueType": "int",
  "description": "Orders rejected, by low-cardinality reason.",
  "definition": "One per reject; `error.type` is a class of reason, never the message text.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "error.type"
  ]
};

/** Orders cancelled before they were filled in full. Unit `{order}`. */
export const METRIC_TRADING_ORDER_CANCELED: MetricDefinition<'counter'> = {
  "name": "trading.order.canceled",
  "kind": "counter",
  "unit": "{order}",
  "valueType": "int",
  "description": "Orders cancelled before they were filled in full.",
  "definition": "One per confirmed cancel.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol"
  ]
};

/** Orders that are neither filled in full, nor cancelled, nor rejected. Unit `{order}`. */
export const METRIC_TRADING_ORDER_OPEN: MetricDefinition<'updowncounter'> = {
  "name": "trading.order.open",
  "kind": "updowncounter",
  "unit": "{order}",
  "valueType": "int",
  "description": "Orders that are neither filled in full, nor cancelled, nor rejected.",
  "definition": "+1 per order sent, -1 when it ends.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.symbol"
  ]
};

/** Time from sending an order to its acknowledgement. Unit `s`. */
export const METRIC_TRADING_ORDER_ACK_DURATION: MetricDefinition<'histogram'> = {
  "name": "trading.order.ack.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time from sending an order to its acknowledgement.",
  "definition": "Acknowledgement receive time minus send time on the desk's own clock.",
  "attributes": [
    "trading.strategy",
    "exchange.name"
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
    2.5
  ]
};

/** Time from sending an order to its first fill. Unit `s`. */
export const METRIC_TRADING_ORDER_FILL_DURATION: MetricDefinition<'histogram'> = {
  "name": "trading.order.fill.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time from sending an order to its first fill.",
  "definition": "First fill's time minus send time, once per order that fills.",
  "attributes": [
    "trading.strategy",
    "exchange.name"
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
    300
  ]
};

/** Fills. Unit `{fill}`. */
export const METRIC_TRADING_FILL_COUNT: MetricDefinition<'counter'> = {
  "name": "trading.fill.count",
  "kind": "counter",
  "unit": "{fill}",
  "valueType": "int",
  "description": "Fills.",
  "definition": "One per distinct fill id.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.side",
    "trading.liquidity"
  ]
};

/** Filled quantity in the contract's own units (base coin, shares or contracts). Unit `{unit}`. */
export const METRIC_TRADING_FILL_QUANTITY: MetricDefinition<'counter'> = {
  "name": "trading.fill.quantity",
  "kind": "counter",
  "unit": "{unit}",
  "valueType": "double",
  "description": "Filled quantity in the contract's own units (base coin, shares or contracts).",
  "definition": "Sum of fill quantities; never added up over symbols with different units except as a checksum.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.side",
    "trading.liquidity"
  ]
};

/** Traded value in the quote currency. Unit `{currency}`. */
export const METRIC_TRADING_FILL_NOTIONAL: MetricDefinition<'counter'> = {
  "name": "trading.fill.notional",
  "kind": "counter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Traded value in the quote currency.",
  "definition": "Linear quantity x price x multiplier; inverse contracts x face value.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ]
};

/** Fees paid, cost positive, rebates negative. Unit `{currency}`. */
export const METRIC_TRADING_FEE: MetricDefinition<'updowncounter'> = {
  "name": "trading.fee",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Fees paid, cost positive, rebates negative.",
  "definition": "Sum of the fee of every fill, in the fee's currency.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "cost positive"
};

/** Realized P&L before fees, gain positive. Unit `{currency}`. */
export const METRIC_TRADING_PNL_REALIZED: MetricDefinition<'updowncounter'> = {
  "name": "trading.pnl.realized",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Realized P&L before fees, gain positive.",
  "definition": "Average cost. Linear (p - avg) x closed quantity x sign x multiplier; inverse contracts x face x (1/entry - 1/exit), entry being the harmonic mean.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "gain positive"
};

/** P&L of the open position at the latest mark, gain positive. Unit `{currency}`. */
export const METRIC_TRADING_PNL_UNREALIZED: MetricDefinition<'gauge'> = {
  "name": "trading.pnl.unrealized",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "P&L of the open position at the latest mark, gain positive.",
  "definition": "The realized formula with the mark as exit price; absent until the first mark.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "gain positive"
};

/** Signed position in the contract's own units, long positive. Unit `{unit}`. */
export const METRIC_TRADING_POSITION_QUANTITY: MetricDefinition<'gauge'> = {
  "name": "trading.position.quantity",
  "kind": "gauge",
  "unit": "{unit}",
  "valueType": "double",
  "description": "Signed position in the contract's own units, long positive.",
  "definition": "Sum of signed fill quantities.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol"
  ],
  "sign": "long positive"
};

/** Closed round trips, flat to flat, by outcome after fees. Unit `{trade}`. */
export const METRIC_TRADING_TRADE_COUNT: MetricDefinition<'counter'> = {
  "name": "trading.trade.count",
  "kind": "counter",
  "unit": "{trade}",
  "valueType": "int",
  "description": "Closed round trips, flat to flat, by outcome after fees.",
  "definition": "A trade opens when a flat position opens and closes when it is flat again or flips.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.trade.outcome"
  ]
};

/** Sum of the results of winning trades after fees. Unit `{currency}`. */
export const METRIC_TRADING_TRADE_GAIN: MetricDefinition<'counter'> = {
  "name": "trading.trade.gain",
  "kind": "counter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of the results of winning trades after fees.",
  "definition": "With trading.trade.loss it gives the profit factor, gain / loss, and with trading.trade.count the expectancy.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ]
};

/** Sum of the results of losing trades after fees, as a positive loss. Unit `{currency}`. */
export const METRIC_TRADING_TRADE_LOSS: MetricDefinition<'counter'> = {
  "name": "trading.trade.loss",
  "kind": "counter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Sum of the results of losing trades after fees, as a positive loss.",
  "definition": "See trading.trade.gain.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "loss positive"
};

/** Time a closed trade was open. Unit `s`. */
export const METRIC_TRADING_TRADE_DURATION: MetricDefinition<'histogram'> = {
  "name": "trading.trade.duration",
  "kind": "histogram",
  "unit": "s",
  "valueType": "double",
  "description": "Time a closed trade was open.",
  "definition": "Time of the closing fill minus time of the opening fill; absent where the times go backwards.",
  "attributes": [
    "trading.strategy",
    "exchange.name"
  ],
  "buckets": [
    0.001,
    0.01,
    0.1,
    0.5,
    1,
    2.5,
    5,
    10,
    30,
    60,
    300,
    900,
    3600,
    14400,
    86400,
    604800
  ]
};

/** Distance of the fill price from the mid at arrival in basis points, by direction. Unit `{bp}`. */
export const METRIC_TRADING_SLIPPAGE: MetricDefinition<'histogram'> = {
  "name": "trading.slippage",
  "kind": "histogram",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Distance of the fill price from the mid at arrival in basis points, by direction.",
  "definition": "abs(fill - arrival mid) / arrival mid x 10000, once per fill that carries an arrival mid. The direction is an attribute because histograms take no negative values.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.slippage.direction"
  ],
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

/** Money lost to fill prices worse than the mid at arrival, price improvement negative. Unit `{currency}`. */
export const METRIC_TRADING_SLIPPAGE_COST: MetricDefinition<'updowncounter'> = {
  "name": "trading.slippage.cost",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Money lost to fill prices worse than the mid at arrival, price improvement negative.",
  "definition": "Sum of side x quantity x (value at fill - value at arrival mid). Divided by trading.fill.notional it is the quantity-weighted slippage. Part of realized and unrealized P&L already, never to be subtracted again.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "cost positive"
};

/** Events refused by the trading instrumentation, by cause. Unit `{event}`. */
export const METRIC_TRADING_EVENT_DROPPED: MetricDefinition<'counter'> = {
  "name": "trading.event.dropped",
  "kind": "counter",
  "unit": "{event}",
  "valueType": "int",
  "description": "Events refused by the trading instrumentation, by cause.",
  "definition": "One per event that was invalid, unknown or a duplicate.",
  "attributes": [
    "trading.drop.reason"
  ]
};

/** Self-check of the ledger, 0 when every amount is accounted for. Unit `1`. */
export const METRIC_TRADING_LEDGER_ERROR: MetricDefinition<'observablegauge'> = {
  "name": "trading.ledger.error",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Self-check of the ledger, 0 when every amount is accounted for.",
  "definition": "Largest deviation over currencies of cash flow + cost of open positions from realized P&L, before fees, relative to turnover; rounding stays below about 1e-11.",
  "attributes": []
};
