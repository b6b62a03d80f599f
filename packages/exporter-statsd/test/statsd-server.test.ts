import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  formatNumber,
  lineFrame,
  StatsdExporter,
  type StatsdDialect,
  StatsdReceiver,
  UdpSender,
} from '@nanometer/exporter-statsd';
import { until } from '@nanometer/testing';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdServer } from './support/statsd-server.ts';

// The npm `statsd` server is the oracle: what it says it holds, not what we think we sent.
let server: StatsdServer;

beforeAll(async () => {
  server = await StatsdServer.start();
});

afterAll(() => server.stop());

/** How the server spells a series of the dialect in its tables. */
function spelled(dialect: StatsdDialect, name: string, symbol: string): string {
  return dialect === 'etsy' ? `${name}.symbol.${symbol}` : `${name};symbol=${symbol}`;
}

describe('the real statsd server', () => {
  test.each(['etsy', 'dogstatsd', 'graphite'] as const)('holds in %s exactly what was recorded', async (dialect) => {
    const exporter = new StatsdExporter({ port: server.port, dialect, prefix: `${dialect}.` });
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader] });
    const meter = provider.getMeter('test');
    const fees = meter.createCounter('fees');
    const pnl = meter.createUpDownCounter('pnl');
    const latency = meter.createHistogram('latency');
    const exportedTotals = new Map<string, number>();
    const exportTo = exporter.export.bind(exporter);
    exporter.export = (metrics, done): void => {
      for (const { descriptor, dataPoints } of metrics.scopeMetrics[0]!.metrics) {
        exportedTotals.set(descriptor.name, dataPoints[0]!.value as number);
      }
      exportTo(metrics, done);
    };
    for (let round = 0; round < 20; round++) {
      for (let index = 0; index < 50; index++) {
        fees.add(0.1 + index * 1e-7, { symbol: 'BTCUSDT' });
        pnl.add(Math.cos(round * 50 + index) * 1e-6, { symbol: 'BTCUSDT' });
        latency.record(index / 1000, { symbol: 'BTCUSDT' });
      }
      await provider.forceFlush();
    }
    await provider.shutdown();
    const name = (metric: string): string => spelled(dialect, `${dialect}.${metric}`, 'BTCUSDT');
    await until(
      'all lines have arrived',
      async () => (await server.read('gauges'))[name('pnl')] === exportedTotals.get('pnl'),
    );
    const counters = await server.read('counters');
    expect(counters[name('fees')]).toBe(exportedTotals.get('fees'));
    expect(counters[name('latency.count')]).toBe(1000);
    expect((await server.read('gauges'))[name('latency.max')]).toBe(0.049);
    expect(counters['statsd.bad_lines_seen']).toBe(0);
  });

  test('reads every number we print as the same double, and so does our strict receiver', async () => {
    const strict = new StatsdReceiver({ dialect: 'etsy' });
    await strict.start();
    const values = [
      5e-324,
      1.7976931348623157e308,
      2 ** 53 - 1,
      2 ** 53 + 1,
      1e21,
      123456789e30,
      1e-7,
      -1e-300,
      -0.1,
      0,
      ...fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), { numRuns: 100, seed: 7 }),
    ];
    const senders = [server.port, strict.port].map((port) => new UdpSender({ port }));
    for (const [index, value] of values.entries()) {
      const frame = lineFrame('etsy', 'number', [['index', index]]);
      const bytes = Buffer.from(`${frame.head}:${formatNumber(value)}|c`);
      for (const sender of senders) sender.send({ bytes, lineCount: 1 });
    }
    await Promise.all(senders.map((sender) => sender.close()));
    const last = `number.index.${values.length - 1}`;
    await until('the last value has arrived', async () => last in (await server.read('counters')));
    await until('the strict receiver has them', () => strict.lineCount === values.length);
    const counters = await server.read('counters');
    for (const [index, value] of values.entries()) {
      expect(counters[`number.index.${index}`]! + 0).toBe(value + 0);
      expect(strict.counter(`number.index.${index}`) + 0).toBe(value + 0);
    }
    await strict.close();
  });

  test('takes a flush of 3,000 series without loss', async () => {
    // Some 70 datagrams: they fit into its socket buffer, so that none is lost however long it is kept from running.
    const exporter = new StatsdExporter({ port: server.port, prefix: 'wide.', seriesLimit: 3000 });
    const reader = new PeriodicExportingMetricReader({
      exporter,
      exportIntervalMillis: 3_600_000,
      cardinalityLimits: { default: 5000 },
    });
    const provider = new MeterProvider({ readers: [reader] });
    const counter = provider.getMeter('test').createCounter('fills');
    for (let index = 0; index < 3000; index++) counter.add(index + 1, { symbol: `S${index}` });
    await provider.shutdown();
    const arrived = async (): Promise<number[]> =>
      Object.entries(await server.read('counters')).flatMap(([key, value]) => (key.startsWith('wide.') ? [value] : []));
    await until('all have arrived', async () => (await arrived()).length === 3000);
    expect((await arrived()).reduce((a, b) => a + b, 0)).toBe((3000 * 3001) / 2);
  });
});
