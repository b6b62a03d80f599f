// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { MetricDefinition } from '../definition.ts';

/** Traded value on an exchange by liquidity, in the reporting currency. Unit `{currency}`. */
export const METRIC_TRADING_COST_NOTIONAL: MetricDefinition<'counter'> = {
  "name": "trading.cost.notional",
  "kind": "counter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Traded value on an exchange by liquidity, in the reporting currency.",
  "definition": "Sum of the traded value of fills, at the latest rate.",
  "attributes": [
    "exchange.name",
    "trading.liquidity",
    "trading.currency"
  ]
};

/** Fees on an exchange by liquidity, in the reporting currency. Unit `{currency}`. */
export const METRIC_TRADING_COST_FEE: MetricDefinition<'updowncounter'> = {
  "name": "trading.cost.fee",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Fees on an exchange by liquidity, in the reporting currency.",
  "definition": "Sum of the fees of fills, at the latest rate; over trading.cost.notional the effective fee of any time.",
  "attributes": [
    "exchange.name",
    "trading.liquidity",
    "trading.currency"
  ],
  "sign": "cost positive"
};

/** What an exchange really charged, in basis points of the traded value. Unit `{bp}`. */
export const METRIC_TRADING_COST_FEE_EFFECTIVE: MetricDefinition<'observablegauge'> = {
  "name": "trading.cost.fee.effective",
  "kind": "observablegauge",
  "unit": "{bp}",
  "valueType": "double",
  "description": "What an exchange really charged, in basis points of the traded value.",
  "definition": "fees / traded value x 10000.",
  "attributes": [
    "exchange.name",
    "trading.liquidity"
  ],
  "sign": "cost positive",
  "window": "since the start"
};

/** Share of the traded value that made liquidity. Unit `1`. */
export const METRIC_TRADING_COST_MAKER_RATIO: MetricDefinition<'observablegauge'> = {
  "name": "trading.cost.maker.ratio",
  "kind": "observablegauge",
  "unit": "1",
  "valueType": "double",
  "description": "Share of the traded value that made liquidity.",
  "definition": "maker / (maker + taker).",
  "attributes": [
    "exchange.name"
  ],
  "sign": "0 to 1",
  "window": "since the start"
};

/** Traded value that fee tiers are measured by. Unit `{currency}`. */
export const METRIC_TRADING_COST_VOLUME: MetricDefinition<'observablegauge'> = {
  "name": "trading.cost.volume",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Traded value that fee tiers are measured by.",
  "definition": "Sum over the latest `costs.volumeDays` days, 30 by default, the one under way included, days beginning at midnight UTC.",
  "attributes": [
    "exchange.name",
    "trading.currency"
  ],
  "sign": "never negative",
  "window": "30 days"
};

/** Fee tier of the traded value, 0 the first. Unit `{tier}`. */
export const METRIC_TRADING_COST_TIER: MetricDefinition<'observablegauge'> = {
  "name": "trading.cost.tier",
  "kind": "observablegauge",
  "unit": "{tier}",
  "valueType": "int",
  "description": "Fee tier of the traded value, 0 the first.",
  "definition": "Last tier of `costs.schedules` whose volume is reached.",
  "attributes": [
    "exchange.name"
  ],
  "sign": "never negative",
  "window": "30 days"
};

/** Traded value missing to the next fee tier. Unit `{currency}`. */
export const METRIC_TRADING_COST_TIER_DISTANCE: MetricDefinition<'observablegauge'> = {
  "name": "trading.cost.tier.distance",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Traded value missing to the next fee tier.",
  "definition": "Volume of the next tier - traded value; absent at the top.",
  "attributes": [
    "exchange.name",
    "trading.currency"
  ],
  "sign": "never negative",
  "window": "30 days"
};

/** Fees that the same trading since the start would have cost less one tier up. Unit `{currency}`. */
export const METRIC_TRADING_COST_TIER_SAVING: MetricDefinition<'observablegauge'> = {
  "name": "trading.cost.tier.saving",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Fees that the same trading since the start would have cost less one tier up.",
  "definition": "maker value x (maker rate - next maker rate) + taker value x (taker rate - next taker rate); absent at the top. What the next tier is worth, not that it could be reached.",
  "attributes": [
    "exchange.name",
    "trading.currency"
  ],
  "sign": "saving positive",
  "window": "since the start"
};

/** Fees saved if a share of what was taken had been made instead. Unit `{currency}`. */
export const METRIC_TRADING_COST_MAKER_SAVING: MetricDefinition<'observablegauge'> = {
  "name": "trading.cost.maker.saving",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Fees saved if a share of what was taken had been made instead.",
  "definition": "taker value x (taker rate - maker rate) x `costs.makerFillProbability`, 0.5 by default; what would not have filled is not priced.",
  "attributes": [
    "exchange.name",
    "trading.currency"
  ],
  "sign": "saving positive",
  "window": "since the start"
};

/** Share of the infrastructure bill that a strategy has used. Unit `{currency}`. */
export const METRIC_TRADING_COST_INFRASTRUCTURE: MetricDefinition<'updowncounter'> = {
  "name": "trading.cost.infrastructure",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Share of the infrastructure bill that a strategy has used.",
  "definition": "bill x usage / capacity, by the driver of `onBill`; with trading.cost.infrastructure.unallocated it adds up to the bills.",
  "attributes": [
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "cost positive"
};

/** Part of the infrastructure bills that no strategy has used. Unit `{currency}`. */
export const METRIC_TRADING_COST_INFRASTRUCTURE_UNALLOCATED: MetricDefinition<'updowncounter'> = {
  "name": "trading.cost.infrastructure.unallocated",
  "kind": "updowncounter",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Part of the infrastructure bills that no strategy has used.",
  "definition": "bills - shares.",
  "attributes": [
    "trading.currency"
  ],
  "sign": "cost positive"
};

/** Net result of a trade on average, infrastructure included. Unit `{currency}`. */
export const METRIC_TRADING_COST_TRADE_NET: MetricDefinition<'observablegauge'> = {
  "name": "trading.cost.trade.net",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Net result of a trade on average, infrastructure included.",
  "definition": "(sum of results of closed trades after fees - infrastructure) / closed trades, in the reporting currency.",
  "attributes": [
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "gain positive",
  "window": "since the start"
};

/** Fees and infrastructure of a strategy per closed trade. Unit `{currency}`. */
export const METRIC_TRADING_COST_TRADE_COST: MetricDefinition<'observablegauge'> = {
  "name": "trading.cost.trade.cost",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Fees and infrastructure of a strategy per closed trade.",
  "definition": "(fees + infrastructure) / closed trades, in the reporting currency.",
  "attributes": [
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "cost positive",
  "window": "since the start"
};

/** Fees and infrastructure of a strategy per million of traded value. Unit `{currency}`. */
export const METRIC_TRADING_COST_MILLION: MetricDefinition<'observablegauge'> = {
  "name": "trading.cost.million",
  "kind": "observablegauge",
  "unit": "{currency}",
  "valueType": "double",
  "description": "Fees and infrastructure of a strategy per million of traded value.",
  "definition": "(fees + infrastructure) / traded value x 1e6, in the reporting currency.",
  "attributes": [
    "trading.strategy",
    "trading.currency"
  ],
  "sign": "cost positive",
  "window": "since the start"
};
