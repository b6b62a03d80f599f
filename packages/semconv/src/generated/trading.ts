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

/** Whether an excursion went against the position (`adverse`) or with it (`favorable`). */
export const ATTR_TRADING_EXCURSION_DIRECTION = "trading.excursion.direction" as const;

/** Whether a fill was taken back (`bust`) or changed (`correct`). */
export const ATTR_TRADING_CORRECTION_KIND = "trading.correction.kind" as const;

/** Price that positions are valued at, `mark`, `touch` or `trade`. */
export const ATTR_TRADING_MARK_SOURCE = "trading.mark.source" as const;

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
  ],
  "sign": "never negative"
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
  "definition": "One per distinct fill id, as first reported; trading.fill.corrected counts corrections.",
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
  "definition": "Turnover. Linear quantity x price x multiplier; inverse contracts x face value. What corrections take back is in trading.fill.notional.retracted.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "positive for both sides",
  "window": "since start"
};

/** Fees paid, cost positive, rebates negative. Unit `{currency}`. */
export const METRIC_TRADING_FEE: MetricDefinition<'updowncounter'> = {
  "name": "trading.fee",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Fees paid, cost positive, rebates negative.",
  "definition": "Sum of the fee of every fill, in the fee's currency. A fee in the base asset of a spot contract is also taken out of the position.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "cost positive",
  "window": "since start"
};

/** Realized P&L before fees, gain positive. Unit `{currency}`. */
export const METRIC_TRADING_PNL_REALIZED: MetricDefinition<'updowncounter'> = {
  "name": "trading.pnl.realized",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Realized P&L before fees, gain positive.",
  "definition": "At average cost unless fifo or lifo is chosen. Linear (p - avg) x closed quantity x sign x multiplier; inverse contracts x face x (1/entry - 1/exit), entry being the harmonic mean.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "gain positive",
  "window": "since start, corrections included"
};

/** P&L of the open position at the latest mark, gain positive. Unit `{currency}`. */
export const METRIC_TRADING_PNL_UNREALIZED: MetricDefinition<'gauge'> = {
  "name": "trading.pnl.unrealized",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "P&L of the open position at the latest mark, gain positive.",
  "definition": "The realized formula with the mark as exit price. Mark price, else bid for a long and ask for a short position, else last trade; absent until the first of them.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "gain positive",
  "window": "now, at the latest mark"
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
  "sign": "long positive",
  "window": "now"
};

/** Closed round trips by outcome after fees, funding and borrow. Unit `{trade}`. */
export const METRIC_TRADING_TRADE_COUNT: MetricDefinition<'counter'> = {
  "name": "trading.trade.count",
  "kind": "counter",
  "unit": "{trade}",
  "valueType": "int",
  "description": "Closed round trips by outcome after fees, funding and borrow.",
  "definition": "Flat to flat unless another grouping is chosen. Below 1e-12 of the traded value a result is breakeven. Win rate = win / (win + loss). Trades that a correction takes back are in trading.trade.retracted.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.trade.outcome"
  ],
  "window": "since start"
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
  ],
  "window": "since start"
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
  "sign": "loss positive",
  "window": "since start"
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
  "definition": "abs(fill - arrival mid) / arrival mid x 10000, once per fill that carries an arrival mid. The headline of a desk, from the fill alone; trading.execution.slippage has the same fills as `arrival_mid` beside all other benchmarks, and fills whose arrival mid is known from their order or the quotes. The direction is an attribute because histograms take no negative values.",
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
  "definition": "Sum of side x quantity x (value at fill - value at arrival mid). Divided by trading.fill.notional it is the quantity-weighted slippage. Written as the fill is, so that the fast lane shows it at once; trading.execution.slippage.cost has it by benchmark when a reader collects. Part of realized and unrealized P&L already, never to be subtracted again.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "cost positive"
};

