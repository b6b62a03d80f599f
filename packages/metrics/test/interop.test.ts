// OpenTelemetry's own packages run on our provider as they do on the stock one: NodeSDK, instrumentations, exporters.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type MeterProvider as ApiMeterProvider, ValueType } from '@opentelemetry/api';
import { MeterProvider } from '@nanometer/metrics';
import { until } from '@nanometer/testing';
import { AggregationTemporalityPreference } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as GrpcExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import * as stock from '@opentelemetry/sdk-metrics';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type OtlpReceiver, otlpGrpcReceiver, otlpHttpReceiver } from './support/otlp-receiver.ts';

interface InstrumentedProgram {
  readonly scopes: readonly { readonly name: string; readonly metrics: readonly stock.MetricData[] }[];
  readonly errors: readonly string[];
  readonly globalStays: boolean;
  readonly outlivesNodeSdk: boolean;
}

const PROGRAM = fileURLToPath(new URL('support/instrumented-program.ts', import.meta.url));

async function run(sdk: 'ours' | 'stock'): Promise<InstrumentedProgram> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@nanometer/source', '--disable-warning=ExperimentalWarning', PROGRAM, sdk],
    { env: { ...process.env, OTEL_SEMCONV_STABILITY_OPT_IN: 'http' } },
  );
  return JSON.parse(stdout) as InstrumentedProgram;
}

/** Scope, descriptor and attribute names of everything collected; values differ from one process to the next. */
function shapes({ scopes }: InstrumentedProgram): unknown[] {
  const chance = ['v8js.gc.duration', 'v8js.resource.active'];
  return scopes
    .flatMap(({ name, metrics }) =>
      metrics.map(({ descriptor, dataPointType, dataPoints }) => ({
        scope: name,
        descriptor,
        dataPointType,
        attributes: [...new Set(dataPoints.flatMap((point) => Object.keys(point.attributes)))].sort(),
      })),
    )
    .filter(({ descriptor }) => !chance.includes(descriptor.name))
    .sort((a, b) => a.descriptor.name.localeCompare(b.descriptor.name));
}

describe('registered as the global provider, under NodeSDK with metricReaders: []', () => {
  const programs = Promise.all([run('ours'), run('stock')]);
  const points = async (name: string): Promise<readonly stock.DataPoint<unknown>[]> => {
    const [{ scopes }] = await programs;
    const metrics = scopes.flatMap((scope) => scope.metrics);
    return metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  };

  test('instrumentations record what they record on the stock SDK', async () => {
    const [ours, theirs] = await programs;
    expect(shapes(theirs).length).toBeGreaterThan(12);
    expect(shapes(ours)).toEqual(shapes(theirs));
    expect(ours.errors).toEqual([]);
  });

  test.each(['http.server.request.duration', 'http.client.request.duration'])(
    'instrumentation-http records %s of a request over loopback',
    async (name) => {
      const { attributes, value } = (await points(name))[0]!;
      expect(attributes).toMatchObject({ 'http.request.method': 'GET', 'http.response.status_code': 202 });
      const { count, sum, buckets } = value as stock.Histogram;
      expect(count).toBe(1);
      expect(sum).toBeGreaterThan(0);
      // The instrumentation's advice, not the default boundaries.
      expect(buckets.boundaries[0]).toBe(0.005);
    },
  );

  test('host-metrics observes the machine', async () => {
    const [user] = await points('process.cpu.time');
    expect(user?.value).toBeGreaterThan(0);
    expect((await points('system.memory.usage')).length).toBeGreaterThan(1);
  });

  test('instrumentation-runtime-node observes the event loop and the heap', async () => {
    const [utilization] = await points('nodejs.eventloop.utilization');
    expect(utilization?.value).toBeGreaterThanOrEqual(0);
    expect((await points('v8js.memory.heap.used')).length).toBeGreaterThan(5);
  });

  test('the global provider stays ours, and outlives the shutdown of NodeSDK', async () => {
    const [{ globalStays, outlivesNodeSdk }] = await programs;
    expect({ globalStays, outlivesNodeSdk }).toEqual({ globalStays: true, outlivesNodeSdk: true });
  });
});

