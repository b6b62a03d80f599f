import { type MeterOptions, meterOf } from '@nanometer/instrumentation';
import type { Meter } from '@opentelemetry/api';
import { VERSION } from './version.ts';

export interface PipelineInstrumentationOptions extends MeterOptions {
  /** Milliseconds of a clock that never goes back, read twice per call of a wrapped function; default `performance.now`. */
  readonly clock?: () => number;
  /** Distinct stages; events of further ones are counted as dropped; default 256. */
  readonly maxStages?: number;
  /** Distinct `error.type` per stage; further ones become `_OTHER`; default 32. */
  readonly maxErrorTypes?: number;
}

/** Thrown by the constructor; recording never throws. */
export class PipelineOptionError extends RangeError {
  readonly code = 'PIPELINE_OPTION_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'PipelineOptionError';
  }
}

/** Options with every default filled in. */
export interface Settings {
  readonly meter: Meter;
  readonly clock: () => number;
  readonly maxStages: number;
  readonly maxErrorTypes: number;
}

/** @throws PipelineOptionError when a limit is not a whole number ≥ 1. */
export function settingsOf(options: PipelineInstrumentationOptions): Settings {
  return {
    meter: meterOf(options, '@nanometer/pipeline', VERSION),
    clock: options.clock ?? (() => performance.now()),
    maxStages: limitOf('maxStages', options.maxStages, 256),
    maxErrorTypes: limitOf('maxErrorTypes', options.maxErrorTypes, 32),
  };
}

function limitOf(name: string, given: number | undefined, fallback: number): number {
  const limit = given ?? fallback;
  if (Number.isSafeInteger(limit) && limit >= 1) return limit;
  throw new PipelineOptionError(`${name} is ${String(limit)}; it must be a whole number of at least 1`);
}
