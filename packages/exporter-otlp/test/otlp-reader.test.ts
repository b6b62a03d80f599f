import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { MeterProvider as OwnProvider } from '@nanometer/metrics';
import { until } from '@nanometer/testing';
import { InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { OtlpReader } from '../src/index.ts';
import { LOG_FILES } from '../src/log/log-files.ts';
import { folder } from './support/folder.ts';
import { metricsOf } from './support/metrics.ts';
import type { Receiver } from './support/receiver.ts';
import { http, exporterTo, expectBalance } from './support/exporting.ts';

describe('OtlpReader', () => {
  test('keeps increments while the disk is full: nothing is lost and nothing counted twice', async () => {
    const receiver = await http();
    let isFull = false;
    const files = {
      ...LOG_FILES,
      open: async (...args: Parameters<typeof LOG_FILES.open>) => {
        const handle = await LOG_FILES.open(...args);
        const writev = handle.writev.bind(handle);
        handle.writev = (async (buffers: Uint8Array[], position: number) => {
          if (isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
          return writev(buffers, position);
        }) as never;
        return handle;
      },
    };
    const reader = new OtlpReader({
      protocol: 'http/protobuf',
      url: receiver.url,
      directory: folder(),
      files,
      temporalityPreference: 'delta',
    });
    const provider = new OwnProvider({ readers: [reader] });
    const counter = provider.getMeter('desk').createCounter('orders');
    counter.add(1);
    await provider.forceFlush();
    isFull = true;
    for (let i = 0; i < 5; i++) {
      counter.add(10);
      await expect(reader.forceFlush({ timeoutMillis: 20 })).rejects.toMatchObject({ code: 'UNDELIVERED' });
    }
    expect(reader.stats()).toMatchObject({ received: 2, forwarded: 1, held: 1, dropped: {} });
    isFull = false;
    await reader.forceFlush();
    expect(sumOf(receiver)).toBe(51);
    expect(reader.stats()).toMatchObject({ held: 0, dropped: {} });
    await provider.shutdown();
  });

  /** Sum of as_double of all points received. */
  function sumOf({ points }: Receiver): number {
    let sum = 0;
    for (const key of points.keys()) {
      const bytes = Buffer.from(key, 'hex');
      sum += bytes.readDoubleLE(bytes.indexOf(0x21, 20) + 1);
    }
    return sum;
  }

  test('pushes on its interval, measures itself, and keeps its account', async () => {
    const receiver = await http();
    const reader = new OtlpReader({
      protocol: 'http/protobuf',
      url: receiver.url,
      exportIntervalMillis: 5,
      directory: folder(),
    });
    const provider = new MeterProvider({ readers: [reader] });
    const memory = new InMemoryMetricExporter(1);
    const selfReader = new PeriodicExportingMetricReader({ exporter: memory, exportIntervalMillis: 2 ** 31 - 1 });
    const selfProvider = new MeterProvider({ readers: [selfReader] });
    reader.setSelfObsMeterProvider(selfProvider);
    provider.getMeter('desk').createGauge('position').record(5);
    await until('it was pushed three times', () => receiver.bodies.length > 2);
    await selfReader.forceFlush();
    const names = memory
      .getMetrics()
      .at(-1)!
      .scopeMetrics.flatMap(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name));
    expect([...names].sort()).toEqual(
      [
        'nanometer.otlp.byte.held',
        'nanometer.otlp.held.age',
        'nanometer.otlp.log.sync.duration',
        'nanometer.otlp.point.forwarded',
        'nanometer.otlp.point.held',
        'nanometer.otlp.point.received',
        'nanometer.otlp.request.retried',
        'otel.sdk.exporter.metric_data_point.exported',
        'otel.sdk.exporter.metric_data_point.inflight',
        'otel.sdk.exporter.operation.duration',
      ].sort(),
    );
    await provider.shutdown();
    expect(() => reader.setMetricProducer({} as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    await selfProvider.shutdown();
  });

  test('leaves collections out while the receiver is behind, and a flush still delivers the latest totals', async () => {
    const receiver = await http();
    receiver.otherwise = { status: 503 };
    const reader = new OtlpReader({
      protocol: 'http/protobuf',
      url: receiver.url,
      exportIntervalMillis: 1,
      collectBelowHeldPoints: 3,
      initialBackoffMillis: 1,
      maxBackoffMillis: 5,
    });
    const provider = new OwnProvider({ readers: [reader] });
    const counter = provider.getMeter('desk').createCounter('orders');
    counter.add(1);
    await until('many were left out', () => reader.collectionsLeftOut > 20);
    expect(reader.stats()).toMatchObject({ held: 3, forwarded: 0, dropped: {} });
    counter.add(41);
    receiver.otherwise = 'accept';
    await provider.forceFlush();
    const latest = [...receiver.points.keys()].map((key) => {
      const bytes = Buffer.from(key, 'hex');
      return bytes.readDoubleLE(bytes.indexOf(0x21, 20) + 1);
    });
    expect(Math.max(...latest)).toBe(42);
    expect(reader.stats()).toMatchObject({ held: 0, dropped: {} });
    await provider.shutdown();
  });

  test('shutdown says what it could not deliver, and again says the same', async () => {
    const receiver = await http();
    receiver.otherwise = { status: 503 };
    const reader = new OtlpReader({ protocol: 'http/protobuf', url: receiver.url });
    const provider = new MeterProvider({ readers: [reader] });
    provider.getMeter('desk').createCounter('orders').add(1);
    const expected = { code: 'UNDELIVERED', held: 1, message: expect.stringMatching(/in memory.*503/) };
    await expect(reader.shutdown({ timeoutMillis: 100 })).rejects.toMatchObject(expected);
    await expect(reader.shutdown()).rejects.toMatchObject(expected);
    expect(reader.stats()).toMatchObject({ received: 1, held: 0, dropped: { closed: 1 } });
    await expect(
      new Promise((resolve, reject) =>
        reader.exporter.export(metricsOf(0, 1), ({ error }) => (error ? reject(error) : resolve(0))),
      ),
    ).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

test('a process killed at random points loses nothing that an export has confirmed', async () => {
  const receiver = await http();
  const directory = folder();
  const confirmed = new Set<number>();
  const program = fileURLToPath(new URL('support/exporting-program.ts', import.meta.url));
  for (let life = 0; life < 4; life++) {
    // Away, slow to answer, or there: whatever the sender was doing when the process died.
    receiver.otherwise = life % 3 === 0 ? { status: 503 } : life % 3 === 1 ? 'hang' : 'accept';
    const child = fork(program, [receiver.url, directory, String(life * 100_000)], {
      execArgv: ['--conditions=@nanometer/source', '--disable-warning=ExperimentalWarning'],
    });
    let seen = 0;
    child.on('message', (index: number) => {
      confirmed.add(index);
      seen++;
    });
    await until('it has exported', () => seen > 20 + life * 7);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  receiver.otherwise = 'accept';
  const last = exporterTo(receiver, { directory });
  await last.forceFlush();
  const arrived = new Set(
    receiver.bodies.flatMap((body) => [...body.toString('latin1').matchAll(/point (\d+);/g)].map(([, n]) => Number(n))),
  );
  expect([...confirmed].filter((index) => !arrived.has(index))).toEqual([]);
  expect(confirmed.size).toBeGreaterThan(100);
  expect(last.stats().dropped).toEqual({});
  expectBalance(last);
});
