import {
  type AggregationOption,
  AggregationTemporality,
  AggregationType,
  type Clock,
  type CollectionResult,
  type IMetricReader,
  type MetricData,
  type MetricProducer,
} from '@nanometer/metrics';

export interface TestReaderOptions {
  temporality?: AggregationTemporality;
  aggregation?: AggregationOption;
  limit?: number;
}

/** A reader that shares nothing with the SDK's, not even a base class; collects when told to. */
export class TestReader implements IMetricReader {
  producer: MetricProducer | undefined;
  readonly calls: string[] = [];
  readonly #options: TestReaderOptions;

  constructor(options: TestReaderOptions = {}) {
    this.#options = options;
  }

  setMetricProducer(producer: MetricProducer): void {
    this.producer = producer;
  }

  selectAggregation(): AggregationOption {
    return this.#options.aggregation ?? { type: AggregationType.DEFAULT };
  }

  selectAggregationTemporality(): AggregationTemporality {
    return this.#options.temporality ?? AggregationTemporality.CUMULATIVE;
  }

  selectCardinalityLimit(): number {
    return this.#options.limit ?? 2000;
  }

  async collect(options?: { timeoutMillis?: number }): Promise<CollectionResult> {
    return this.producer!.collect(options);
  }

  async forceFlush(): Promise<void> {
    this.calls.push('forceFlush');
  }

  async shutdown(): Promise<void> {
    this.calls.push('shutdown');
  }

  /** All metrics of all scopes. */
  async metrics(): Promise<MetricData[]> {
    const { resourceMetrics } = await this.collect();
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  }

  /** The points of the only metric of that name; none when there is no such metric. */
  async points(name: string): Promise<{ attributes: unknown; value: any; startTime: unknown; endTime: unknown }[]> {
    const found = (await this.metrics()).filter(({ descriptor }) => descriptor.name === name);
    if (found.length > 1) throw new Error(`${found.length} metrics are called ${name}`);
    return [...(found[0]?.dataPoints ?? [])];
  }

  /** `[attributes, value]` of every point of a metric. */
  async values(name: string): Promise<[unknown, any][]> {
    return (await this.points(name)).map(({ attributes, value }) => [attributes, value]);
  }
}

export function deltaReader(options: TestReaderOptions = {}): TestReader {
  return new TestReader({ temporality: AggregationTemporality.DELTA, ...options });
}

export class ManualClock implements Clock {
  millis = 1_700_000_000_000;

  now(): number {
    return this.millis;
  }
}
