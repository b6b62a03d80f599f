export type {
  Contract,
  Correction,
  CorrectionResult,
  ExposureDimension,
  ExposureTotals,
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
  TailRisk,
} from '@nanometer/quant';
export { QuantError, type QuantErrorCode } from '@nanometer/quant';
export type {
  CorrelationMatrixEvent,
  CorrelationMethod,
  CorrelationMaxima,
  CorrelationOptions,
} from './correlation/correlation-options.ts';
export type { CorrelationState } from './correlation/correlation-monitor.ts';
export type { DropReason } from './drops.ts';
export type { KillSwitchState } from './limits/kill-switch.ts';
export type { GroupLimit, Limit, LimitBreach, LimitLevels, LimitState, RiskLimits } from './limits/limit-options.ts';
export type { Veto, VetoResult } from './limits/vetoes.ts';
export type { RiskInstrumentationOptions } from './options.ts';
export { RiskInstrumentation } from './risk-instrumentation.ts';
export { RiskOptionError } from './risk-option-error.ts';
export type { AverageTrueRangeValue, StopFill, StopOrder, StopResult, StopTrigger } from './stops/stop-events.ts';
export type { ContractReturns } from './tail/contract-returns.ts';
export type { RiskMethod } from './tail/risk-method.ts';
export type { RiskComponent } from './tail/tail-risk-book.ts';
export type { TailBacktest } from './tail/tail-state.ts';