/** P&L after all costs, gain positive. Unit `{currency}`. */
export const METRIC_TRADING_PNL_NET: MetricDefinition<'gauge'> = {
  "name": "trading.pnl.net",
  "kind": "gauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "P&L after all costs, gain positive.",
  "definition": "Realized + unrealized - fees - funding - borrow, costs in third currencies converted at the rate of their moment. Costs without a rate are left out and counted as cost_unconverted. Absent while an open position has no mark.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "gain positive",
  "window": "since start, corrections included"
};

/** Funding paid on open positions, cost positive, received negative. Unit `{currency}`. */
export const METRIC_TRADING_FUNDING: MetricDefinition<'updowncounter'> = {
  "name": "trading.funding",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Funding paid on open positions, cost positive, received negative.",
  "definition": "Sum of the amounts of distinct funding payments, in their currency.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "cost positive",
  "window": "since start"
};

/** Interest paid on what was borrowed, cost positive. Unit `{currency}`. */
export const METRIC_TRADING_BORROW: MetricDefinition<'updowncounter'> = {
  "name": "trading.borrow",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Interest paid on what was borrowed, cost positive.",
  "definition": "Sum of the amounts of distinct interest payments, in their currency. In the base asset of a spot contract it is also taken out of the position.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "cost positive",
  "window": "since start"
};

/** Age of the price that open positions of a symbol are valued at. Unit `s`. */
export const METRIC_TRADING_MARK_AGE: MetricDefinition<'observablegauge'> = {
  "name": "trading.mark.age",
  "kind": "observablegauge",
  "unit": "s",
  "valueType": "double",
  "description": "Age of the price that open positions of a symbol are valued at.",
  "definition": "Time of collection - time of the price in use, on the clock of the option now; negative where that price is stamped later. Absent for symbols without an open position or a price.",
  "attributes": [
    "exchange.name",
    "trading.symbol",
    "trading.mark.source"
  ],
  "sign": "negative where the price is stamped later",
  "window": "now"
};

/** Fills that the exchange has busted or corrected. Unit `{fill}`. */
export const METRIC_TRADING_FILL_CORRECTED: MetricDefinition<'counter'> = {
  "name": "trading.fill.corrected",
  "kind": "counter",
  "unit": "{fill}",
  "valueType": "int",
  "description": "Fills that the exchange has busted or corrected.",
  "definition": "One per correction that changed something.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.correction.kind"
  ]
};

/** Traded value that corrections have taken back. Unit `{currency}`. */
export const METRIC_TRADING_FILL_NOTIONAL_RETRACTED: MetricDefinition<'counter'> = {
  "name": "trading.fill.notional.retracted",
  "kind": "counter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Traded value that corrections have taken back.",
  "definition": "Turnover is trading.fill.notional less this.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ]
};

/** Closed trades that a correction has taken back, or given another outcome. Unit `{trade}`. */
export const METRIC_TRADING_TRADE_RETRACTED: MetricDefinition<'counter'> = {
  "name": "trading.trade.retracted",
  "kind": "counter",
  "unit": "{trade}",
  "valueType": "int",
  "description": "Closed trades that a correction has taken back, or given another outcome.",
  "definition": "Trades of an outcome are trading.trade.count less this.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.trade.outcome"
  ]
};

/** Part of trading.trade.gain that corrections have taken back. Unit `{currency}`. */
export const METRIC_TRADING_TRADE_GAIN_RETRACTED: MetricDefinition<'counter'> = {
  "name": "trading.trade.gain.retracted",
  "kind": "counter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Part of trading.trade.gain that corrections have taken back.",
  "definition": "The sum of gains is trading.trade.gain less this.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ]
};

/** Part of trading.trade.loss that corrections have taken back. Unit `{currency}`. */
export const METRIC_TRADING_TRADE_LOSS_RETRACTED: MetricDefinition<'counter'> = {
  "name": "trading.trade.loss.retracted",
  "kind": "counter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Part of trading.trade.loss that corrections have taken back.",
  "definition": "The sum of losses is trading.trade.loss less this.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "exchange.name",
    "trading.symbol",
    "trading.currency"
  ],
  "sign": "loss positive"
};

