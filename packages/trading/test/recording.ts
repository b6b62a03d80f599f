import * as own from '@nanometer/metrics';
import type { Attributes, MeterProvider } from '@opentelemetry/api';
import * as sdk from '@opentelemetry/sdk-metrics';

type ProviderClass = new (options: { readers: sdk.IMetricReader[] }) => MeterProvider;

const Own = Reflect.get(own, 'MeterProvider') as ProviderClass | undefined;

/** The SDKs the instrumentation has to work with. */
export const SDKS: readonly (readonly [string, ProviderClass])[] = [
  ['the stock SDK', sdk.MeterProvider],
  ...(Own === undefined ? [] : [['@nanometer/metrics', Own] as const]),
];

/** A provider with one reader that collects when asked. */
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

  /**
   * All series of the metrics whose names begin with one of the prefixes, as `name{value,value,…}` with the attribute
   * values in the order of their keys; a histogram's value is [count, sum].
   */
  async collect(...prefixes: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    this.#exporter.reset();
    await this.#reader.forceFlush();
    const result: Record<string, unknown> = {};
    for (const { descriptor, dataPoints } of this.#metrics()) {
      if (!prefixes.some((prefix) => descriptor.name.startsWith(prefix))) continue;
      for (const { attributes, value } of dataPoints) {
        result[`${descriptor.name}{${valuesOf(attributes)}}`] =
          typeof value === 'number' ? value : [value.count, value.sum];
      }
    }
    return result;
  }

  /** Every point that left the process, by metric name. */
  async points(): Promise<readonly (readonly [string, Attributes])[]> {
    this.#exporter.reset();
    await this.#reader.forceFlush();
    return this.#metrics().flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes }) => [descriptor.name, attributes] as const),
    );
  }

  /** Names of the metrics that have a series. */
  async names(): Promise<readonly string[]> {
    return [...new Set((await this.points()).map(([name]) => name))];
  }

  #metrics(): readonly sdk.MetricData[] {
    return this.#exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics);
  }
}

function valuesOf(attributes: Attributes): string {
  const keys = Object.keys(attributes).sort();
  return keys.map((key) => String(attributes[key])).join(',');
}
