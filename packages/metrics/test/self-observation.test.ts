// What the provider, its readers and their exporters say about themselves; semantic conventions, OpenTelemetry SDK metrics.
import { describe, expect, test } from '@jest/globals';
import {
  AggregationTemporality,
  type IMetricReader,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@nanometer/metrics';
import { METRIC_OTEL_SDK_METRIC_READER_COLLECTION_DURATION } from '@nanometer/semconv';
import { OTLPMetricExporter as GrpcExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { otlpGrpcReceiver, otlpHttpReceiver } from './support/otlp-receiver.ts';
import { TestReader } from './support/test-reader.ts';

const COLLECTION_DURATION = METRIC_OTEL_SDK_METRIC_READER_COLLECTION_DURATION.name;

interface OtlpMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly any[] };
  readonly histogram?: { readonly dataPoints: readonly any[] };
}

function otlpMetrics(body: Buffer): Map<string, OtlpMetric> {
  const { resourceMetrics } = JSON.parse(body.toString()) as {
    resourceMetrics: { scopeMetrics: { metrics: OtlpMetric[] }[] }[];
  };
  const metrics = resourceMetrics.flatMap((resource) => resource.scopeMetrics.flatMap((scope) => scope.metrics));
  return new Map(metrics.map((metric) => [metric.name, metric]));
}

