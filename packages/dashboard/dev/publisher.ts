import type { LiveServer, SeriesField, SeriesKind } from '@nanometer/live';
import type { MetricDefinition } from '@nanometer/semconv';

type Attributes = Readonly<Record<string, string>>;

const KINDS: Readonly<Record<string, SeriesKind>> = {
  counter: 'counter',
  observablecounter: 'counter',
  updowncounter: 'updowncounter',
  observableupdowncounter: 'updowncounter',
  gauge: 'gauge',
  observablegauge: 'gauge',
  histogram: 'histogram',
};

/** Publishes values of one resource to a live server by definition and attributes. */
export class Publisher {
  readonly #server: LiveServer;
  readonly #resource: Attributes;
  readonly #ids: Map<string, number> = new Map();
  readonly #sums: Map<string, number> = new Map();

  constructor(server: LiveServer, resource: Attributes) {
    this.#server = server;
    this.#resource = resource;
  }

  /** Sets a level. */
  set(
    timeMs: number,
    metric: MetricDefinition,
    attributes: Attributes,
    value: number,
    field: SeriesField = 'value',
  ): void {
    this.#server.update(this.#id(metric, attributes, field), timeMs, value);
  }

  /** Adds to a cumulative sum. */
  add(timeMs: number, metric: MetricDefinition, attributes: Attributes, increment: number): number {
    const key = `${metric.name} ${JSON.stringify(attributes)}`;
    const sum = (this.#sums.get(key) ?? 0) + increment;
    this.#sums.set(key, sum);
    this.set(timeMs, metric, attributes, sum);
    return sum;
  }

  /** Sets the percentiles of a histogram from a median and a spread (log-normal). */
  percentiles(timeMs: number, metric: MetricDefinition, attributes: Attributes, median: number, spread: number): void {
    const factors: readonly (readonly [SeriesField, number])[] = [
      ['p50', 0],
      ['p90', 1.28],
      ['p99', 2.33],
      ['p999', 3.09],
    ];
    for (const [field, deviations] of factors) {
      this.set(timeMs, metric, attributes, median * Math.exp(spread * deviations), field);
    }
  }

  #id(metric: MetricDefinition, attributes: Attributes, field: SeriesField): number {
    const key = `${metric.name} ${field} ${JSON.stringify(attributes)}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#server.register({
        name: metric.name,
        kind: KINDS[metric.kind] as SeriesKind,
        field,
        unit: metric.unit,
        description: metric.description,
        attributes,
        resource: this.#resource,
      });
      this.#ids.set(key, id);
    }
    return id;
  }
}
