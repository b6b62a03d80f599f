import { type MeterOptions, meterOf } from '@nanometer/instrumentation';
import type { Meter } from '@opentelemetry/api';
import type { Contract } from '@nanometer/quant';
import type { AnalyticsOptions } from './analytics/analytics-options.ts';
import { type ExecutionOptions, type ExecutionSettings, executionSettingsOf } from './execution/execution-options.ts';
import type { LedgerOptions } from './ledger/ledger-options.ts';
import { VERSION } from './version.ts';

/** What a {@link TradingInstrumentation} records with, and how much it remembers. */
export interface TradingInstrumentationOptions extends MeterOptions {
  /** Contracts known from the start; more can be added by `defineContract`. */
  readonly contracts?: readonly Contract[] | undefined;
  /** Currency that the rates passed to `onRate` are in. Default `USD`. */
  readonly reportingCurrency?: string | undefined;
  /** Most open orders tracked; one more makes the oldest forgotten, counted as `order_evicted`. Default 65,536. */
  readonly openOrderLimit?: number | undefined;
  /** Ended orders remembered, so that an acknowledgement after the last fill still finds its order. Default 4,096. */
  readonly endedOrderLimit?: number | undefined;
  /** Most combinations of exchange, symbol and strategy with orders; orders of one more are dropped. Default 16,384. */
  readonly orderSeriesLimit?: number | undefined;
  /** Most order types that become series; orders of further ones are of type `_OTHER`. Default 16. */
  readonly orderTypeLimit?: number | undefined;
  /** Most times in force that become series; orders of further ones have `_OTHER`. Default 16. */
  readonly timeInForceLimit?: number | undefined;
  /** Most reasons of refusal that become series; further ones are `_OTHER`. Default 64. */
  readonly rejectReasonLimit?: number | undefined;
  /** Most positions; a fill that would open one more is dropped. Default 16,384. */
  readonly positionLimit?: number | undefined;
  /** Latest fill ids remembered to recognise duplicates. Default 65,536. */
  readonly fillIdLimit?: number | undefined;
  /** Cost method, grouping of trades, and the state to go on from. */
  readonly ledger?: LedgerOptions | undefined;
  /** Markout horizons, windows and limits of what is measured of execution. */
  readonly execution?: ExecutionOptions | undefined;
  /** Ratios of strategies, experiments, signals, indicators, regimes and costs; each is off until it is given. */
  readonly analytics?: AnalyticsOptions | undefined;
}

/** Thrown by the constructor for an option that cannot be used; recording never throws. */
export class TradingOptionError extends RangeError {
  readonly code = 'TRADING_OPTION_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'TradingOptionError';
  }
}

/** Options with every default filled in. */
export interface Settings {
  readonly meter: Meter;
  readonly contracts: readonly Contract[];
  readonly reportingCurrency: string;
  readonly openOrderLimit: number;
  readonly endedOrderLimit: number;
  readonly orderSeriesLimit: number;
  readonly orderTypeLimit: number;
  readonly timeInForceLimit: number;
  readonly rejectReasonLimit: number;
  readonly positionLimit: number;
  readonly fillIdLimit: number;
  readonly ledger: LedgerOptions;
  readonly execution: ExecutionSettings;
  readonly analytics: AnalyticsOptions;
}

/** Throws a {@link TradingOptionError} for an option that cannot be used. */
export function settingsOf(options: TradingInstrumentationOptions): Settings {
  const limits = {
    openOrderLimit: options.openOrderLimit ?? 65_536,
    endedOrderLimit: options.endedOrderLimit ?? 4096,
    orderSeriesLimit: options.orderSeriesLimit ?? 16_384,
    orderTypeLimit: options.orderTypeLimit ?? 16,
    timeInForceLimit: options.timeInForceLimit ?? 16,
    rejectReasonLimit: options.rejectReasonLimit ?? 64,
    positionLimit: options.positionLimit ?? 16_384,
    fillIdLimit: options.fillIdLimit ?? 65_536,
  };
  for (const [name, limit] of Object.entries(limits)) {
    if (Number.isSafeInteger(limit) && limit >= 1) continue;
    throw new TradingOptionError(`${name} is ${String(limit)}; it must be a whole number of at least 1`);
  }
  return {
    ...limits,
    meter: meterOf(options, '@nanometer/trading', VERSION),
    contracts: options.contracts ?? [],
    reportingCurrency: options.reportingCurrency ?? 'USD',
    ledger: options.ledger ?? {},
    execution: executionSettingsOf(options.execution ?? {}, (message) => new TradingOptionError(message)),
    analytics: options.analytics ?? {},
  };
}
