import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from '@jest/globals';
import { InfraInstrumentation, type InfraInstrumentationOptions, InfraOptionError, VERSION } from '@nanometer/infra';
import { MeterProvider as OwnMeterProvider } from '@nanometer/metrics';
import { until } from '@nanometer/testing';
import { type MeterProvider, metrics } from '@opentelemetry/api';
import * as sdk from '@opentelemetry/sdk-metrics';

type ProviderClass = new (options: { readers: sdk.IMetricReader[] }) => MeterProvider;

const SDKS: readonly (readonly [string, ProviderClass])[] = [
  ['the stock SDK', sdk.MeterProvider],
  ['@nanometer/metrics', OwnMeterProvider],
];

const started: InfraInstrumentation[] = [];

afterEach(() => {
  for (const infra of started.splice(0)) infra.stop();
});

function setUp(Provider: ProviderClass, options: InfraInstrumentationOptions = {}) {
  const exporter = new sdk.InMemoryMetricExporter(sdk.AggregationTemporality.CUMULATIVE);
  const reader = new sdk.PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  const meterProvider = new Provider({ readers: [reader] });
  const infra = new InfraInstrumentation({ meterProvider, eventLoopPrecisionMs: 1, ...options });
  started.push(infra);
  /** Values of every series by metric name; metrics without a series are left out. */
  const collect = async (): Promise<Map<string, unknown[]>> => {
    exporter.reset();
    await reader.forceFlush();
    const found = exporter.getMetrics().flatMap((part) => part.scopeMetrics.flatMap((scope) => scope.metrics));
    const recorded = found.filter((metric) => metric.dataPoints.length > 0);
    return new Map(recorded.map((metric) => [metric.descriptor.name, metric.dataPoints.map(({ value }) => value)]));
  };
  return { infra, collect, meterProvider };
}

/** Makes the garbage collector run, wherever the tests were started without a way to ask for it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('records machine, process and runtime under their standard names', async () => {
    const { infra, collect } = setUp(Provider);
    infra.start();
    const expected = [
      'system.cpu.time',
      'system.cpu.utilization',
      'system.memory.usage',
      'system.memory.utilization',
      'process.cpu.time',
      'process.cpu.utilization',
      'process.memory.usage',
      'nodejs.eventloop.utilization',
      'nodejs.eventloop.time',
      'nodejs.eventloop.delay.p50',
      'nodejs.eventloop.delay.p99',
      'nodejs.eventloop.delay.max',
      'v8js.memory.heap.used',
      'v8js.memory.heap.space.size',
      'v8js.gc.duration',
    ];
    const seen = new Set<string>();
    await until('every metric has been seen', async () => {
      collectGarbage();
      for (const name of (await collect()).keys()) seen.add(name);
      return expected.every((name) => seen.has(name));
    });
    expect([...seen]).toEqual(expect.arrayContaining(expected));
    // Asked for, never by default: each collection would start a shell.
    expect([...seen].filter((name) => name.startsWith('system.network'))).toEqual([]);
  });

  test('numbers make sense: this process has memory, a heap and time on its event loop', async () => {
    const { infra, collect } = setUp(Provider);
    infra.start();
    const found = await collect();
    expect(found.get('process.memory.usage')![0]).toBeGreaterThan(10_000_000);
    expect(Math.max(...(found.get('v8js.memory.heap.used') as number[]))).toBeGreaterThan(1_000_000);
    expect(Math.max(...(found.get('nodejs.eventloop.time') as number[]))).toBeGreaterThan(0);
  });

  test('records nothing before start, nothing new after stop, and goes on after another start', async () => {
    const { infra, collect } = setUp(Provider, { hostGroups: ['process.cpu'] });
    expect((await collect()).size).toBe(0);
    infra.start();
    infra.start();
    const first = await collect();
    infra.stop();
    infra.stop();
    // An SDK may go on to report the last value of what is no longer observed; it must not move.
    const stopped = await collect();
    for (const [name, values] of stopped) if (name !== 'v8js.gc.duration') expect(values).toEqual(first.get(name));
    infra.start();
    const again = await collect();
    const total = (found: Map<string, unknown[]>): number =>
      (found.get('nodejs.eventloop.time') as number[]).reduce((sum, seconds) => sum + seconds, 0);
    expect(total(again)).toBeGreaterThan(total(first));
    expect([...again.keys()].filter((name) => name.startsWith('process.'))).toEqual([
      'process.cpu.time',
      'process.cpu.utilization',
    ]);
    // Started twice, registered once: a series per state, user and system.
    expect(again.get('process.cpu.time')).toHaveLength(2);
  });

  test('records only what it is asked for', async () => {
    const memory = setUp(Provider, { hostGroups: ['process.memory'], runtime: false });
    memory.infra.start();
    expect([...(await memory.collect()).keys()]).toEqual(['process.memory.usage']);
    const runtime = setUp(Provider, { hostGroups: [] });
    runtime.infra.start();
    expect([...(await runtime.collect()).keys()].filter((name) => /^(system|process)\./.test(name))).toEqual([]);
  });
});

test('the global provider is the default', async () => {
  const { collect, meterProvider } = setUp(sdk.MeterProvider);
  metrics.setGlobalMeterProvider(meterProvider);
  try {
    const infra = new InfraInstrumentation({ runtime: false });
    started.push(infra);
    infra.start();
    expect((await collect()).has('process.memory.usage')).toBe(true);
  } finally {
    metrics.disable();
  }
});

test.each<[string, InfraInstrumentationOptions]>([
  ['hostGroups has "system.disk"; known are system.cpu', { hostGroups: ['system.disk' as never] }],
  ['eventLoopPrecisionMs is 0', { eventLoopPrecisionMs: 0 }],
  ['eventLoopPrecisionMs is NaN', { eventLoopPrecisionMs: Number.NaN }],
])('an option out of range is an error that says so: %s', (words, options) => {
  expect(() => new InfraInstrumentation(options)).toThrow(InfraOptionError);
  expect(() => new InfraInstrumentation(options)).toThrow(words);
});

test('exports these names', async () => {
  const names = Object.keys(await import('@nanometer/infra')).sort();
  expect(names).toEqual(['InfraInstrumentation', 'InfraOptionError', 'VERSION']);
});

test('states the version of its package.json', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(VERSION).toBe(manifest.version);
});
