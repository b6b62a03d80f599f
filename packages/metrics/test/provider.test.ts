import { describe, expect, test } from '@jest/globals';
import * as metrics from '@nanometer/metrics';
import { MeterProvider } from '@nanometer/metrics';
import { InMemoryMetricExporter, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { readFileSync } from 'node:fs';
import { VERSION } from '../src/version.ts';
import { TestReader } from './support/test-reader.ts';

describe('self-observation', () => {
  test('is off by default', async () => {
    const reader = new TestReader();
    new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('c');
    expect(await reader.metrics()).toEqual([]);
  });

  test('exports drops by cause and the series in use', async () => {
    const reader = new TestReader();
    const provider = new MeterProvider({ readers: [reader], sdkMetricsEnabled: true });
    const counter = provider.getMeter('m').createCounter('c');
    counter.add(1, { a: 1 });
    counter.add(1, { a: 2 });
    counter.add(NaN);
    counter.add(-1);
    counter.add(-1);
    const dropped = Object.fromEntries(
      (await reader.values('nanometer.sdk.measurement.dropped')).map(([set, value]) => [
        (set as Record<string, string>)['nanometer.drop.cause'],
        value as number,
      ]),
    );
    expect(dropped).toEqual({ not_a_number: 0, non_finite: 1, negative: 2, invalid_attributes: 0 });
    expect(await reader.values('nanometer.sdk.series.active')).toEqual([[{}, 2]]);
    expect(provider.stats()).toMatchObject({ seriesActive: 2, dropped });
    expect(provider.stats().arenaBytes).toBeGreaterThan(0);
  });

  test("lets the SDK's readers observe themselves", async () => {
    const exporter = new InMemoryMetricExporter(metrics.AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader], sdkMetricsEnabled: true });
    await provider.forceFlush();
    await provider.forceFlush();
    await provider.shutdown();
    const names = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name)),
      );
    expect(names).toContain('otel.sdk.metric_reader.collection.duration');
  });
});

describe('the package', () => {
  test('exports these names', () => {
    expect(Object.keys(metrics).sort()).toMatchInlineSnapshot(`
     [
       "AggregationTemporality",
       "AggregationType",
       "AlignedHistogramBucketExemplarReservoir",
       "ConsoleMetricExporter",
       "CountMemory",
       "DataPointType",
       "InMemoryMetricExporter",
       "InstrumentType",
       "MeterProvider",
       "MetricReader",
       "MetricsError",
       "PeriodicExportingMetricReader",
       "SimpleFixedSizeExemplarReservoir",
       "TimeoutError",
       "bindCounter",
       "bindGauge",
       "bindHistogram",
       "bindUpDownCounter",
       "bucketOfRank",
       "createAllowListAttributesProcessor",
       "createDenyListAttributesProcessor",
       "exponentialErrorBound",
       "mergeCounts",
       "quantile",
       "quantileOfExplicit",
       "quantileOfExponential",
     ]
    `);
  });

  test('states the version of its manifest', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;
    expect(manifest).toMatchObject({ version: VERSION });
  });
});
