import { PrometheusExporter } from '@nanometer/exporter-prometheus';
import { MeterProvider } from '@nanometer/metrics';

/** What both histograms were given. */
export const VALUES: readonly number[] = [0, 0.001, 0.5, 1, 2, 3, 1000, 1000.5];

/** A running endpoint with names, labels and values that are hard to write. */
export interface ScrapedDesk {
  readonly exporter: PrometheusExporter;
  /** host:port */
  readonly target: string;
  stop(): Promise<void>;
}

export async function startScrapedDesk(): Promise<ScrapedDesk> {
  const exporter = new PrometheusExporter({ port: 0, preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter], sdkMetricsEnabled: true });
  const meter = provider.getMeter('desk', '1.0');
  const orders = meter.createCounter('order.count', { unit: '{order}', description: 'Orders "sent" \\ back' });
  orders.add(3, { 'venue.name': 'a "b" \\ c\nd', side: 'buy' });
  orders.add(2 ** 53, { 'venue.name': '日本', side: 'sell' });
  const latency = meter.createHistogram('latency', {
    unit: 's',
    description: 'Latencies',
    advice: { explicitBucketBoundaries: [1, 10, 100] },
  });
  const size = meter.createHistogram('size', {
    unit: 'By',
    description: 'Sizes',
    advice: { explicitBucketBoundaries: [1], exponentialMaxSize: 160 } as object,
  });
  for (const value of VALUES) {
    latency.record(value);
    size.record(value);
  }
  const gauge = meter.createGauge('odd', { description: 'Hostile values' });
  for (const value of [NaN, Infinity, -Infinity, 5e-324, -0]) gauge.record(value, { value: String(value) });
  const { host } = new URL(await exporter.startServer());
  return { exporter, target: host, stop: () => provider.shutdown() };
}
