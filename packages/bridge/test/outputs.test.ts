import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bridge } from '@nanometer/bridge';
import { LiveClient } from '@nanometer/live/client';
import { AggregationTemporality, MeterProvider, type PushMetricExporter } from '@nanometer/metrics';
import { until } from '@nanometer/testing';
import { OTLPMetricExporter as GrpcExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as ProtoExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationType,
  MeterProvider as StockProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { atEnd, cleanUp, FAN_OUTS, post, scrape, serveBy, startBridge } from './support/bridge.ts';
import { parseExposition, sampleOf } from './support/exposition.ts';
import { type MetricInput, request } from './support/otlp.ts';
import { NEVER, receiver, sum, counter, absentPort } from './support/outputs.ts';

afterEach(cleanUp);

async function liveClient(bridge: Bridge): Promise<LiveClient> {
  const client = new LiveClient({ url: bridge.addresses.live });
  atEnd(() => client.close());
  await client.connect();
  return client;
}

const MARK = 0x0102030405060708n;

/** Where a 64-bit number stands, so that a request is encoded once and sent with many times. */
function offsetsOf(body: Buffer, mark: bigint): number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(mark);
  const offsets: number[] = [];
  for (let at = body.indexOf(bytes); at >= 0; at = body.indexOf(bytes, at + 8)) offsets.push(at);
  return offsets;
}

describe('what an SDK records', () => {
  const providers = { '@nanometer/metrics': MeterProvider, 'sdk-metrics': StockProvider };
  const exporters: Record<string, (bridge: Bridge) => PushMetricExporter> = {
    gRPC: ({ addresses }) => new GrpcExporter({ url: `http://${addresses.otlpGrpc}` }) as PushMetricExporter,
    HTTP: ({ addresses }) => new ProtoExporter({ url: `${addresses.otlpHttp}/v1/metrics` }) as PushMetricExporter,
    'HTTP, gzip': ({ addresses }) =>
      new ProtoExporter({
        url: `${addresses.otlpHttp}/v1/metrics`,
        compression: 'gzip' as never,
      }) as PushMetricExporter,
    'gRPC, delta': ({ addresses }) =>
      new GrpcExporter({
        url: `http://${addresses.otlpGrpc}`,
        temporalityPreference: AggregationTemporality.DELTA as never,
      }) as PushMetricExporter,
  };
  const cases = Object.keys(providers).flatMap((sdk) => Object.keys(exporters).map((how) => [sdk, how] as const));

  test.each(cases)(
    'with %s over %s ends with equal totals in Prometheus, StatsD and the live stream',
    async (sdk, how) => {
      const statsd = await receiver();
      const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
      const live = await liveClient(bridge);
      const reader = new PeriodicExportingMetricReader({
        exporter: exporters[how]!(bridge),
        exportIntervalMillis: NEVER,
      });
      const provider = new providers[sdk as keyof typeof providers]({
        resource: resourceFromAttributes({ 'service.name': 'desk', 'service.instance.id': '1', 'host.name': 'box' }),
        readers: [reader as never],
        views: [
          {
            instrumentName: 'slippage',
            aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 160, recordMinMax: true } },
          } as never,
        ],
      });
      atEnd(() => provider.shutdown());
      const meter = provider.getMeter('desk', '1.0');
      const fees = meter.createCounter('fee', { unit: 'USDT' });
      const position = meter.createUpDownCounter('position');
      const level = meter.createGauge('level');
      const latency = meter.createHistogram('latency', {
        unit: 's',
        advice: { explicitBucketBoundaries: [0.001, 0.01] },
      });
      const slippage = meter.createHistogram('slippage');
      let feeTotal = 0;
      for (let round = 1; round <= 3; round++) {
        for (let index = 0; index < 50; index++) {
          fees.add(0.1, { side: index % 2 === 0 ? 'buy' : 'sell' });
          feeTotal += 0.1;
          latency.record(index / 1000);
          slippage.record(index);
        }
        position.add(-2);
        level.record(round - 2.5);
        await provider.forceFlush();
        await bridge.flush();
      }
      await until('StatsD has all', () => statsd.counter('latency.count') === 150);

      const text = await scrape(bridge);
      const labels = { job: 'desk', instance: '1', otel_scope_name: 'desk' };
      for (const side of ['buy', 'sell']) {
        expect(sampleOf(text, 'fee_USDT_total', { ...labels, side })).toBeCloseTo(feeTotal / 2, 9);
        expect(statsd.counter('fee', { side, 'service.name': 'desk' })).toBeCloseTo(feeTotal / 2, 9);
      }
      const groups = (await live.total('fee', { groupBy: 'side' })).groups;
      expect(groups['buy']).toBeCloseTo(feeTotal / 2, 9);
      expect(sampleOf(text, 'position', labels)).toBe(-6);
      expect(statsd.gauge('position')).toBe(-6);
      expect((await live.total('position')).total).toBe(-6);
      expect(sampleOf(text, 'level', labels)).toBe(0.5);
      expect(statsd.gauge('level')).toBe(0.5);
      expect(sampleOf(text, 'latency_seconds_bucket', { le: '0.001' })).toBe(6);
      expect(sampleOf(text, 'latency_seconds_count')).toBe(150);
      expect((await live.total('latency', { field: 'count' })).total).toBe(150);
      expect(sampleOf(text, 'slippage_sum')).toBe(3675);
      expect(statsd.counter('slippage.sum')).toBe(3675);
      expect(statsd.gauge('slippage.max')).toBe(49);
      expect((await live.total('slippage', { field: 'sum' })).total).toBe(3675);
      expect(statsd.badLines).toEqual([]);
      const { outputs, receivedBy } = bridge.stats();
      for (const ledger of Object.values(outputs)) {
        expect(ledger).toMatchObject({ received: receivedBy.grpc + receivedBy.http, held: 0, dropped: {} });
        expect(sum(ledger)).toBe(ledger.received);
      }
    },
  );
});

