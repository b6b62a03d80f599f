import { type Meter, type MeterProvider, metrics } from '@opentelemetry/api';

/** Where an instrumentation's metrics go. */
export interface MeterOptions {
  /** Takes precedence over `meterProvider`. */
  readonly meter?: Meter | undefined;
  /** Default: the global provider at the time of construction. */
  readonly meterProvider?: MeterProvider | undefined;
}

/** The meter to record with: the given one, or one of that scope from the given provider or the global one. */
export function meterOf(options: MeterOptions, scope: string, version: string): Meter {
  return options.meter ?? (options.meterProvider ?? metrics.getMeterProvider()).getMeter(scope, version);
}
