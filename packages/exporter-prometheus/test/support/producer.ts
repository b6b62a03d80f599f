import { resourceFromAttributes } from '@opentelemetry/resources';
import type { CollectionResult, MetricData, MetricProducer } from '@opentelemetry/sdk-metrics';
import { PrometheusExporter, type PrometheusExporterOptions } from '@nanometer/exporter-prometheus';

export const ACCEPT = {
  text: 'text/plain;version=0.0.4',
  utf8: 'text/plain;version=1.0.0;escaping=allow-utf-8',
  openMetrics: 'application/openmetrics-text;version=1.0.0',
  protobuf: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
};

/** A producer that hands out whatever it is given, as a foreign SDK might. */
export class GivenProducer implements MetricProducer {
  metrics: object[] = [];
  scope: object = { name: 'scope' };
  resource = resourceFromAttributes({ 'service.name': 'test' });
  collections = 0;
  /** What a collection waits for. */
  gate: () => Promise<void> = () => Promise.resolve();

  async collect(): Promise<CollectionResult> {
    this.collections++;
    await this.gate();
    const scopeMetrics = [{ scope: this.scope, metrics: this.metrics as MetricData[] }];
    return { resourceMetrics: { resource: this.resource, scopeMetrics: scopeMetrics as never }, errors: [] };
  }
}

/** An exporter without a server over such a producer. */
export function given(options: PrometheusExporterOptions = {}): {
  exporter: PrometheusExporter;
  producer: GivenProducer;
} {
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
    ...options,
  });
  const producer = new GivenProducer();
  exporter.setMetricProducer(producer);
  return { exporter, producer };
}

export async function textOf(exporter: PrometheusExporter, accept = ACCEPT.text): Promise<string> {
  return Buffer.concat((await exporter.render(accept)).chunks).toString();
}

type Value = { readonly attributes: object; readonly value: unknown; readonly exemplars?: readonly object[] };

const KINDS = { histogram: 0, exponential: 1, gauge: 2, counter: 3, upDown: 3 };

/** A metric as SDKs hand it out. */
export function metric(
  kind: keyof typeof KINDS,
  name: string,
  points: readonly Value[],
  { unit = '', description = '', temporality = 1 } = {},
): object {
  return {
    descriptor: { name, unit, description, valueType: 1 },
    aggregationTemporality: temporality,
    dataPointType: KINDS[kind],
    isMonotonic: kind === 'counter',
    dataPoints: points.map((point) => ({ startTime: [1_700_000_000, 5e8], endTime: [1_700_000_100, 0], ...point })),
  };
}