/** Largest unrealized loss (adverse, MAE) and gain (favorable, MFE) of a closed trade, in basis points of its largest cost. Unit `{bp}`. */
export const METRIC_TRADING_TRADE_EXCURSION: MetricDefinition<'histogram'> = {
  "name": "trading.trade.excursion",
  "kind": "histogram",
  "unit": "{bp}",
  "valueType": "double",
  "description": "Largest unrealized loss (adverse, MAE) and gain (favorable, MFE) of a closed trade, in basis points of its largest cost.",
  "definition": "Extremes of unrealized P&L at every mark and every own fill from the opening to the closing fill, 0 included, over the largest cost of the open position, x 10000. Flat-to-flat trades only.",
  "attributes": [
    "trading.strategy",
    "exchange.name",
    "trading.excursion.direction"
  ],
  "sign": "both positive",
  "buckets": [
    0,
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1000,
    2000,
    5000
  ]
};

/** Share of winning trades among those that won or lost. Unit `1`. */
export const METRIC_TRADING_TRADE_WIN_RATE: MetricDefinition<'observablegauge'> = {
  "name": "trading.trade.win_rate",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of winning trades among those that won or lost.",
  "definition": "Wins / (wins + losses); breakeven trades are counted apart.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "0 to 1",
  "window": "since start, corrections included"
};

/** Sum of gains over sum of losses of closed trades. Unit `1`. */
export const METRIC_TRADING_TRADE_PROFIT_FACTOR: MetricDefinition<'observablegauge'> = {
  "name": "trading.trade.profit_factor",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Sum of gains over sum of losses of closed trades.",
  "definition": "Sum of winning net results / |sum of losing net results|.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "never negative",
  "window": "since start, corrections included"
};

/** Mean net result of a closed trade. Unit `{currency}`. */
export const METRIC_TRADING_TRADE_EXPECTANCY: MetricDefinition<'observablegauge'> = {
  "name": "trading.trade.expectancy",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Mean net result of a closed trade.",
  "definition": "Sum of net results / trades, breakeven trades included.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "gain positive",
  "window": "since start, corrections included"
};

/** Mean win over mean loss of closed trades. Unit `1`. */
export const METRIC_TRADING_TRADE_PAYOFF: MetricDefinition<'observablegauge'> = {
  "name": "trading.trade.payoff",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Mean win over mean loss of closed trades.",
  "definition": "(Gains / wins) / (losses / number of losses).",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "never negative",
  "window": "since start, corrections included"
};

/** System quality number of closed trades. Unit `1`. */
export const METRIC_TRADING_TRADE_QUALITY: MetricDefinition<'observablegauge'> = {
  "name": "trading.trade.quality",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "System quality number of closed trades.",
  "definition": "sqrt(n) x mean net result / its sample standard deviation (n - 1).",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "gain positive",
  "window": "since start, corrections included"
};

/** Time a closed trade held its position, weighted by cost. Unit `s`. */
export const METRIC_TRADING_TRADE_HOLDING_DURATION: MetricDefinition<'observablegauge'> = {
  "name": "trading.trade.holding.duration",
  "kind": "observablegauge",
  "unit": "s",
  "valueType": "double",
  "description": "Time a closed trade held its position, weighted by cost.",
  "definition": "Integral of the open cost over time / cost closed, over trades that have ended.",
  "attributes": [
    "trading.account",
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "never negative",
  "window": "since start, corrections included"
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
  "definition": "Largest deviation over currencies of cash flow + cost of open positions from realized P&L, and of the positions' realized P&L from it, before costs, relative to turnover; rounding stays below about 1e-11.",
  "attributes": [],
  "sign": "never negative",
  "window": "now"
};
