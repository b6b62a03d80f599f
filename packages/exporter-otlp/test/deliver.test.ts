import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { MeterProvider } from '@nanometer/metrics';
import { until } from '@nanometer/testing';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { OtlpExporter, type OtlpExporterOptions, OtlpReader } from '../src/index.ts';
import { folder } from './support/folder.ts';
import { droppedOf, metricsOf } from './support/metrics.ts';
import { grpcReceiver, httpReceiver, type Receiver } from './support/receiver.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const PROTOCOLS = ['grpc', 'http/protobuf'] as const;

async function receiverOf(protocol: (typeof PROTOCOLS)[number]): Promise<Receiver> {
  const receiver = protocol === 'grpc' ? await grpcReceiver() : await httpReceiver();
  closers.push(async () => receiver.close());
  return receiver;
}

function exporterTo(receiver: Receiver, options: OtlpExporterOptions = {}): OtlpExporter {
  const exporter = new OtlpExporter({ url: receiver.url, initialBackoffMillis: 1, maxBackoffMillis: 20, ...options });
  // What is held at the end is the test's doing.
  closers.push(async () => exporter.shutdown({ timeoutMillis: 0 }).catch(() => undefined));
  return exporter;
}

async function exported(exporter: OtlpExporter, metrics: ResourceMetrics): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    exporter.export(metrics, ({ error }) => (error === undefined ? resolve() : reject(error)));
  });
}

function balanced(exporter: OtlpExporter): boolean {
  const stats = exporter.stats();
  return stats.received === stats.forwarded + stats.held + droppedOf(stats);
}

describe.each(PROTOCOLS)('%s', (protocol) => {
  test.each(['on disk', 'in memory'])('what is exported %s arrives once, and a flush waits for it', async (where) => {
    const receiver = await receiverOf(protocol);
    const exporter = exporterTo(receiver, { protocol, ...(where === 'on disk' ? { directory: folder() } : {}) });
    for (let i = 0; i < 10; i++) await exported(exporter, metricsOf(i * 10, 10));
    await exporter.forceFlush();
    expect(receiver.points.size).toBe(100);
    expect([...receiver.points.values()].every((times) => times === 1)).toBe(true);
    expect(exporter.stats()).toMatchObject({ received: 100, forwarded: 100, held: 0, dropped: {}, retries: 0 });
    await exporter.shutdown();
  });

  test('an outage is waited out: nothing is lost, it is told once, and the next process sends what is left', async () => {
    const first = await receiverOf(protocol);
    const { port } = first;
    const directory = folder();
    const told: string[] = [];
    const options = {
      protocol,
      directory,
      onOutage: () => told.push('outage'),
      onRecovery: () => told.push('recovery'),
    };
    const exporter = exporterTo(first, options);
    await exported(exporter, metricsOf(0, 5));
    await exporter.forceFlush();
    await first.close();
    await exported(exporter, metricsOf(5, 5));
    await until('an attempt failed', () => exporter.stats().retries > 1);
    expect(exporter.stats()).toMatchObject({ received: 10, forwarded: 5, held: 5 });
    await expect(exporter.shutdown({ timeoutMillis: 1 })).rejects.toMatchObject({
      code: 'UNDELIVERED',
      held: 5,
      message: expect.stringContaining(directory),
    });
    expect(told).toEqual(['outage']);
    const second = protocol === 'grpc' ? await grpcReceiver(port) : await httpReceiver(port);
    closers.push(async () => second.close());
    const restarted = exporterTo(second, options);
    await restarted.ready();
    expect(restarted.stats()).toMatchObject({ received: 5, recovered: 5 });
    await restarted.forceFlush();
    expect(second.points.size).toBe(5);
    expect(restarted.stats()).toMatchObject({ forwarded: 5, held: 0 });
    await restarted.shutdown();
    expect(readdirSync(directory)).toEqual(['settled.json']);
  });

  test('a reader of @nanometer/metrics delivers what was recorded before the flush', async () => {
    const receiver = await receiverOf(protocol);
    const reader = new OtlpReader({ url: receiver.url, protocol, directory: folder() });
    const provider = new MeterProvider({ readers: [reader] });
    provider.getMeter('desk').createCounter('orders').add(3);
    await provider.forceFlush();
    expect(receiver.points.size).toBe(1);
    expect(balanced(reader.exporter)).toBe(true);
    await provider.shutdown();
  });
});
