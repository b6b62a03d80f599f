import { afterEach, describe, expect, test } from '@jest/globals';
import { createSocket, type Socket } from 'node:dgram';
import { StatsdExporter, type StatsdExporterOptions, StatsdReceiver } from '@nanometer/exporter-statsd';
import { until } from '@nanometer/testing';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { exported, histogramOf, sumsOf } from './support/metrics.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The lines that arrive at a UDP port. */
async function lineSink(): Promise<{ port: number; lines: string[] }> {
  const socket: Socket = createSocket('udp4');
  const lines: string[] = [];
  socket.on('message', (datagram) => lines.push(...datagram.toString('utf8').split('\n')));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return { port: socket.address().port, lines };
}

function exporterTo(options: StatsdExporterOptions): StatsdExporter {
  const made = new StatsdExporter({ onTrouble: () => {}, ...options });
  cleanups.push(() => made.shutdown().catch(() => {}));
  return made;
}

class ManualReader extends MetricReader {
  protected onForceFlush = (): Promise<void> => Promise.resolve();
  protected onShutdown = (): Promise<void> => Promise.resolve();
}

describe('DogStatsD protocol versions', () => {
  test('1.3 sends the container and the time of the point; a negative gauge is one line', async () => {
    const { port, lines } = await lineSink();
    const dogstatsd = { protocol: '1.3', containerId: 'abc', timestamps: true } as const;
    const exporter = exporterTo({ port, dogstatsd });
    const attributes = { k: 'v' };
    await exported(
      exporter,
      sumsOf({ value: 3, end: 1700000000, attributes }, { value: -2, name: 'pnl', monotonic: false, end: 1700000000 }),
    );
    await until('both are there', () => lines.length === 2);
    expect(lines).toEqual(['fills:3|c|#k:v|c:abc|T1700000000', 'pnl:-2|g|c:abc|T1700000000']);
  });

  test('1.1 packs sampled values of one rate into one line, 1.0 does not', async () => {
    for (const protocol of ['1.0', '1.1'] as const) {
      const { port, lines } = await lineSink();
      const exporter = exporterTo({ port, dogstatsd: { protocol }, histograms: 'samples' });
      await exported(exporter, histogramOf({ boundaries: [1, 2, 3], counts: [0, 4, 4, 0], end: 2, min: 1, max: 3 }));
      await until('all are there', () => lines.length === (protocol === '1.0' ? 2 : 1));
      expect(lines).toEqual(
        protocol === '1.0'
          ? ['latency:1.5|d|@0.25|#symbol:BTCUSDT', 'latency:2.5|d|@0.25|#symbol:BTCUSDT']
          : ['latency:1.5:2.5|d|@0.25|#symbol:BTCUSDT'],
      );
    }
  });

  test.each<StatsdExporterOptions>([
    { dialect: 'etsy', dogstatsd: {} },
    { dogstatsd: { protocol: '2.0' as '1.0' } },
    { dogstatsd: { protocol: '1.1', containerId: 'a' } },
    { dogstatsd: { protocol: '1.2', timestamps: true } },
    { dogstatsd: { protocol: '1.2', containerId: 'a|b' } },
    { backlog: 'keep' as 'drop' },
    { unconfirmed: 'keep' as 'drop' },
    { histograms: 'buckets' as 'samples' },
    { samplesPerLine: 0 },
  ])('refuses %j', (options) => {
    expect(() => new StatsdExporter(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe('sampled histograms', () => {
  test('are timers in milliseconds where only timers exist, and a summary where the unit is no time', async () => {
    const { port, lines } = await lineSink();
    const exporter = exporterTo({ port, dialect: 'etsy', histograms: 'samples' });
    await exported(
      exporter,
      histogramOf({ boundaries: [1, 2], counts: [0, 49, 0], end: 2, unit: 's', min: 1, max: 2 }),
    );
    await until('they are there', () => lines.length === 2);
    expect(lines).toEqual([`latency.symbol.BTCUSDT:1500|ms|@${1 / 48}`, 'latency.symbol.BTCUSDT:1500|ms']);
    await exported(
      exporter,
      histogramOf({ boundaries: [1, 2], counts: [0, 49, 0], end: 2, unit: 'By', min: 1, max: 2 }),
    );
    await until('the summary is there', () => lines.includes('latency.count.symbol.BTCUSDT:49|c'));
  });

  test('a timer below zero is dropped and counted', async () => {
    const { port } = await lineSink();
    const exporter = exporterTo({ port, dialect: 'graphite', histograms: 'samples' });
    await exported(exporter, histogramOf({ boundaries: [-2, -1], counts: [0, 3, 0], end: 2, unit: 'ms' }));
    expect(exporter.stats().pointsDropped.unsupported).toBe(1);
  });

  test('what an outage held arrives with the count exact, in as many lines as there are buckets', async () => {
    const server = new StatsdReceiver({ transport: 'tcp' });
    const { port } = await server.start();
    await server.close();
    const exporter = exporterTo({ transport: 'tcp', port, histograms: 'samples' });
    const boundaries = [1, 2];
    for (let end = 2; end <= 20; end++) {
      const counts = [end * 3, end * 5, end];
      expect(await exported(exporter, histogramOf({ boundaries, counts, end, min: 0, max: 3 }))).toBeDefined();
    }
    const back = new StatsdReceiver({ transport: 'tcp', port });
    await back.start();
    cleanups.push(() => back.close());
    await exporter.forceFlush();
    expect(back.timers()).toMatchObject([{ count: 20 * 9 }]);
    expect(back.lineCount).toBeLessThanOrEqual(6);
  });
});

describe('backlog', () => {
  test('is summarised into the next increment, or dropped by its cause', async () => {
    for (const backlog of ['summarise', 'drop'] as const) {
      const server = new StatsdReceiver({ transport: 'tcp' });
      const { port } = await server.start();
      await server.close();
      const exporter = exporterTo({ transport: 'tcp', port, backlog });
      await exported(exporter, sumsOf({ value: 3 }));
      await exported(exporter, sumsOf({ value: 5, end: 3 }));
      expect(exporter.stats()).toMatchObject(
        backlog === 'drop' ? { pointsHeld: 0, pointsDropped: { refused: 2 } } : { pointsHeld: 2 },
      );
      const back = new StatsdReceiver({ transport: 'tcp', port });
      await back.start();
      cleanups.push(() => back.close());
      await exported(exporter, sumsOf({ value: 6, end: 4 }));
      expect(back.counter('fills')).toBe(backlog === 'drop' ? 1 : 6);
      expect(back.lineCount).toBe(1);
    }
  });

  test('what is held at the end is dropped as closed, and what comes later too', async () => {
    const server = new StatsdReceiver({ transport: 'tcp' });
    const { port } = await server.start();
    await server.close();
    const exporter = exporterTo({ transport: 'tcp', port });
    await exported(exporter, sumsOf({ value: 3 }));
    await expect(exporter.shutdown()).rejects.toMatchObject({ code: 'SEND_FAILED' });
    await exported(exporter, sumsOf({ value: 4, end: 3 }));
    const { points, pointsForwarded, pointsHeld, pointsDropped } = exporter.stats();
    expect({ points, pointsForwarded, pointsHeld }).toEqual({ points: 2, pointsForwarded: 0, pointsHeld: 0 });
    expect(pointsDropped.closed).toBe(2);
  });
});

test('the sum of a histogram that starts over without saying so starts over with the count', async () => {
  const server = new StatsdReceiver({ transport: 'tcp' });
  const { port } = await server.start();
  cleanups.push(() => server.close());
  const exporter = exporterTo({ transport: 'tcp', port });
  const boundaries = [1];
  await exported(exporter, histogramOf({ boundaries, counts: [5, 0], end: 2, sum: -4 }));
  await exported(exporter, histogramOf({ boundaries, counts: [2, 0], end: 3, sum: -7 }));
  await exported(exporter, histogramOf({ boundaries, counts: [3, 0], end: 4, sum: 1 }));
  expect([server.counter('latency.count'), server.counter('latency.sum')]).toEqual([8, -3]);
});

test('a series that comes twice in one export counts once', async () => {
  const { port } = await lineSink();
  const exporter = exporterTo({ port });
  await exported(exporter, sumsOf({ value: 3 }, { value: 3 }));
  expect(exporter.stats()).toMatchObject({ points: 2, pointsForwarded: 1, pointsDropped: { duplicate_point: 1 } });
});

test('frozen attribute objects are recognised, and one that changes is not taken for what it was', async () => {
  const server = new StatsdReceiver({ transport: 'tcp' });
  const { port } = await server.start();
  cleanups.push(() => server.close());
  const exporter = exporterTo({ transport: 'tcp', port });
  const frozen = Object.freeze({ symbol: 'A' });
  const mutable = { symbol: 'B' };
  await exported(exporter, sumsOf({ value: 1, attributes: frozen }, { value: 2, attributes: mutable }));
  mutable.symbol = 'C';
  await exported(exporter, sumsOf({ value: 5, end: 3, attributes: frozen }, { value: 9, end: 3, attributes: mutable }));
  expect(['A', 'B', 'C'].map((symbol) => server.counter('fills', { symbol }))).toEqual([5, 2, 9]);
});

test('the exporter’s own account is a metric, until it is shut down', async () => {
  const reader = new ManualReader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  const { port } = await lineSink();
  const exporter = exporterTo({ port, meterProvider });
  await exported(exporter, sumsOf({ value: 3 }, { value: Number.NaN, name: 'g', monotonic: false }));
  const read = async (): Promise<[string, unknown, unknown][]> => {
    const { resourceMetrics } = await reader.collect();
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ value, attributes }): [string, unknown, unknown] => [descriptor.name, value, attributes]),
      ),
    );
  };
  expect(await read()).toEqual([
    ['nanometer.statsd.point.received', 2, {}],
    ['nanometer.statsd.point.forwarded', 1, {}],
    ['nanometer.statsd.point.held', 0, {}],
    ['nanometer.statsd.point.dropped', 1, { 'nanometer.drop.cause': 'non_finite' }],
  ]);
  await exporter.shutdown();
  await exported(exporter, sumsOf({ value: 4 }));
  expect(exporter.stats().points).toBe(3);
  expect((await read())[0]).toEqual(['nanometer.statsd.point.received', 2, {}]);
});