function attributesOf(point: {
  attributes: { key: string; value: Record<string, unknown> }[];
}): Record<string, unknown> {
  return Object.fromEntries(point.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

test('is off by default', async () => {
  const reader = new TestReader();
  new MeterProvider({ readers: [reader] }).getMeter('m').createCounter('c');
  await reader.collect();
  expect(await reader.metrics()).toEqual([]);
});

describe('the provider', () => {
  test('counts drops by cause, series in use and memory', async () => {
    const reader = new TestReader();
    const provider = new MeterProvider({ readers: [reader], sdkMetricsEnabled: true });
    const counter = provider.getMeter('m').createCounter('c');
    counter.add(1, { a: 1 });
    counter.add(1, { a: 2 });
    counter.add(NaN);
    counter.add(-1);
    counter.add(-1);
    const metrics = new Map((await reader.metrics()).map((metric) => [metric.descriptor.name, metric]));
    const valuesOf = (name: string): [unknown, unknown][] =>
      metrics.get(name)!.dataPoints.map(({ attributes, value }) => [attributes, value]);
    const dropped = Object.fromEntries(
      valuesOf('nanometer.sdk.measurement.dropped').map(([set, value]) => [
        (set as Record<string, string>)['nanometer.drop.cause'],
        value as number,
      ]),
    );
    expect(dropped).toEqual({ not_a_number: 0, non_finite: 1, negative: 2, invalid_attributes: 0 });
    expect(valuesOf('nanometer.sdk.series.active')).toEqual([[{}, 2]]);
    const { arenaBytes } = provider.stats();
    expect(arenaBytes).toBeGreaterThan(0);
    expect(valuesOf('nanometer.sdk.memory.usage')).toEqual([
      [{ 'nanometer.thread.kind': 'own' }, arenaBytes],
      [{ 'nanometer.thread.kind': 'worker' }, 0],
    ]);
    // The duration of that collection has become a series too.
    expect(provider.stats()).toMatchObject({ seriesActive: 3, dropped, workerArenaBytes: 0 });
  });

  test('counts what the cardinality limit turned away, also once the overflow series has been forgotten', async () => {
    const reader = new TestReader({ limit: 2 });
    const provider = new MeterProvider({ readers: [reader], sdkMetricsEnabled: true });
    const counter = provider.getMeter('m').createCounter('c');
    for (let n = 0; n < 2; n++) counter.add(1, { n });
    expect(provider.stats()).toMatchObject({ seriesOverflowed: 0, measurementsOverflowed: 0 });
    for (let n = 2; n < 7; n++) counter.add(1, { n });
    counter.bind({ n: 7 }).add(1);
    expect(provider.stats()).toMatchObject({ seriesActive: 3, seriesOverflowed: 1, measurementsOverflowed: 6 });
    expect(await reader.values('nanometer.sdk.measurement.overflowed')).toEqual([[{}, 6]]);
    expect(await reader.values('nanometer.sdk.series.overflowed')).toEqual([[{}, 1]]);
    counter.remove({ 'otel.metric.overflow': true });
    await reader.collect();
    expect(provider.stats().measurementsOverflowed).toBe(6);
    counter.add(1, { n: 8 });
    expect(provider.stats().measurementsOverflowed).toBe(7);
  });
});

describe('readers', () => {
  test("the SDK's observe themselves", async () => {
    const reader = new PrometheusExporter({ preventServerStart: true });
    const provider = new MeterProvider({ readers: [reader], sdkMetricsEnabled: true });
    await reader.collect();
    const { resourceMetrics } = await reader.collect();
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    const durations = metrics.filter(({ descriptor }) => descriptor.name === COLLECTION_DURATION);
    expect(durations).toHaveLength(1);
    expect(durations[0]!.dataPoints[0]!.attributes).toMatchObject({
      'otel.component.type': 'prometheus_http_text_metric_exporter',
    });
    await provider.shutdown();
  });

  test('that cannot are observed by the provider: one histogram, told apart by number, errors by type', async () => {
    const first = new TestReader();
    const second = new TestReader();
    const provider = new MeterProvider({ readers: [first, second], sdkMetricsEnabled: true });
    await first.collect();
    await first.collect();
    provider
      .getMeter('m')
      .createObservableGauge('g')
      .addCallback(() => {
        throw new RangeError('no');
      });
    await second.collect();
    const component = (n: number): object => ({
      'otel.component.type': 'TestReader',
      'otel.component.name': `TestReader/${n}`,
    });
    const points = await first.points(COLLECTION_DURATION);
    expect(points.map(({ attributes, value }) => [attributes, value.count])).toEqual([
      [component(0), 2],
      [{ ...component(1), 'error.type': 'RangeError' }, 1],
    ]);
    for (const { value } of points) expect(value.sum).toBeGreaterThan(0);
  });

  test('whose hook throws, and objects without a class, collect all the same', async () => {
    const reader = new TestReader();
    const hostile = Object.assign(new TestReader(), {
      _setSelfObsMeterProvider: () => {
        throw new Error('no');
      },
    });
    const bare: IMetricReader = Object.setPrototypeOf(
      {
        setMetricProducer: () => {},
        selectAggregation: () => ({ type: 0 }),
        selectAggregationTemporality: () => 1,
        selectCardinalityLimit: () => 10,
        collect: () => {},
        forceFlush: async () => {},
        shutdown: async () => {},
      },
      null,
    );
    const provider = new MeterProvider({ readers: [reader, hostile, bare], sdkMetricsEnabled: true });
    provider.getMeter('m').createCounter('c').add(1);
    expect(await hostile.values('c')).toEqual([[{}, 1]]);
    expect((await reader.points(COLLECTION_DURATION)).map(({ attributes }) => attributes)).toEqual([
      { 'otel.component.type': 'TestReader', 'otel.component.name': 'TestReader/1' },
    ]);
  });
});

describe('exporters of a periodic reader', () => {
  test('the OTLP exporter says what it exports, in the same stream', async () => {
    const receiver = await otlpHttpReceiver();
    const exporter = new JsonExporter({ url: `${receiver.url}/v1/metrics` });
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader], sdkMetricsEnabled: true });
    provider.getMeter('m').createCounter('c').add(1);
    await provider.forceFlush();
    await provider.forceFlush();
    await provider.shutdown();
    receiver.close();
    const first = otlpMetrics(receiver.bodies[0]!);
    const pointsOfFirst = [...first.values()].flatMap(({ sum, histogram }) => (sum ?? histogram)!.dataPoints).length;
    const second = otlpMetrics(receiver.bodies[1]!);
    const exported = second.get('otel.sdk.exporter.metric_data_point.exported')!.sum!.dataPoints[0]!;
    expect(exported.asDouble).toBe(pointsOfFirst);
    expect(attributesOf(exported)).toMatchObject({
      'otel.component.type': 'otlp_http_metric_exporter',
      'server.address': '127.0.0.1',
    });
    expect(second.get('otel.sdk.exporter.metric_data_point.inflight')!.sum!.dataPoints[0]!.asDouble).toBe(0);
    expect(second.get('otel.sdk.exporter.operation.duration')!.histogram!.dataPoints[0]!.count).toBe(1);
    expect(attributesOf(second.get(COLLECTION_DURATION)!.histogram!.dataPoints[0]!)).toMatchObject({
      'otel.component.type': 'periodic_metric_reader',
    });
  });

  test.each(['grpc', 'proto'])('over %s too, a failed export with its error', async (transport) => {
    const receiver = transport === 'grpc' ? await otlpGrpcReceiver() : await otlpHttpReceiver();
    const { url } = receiver;
    receiver.close();
    const exporter =
      transport === 'grpc'
        ? new GrpcExporter({ url, timeoutMillis: 200 })
        : new ProtoExporter({ url: `${url}/v1/metrics`, timeoutMillis: 200 });
    const periodic = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const reader = new TestReader({ temporality: AggregationTemporality.CUMULATIVE });
    const provider = new MeterProvider({ readers: [periodic, reader], sdkMetricsEnabled: true });
    provider.getMeter('m').createCounter('c').add(1);
    await provider.forceFlush();
    const [[attributes, value]] = (await reader.values('otel.sdk.exporter.metric_data_point.exported')) as [
      [Record<string, unknown>, number],
    ];
    expect(value).toBeGreaterThan(0);
    expect(attributes).toMatchObject({ 'error.type': expect.any(String) });
    await provider.shutdown();
  });
});
