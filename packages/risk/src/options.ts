import type { MeterOptions } from '@nanometer/instrumentation';
import type { Contract } from '@nanometer/quant';
import type { CorrelationMatrixEvent, CorrelationOptions } from './correlation/correlation-options.ts';
import type { LimitBreach, RiskLimits } from './limits/limit-options.ts';
import type { RiskMethod } from './tail/risk-method.ts';

/** What a `RiskInstrumentation` reports in, starts from, watches and records with. */
export interface RiskInstrumentationOptions extends MeterOptions {
  /** Currency of exposure, equity and drawdown. Default `USD`. */
  readonly reportingCurrency?: string | undefined;
  /** Equity before the first fill, in the reporting currency, where the peak of the drawdown starts. */
  readonly initialCapital: number;
  /** Contracts known from the start; more can be added by `defineContract`. */
  readonly contracts?: readonly Contract[] | undefined;
  readonly limits?: RiskLimits | undefined;
  /**
   * What `snapshot()` returned: positions, P&L, drawdown, scenarios, backtests, limits, kill switch and stops go on from
   * there, with the same `reportingCurrency`, `initialCapital` and `scenarioCount`. Correlations begin anew.
   */
  readonly state?: Uint8Array | undefined;
  /** Told of each crossing of a level, in the event method that crossed it. What it throws is counted and dropped. */
  readonly onLimitBreach?: ((breach: LimitBreach) => void) | undefined;
  /** Probabilities that a loss stays within the value at risk, from 0.5 to below 1. Default 0.95 and 0.99. */
  readonly confidences?: readonly number[] | undefined;
  /** Past periods that make the scenarios. Default 500. */
  readonly scenarioCount?: number | undefined;
  /** The most that `scenarioCount` may be: 8 bytes for each, instrument and book. Default 100,000, at most 16,777,216. */
  readonly scenarioCountMax?: number | undefined;
  /** The first is what getters give unless told otherwise. Default `filtered_historical` alone. */
  readonly riskMethods?: readonly RiskMethod[] | undefined;
  /** Fading of variance per period, for filtered returns and `ewma`. Default 0.94, that of daily returns. */
  readonly volatilityLambda?: number | undefined;
  /**
   * Whether each closed period's returns, from the marks, become scenarios in place of the oldest. Otherwise only
   * `defineReturns` changes scenarios. Default false.
   */
  readonly collectReturns?: boolean | undefined;
  /** Correlations of the marked instruments, in a worker thread; off unless given. */
  readonly correlation?: CorrelationOptions | undefined;
  /** Told the whole correlation matrix every so many steps; ready for a live stream's event. What it throws is counted. */
  readonly onCorrelationMatrix?: ((event: CorrelationMatrixEvent) => void) | undefined;
  /** Most positions; a fill that would open one more is dropped. Default 16,384. */
  readonly positionLimit?: number | undefined;
  /** Latest fill ids remembered to recognise duplicates. Default 65,536. */
  readonly fillIdLimit?: number | undefined;
  /** Most stops watched, and most symbols with stops. Default 16,384. */
  readonly stopLimit?: number | undefined;
  /** How long a crossed stop may take to trigger before it counts as missed, in milliseconds. Default 1,000. */
  readonly missedStopMs?: number | undefined;
  /** Most groups of each dimension that are exported; getters know all. Default 1,000. */
  readonly groupLimit?: number | undefined;
  /** Most contracts whose part in the tail risk is exported, the largest first; 0 = none. Default 20. */
  readonly componentLimit?: number | undefined;
  /** Most combinations of strategy and reason by which vetoes are counted. Default 1,024. */
  readonly vetoSeriesLimit?: number | undefined;
  /** Most reasons by which trips of the kill switch are counted; further ones are `other`. Default 32. */
  readonly killSwitchReasonLimit?: number | undefined;
  /** Every how many fills `risk.update.duration` is measured; 0 = never. Default 16. */
  readonly durationSampling?: number | undefined;
  /** Monotonic milliseconds for that measurement. Default `performance`. */
  readonly clock?: { now(): number } | undefined;
}
