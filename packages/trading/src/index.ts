export type {
  Contract,
  Correction,
  CorrectionResult,
  CostMethod,
  CurrencyTotals,
  Fill,
  FillResult,
  Liquidity,
  Mark,
  MarkResult,
  Payment,
  PaymentResult,
  Position,
  Rate,
  RateResult,
  Side,
  TradeGrouping,
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
export type { LedgerOptions } from './ledger/ledger-options.ts';
export { type TradingInstrumentationOptions, TradingOptionError } from './options.ts';
export { TradingInstrumentation } from './trading-instrumentation.ts';
export type { AnalyticsOptions } from './analytics/analytics-options.ts';
export type { AnalyticsSnapshot } from './analytics/analytics-recorder.ts';
export type { ExecutionSnapshot } from './execution/execution-snapshot.ts';
export type { BillEvent, BillResult, CostOptions } from './cost/cost-options.ts';
export type { ExperimentOptions } from './experiment/experiment-recorder.ts';
export type { BenchmarkMarket, PerformanceOptions } from './performance/performance-options.ts';
export type { NamedRegime, RegimeModel, RegimeOptions } from './regime/regime-options.ts';
export type { SignalEvent, SignalResult } from './signal/events.ts';
export type { BarSource, IndicatorOptions, SignalOptions } from './signal/signal-options.ts';
