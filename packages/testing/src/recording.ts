import { MeterProvider as OwnMeterProvider } from '@nanometer/metrics';
import type { MetricDefinition } from '@nanometer/semconv';
import type { Attributes, MeterProvider } from '@opentelemetry/api';
import * as sdk from '@opentelemetry/sdk-metrics';

/** A provider whose only reader collects when asked. */
export interface Recording {
  readonly meterProvider: MeterProvider;
  readonly collect: () => Promise<Collected>;
}

export type ProviderClass = new (options: { readers: sdk.IMetricReader[] }) => MeterProvider;

/** The SDKs every instrumentation has to work with. */
export const SDKS: readonly (readonly [string, ProviderClass])[] = [
  ['the stock SDK', sdk.MeterProvider],
  ['@nanometer/metrics', OwnMeterProvider],
];

/** A fresh provider of the given SDK. */
export function recordingOf(Provider: ProviderClass = sdk.MeterProvider): Recording {
  const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
  const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  const meterProvider = new Provider({ readers: [reader] });
  const collect = async (): Promise<Collected> => {
    exporter.reset();
    await reader.forceFlush();
    return new Collected(exporter.getMetrics());
  };
  return { meterProvider, collect };
}

/** What one collection found. */
export class Collected {
  readonly #metrics: sdk.MetricData[];

  constructor(parts: sdk.ResourceMetrics[]) {
    this.#metrics = parts.flatMap((part) => part.scopeMetrics.flatMap((scope) => scope.metrics));
  }

  /** Names of all metrics that have a series. */
  get names(): string[] {
    return this.#metrics.filter((metric) => metric.dataPoints.length > 0).map((metric) => metric.descriptor.name);
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