/** What each interval records: sums are exact in binary, so that a delta has no rounding to differ in. */
function recordInterval(provider: ApiMeterProvider, interval: number): void {
  provider.getMeter('second').createCounter('other').add(1);
  const meter = provider.getMeter('scope', '1.2.3', { schemaUrl: 'https://example.com/schema' });
  const orders = meter.createCounter('orders', { description: 'orders', unit: '{order}' });
  orders.add(2.5, { venue: 'a', size: 7, ratio: 0.5, live: true, list: ['x', 'y'] });
  orders.add(4, { venue: 'quote"back\\slash\nnewline ✓' });
  if (interval === 0) orders.add(1, { idle: 'later' });
  meter.createCounter('whole', { valueType: ValueType.INT }).add(2 ** 40);
  meter.createUpDownCounter('position', { unit: 'By' }).add(-12.25 * (interval + 1), { venue: 'a' });
  meter.createGauge('price').record(101.5 + interval, { symbol: 'X' });
  const latency = meter.createHistogram('latency', { unit: 's' });
  for (const value of [0, 0.25, 0.5, 3, 1, 2, 4, 1.5, 2 ** -20]) latency.record(value, { op: 'send' });
  const observed = meter.createObservableCounter('observed.total');
  if (interval === 0) observed.addCallback((result) => result.observe(42, { cpu: 1 }));
}

async function exportsOf(
  Provider: new (options: stock.MeterProviderOptions) => stock.MeterProvider | MeterProvider,
  receiver: OtlpReceiver,
  exporter: stock.PushMetricExporter,
): Promise<Buffer[]> {
  const reader = new stock.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const resource = resourceFromAttributes({ 'service.name': 'interop', 'process.pid': 1 });
  const provider = new Provider({ resource, readers: [reader] });
  receiver.bodies.length = 0;
  for (let interval = 0; interval < 2; interval++) {
    recordInterval(provider, interval);
    await provider.forceFlush();
    await until('the payload arrived', () => receiver.bodies.length > interval);
  }
  const bodies = receiver.bodies.slice(0, 2);
  await provider.shutdown();
  return bodies;
}

const EXPORTERS = { 'OTLP JSON': JsonExporter, 'OTLP protobuf': ProtoExporter, 'OTLP gRPC': GrpcExporter };
const AGGREGATIONS = {
  explicit: stock.AggregationType.DEFAULT,
  exponential: stock.AggregationType.EXPONENTIAL_HISTOGRAM,
} as const;

const CASES = Object.keys(EXPORTERS).flatMap((exporter) =>
  (['cumulative', 'delta'] as const).flatMap((temporality) =>
    (['explicit', 'exponential'] as const).map((histograms) => ({ exporter, temporality, histograms })),
  ),
);

describe('the stock exporters send the same bytes, two intervals long', () => {
  // Both SDKs read the date; it stands still, so that even the timestamps are equal. Timers and sockets go on.
  beforeEach(() => {
    jest.useFakeTimers({
      now: 1_700_000_000_123,
      doNotFake: [
        ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
        ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
      ],
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each(CASES)('$exporter, $temporality, $histograms histograms', async ({ exporter, temporality, histograms }) => {
    const Exporter = EXPORTERS[exporter as keyof typeof EXPORTERS];
    const receiver = exporter === 'OTLP gRPC' ? await otlpGrpcReceiver() : await otlpHttpReceiver();
    const options = {
      url: exporter === 'OTLP gRPC' ? receiver.url : `${receiver.url}/v1/metrics`,
      temporalityPreference:
        temporality === 'delta' ? AggregationTemporalityPreference.DELTA : AggregationTemporalityPreference.CUMULATIVE,
      aggregationPreference: (type: stock.InstrumentType): stock.AggregationOption => ({
        type: type === stock.InstrumentType.HISTOGRAM ? AGGREGATIONS[histograms] : stock.AggregationType.DEFAULT,
      }),
    };
    try {
      const ours = await exportsOf(MeterProvider, receiver, new Exporter(options));
      const theirs = await exportsOf(stock.MeterProvider, receiver, new Exporter(options));
      expect(theirs[1]!.length).toBeGreaterThan(500);
      for (const interval of [0, 1]) {
        if (exporter === 'OTLP JSON') expect(decoded(ours[interval]!)).toEqual(decoded(theirs[interval]!));
        expect(ours[interval]!.toString('latin1')).toBe(theirs[interval]!.toString('latin1'));
      }
    } finally {
      receiver.close();
    }
  });
});

function decoded(body: Buffer): unknown {
  return JSON.parse(body.toString('utf8'));
}
