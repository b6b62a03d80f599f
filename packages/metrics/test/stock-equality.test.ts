// The same recordings into the stock SDK and into this one, read by the stock readers and exporters: what leaves the
// process must be the same.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { metrics as api, type MeterProvider as ApiMeterProvider, ValueType } from '@opentelemetry/api';
import * as nanometer from '@nanometer/metrics';
import { createAllowListAttributesProcessor, MeterProvider } from '@nanometer/metrics';
import { until } from '@nanometer/testing';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { OTLPMetricExporter as GrpcExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as ProtoExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import * as stock from '@opentelemetry/sdk-metrics';
import { execFileSync } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { AggregationTemporality, AggregationType, DataPointType, InstrumentType } from '../src/data-types.ts';
import { withTimeout } from '../src/collect/with-timeout.ts';

const resource = resourceFromAttributes({ 'service.name': 'equality' });

const views: stock.ViewOptions[] = [
  {
    instrumentName: 'viewed.exponential',
    aggregation: { type: stock.AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 20 } },
  },
  { instrumentName: 'viewed.renamed', name: 'renamed', description: 'by a view' },
  { instrumentName: 'viewed.filtered', attributesProcessors: [stock.createAllowListAttributesProcessor(['kept'])] },
  { instrumentName: 'viewed.dropped', aggregation: { type: stock.AggregationType.DROP } },
];

type Implementation = 'stock' | 'ours';

function providerOf(
  implementation: Implementation,
  reader: stock.IMetricReader,
  withViews = true,
): ApiMeterProvider & {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
} {
  const options = { resource, readers: [reader], views: withViews ? views : [] };
  return implementation === 'stock' ? new stock.MeterProvider(options) : new MeterProvider(options);
}

/** Every kind of instrument, attributes of every type, values of every size. */
function recordEverything(provider: ApiMeterProvider): void {
  // First, because it has no asynchronous callback: the stock SDK lists scopes in the order in which they get ready.
  provider.getMeter('second').createCounter('other').add(1);
  const meter = provider.getMeter('scope', '1.2.3', { schemaUrl: 'https://example.com/schema' });
  const orders = meter.createCounter('orders', { description: 'orders', unit: '{order}' });
  orders.add(1);
  orders.add(2.5, { venue: 'a', size: 7, live: true, list: ['x', 'y'] });
  orders.add(0, { list: ['x', 'y'], size: 7, live: true, venue: 'a' });
  orders.add(4, { venue: 'quote"back\\slash\nnewline' });
  const whole = meter.createCounter('whole', { valueType: ValueType.INT });
  whole.add(2 ** 40 + 0.7);
  whole.add(-3);
  const position = meter.createUpDownCounter('position', { unit: 'By' });
  position.add(10, { venue: 'a' });
  position.add(-12.25, { venue: 'a' });
  meter.createGauge('price').record(101.5, { symbol: 'X' });
  const latency = meter.createHistogram('latency', {
    unit: 's',
    advice: { explicitBucketBoundaries: [0.001, 0.01, 0.1, 1] },
  });
  const durations = meter.createHistogram('duration');
  const exponential = meter.createHistogram('viewed.exponential');
  for (const value of [0, 0.0005, 0.001, 0.00100001, 0.5, 3, 1e6, 1, 2, 4, 1.5]) {
    latency.record(value, { op: 'send' });
    durations.record(value * 1000);
    exponential.record(value, { op: 'send' });
  }
  meter.createCounter('viewed.renamed').add(1);
  meter.createCounter('viewed.filtered').add(1, { kept: 1, lost: 1 });
  meter.createCounter('viewed.filtered').add(2, { kept: 1, lost: 2 });
  meter.createCounter('viewed.dropped').add(1);
  meter.createObservableCounter('observed.total').addCallback((result) => result.observe(42, { cpu: 1 }));
  const watched = meter.createObservableUpDownCounter('observed.updown', { valueType: ValueType.INT });
  const level = meter.createObservableGauge('observed.gauge', { unit: '1' });
  meter.addBatchObservableCallback(
    async (result) => {
      await Promise.resolve();
      result.observe(watched, -7);
      result.observe(level, 0.25, { k: 'v' });
    },
    [watched, level],
  );
}

/** Both SDKs read the date; it stands still, so that even the timestamps are equal. Timers and sockets go on. */
const ALL_BUT_DATE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

beforeEach(() => {
  jest.useFakeTimers({ now: 1_700_000_000_123, doNotFake: [...ALL_BUT_DATE] });
});

afterEach(() => {
  jest.useRealTimers();
  api.disable();
});

class InMemoryReader extends stock.MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

async function both<T>(run: (implementation: Implementation) => Promise<T>): Promise<[T, T]> {
  return [await run('ours'), await run('stock')];
}

