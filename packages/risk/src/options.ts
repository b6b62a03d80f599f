import { type MeterOptions, meterOf } from '@nanometer/instrumentation';
import type { Meter } from '@opentelemetry/api';
import type { Contract } from '@nanometer/quant';
import { LIMIT_KINDS, LimitWatch, type RiskLimits } from './limits.ts';
import type { ScenarioMethod } from './tail-risk.ts';
import { VERSION } from './version.ts';

/** What a {@link RiskInstrumentation} reports in, starts from, watches and records with. */
export interface RiskInstrumentationOptions extends MeterOptions {
  /** Currency of exposure, equity and drawdown. Default `USD`. */
  readonly reportingCurrency?: string | undefined;
  /** Equity before the first fill, in the reporting currency, where the peak of the drawdown starts. */
  readonly initialCapital: number;
  /** Contracts known from the start; more can be added by `defineContract`. */
  readonly contracts?: readonly Contract[] | undefined;
  readonly limits?: RiskLimits | undefined;
  /** Probabilities that a loss stays within the value at risk, from 0.5 to below 1. Default 0.95 and 0.99. */
  readonly confidences?: readonly number[] | undefined;
  /** Past periods that make the scenarios. Default 500. */
  readonly scenarioCount?: number | undefined;
  /** Default `filtered_historical`: past returns scaled from the volatility of their day to today's. */
  readonly scenarioMethod?: ScenarioMethod | undefined;
  /** Most positions; a fill that would open one more is dropped. Default 16,384. */
  readonly positionLimit?: number | undefined;
  /** Latest fill ids remembered to recognise duplicates. Default 65,536. */
  readonly fillIdLimit?: number | undefined;
  /** Every how many fills `risk.update.duration` is measured; 0 = never. Default 16. */
  readonly durationSampling?: number | undefined;
  /** Monotonic milliseconds for that measurement. Default `performance`. */
  readonly clock?: { now(): number } | undefined;
}

/** Thrown by the constructor for an option that cannot be used; recording never throws. */
export class RiskOptionError extends RangeError {
  readonly code = 'RISK_OPTION_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'RiskOptionError';
  }
}

/** Options with every default filled in. */
export interface Settings {
  readonly meter: Meter;
  readonly reportingCurrency: string;
  readonly initialCapital: number;
  readonly contracts: readonly Contract[];
  readonly limits: readonly LimitWatch[];
  readonly confidences: readonly number[];
  readonly scenarioCount: number;
  readonly scenarioMethod: ScenarioMethod;
  readonly positionLimit: number;
  readonly fillIdLimit: number;
  readonly durationSampling: number;
  readonly clock: { now(): number };
}

function atLeast(least: number, name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new RiskOptionError(`${name} is ${String(value)}; it must be a whole number of at least ${least}`);
}

function watches(limits: RiskLimits): LimitWatch[] {
  for (const name of Object.keys(limits)) {
    if (LIMIT_KINDS.some((kind) => kind.option === name)) continue;
    const known = LIMIT_KINDS.map((kind) => kind.option).join(', ');
    throw new RiskOptionError(`limits.${name} is unknown; there are ${known}`);
  }
  const result: LimitWatch[] = [];
  for (const kind of LIMIT_KINDS) {
    const limit = limits[kind.option];
    if (limit === undefined) continue;
    if (!(Number.isFinite(limit) && limit > 0)) {
      throw new RiskOptionError(`limits.${kind.option} is ${String(limit)}; it must be a finite number above 0`);
    }
    result.push(new LimitWatch(kind, limit));
  }
  return result;
}

const SCENARIOS_MOST = 100_000;

function scenarioCount(value: number): number {
  if (atLeast(1, 'scenarioCount', value) <= SCENARIOS_MOST) return value;
  throw new RiskOptionError(`scenarioCount is ${value}; it must be ${SCENARIOS_MOST} at most`);
}

function probabilities(values: readonly number[]): readonly number[] {
  for (const value of values) {
    if (value >= 0.5 && value < 1) continue;
    throw new RiskOptionError(`confidences has ${String(value)}; each must be from 0.5 to below 1, as 0.95`);
  }
  return [...new Set(values)];
}

function scenarioMethod(value: ScenarioMethod): ScenarioMethod {
  if (value === 'filtered_historical' || value === 'historical') return value;
  throw new RiskOptionError(`scenarioMethod is ${String(value)}; it must be filtered_historical or historical`);
}

/** Throws a {@link RiskOptionError}; what the portfolio itself checks (currency, capital) it throws as `QuantError`. */
export function settingsOf(options: RiskInstrumentationOptions): Settings {
  return {
    meter: meterOf(options, '@nanometer/risk', VERSION),
    reportingCurrency: options.reportingCurrency ?? 'USD',
    initialCapital: options.initialCapital,
    contracts: options.contracts ?? [],
    limits: watches(options.limits ?? {}),
    confidences: probabilities(options.confidences ?? [0.95, 0.99]),
    scenarioCount: scenarioCount(options.scenarioCount ?? 500),
    scenarioMethod: scenarioMethod(options.scenarioMethod ?? 'filtered_historical'),
    positionLimit: atLeast(1, 'positionLimit', options.positionLimit ?? 16_384),
    fillIdLimit: atLeast(1, 'fillIdLimit', options.fillIdLimit ?? 65_536),
    durationSampling: atLeast(0, 'durationSampling', options.durationSampling ?? 16),
    clock: options.clock ?? performance,
  };
}
