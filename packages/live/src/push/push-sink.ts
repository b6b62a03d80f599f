import type { PushCounts, PushSeries } from './messages.ts';

/** Rows of one frame whose ids are known: row `i` is of `series[i]`, at `baseTimeMs + dt[i] / 1000`. */
export interface PushRows<Handle> {
  readonly series: readonly Handle[];
  /** Unix milliseconds. */
  readonly baseTimeMs: number;
  /** Microseconds. */
  readonly dt: Uint32Array;
  readonly values: Float64Array;
}

/** Where a push server puts what it receives. `Handle` is whatever the sink wants back of a series. */
export interface PushSink<Handle> {
  /** Makes a series known. */
  define(series: PushSeries): Handle;
  /** Takes rows over, those of one connection in their order; says what became of them. A rejection is a drop of all. */
  apply(rows: PushRows<Handle>, byteLength: number): Promise<PushCounts>;
  /** Tells an event; false when it is refused. */
  publishEvent(topic: string, body: unknown, retain: boolean): boolean;
}
