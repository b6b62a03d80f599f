export type {
  Contract,
  CurrencyTotals,
  Fill,
  FillResult,
  Liquidity,
  Mark,
  MarkResult,
  Position,
  Rate,
  RateResult,
  Side,
} from '@nanometer/quant';
export { QuantError, type QuantErrorCode } from '@nanometer/quant';
export type { DropReason } from './drops.ts';
export type {
  ExecutionResult,
  MarketTradeEvent,
  ParentEndEvent,
  ParentOrderEvent,
  QuoteEvent,
  ReturnEvent,
} from './execution/events.ts';
export type { AttributionOptions, ExecutionOptions } from './execution/execution-options.ts';
export type { AckEvent, CancelEvent, OrderEvent, OrderResult, RejectEvent } from './orders/events.ts';
export { type TradingInstrumentationOptions, TradingOptionError } from './options.ts';
export { TradingInstrumentation } from './trading-instrumentation.ts';
