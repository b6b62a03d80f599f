import { createObservableGauge, type MetricDefinition } from '@nanometer/semconv';
import type { Attributes, BatchObservableResult, Meter, Observable } from '@opentelemetry/api';

type Definitions = Readonly<Record<string, MetricDefinition<'observablegauge'>>>;

/** Reports one value; `undefined` is no value, and no point. */
export type Observe<Key> = (key: Key, value: number | undefined, attributes: Attributes) => void;

/** Gauges that are read when a reader collects, all in one call, so that figures which belong together agree. */
export class ObservedGauges<Metrics extends Definitions> {
  readonly #meter: Meter;
  readonly #gauges: Readonly<Record<keyof Metrics, Observable>>;
  readonly #callback: (result: BatchObservableResult) => void;

  /** `read` must not throw: it is called by the reader. */
  constructor(meter: Meter, definitions: Metrics, read: (observe: Observe<keyof Metrics>) => void) {
    this.#meter = meter;
    const entries = Object.entries(definitions);
    this.#gauges = Object.fromEntries(
      entries.map(([key, definition]) => [key, createObservableGauge(meter, definition)]),
    ) as Record<keyof Metrics, Observable>;
    this.#callback = (result) =>
      read((key, value, attributes) => {
        // A ratio of hostile amounts may leave the doubles; no point is better than one that breaks a dashboard.
        if (value !== undefined && Number.isFinite(value)) result.observe(this.#gauges[key], value, attributes);
      });
    meter.addBatchObservableCallback(this.#callback, Object.values(this.#gauges) as Observable[]);
  }

  /** Reports no more. Idempotent. */
  close(): void {
    this.#meter.removeBatchObservableCallback(this.#callback, Object.values(this.#gauges) as Observable[]);
  }
}
