import type { HrTime } from '@opentelemetry/api';

/** Source of time. Recording never reads it: only the first record of a series and a collection do. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
}

/** The wall clock. `Date` is looked up on every call, so that fake timers installed later are seen. */
export const SYSTEM_CLOCK: Clock = { now: () => Date.now() };

/** Splits Unix milliseconds into whole seconds and nanoseconds. */
export function hrTimeFromMillis(millis: number): HrTime {
  const seconds = Math.trunc(millis / 1000);
  return [seconds, Math.round((millis % 1000) * 1e6)];
}
