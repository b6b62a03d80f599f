import { meterOf } from '@nanometer/instrumentation';
import { type Contract, SCENARIOS_MAX } from '@nanometer/quant';
import type { Meter } from '@opentelemetry/api';
import {
  type CorrelationMatrixEvent,
  type CorrelationSettings,
  correlationSettings,
} from './correlation/correlation-options.ts';
import type { LimitBreach } from './limits/limit-options.ts';
import type { LimitWatch } from './limits/limit-watch.ts';
import { limitWatches } from './limits/limit-watches.ts';
import { atLeast, between, within, withinOption } from './option-checks.ts';
import type { RiskInstrumentationOptions } from './options.ts';
import { RiskOptionError } from './risk-option-error.ts';
import { RISK_METHODS, type RiskMethod } from './tail/risk-method.ts';
import type { TailRiskSettings } from './tail/tail-risk-book.ts';
import { VERSION } from './version.ts';

/** Options with every default filled in. */
export interface Settings extends TailRiskSettings {
  readonly meter: Meter;
  readonly reportingCurrency: string;
  readonly initialCapital: number;
  readonly contracts: readonly Contract[];
  readonly limits: readonly LimitWatch[];
  readonly state: Uint8Array | undefined;
  readonly onLimitBreach: ((breach: LimitBreach) => void) | undefined;
  readonly correlation: CorrelationSettings | undefined;
  readonly onCorrelationMatrix: ((event: CorrelationMatrixEvent) => void) | undefined;
  readonly positionLimit: number;
  readonly fillIdLimit: number;
  readonly stopLimit: number;
  readonly missedStopMs: number;
  readonly groupLimit: number;
  readonly componentLimit: number;
  readonly vetoSeriesLimit: number;
  readonly killSwitchReasonLimit: number;
  readonly durationSampling: number;
  readonly clock: { now(): number };
}

function scenarioCount(options: RiskInstrumentationOptions): number {
  const most = within(1, SCENARIOS_MAX, 'scenarioCountMax', options.scenarioCountMax ?? 100_000);
  return withinOption(1, most, 'scenarioCount', options.scenarioCount ?? 500, 'scenarioCountMax');
}

function probabilities(values: readonly number[]): readonly number[] {
  for (const value of values) {
    if (value >= 0.5 && value < 1) continue;
    throw new RiskOptionError(`confidences has ${String(value)}; each must be from 0.5 to below 1, as 0.95`);
  }
  return [...new Set(values)];
}

function riskMethods(values: readonly RiskMethod[]): readonly RiskMethod[] {
  const known = Object.keys(RISK_METHODS);
  for (const value of values) {
    if (!known.includes(value)) {
      throw new RiskOptionError(`riskMethods has ${value}; there are ${known.join(', ')}`);
    }
  }
  if (values.length === 0) throw new RiskOptionError(`riskMethods is empty; there are ${known.join(', ')}`);
  return [...new Set(values)];
}

function missedStopMs(value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new RiskOptionError(`missedStopMs is ${String(value)}; it must be a finite number of at least 0`);
}

/** Throws a {@link RiskOptionError}; what the portfolio itself checks (currency, capital) it throws as `QuantError`. */
export function settingsOf(options: RiskInstrumentationOptions): Settings {
  return {
    meter: meterOf(options, '@nanometer/risk', VERSION),
    reportingCurrency: options.reportingCurrency ?? 'USD',
    initialCapital: options.initialCapital,
    contracts: options.contracts ?? [],
    limits: limitWatches(options.limits ?? {}),
    state: options.state,
    onLimitBreach: options.onLimitBreach,
    confidences: probabilities(options.confidences ?? [0.95, 0.99]),
    scenarioCount: scenarioCount(options),
    riskMethods: riskMethods(options.riskMethods ?? ['filtered_historical']),
    volatilityLambda: between(0, 1, 'volatilityLambda', options.volatilityLambda ?? 0.94),
    collectReturns: options.collectReturns ?? false,
    correlation: options.correlation === undefined ? undefined : correlationSettings(options.correlation),
    onCorrelationMatrix: options.onCorrelationMatrix,
    positionLimit: atLeast(1, 'positionLimit', options.positionLimit ?? 16_384),
    fillIdLimit: atLeast(1, 'fillIdLimit', options.fillIdLimit ?? 65_536),
    stopLimit: atLeast(1, 'stopLimit', options.stopLimit ?? 16_384),
    missedStopMs: missedStopMs(options.missedStopMs ?? 1000),
    groupLimit: atLeast(0, 'groupLimit', options.groupLimit ?? 1000),
    componentLimit: atLeast(0, 'componentLimit', options.componentLimit ?? 20),
    vetoSeriesLimit: atLeast(1, 'vetoSeriesLimit', options.vetoSeriesLimit ?? 1024),
    killSwitchReasonLimit: atLeast(1, 'killSwitchReasonLimit', options.killSwitchReasonLimit ?? 32),
    durationSampling: atLeast(0, 'durationSampling', options.durationSampling ?? 16),
    clock: options.clock ?? performance,
  };
}
