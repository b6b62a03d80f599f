import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bridge, OutputLedger } from '@nanometer/bridge';
import { StatsdReceiver } from '@nanometer/exporter-statsd';
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

afterEach(cleanUp);

// Long enough that only what a test asks for is flushed.
const NEVER = 3_600_000;

async function receiver(port = 0): Promise<StatsdReceiver> {
  const made = new StatsdReceiver({ port });
  await made.start();
  atEnd(() => made.close());
  return made;
}

async function liveClient(bridge: Bridge): Promise<LiveClient> {
  const client = new LiveClient({ url: bridge.addresses.live });
  atEnd(() => client.close());
  await client.connect();
  return client;
}

const sum = (ledger: OutputLedger): number =>
  ledger.forwarded + ledger.held + Object.values(ledger.dropped).reduce((a, b) => a + b, 0);

const counter = (value: number, time: bigint, rest: object = {}): MetricInput => ({
  name: 'fills',
  sum: [{ value, time, ...rest }],
  monotonic: true,
});

/** A UDP port where nothing listens. */
async function absentPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
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

describe('StatsD', () => {
  test('a flush sends one state per changed series; what it supersedes counts with it', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
    for (let time = 1n; time <= 5n; time++) await post(bridge, request([counter(Number(time), time)]));
    expect(bridge.stats().outputs.statsd).toEqual({ received: 5, forwarded: 0, held: 5, dropped: {} });
    await bridge.flush();
    await until('it arrives', () => statsd.counter('fills') === 5);
    expect(statsd.lineCount).toBe(1);
    expect(bridge.stats().outputs.statsd).toEqual({ received: 5, forwarded: 5, held: 0, dropped: {} });
    await bridge.flush();
    expect(bridge.stats().statsd!.linesSent).toBe(1);
  });

  test('points sent again, late or from before a restart are counted once', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
    const send = async (value: number, start: bigint, time: bigint): Promise<void> => {
      await post(bridge, request([counter(value, time, { start })]));
      await bridge.flush();
    };
    await send(10, 1n, 10n);
    await send(10, 1n, 10n);
    await send(9, 1n, 9n);
    await send(4, 20n, 30n);
    await send(11, 1n, 40n);
    await send(5, 20n, 50n);
    await until('it arrives', () => statsd.counter('fills') === 15);
    expect(bridge.stats().outputs.statsd!.dropped).toEqual({ duplicate_point: 1, stale_point: 2 });
  });

  test('what a producer had counted before it restarted between two flushes is sent too, also of a histogram', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
    const send = (total: number, start: bigint, time: bigint): Promise<Response> =>
      post(
        bridge,
        request([
          counter(total, time, { start }),
          { name: 'pnl', histogram: [{ count: total, sum: -2 * total, start, time }] },
        ]),
      );
    await send(10, 1n, 10n);
    await bridge.flush();
    await send(13, 1n, 20n);
    await send(4, 30n, 31n);
    await send(2, 40n, 41n);
    await send(5, 40n, 42n);
    await bridge.flush();
    await until('it arrives', () => statsd.counter('pnl.sum') <= -44);
    const counted = ['fills', 'pnl.count', 'pnl.sum'].map((name) => statsd.counter(name));
    expect(counted).toEqual([22, 22, -44]);
    expect(bridge.stats().outputs.statsd).toEqual({ received: 10, forwarded: 10, held: 0, dropped: {} });
  });

  test('a count that falls under the same start begins a histogram’s sum anew too', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
    for (const [count, sum, time] of [
      [3, 30, 2n],
      [2, 5, 3n],
      [4, 9, 4n],
    ] as const) {
      await post(bridge, request([{ name: 'size', histogram: [{ count, sum, time }] }]));
      await bridge.flush();
    }
    await until('it arrives', () => statsd.counter('size.count') >= 7);
    expect([statsd.counter('size.count'), statsd.counter('size.sum')]).toEqual([7, 39]);
  });

  test.each([Number.NaN, Infinity, -Infinity])(
    'a total of %d is dropped, those before and behind it are sent',
    async (bad) => {
      const statsd = await receiver();
      const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
      await post(bridge, request([counter(3, 2n), { name: 'size', histogram: [{ count: 1, sum: 7, time: 2n }] }]));
      await post(bridge, request([counter(bad, 3n), { name: 'size', histogram: [{ count: 2, sum: bad, time: 3n }] }]));
      await bridge.flush();
      await until(
        'what was before it arrives',
        () => statsd.counter('fills') === 3 && statsd.counter('size.sum') === 7,
      );
      expect(statsd.counter('size.count')).toBe(2);
      expect(bridge.stats().outputs.statsd).toEqual({ received: 4, forwarded: 3, held: 0, dropped: { non_finite: 1 } });
      await post(bridge, request([counter(5, 4n), { name: 'size', histogram: [{ count: 3, sum: 8, time: 4n }] }]));
      await bridge.flush();
      await until('what is behind it arrives', () => statsd.counter('fills') === 5 && statsd.counter('size.sum') === 8);
    },
  );

  test('what has no StatsD form is dropped there, and only there', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER, mtuBytes: 100 } });
    const body = request([
      { name: 'a', gauge: [{ value: Number.NaN }] },
      { name: 'b', gauge: [{ value: Infinity }] },
      { name: 'c', gauge: [{ value: 1, attributes: { long: 'x'.repeat(200) } }] },
      { name: 'd', gauge: [{ value: 5e-324 }, { value: -5, attributes: { x: 1n } }] },
      {
        name: 'e',
        gauge: [
          { value: -0, attributes: { k: 'a|b' } },
          { value: 2, attributes: { k: 'a,b' } },
        ],
      },
    ]);
    await post(bridge, body);
    await bridge.flush();
    const { statsd: ledger, prometheus } = bridge.stats().outputs;
    // The smallest double takes 326 digits without an exponent.
    expect(ledger).toMatchObject({ forwarded: 2, held: 0 });
    expect(ledger!.dropped).toEqual({ non_finite: 2, line_too_long: 2, name_collision: 1 });
    expect(prometheus).toMatchObject({ forwarded: 7, dropped: {} });
    await until('it arrives', () => statsd.gauge('e') === 0);
    expect(statsd.gauge('d')).toBe(-5);
  });

  test('while no server listens points are held, said once; when it comes it gets the whole', async () => {
    const port = await absentPort();
    const bridge = await startBridge({ statsd: { port, flushIntervalMillis: NEVER } });
    await post(bridge, request([counter(3, 1n), { name: 'level', gauge: [{ value: 7 }] }]));
    await bridge.flush();
    await until('the refusal has come back', async () => {
      await post(bridge, request([counter(4, 2n)]));
      await bridge.flush();
      return bridge.troubles.length > 0;
    });
    const absent = bridge.stats().outputs.statsd!;
    expect(absent.held).toBeGreaterThan(0);
    expect(sum(absent)).toBe(absent.received);
    expect(bridge.troubles).toHaveLength(1);
    expect(bridge.troubles[0]).toContain(`nothing listens at the StatsD server 127.0.0.1:${port}`);
    const statsd = await receiver(port);
    await until('nothing is held', async () => {
      await post(bridge, request([counter(5, 3n)]));
      await bridge.flush();
      return bridge.stats().outputs.statsd!.held === 0;
    });
    await until('it arrives', () => statsd.counter('fills') === 5);
  });

  test('flushes asked for during a flush become one more, and each caller waits for its own points', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({
      statsd: { port: statsd.port, flushIntervalMillis: NEVER, packetsPerSecond: 50 },
    });
    // More datagrams than one burst: the first flush takes its time.
    const points = Array.from({ length: 1000 }, (_, n) => ({
      value: 1,
      attributes: { pad: 'x'.repeat(40), n: BigInt(n) },
    }));
    await post(bridge, request([{ name: 'wide', gauge: points }]));
    const first = bridge.flush();
    await post(bridge, request([counter(1, 1n)]));
    const others = Array.from({ length: 100 }, () => bridge.flush());
    expect(new Set(others).size).toBe(1);
    await first;
    await others[0];
    expect(bridge.stats().outputs.statsd).toMatchObject({ forwarded: 1001, held: 0 });
    await until('it arrives', () => statsd.counter('fills') === 1 && statsd.gauges().length === 1000);
  });

  test('closing sends what is held, and what no server takes is dropped as closed', async () => {
    const statsd = await receiver();
    const there = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
    await post(there, request([counter(3, 1n)]));
    await there.close();
    await until('it arrives', () => statsd.counter('fills') === 3);
    expect(there.stats().outputs.statsd).toEqual({ received: 1, forwarded: 1, held: 0, dropped: {} });

    const absent = await startBridge({ statsd: { host: 'name.invalid', flushIntervalMillis: NEVER } });
    await post(absent, request([counter(3, 1n)]));
    await absent.close();
    expect(absent.stats().outputs.statsd).toEqual({ received: 1, forwarded: 0, held: 0, dropped: { closed: 1 } });
    expect(absent.troubles[0]).toContain('name.invalid:8125 cannot be resolved or reached');
  });

  test('flushes by itself', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: 1, prefix: 'prod.' } });
    await post(bridge, request([counter(3, 1n)]));
    await until('it arrives', () => statsd.counter('prod.fills') === 3);
  });
});

const MARK = 0x0102030405060708n;

/** Where a 64-bit number stands, so that a request is encoded once and sent with many times. */
function offsetsOf(body: Buffer, mark: bigint): number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(mark);
  const offsets: number[] = [];
  for (let at = body.indexOf(bytes); at >= 0; at = body.indexOf(bytes, at + 8)) offsets.push(at);
  return offsets;
}

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
