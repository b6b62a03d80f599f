import { MeterProvider as OwnMeterProvider } from '@nanometer/metrics';
import type { MetricDefinition } from '@nanometer/semconv';
import type { Attributes, MeterProvider } from '@opentelemetry/api';
import * as sdk from '@opentelemetry/sdk-metrics';

export type ProviderClass = new (options: { readers: sdk.IMetricReader[] }) => MeterProvider;

/** The SDKs every instrumentation has to work with. */
export const SDKS: readonly (readonly [string, ProviderClass])[] = [
  ['the stock SDK', sdk.MeterProvider],
  ['@nanometer/metrics', OwnMeterProvider],
];

/** A provider whose only reader collects when asked. */
export class Recording {
  readonly meterProvider: MeterProvider;
  readonly #exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
  readonly #reader = new sdk.PeriodicExportingMetricReader({
    exporter: this.#exporter,
    exportIntervalMillis: 2 ** 31 - 1,
  });

  constructor(Provider: ProviderClass = sdk.MeterProvider) {
    this.meterProvider = new Provider({ readers: [this.#reader] });
  }

  /** A property and not a method, so that it can be taken out of the recording by its name. */
  readonly collect = async (): Promise<Collected> => {
    this.#exporter.reset();
    await this.#reader.forceFlush();
    return new Collected(this.#exporter.getMetrics());
  };

  /** Collects and gives {@link Collected.series}. */
  async series(...prefixes: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    return (await this.collect()).series(...prefixes);
  }
}

/** What one collection found. */
export class Collected {
  readonly #metrics: readonly sdk.MetricData[];

  constructor(parts: readonly sdk.ResourceMetrics[]) {
    this.#metrics = parts.flatMap((part) => part.scopeMetrics.flatMap((scope) => scope.metrics));
  }

  /** Names of all metrics that have a series. */
  get names(): string[] {
    return this.#metrics.filter((metric) => metric.dataPoints.length > 0).map((metric) => metric.descriptor.name);
  }

  /** Every point, by metric name. */
  get points(): (readonly [name: string, attributes: Attributes])[] {
    return this.#metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes }) => [descriptor.name, attributes] as const),
    );
  }

  /**
   * All series of the metrics whose names begin with one of the prefixes, as `name{value,value,…}` with the attribute
   * values in the order of their keys; a histogram's value is [count, sum].
   */
  series(...prefixes: readonly string[]): Readonly<Record<string, unknown>> {
    const result: Record<string, unknown> = {};
    for (const { descriptor, dataPoints } of this.#metrics) {
      if (!prefixes.some((prefix) => descriptor.name.startsWith(prefix))) continue;
      for (const { attributes, value } of dataPoints) {
        result[`${descriptor.name}{${valuesOf(attributes)}}`] =
          typeof value === 'number' ? value : [value.count, value.sum];
      }
    }
    return result;
  }

  /** Attributes of every series of a metric. */
  seriesOf({ name }: MetricDefinition): Attributes[] {
    const found = this.#metrics.find((metric) => metric.descriptor.name === name);
    return found?.dataPoints.map((point) => point.attributes) ?? [];
  }

  /** Value of the series with exactly these attributes: a number, or count, sum, min and max of a histogram. */
  valueOf({ name }: MetricDefinition, attributes: Attributes): unknown {
    const found = this.#metrics.find((metric) => metric.descriptor.name === name);
    const point = found?.dataPoints.find((candidate) => sameAttributes(candidate.attributes, attributes));
    if (point === undefined || typeof point.value === 'number') return point?.value;
    const { count, sum, min, max } = point.value;
    return { count, sum, min, max };
  }
}

function sameAttributes(a: Attributes, b: Attributes): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function valuesOf(attributes: Attributes): string {
  const keys = Object.keys(attributes).sort();
  return keys.map((key) => String(attributes[key])).join(',');
}
