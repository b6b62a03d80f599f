// Budgets: collecting and encoding 10,000 series, a fifth of them histograms of 15 bounds, all changed: < 3 ms and >= 2.5 x
// the stock path; taking such a batch into the log < 10 ms without the disk's own fsync; replay >= 200,000 points/s;
// recording costs <= 1.1 x while log, scrapes and pushes run.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureRuns } from '../harness/measure.js';
import { openPushed, SETS } from '../harness/pushed.js';
import { SERIES } from '../harness/scraped.js';

const STOCK = '@opentelemetry/otlp-transformer';
const OWN = '@nanometer/exporter-otlp';
/** A port of loopback on which nothing listens. */
const NOBODY = 'http://127.0.0.1:9/v1/metrics';

async function collectAndEncode(library) {
  const { recordAll, collect, encode } = await openPushed(library);
  const run = async () => encode(await collect());
  recordAll();
  const { length } = await run();
  if (length < 1e6) throw new Error(`${library} encoded ${length} bytes`);
  return measureRuns(run, { prepare: recordAll });
}

async function withLog(options, use) {
  const { OtlpExporter } = await import('@nanometer/exporter-otlp');
  const directory = mkdtempSync(join(tmpdir(), 'otlp-bench-'));
  const exporter = new OtlpExporter({ protocol: 'http/protobuf', url: NOBODY, directory, limitBytes: 2e9, ...options });
  try {
    await exporter.ready();
    return await use(exporter, directory);
  } finally {
    await exporter.shutdown({ timeoutMillis: 0 }).catch(() => {});
    rmSync(directory, { recursive: true });
  }
}

async function request() {
  const { recordAll, collect } = await openPushed('nanometer');
  recordAll();
  return collect();
}

async function append(fsync) {
  const metrics = await request();
  return withLog({ fsync }, async (exporter) => {
    let encoded;
    return measureRuns(async () => exporter.store(encoded), {
      prepare: () => {
        encoded = exporter.encode(metrics);
      },
    });
  });
}

/** Points per second from a log of 100 batches to the acknowledgement of a receiver that only reads. */
async function replay() {
  const metrics = await request();
  const samples = [];
  for (let round = 0; round < 3; round++) {
    await withLog({ fsync: 'never' }, async (exporter, directory) => {
      for (let i = 0; i < 100; i++) await exporter.store(exporter.encode(metrics));
      await exporter.shutdown({ timeoutMillis: 0 }).catch(() => {});
      const server = createServer((incoming, response) => {
        incoming.resume();
        incoming.on('end', () => response.end());
      });
      await new Promise((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const { OtlpExporter } = await import('@nanometer/exporter-otlp');
      const start = performance.now();
      const restarted = new OtlpExporter({
        protocol: 'http/protobuf',
        url: `http://127.0.0.1:${server.address().port}/v1/metrics`,
        directory,
        limitBytes: 2e9,
        fsync: 'never',
      });
      await restarted.forceFlush();
      const seconds = (performance.now() - start) / 1000;
      const { forwarded } = restarted.stats();
      if (forwarded !== 100 * SERIES) throw new Error(`replayed ${forwarded} points`);
      samples.push(forwarded / seconds);
      await restarted.shutdown();
      server.close();
      server.closeAllConnections();
    });
  }
  return { 'replayed points/s': samples };
}

/** Nanoseconds of a bound `add` and an unbound one, in slices between which readers do their work, or nothing happens. */
async function record(isBusy) {
  const { MeterProvider } = await import('@nanometer/metrics');
  const { OtlpReader } = await import('@nanometer/exporter-otlp');
  const { PrometheusExporter } = await import('@opentelemetry/exporter-prometheus');
  const directory = mkdtempSync(join(tmpdir(), 'otlp-bench-'));
  const prometheus = new PrometheusExporter({ preventServerStart: true });
  const otlp = new OtlpReader({
    protocol: 'http/protobuf',
    url: NOBODY,
    directory,
    fullPolicy: 'drop-oldest',
    exportIntervalMillis: isBusy ? 20 : 2 ** 31 - 1,
  });
  const provider = new MeterProvider({ readers: [prometheus, otlp] });
  const counter = provider.getMeter('bench').createCounter('bench.counter');
  for (let i = 0; i < 1000; i++) counter.add(1, SETS[i]);
  const bound = counter.bind(SETS[0]);
  const samples = { 'bound add ns': [], 'add ns': [] };
  for (let slice = -20; slice < 100; slice++) {
    const boundNs = timed(200_000, () => bound.add(1));
    const addNs = timed(50_000, () => counter.add(1, SETS[7]));
    if (isBusy && slice % 10 === 0) await prometheus.collect();
    await new Promise((resolve) => {
      setTimeout(resolve, 3);
    });
    if (slice < 0) continue;
    samples['bound add ns'].push(boundNs);
    samples['add ns'].push(addNs);
  }
  if (isBusy && otlp.stats().received === 0) throw new Error('nothing was pushed');
  await provider.shutdown().catch(() => {});
  rmSync(directory, { recursive: true });
  return samples;
}

function timed(count, run) {
  const start = performance.now();
  for (let i = 0; i < count; i++) run();
  return ((performance.now() - start) * 1e6) / count;
}

export const cases = [
  {
    name: `OTLP: collect and encode ${SERIES} series, a fifth histograms, all values changed`,
    peers: [STOCK, '@opentelemetry/sdk-metrics'],
    yardstick: 'OTLP',
    libraries: {
      [OWN]: async () => collectAndEncode('nanometer'),
      [STOCK]: async () => collectAndEncode('stock'),
    },
    targets: [
      { library: OWN, measure: 'time ms', atMost: 3, scaledBy: 'OTLP' },
      { library: OWN, measure: 'time ms', against: STOCK, times: 2.5 },
    ],
  },
  {
    name: `OTLP: ${SERIES} encoded points into the log`,
    libraries: {
      'fsync never': async () => append('never'),
      'fsync always': async () => append('always'),
    },
    targets: [
      { library: 'fsync never', measure: 'time ms', atMost: 10, scaledBy: 'OTLP' },
      { library: 'fsync never', measure: 'longest block ms', atMost: 2 },
    ],
  },
  {
    name: 'OTLP: replay of a log of 1,000,000 points to an HTTP receiver',
    libraries: { [OWN]: replay },
    targets: [{ library: OWN, measure: 'replayed points/s', atLeast: 200_000, scaledBy: 'OTLP' }],
  },
  {
    name: 'recording while the log, scrapes and pushes run',
    peers: ['@opentelemetry/exporter-prometheus'],
    libraries: { quiet: async () => record(false), busy: async () => record(true) },
    targets: [
      { library: 'busy', measure: 'bound add ns', against: 'quiet', timesAtMost: 1.1 },
      { library: 'busy', measure: 'add ns', against: 'quiet', timesAtMost: 1.1 },
    ],
  },
];