describe('data handed to exporters', () => {
  test.each([
    ['cumulative', stock.AggregationTemporality.CUMULATIVE],
    ['delta', stock.AggregationTemporality.DELTA],
  ])('is deeply equal, descriptors included, %s', async (_name, temporality) => {
    const [mine, theirs] = await both(async (implementation) => {
      const reader = new InMemoryReader({ aggregationTemporalitySelector: () => temporality });
      recordEverything(providerOf(implementation, reader));
      const { resourceMetrics, errors } = await reader.collect();
      expect(errors).toEqual([]);
      return resourceMetrics.scopeMetrics.map(({ scope, metrics }) => ({
        scope: { ...scope },
        // The stock SDK lists streams of views first; the order of metrics carries no meaning.
        metrics: metrics.toSorted((a, b) => a.descriptor.name.localeCompare(b.descriptor.name)),
      }));
    });
    expect(mine).toEqual(theirs);
  });

  test('the second delta interval is equal too, to the precision of the running sum', async () => {
    const [mine, theirs] = await both(async (implementation) => {
      const reader = new InMemoryReader({
        aggregationTemporalitySelector: () => stock.AggregationTemporality.DELTA,
      });
      const provider = providerOf(implementation, reader, false);
      recordEverything(provider);
      await reader.collect();
      const meter = provider.getMeter('scope', '1.2.3', { schemaUrl: 'https://example.com/schema' });
      const boundaries = { advice: { explicitBucketBoundaries: [0.001, 0.01, 0.1, 1] }, unit: 's' };
      meter.createHistogram('latency', boundaries).record(0.05, { op: 'send' });
      meter.createCounter('orders', { description: 'orders', unit: '{order}' }).add(3);
      return (await reader.collect()).resourceMetrics.scopeMetrics.map(({ metrics }) => metrics);
    });
    const rounded = (_key: string, item: unknown): unknown =>
      typeof item === 'number' ? Number(item.toFixed(8)) : item;
    expect(JSON.stringify(mine, rounded)).toBe(JSON.stringify(theirs, rounded));
  });
});

async function scrape(implementation: Implementation): Promise<string> {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  recordEverything(providerOf(implementation, exporter, false));
  return new Promise((resolve) => {
    const response = { setHeader() {}, statusCode: 0, end: resolve };
    exporter.getMetricsRequestHandler({} as never, response as never);
  });
}

interface Received {
  readonly bodies: Buffer[];
  readonly port: number;
  close(): void;
}

