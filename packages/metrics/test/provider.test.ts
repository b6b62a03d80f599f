import { describe, expect, test } from '@jest/globals';
import * as metrics from '@nanometer/metrics';
import { readFileSync } from 'node:fs';
import { VERSION } from '../src/version.ts';

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
       "mergeHistograms",
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
