export type {
  Contract,
  ExposureTotals,
  Fill,
  FillResult,
  Liquidity,
  Mark,
  MarkResult,
  Position,
  Rate,
  RateResult,
  Side,
  TailRisk,
} from '@nanometer/quant';
export { QuantError, type QuantErrorCode } from '@nanometer/quant';
export type { DropReason } from './drops.ts';
export type { LimitState, RiskLimits } from './limits.ts';
export { type RiskInstrumentationOptions, RiskOptionError } from './options.ts';
export type { ContractReturns, RiskComponent, ScenarioMethod } from './tail-risk.ts';
export { RiskInstrumentation } from './risk-instrumentation.ts';