async function httpReceiver(): Promise<Received> {
  const bodies: Buffer[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      bodies.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { bodies, port: (server.address() as AddressInfo).port, close: () => server.close() };
}

async function grpcReceiver(): Promise<Received> {
  const bodies: Buffer[] = [];
  const raw = (bytes: Buffer): Buffer => bytes;
  const server = new Server();
  const path = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
  const method = { path, requestStream: false, responseStream: false, originalName: 'export' };
  server.addService(
    {
      Export: {
        ...method,
        requestSerialize: raw,
        requestDeserialize: raw,
        responseSerialize: raw,
        responseDeserialize: raw,
      },
    },
    {
      Export: (call: { request: Buffer }, done: (error: null, response: Buffer) => void) => {
        bodies.push(call.request);
        done(null, Buffer.alloc(0));
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { bodies, port, close: () => server.forceShutdown() };
}

async function exportedBy(
  implementation: Implementation,
  receiver: Received,
  exporter: stock.PushMetricExporter,
): Promise<string> {
  const reader = new stock.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = providerOf(implementation, reader, false);
  recordEverything(provider);
  const before = receiver.bodies.length;
  await provider.forceFlush();
  await until('the payload arrived', () => receiver.bodies.length > before);
  const body = receiver.bodies.at(-1)!;
  await provider.shutdown();
  return body.toString('latin1');
}

describe('what leaves the process', () => {
  test('the stock PrometheusExporter prints the same scrape', async () => {
    const [mine, theirs] = await both(scrape);
    expect(theirs).toContain('latency_bucket{op="send",otel_scope_name="scope"');
    expect(mine).toBe(theirs);
  });

  test('the stock ConsoleMetricExporter prints the same', async () => {
    const [mine, theirs] = await both(async (implementation) => {
      const printed: unknown[] = [];
      const { dir } = console;
      console.dir = (item) => printed.push(structuredClone(item));
      const exporter = new stock.ConsoleMetricExporter();
      const reader = new stock.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
      const provider = providerOf(implementation, reader, false);
      recordEverything(provider);
      await provider.forceFlush();
      await provider.shutdown();
      console.dir = dir;
      return printed;
    });
    expect(mine.length).toBeGreaterThan(10);
    expect(mine).toEqual(theirs);
  });

  test('the stock InMemoryMetricExporter keeps the same, and later collections leave it alone', async () => {
    const [mine, theirs] = await both(async (implementation) => {
      const exporter = new stock.InMemoryMetricExporter(stock.AggregationTemporality.CUMULATIVE);
      const reader = new stock.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
      const provider = providerOf(implementation, reader, false);
      recordEverything(provider);
      await provider.forceFlush();
      const first = JSON.stringify(exporter.getMetrics()[0]!.scopeMetrics);
      provider.getMeter('second').createCounter('other').add(100);
      await provider.forceFlush();
      expect(JSON.stringify(exporter.getMetrics()[0]!.scopeMetrics)).toBe(first);
      await provider.shutdown();
      return first;
    });
    expect(mine).toBe(theirs);
  });

  test.each(['http', 'grpc'])('OTLP over %s sends the same payload', async (transport) => {
    const receiver = transport === 'http' ? await httpReceiver() : await grpcReceiver();
    try {
      const [mine, theirs] = await both(async (implementation) => {
        const url = `http://127.0.0.1:${receiver.port}`;
        const exporter =
          transport === 'http' ? new ProtoExporter({ url: `${url}/v1/metrics` }) : new GrpcExporter({ url });
        return exportedBy(implementation, receiver, exporter);
      });
      expect(mine.length).toBeGreaterThan(1000);
      expect(mine).toBe(theirs);
    } finally {
      receiver.close();
    }
  });
});

describe('changing the path of an import statement', () => {
  /** Ours on purpose; everything else is the SDK's own. */
  const OURS = [
    'MeterProvider',
    'TimeoutError',
    'createAllowListAttributesProcessor',
    'createDenyListAttributesProcessor',
  ];

  test('finds every name that the SDK exports', () => {
    expect(Object.keys(nanometer)).toEqual(expect.arrayContaining(Object.keys(stock)));
    expect(Object.keys(stock).length).toBeGreaterThan(10);
  });

  test.each(Object.keys(stock).filter((name) => !OURS.includes(name)))('gives the same %s', (name) => {
    expect(Reflect.get(nanometer, name)).toBe(Reflect.get(stock, name));
  });

  test('keeps `instanceof TimeoutError` true for what the SDK and what this package throws', async () => {
    class SlowReader extends nanometer.MetricReader {
      protected override async onForceFlush(): Promise<void> {
        await new Promise(() => {});
      }
      protected override async onShutdown(): Promise<void> {}
    }
    const thrown = await new SlowReader().forceFlush({ timeoutMillis: 1 }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(stock.TimeoutError);
    expect(thrown).toBeInstanceOf(nanometer.TimeoutError);
    const own = await withTimeout(new Promise(() => {}), 1, 'nothing').catch((error: unknown) => error);
    expect(own).toBeInstanceOf(nanometer.TimeoutError);
    expect(new Error('TimeoutError')).not.toBeInstanceOf(nanometer.TimeoutError);
    expect(null).not.toBeInstanceOf(nanometer.TimeoutError);
  });

  test('loads the SDK with the main entry, never with that of worker threads', () => {
    const program = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      const sdk = () => loaded.filter((url) => url.includes('/sdk-metrics/')).length > 0;
      await import('@nanometer/metrics/worker');
      const withWorker = sdk();
      await import('@nanometer/metrics');
      console.log(JSON.stringify([loaded.some((url) => url.includes('/meter-provider.')), withWorker, sdk()]));
    `;
    const args = ['--conditions=@nanometer/source', '--input-type=module', '--eval', program];
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    expect(JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }))).toEqual([true, false, true]);
  });
});

describe('constants that recording code carries', () => {
  test.each([
    ['InstrumentType', InstrumentType, stock.InstrumentType],
    ['AggregationTemporality', AggregationTemporality, stock.AggregationTemporality],
    ['DataPointType', DataPointType, stock.DataPointType],
    ['AggregationType', AggregationType, stock.AggregationType],
  ])('%s has the names and values of the SDK', (_name, mine, theirs) => {
    // The SDK's numeric enums also map back from value to name.
    const named = Object.entries(theirs).filter(([key]) => Number.isNaN(Number(key)));
    expect(Object.entries(mine)).toEqual(named);
  });

  test('type-check against the SDK and its readers', () => {
    const type: stock.InstrumentType = InstrumentType.COUNTER;
    const option: stock.AggregationOption = { type: AggregationType.SUM };
    const processor: stock.IAttributesProcessor = createAllowListAttributesProcessor([]);
    expect([type, option, processor.process({ a: 1 })]).toEqual(['COUNTER', { type: 2 }, {}]);
  });
});
