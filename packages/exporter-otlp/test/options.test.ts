import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import { resolveOptions } from '../src/config/resolve-options.ts';
import { type OtlpExporterOptions, OtlpReader } from '../src/index.ts';
import { aggregationOf, temporalityOf } from '../src/preferences.ts';
import { folder } from './support/folder.ts';

type Variables = Record<string, string>;

function resolved(options: OtlpExporterOptions, variables: Variables = {}) {
  return resolveOptions(options, variables);
}

describe('the endpoint', () => {
  test.each<[OtlpExporterOptions, Variables, string]>([
    [{}, {}, 'grpc http://localhost:4317/'],
    [{ protocol: 'http/protobuf' }, {}, 'http/protobuf http://localhost:4318/v1/metrics'],
    [{ url: 'collector:4317' }, {}, 'grpc http://collector:4317/'],
    [{ url: 'https://collector:4317' }, {}, 'grpc https://collector:4317/'],
    [{ protocol: 'http/protobuf', url: 'http://c/x' }, {}, 'http/protobuf http://c/x'],
    [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:1' }, 'grpc https://collector:1/'],
    [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'c:1', OTEL_EXPORTER_OTLP_INSECURE: 'True' }, 'grpc http://c:1/'],
    [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:1', OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://b:2' },
      'grpc http://b:2/',
    ],
    [
      {},
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:1/base/' },
      'http/protobuf http://a:1/base/v1/metrics',
    ],
    [
      { protocol: 'http/protobuf' },
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://a:1/mine' },
      'http/protobuf http://a:1/mine',
    ],
    [
      {},
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'grpc' },
      'grpc http://localhost:4317/',
    ],
  ])('%j with %j is %s', (options, variables, expected) => {
    const { protocol, url } = resolved(options, variables).endpoint;
    expect(`${protocol} ${url.href}`).toBe(expected);
  });

  test.each<[OtlpExporterOptions, Variables, string, RegExp]>([
    [{ url: 'ftp://x' }, {}, 'INVALID_OPTION', /url is "ftp:\/\/x".*ftp/],
    [{ url: 'http://' }, {}, 'INVALID_OPTION', /no URL/],
    [{ url: 'http://x/v1/metrics' }, {}, 'INVALID_OPTION', /\/v1\/metrics/],
    [{ url: 'http://user:secret@x' }, {}, 'INVALID_OPTION', /headers/],
    [{ protocol: 'http/protobuf', url: 'x:1' }, {}, 'INVALID_OPTION', /scheme/],
    [{ protocol: 'udp' as never }, {}, 'INVALID_OPTION', /grpc or http\/protobuf/],
    [{}, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'INVALID_ENVIRONMENT', /exporter-json/],
    [
      {},
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'ftp://x' },
      'INVALID_ENVIRONMENT',
      /OTEL_EXPORTER_OTLP_METRICS_ENDPOINT/,
    ],
  ])('%j with %j is refused', (options, variables, code, message) => {
    expect(() => resolved(options, variables)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

test('the environment fills in what the options leave out', () => {
  const variables = {
    OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=2',
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'b=3',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '700',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'GZIP',
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'Delta',
    OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'base2_exponential_bucket_histogram',
  };
  const expected = {
    headers: { a: '1', b: '3' },
    timeoutMillis: 700,
    compression: 'gzip',
    temporalityPreference: 'delta',
    histogramAggregation: 'base2_exponential_bucket_histogram',
  };
  expect(resolved({}, variables)).toMatchObject(expected);
  const own: OtlpExporterOptions = {
    headers: { b: '4' },
    timeoutMillis: 1,
    compression: 'none',
    temporalityPreference: 'lowmemory',
  };
  expect(resolved(own, variables)).toMatchObject({ ...own, headers: { a: '1', b: '4' } });
});

test('certificates come from the files the environment names', () => {
  const path = join(folder(), 'ca.pem');
  writeFileSync(path, 'CA');
  expect(resolved({}, { OTEL_EXPORTER_OTLP_CERTIFICATE: path }).tls).toEqual({ ca: Buffer.from('CA') });
  expect(() => resolved({}, { OTEL_EXPORTER_OTLP_CERTIFICATE: `${path}.none` })).toThrow(
    expect.objectContaining({
      code: 'INVALID_ENVIRONMENT',
      message: expect.stringContaining('OTEL_EXPORTER_OTLP_CERTIFICATE'),
    }),
  );
  expect(() => resolved({ tls: { key: Buffer.from('K') } })).toThrow(/tls.key comes without tls.cert/);
});

test.each<[OtlpExporterOptions, Variables, string]>([
  [{ timeoutMillis: 0 }, {}, 'timeoutMillis'],
  [{ timeoutMillis: NaN }, {}, 'timeoutMillis'],
  [{ limitBytes: 1 }, {}, 'limitBytes'],
  [{ limitBytes: Infinity }, {}, 'limitBytes'],
  [{ maxBatchBytes: 2 ** 30 }, {}, 'maxBatchBytes'],
  [{ segmentBytes: 2 ** 40 }, {}, 'segmentBytes'],
  [{ maxBackoffMillis: -1 }, {}, 'maxBackoffMillis'],
  [{ fsync: 'sometimes' as never }, {}, 'fsync'],
  [{ fullPolicy: 'explode' as never }, {}, 'fullPolicy'],
  [{ compression: 'zstd' }, {}, 'gRPC'],
  [{ headers: { 'bad name': 'x' } }, {}, 'bad name'],
  [{ headers: { good: 'two\r\nlines' } }, {}, 'good'],
  [{}, { OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' }, 'OTEL_EXPORTER_OTLP_TIMEOUT'],
  [{}, { OTEL_EXPORTER_OTLP_COMPRESSION: 'lzma' }, 'OTEL_EXPORTER_OTLP_COMPRESSION'],
])('%j with %j is refused by name', (options, variables, name) => {
  expect(() => resolved(options, variables)).toThrow(
    expect.objectContaining({ name: 'OtlpError', message: expect.stringContaining(name) }),
  );
});

test('preferences are those of the specification', () => {
  const types = Object.values(InstrumentType);
  const deltas = (preference: 'cumulative' | 'delta' | 'lowmemory'): InstrumentType[] =>
    types.filter((type) => temporalityOf(preference, type) === AggregationTemporality.DELTA);
  expect(deltas('cumulative')).toEqual([]);
  expect(deltas('delta').sort()).toEqual(['COUNTER', 'HISTOGRAM', 'OBSERVABLE_COUNTER']);
  expect(deltas('lowmemory').sort()).toEqual(['COUNTER', 'HISTOGRAM']);
  expect(aggregationOf('base2_exponential_bucket_histogram', InstrumentType.HISTOGRAM)).toEqual({ type: 5 });
  expect(aggregationOf('base2_exponential_bucket_histogram', InstrumentType.COUNTER)).toEqual({ type: 0 });
  expect(aggregationOf('explicit_bucket_histogram', InstrumentType.HISTOGRAM)).toEqual({ type: 0 });
});

test.each([
  { exportIntervalMillis: 0 },
  { collectTimeoutMillis: -1 },
  { cardinalityLimit: 0 },
  { collectBelowHeldPoints: 0 },
])('a reader refuses %j', (options) => {
  expect(() => new OtlpReader(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
});