describe.each(FAN_OUTS)('the live stream, served %s,', (fanOut) => {
  beforeEach(() => serveBy(fanOut));

  test('has the percentiles of a recent window, and none when nothing was recorded in it', async () => {
    const bridge = await startBridge({ percentileWindowMillis: 1000 });
    const client = await liveClient(bridge);
    const histogram = (seconds: number, counts: number[]): Buffer =>
      request([
        {
          name: 'latency',
          histogram: [
            {
              count: counts.reduce((a, b) => a + b),
              sum: 1,
              bounds: [1, 2, 3],
              counts,
              start: 1_000_000_000n,
              time: BigInt(seconds) * 1_000_000_000n,
            },
          ],
        },
      ]);
    const p50 = async (): Promise<number> => (await client.total('latency', { field: 'p50' })).total;
    await post(bridge, histogram(2, [10, 0, 0, 0]));
    await bridge.flush();
    expect(await p50()).toBeCloseTo(0.5);
    await post(bridge, histogram(3, [10, 0, 10, 0]));
    await bridge.flush();
    expect(await p50()).toBeCloseTo(2.5);
    await post(bridge, histogram(10, [10, 0, 10, 0]));
    await bridge.flush();
    expect(await p50()).toBeNaN();
  });

  test('two metrics that are one series there: the second is a collision', async () => {
    const bridge = await startBridge();
    await post(bridge, request([{ name: 'a', gauge: [{ value: 1 }] }], {}, { name: 'x' }));
    await post(bridge, request([{ name: 'a', gauge: [{ value: 2 }] }], {}, { name: 'y' }));
    expect(bridge.stats().outputs.live!.dropped).toEqual({ name_collision: 1 });
    expect(bridge.stats().outputs.prometheus!.dropped).toEqual({});
    expect((await (await liveClient(bridge)).total('a')).total).toBe(1);
  });

  test('carries the bridge’s own numbers, which those of another bridge do not disturb', async () => {
    const bridge = await startBridge();
    await post(bridge, request([{ name: 'nanometer.bridge.series.active', sum: [{ value: 99 }] }]));
    const client = await liveClient(bridge);
    const own = { attributes: { 'service.name': 'nanometer-bridge' } };
    await until(
      'they are published',
      async () => (await client.total('nanometer.bridge.series.active', own)).total === 1,
    );
    expect((await client.total('nanometer.bridge.series.active')).total).toBe(100);
    const text = await scrape(bridge);
    parseExposition(text);
    expect(sampleOf(text, 'nanometer_bridge_series_active')).toBe(1);
    expect(bridge.stats().outputs.prometheus!.dropped).toEqual({ type_conflict: 1 });
  });

  test('a reader that does not read holds up nobody: its frames are put off, others go on', async () => {
    const bridge = await startBridge();
    const { port, hostname } = new URL(bridge.addresses.page);
    const slow = connect(Number(port), hostname);
    atEnd(() => slow.destroy());
    slow.on('error', () => {});
    const key = Buffer.alloc(16, 1).toString('base64');
    slow.write(
      `GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    await once(slow, 'data');
    const text = Buffer.from('{"type":"subscribe","id":1,"names":["*"]}');
    // A masked text frame; a mask of zeros changes nothing.
    slow.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
    slow.pause();
    await until('it is subscribed', () => bridge.stats().live.subscriptions === 1);
    const quick = await liveClient(bridge);
    const body = request([
      {
        name: 'wide',
        gauge: Array.from({ length: 9000 }, (_, n) => ({ value: 1, time: MARK, attributes: { n: BigInt(n) } })),
      },
    ]);
    const timesAt = offsetsOf(body, MARK);
    expect(timesAt).toHaveLength(9000);
    let time = 0n;
    await until('frames are put off', async () => {
      time++;
      for (const at of timesAt) body.writeBigUInt64LE(time, at);
      expect((await post(bridge, body)).status).toBe(200);
      return bridge.stats().live.framesConflated > 0;
    });
    expect((await quick.total('wide')).total).toBe(9000);
    expect(sum(bridge.stats().outputs.live!)).toBe(bridge.stats().outputs.live!.received);
  });

  test('closing sends the last values, says goodbye, and does not wait for clients to leave', async () => {
    const bridge = await startBridge();
    const statuses: string[] = [];
    const client = new LiveClient({
      url: bridge.addresses.live,
      onStatus: ({ state, reason }) => statuses.push(`${state} ${reason ?? ''}`),
    });
    atEnd(() => client.close());
    await client.connect();
    await client.subscribe({ names: ['*'] }).ready;
    await post(bridge, request([counter(8, 1n)]));
    await bridge.close();
    await until('the client knows', () => client.status.state === 'waiting');
    const [id] = client.store.idsOf('fills');
    expect(client.store.values[id!]).toBe(8);
    const received = client.store.idsOf('nanometer.bridge.point.received').map((own) => client.store.values[own]);
    expect(received).toContain(1);
  });
});

test('received = forwarded + held + dropped for every output, whatever was sent and whenever it is asked', async () => {
  const bridge = await startBridge({ seriesLimit: 6, statsd: { port: await absentPort(), flushIntervalMillis: 1 } });
  const metric = fc
    .record({
      name: fc.constantFrom('', 'a', 'a.b', 'a_b', 'h'),
      kind: fc.constantFrom('gauge', 'sum', 'histogram', 'summary'),
      value: fc.double(),
      time: fc.bigInt({ min: 0n, max: 9n }),
      start: fc.bigInt({ min: 0n, max: 2n }),
      monotonic: fc.boolean(),
      temporality: fc.constantFrom(0, 1, 2),
      side: fc.constantFrom('buy', 'sell', 'x'.repeat(2000)),
    })
    .map(({ name, kind, value, time, start, monotonic, temporality, side }): MetricInput => {
      const common = { time, start, attributes: { side } };
      const point = kind === 'histogram' ? { ...common, count: 1, sum: value } : { ...common, value };
      return { name, monotonic, temporality, [kind]: kind === 'summary' ? 1 : [point] };
    });
  await fc.assert(
    fc.asyncProperty(fc.array(metric, { maxLength: 8 }), fc.boolean(), async (metrics, mangled) => {
      const body = request(metrics);
      await post(bridge, mangled ? body.subarray(0, -1) : body);
      const { outputs, receivedBy } = bridge.stats();
      for (const ledger of Object.values(outputs)) {
        expect(ledger.received).toBe(receivedBy.http);
        expect(sum(ledger)).toBe(ledger.received);
      }
      parseExposition(await scrape(bridge));
    }),
    { numRuns: 150 },
  );
  await bridge.close();
  const { statsd } = bridge.stats().outputs;
  expect(statsd!.held).toBe(0);
  expect(sum(statsd!)).toBe(statsd!.received);
});
