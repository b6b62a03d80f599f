import { afterEach, describe, expect, test } from '@jest/globals';
import { createSocket } from 'node:dgram';
import {
  type StatsdError,
  StatsdExporter,
  StatsdReceiver,
  type StatsdDialect,
  UdpSender,
} from '@nanometer/exporter-statsd';
import { until } from '@nanometer/testing';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  DataPointType,
  InstrumentType,
  type MetricData,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function receiver(dialect: StatsdDialect = 'dogstatsd'): Promise<StatsdReceiver> {
  const made = new StatsdReceiver({ dialect });
  await made.start();
  cleanups.push(() => made.close());
  return made;
}

function exporterTo(port: number, options: ConstructorParameters<typeof StatsdExporter>[0] = {}): StatsdExporter {
  const made = new StatsdExporter({ port, onTrouble: () => {}, ...options });
  cleanups.push(() => made.shutdown().catch(() => {}));
  return made;
}

function exported(exporter: StatsdExporter, metrics: ResourceMetrics): Promise<Error | undefined> {
  return new Promise((resolve) => {
    exporter.export(metrics, (result) => resolve(result.error));
  });
}

function sums(
  value: number,
  options: { start?: number; end?: number; monotonic?: boolean; name?: string; temporality?: number } = {},
): ResourceMetrics {
  const {
    start = 1,
    end = start + 1,
    monotonic = true,
    name = 'fills',
    temporality = AggregationTemporality.CUMULATIVE,
  } = options;
  const metric: MetricData = {
    descriptor: { name, description: '', unit: '', valueType: 1 },
    aggregationTemporality: temporality,
    dataPointType: DataPointType.SUM,
    isMonotonic: monotonic,
    dataPoints: [{ startTime: [start, 0], endTime: [end, 0], attributes: { symbol: 'BTCUSDT' }, value }],
  };
  return { resource: resourceFromAttributes({}), scopeMetrics: [{ scope: { name: 'test' }, metrics: [metric] }] };
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

describe('with the stock SDK', () => {
  test.each(['etsy', 'dogstatsd', 'influx', 'graphite'] as const)('every instrument arrives in %s', async (dialect) => {
    const server = await receiver(dialect);
    const exporter = exporterTo(server.port, { dialect, resourceAttributes: ['service.name'] });
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': 'desk' }),
      readers: [reader],
      views: [{ instrumentName: 'exp', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
    });
    const meter = provider.getMeter('test');
    const fills = meter.createCounter('fills');
    const pnl = meter.createUpDownCounter('pnl');
    const gauge = meter.createGauge('spread');
    const latency = meter.createHistogram('latency', { advice: { explicitBucketBoundaries: [1, 2, 4] } });
    const exponential = meter.createHistogram('exp');
    fills.add(3, { symbol: 'BTCUSDT' });
    fills.add(0.5, { symbol: 'ETHUSDT' });
    pnl.add(-12.25, { symbol: 'BTCUSDT' });
    gauge.record(1e-7, { symbol: 'BTCUSDT' });
    for (const value of [1, 2, 3, 4]) latency.record(value);
    for (const value of [1, 2, 3, 4]) exponential.record(value);
    await provider.forceFlush();
    fills.add(2, { symbol: 'BTCUSDT' });
    pnl.add(20, { symbol: 'BTCUSDT' });
    for (const value of [4, 4, 4]) latency.record(value);
    await provider.shutdown();
    await until('all lines have arrived', () => server.lineCount === exporter.stats().sender.linesSent);

    expect(server.badLines).toEqual([]);
    const name = (metric: string, symbol?: string): string =>
      dialect === 'etsy' ? `${metric}.service_name.desk${symbol ? `.symbol.${symbol}` : ''}` : metric;
    const tags = (symbol?: string): Record<string, string> =>
      dialect === 'etsy' ? {} : { 'service.name': 'desk', ...(symbol ? { symbol } : {}) };
    expect(server.counter(name('fills', 'BTCUSDT'), tags('BTCUSDT'))).toBe(5);
    expect(server.counter(name('fills', 'ETHUSDT'), tags('ETHUSDT'))).toBe(0.5);
    expect(server.gauge(name('pnl', 'BTCUSDT'), tags('BTCUSDT'))).toBe(7.75);
    expect(server.gauge(name('spread', 'BTCUSDT'), tags('BTCUSDT'))).toBe(1e-7);
    expect(server.counter(name('latency.count'), tags())).toBe(7);
    expect(server.counter(name('latency.sum'), tags())).toBe(22);
    expect(server.gauge(name('latency.min'), tags())).toBe(1);
    expect(server.gauge(name('latency.max'), tags())).toBe(4);
    // Percentiles are of the last interval only: three values in (2, 4].
    expect(server.gauge(name('latency.p50'), tags())).toBe(3);
    expect(server.counter(name('exp.count'), tags())).toBe(4);
    expect(server.gauge(name('exp.p50'), tags())).toBeCloseTo(2, 1);
    const { points, pointsForwarded, pointsHeld, pointsDropped } = exporter.stats();
    expect(new Set(Object.values(pointsDropped))).toEqual(new Set([0]));
    expect([pointsForwarded, pointsHeld]).toEqual([points, 0]);
  });

  test('asks for cumulative temporality of every instrument', () => {
    for (const type of Object.values(InstrumentType)) {
      expect(exporterTo(1).selectAggregationTemporality(type)).toBe(AggregationTemporality.CUMULATIVE);
    }
  });
});

describe('counting', () => {
  test('a negative gauge is set, not changed by', async () => {
    const server = await receiver();
    const exporter = exporterTo(server.port);
    for (const value of [5, -3, -8, 0, -1]) await exported(exporter, sums(value, { monotonic: false }));
    await until('the last value has arrived', () => server.gauge('fills') === -1);
    expect(server.lineCount).toBe(8);
  });

  test('resets and increments in spite of the temporality asked for add up', async () => {
    const server = await receiver();
    const exporter = exporterTo(server.port);
    await exported(exporter, sums(10));
    await exported(exporter, sums(4, { start: 9 }));
    await exported(exporter, sums(3, { start: 9, end: 11 }));
    await exported(exporter, sums(7, { name: 'increments', temporality: AggregationTemporality.DELTA }));
    await exported(exporter, sums(7, { name: 'increments', start: 2, temporality: AggregationTemporality.DELTA }));
    await until('the sums are there', () => server.counter('fills') === 17 && server.counter('increments') === 14);
  });

  test('what has no StatsD form is dropped and counted, the rest goes out', async () => {
    const server = await receiver();
    const exporter = exporterTo(server.port, { mtuBytes: 64, seriesLimit: 3 });
    for (const value of [Number.NaN, Infinity, -Infinity])
      await exported(exporter, sums(value, { monotonic: false, name: 'g' }));
    await exported(exporter, sums(1, { name: 'n'.repeat(80) }));
    await exported(exporter, sums(2, { name: 'kept' }));
    await exported(exporter, sums(1, { name: 'one too many' }));
    await until('the good one is there', () => server.counter('kept') === 2);
    expect(exporter.stats()).toMatchObject({
      points: 6,
      pointsDropped: { non_finite: 3, line_too_long: 1, series_limit: 1, name_collision: 0 },
      seriesActive: 3,
    });
  });

  test('two gauges that escaping makes equal do not overwrite each other', async () => {
    const server = await receiver('graphite');
    const exporter = exporterTo(server.port, { dialect: 'graphite' });
    await exported(exporter, sums(1, { name: 'a b', monotonic: false }));
    await exported(exporter, sums(2, { name: 'a_b', monotonic: false }));
    await until('the first is there', () => server.gauge('a_b') === 1);
    expect(exporter.stats().pointsDropped.name_collision).toBe(1);
  });
});

describe('trouble', () => {
  test('a server that is absent, then there: exports fail, say so once, and nothing is lost', async () => {
    const port = await freePort();
    const troubles: StatsdError[] = [];
    const exporter = exporterTo(port, { onTrouble: (error) => troubles.push(error) });
    expect(await exported(exporter, sums(3))).toMatchObject({ code: 'SEND_FAILED' });
    expect(await exported(exporter, sums(5))).toMatchObject({ code: 'SEND_FAILED' });
    await expect(exporter.forceFlush()).rejects.toMatchObject({ code: 'SEND_FAILED' });
    expect(troubles).toHaveLength(1);
    expect(troubles[0]!.message).toContain(`127.0.0.1:${port}`);

    const server = new StatsdReceiver({ port });
    await server.start();
    cleanups.push(() => server.close());
    // The refusal of the last datagram can still surface once.
    await until('an export succeeds', async () => (await exported(exporter, sums(6))) === undefined);
    await exporter.forceFlush();
    await until('everything is there', () => server.counter('fills') === 6);
  });

  test('a host that does not resolve is counted', async () => {
    const exporter = exporterTo(8125, { host: 'does-not-exist.invalid' });
    expect(await exported(exporter, sums(3))).toMatchObject({ code: 'SEND_FAILED' });
    expect(exporter.stats().sender.packetsDropped.resolve_failed).toBe(1);
  });

  test('a queue that is full drops whole datagrams, counted, and the next export carries the counters', async () => {
    const server = await receiver();
    const exporter = exporterTo(server.port, { queueLimitBytes: 2000, mtuBytes: 1432 });
    const many = (value: number): ResourceMetrics => {
      const template = sums(value);
      const metrics = Array.from(
        { length: 200 },
        (_, index) => sums(value, { name: `m${index}` }).scopeMetrics[0]!.metrics[0]!,
      );
      return { ...template, scopeMetrics: [{ scope: { name: 'test' }, metrics }] };
    };
    expect(await exported(exporter, many(4))).toMatchObject({ code: 'SEND_FAILED' });
    const { packetsOffered, packetsSent, packetsDropped } = exporter.stats().sender;
    expect(packetsDropped.queue_full).toBeGreaterThan(0);
    expect(packetsOffered).toBe(packetsSent + packetsDropped.queue_full);
    await until('repeated exports bring everything', async () => (await exported(exporter, many(4))) === undefined);
    await until(
      'all have arrived',
      () => server.counters().length === 200 && server.counters().every(({ value }) => value === 4),
    );
  });

  test('after shutdown an export fails and shutdown can be called again', async () => {
    const server = await receiver();
    const exporter = exporterTo(server.port);
    await exported(exporter, sums(1));
    await exporter.shutdown();
    await exporter.shutdown();
    expect(await exported(exporter, sums(2))).toMatchObject({ code: 'CLOSED' });
  });

  test('options that cannot work are errors with a code', () => {
    for (const options of [
      { port: 0 },
      { port: 1.5 },
      { mtuBytes: 9 },
      { dialect: 'statsite' as StatsdDialect },
      { seriesLimit: 0 },
      { host: '' },
    ]) {
      expect(() => new StatsdExporter(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    }
  });

  test('a taken port is named', async () => {
    const server = await receiver();
    await expect(new StatsdReceiver({ port: server.port }).start()).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(String(server.port)),
    });
  });
});

describe('sender', () => {
  test('a flush of thousands of datagrams arrives whole over loopback', async () => {
    const server = await receiver();
    const sender = new UdpSender({ port: server.port });
    cleanups.push(() => sender.close());
    for (let index = 0; index < 3000; index++) {
      sender.send({ bytes: Buffer.from(`${'x'.repeat(1300)}:1|c`), lineCount: 1 });
    }
    await sender.drained();
    await until('all have arrived', () => server.packetCount === 3000);
    expect(sender.stats()).toMatchObject({
      packetsOffered: 3000,
      packetsSent: 3000,
      packetsWaiting: 0,
      linesSent: 3000,
    });
  });

  test('closing with discard drops what waits, counted', async () => {
    const server = await receiver();
    const sender = new UdpSender({ port: server.port, packetsPerSecond: 1 });
    for (let index = 0; index < 100; index++) sender.send({ bytes: Buffer.from('a:1|c'), lineCount: 1 });
    await sender.close({ discard: true });
    const { packetsOffered, packetsSent, packetsDropped } = sender.stats();
    expect(packetsOffered).toBe(100);
    expect(packetsSent + packetsDropped.closed).toBe(100);
    let failure: unknown;
    sender.send({ bytes: Buffer.from('a:1|c'), lineCount: 1 }, (cause) => (failure = cause));
    expect(failure).toBe('closed');
  });
});
