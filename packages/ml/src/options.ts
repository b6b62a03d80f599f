import { type MeterOptions, meterOf } from '@nanometer/instrumentation';
import type { Meter } from '@opentelemetry/api';
import { VERSION } from './version.ts';

export interface MlInstrumentationOptions extends MeterOptions {
  /** Distinct models; events of further ones are counted as dropped; default 64. */
  readonly maxModels?: number;
  /** Predictions waiting for their outcome; beyond it the one closest to its expiry is given up; default 65,536. */
  readonly maxPending?: number;
  /** Milliseconds a prediction waits for its outcome after its horizon, ≥ 0; default 300,000. */
  readonly pendingTtlMs?: number;
}

/** Thrown by the constructor; recording never throws. */
export class MlOptionError extends RangeError {
  readonly code = 'ML_OPTION_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'MlOptionError';
  }
}

/** Options with every default filled in. */
export interface Settings {
  readonly meter: Meter;
  readonly maxModels: number;
  readonly maxPending: number;
  readonly pendingTtlMs: number;
}

/** @throws MlOptionError when a limit is not a whole number ≥ 1 or the time to live is not a finite number ≥ 0. */
export function settingsOf(options: MlInstrumentationOptions): Settings {
  const pendingTtlMs = options.pendingTtlMs ?? 300_000;
  if (!Number.isFinite(pendingTtlMs) || pendingTtlMs < 0) {
    throw new MlOptionError(`pendingTtlMs is ${String(pendingTtlMs)}; it must be milliseconds of at least 0`);
  }
  return {
    meter: meterOf(options, '@nanometer/ml', VERSION),
    maxModels: limitOf('maxModels', options.maxModels, 64),
    maxPending: limitOf('maxPending', options.maxPending, 65_536),
    pendingTtlMs,
  };
}

function limitOf(name: string, given: number | undefined, fallback: number): number {
  const limit = given ?? fallback;
  if (Number.isSafeInteger(limit) && limit >= 1) return limit;
  throw new MlOptionError(`${name} is ${String(limit)}; it must be a whole number of at least 1`);
}
