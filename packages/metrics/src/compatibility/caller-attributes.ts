import type { Attributes } from '@opentelemetry/api';
import type { Aggregator } from '../aggregation/aggregator.ts';
import { SERIES_PER_STEP, type Steps } from '../collect/steps.ts';
import type { MetricData } from '../data-types.ts';

/**
 * The attribute objects that callers gave, by the copies that series keep. The stock SDK exports the caller's own object:
 * its prototype, its undefined values, and whatever was changed in it since.
 */
export class CallerAttributes {
  readonly #given = new WeakMap<Attributes, Attributes>();
  #current: Attributes | undefined = undefined;

  /** Runs a recording call; a series that it makes belongs to the given attributes. */
  during(attributes: Attributes | undefined, record: () => void): void {
    this.#current = attributes;
    try {
      record();
    } finally {
      this.#current = undefined;
    }
  }

  /** Has the aggregator note whose attributes a new series has. */
  remembering(aggregator: Aggregator): Aggregator {
    aggregator.onSeries = (attributes) => {
      if (this.#current !== undefined && !('otel.metric.overflow' in attributes)) {
        this.#given.set(attributes, this.#current);
      }
    };
    return aggregator;
  }

  /** Puts the callers' objects in place of the copies, in a metric that nobody else has yet. */
  *restored(metric: MetricData): Steps<MetricData> {
    let seen = 0;
    for (const point of metric.dataPoints as { attributes: Attributes }[]) {
      if (++seen % SERIES_PER_STEP === 0) yield SERIES_PER_STEP;
      point.attributes = this.#given.get(point.attributes) ?? point.attributes;
    }
    return metric;
  }
}
