import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as api from '@nanometer/exporter-json';
import { type JsonExporterOptions, JsonExporter } from '@nanometer/exporter-json';
import { MeterProvider } from '@nanometer/metrics';
import { until } from '@nanometer/testing';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import packageJson from '../package.json' with { type: 'json' };

const HOME = new URL('..', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'otlp-json-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Three points: a counter of -0 and hostile numbers' friends. */
async function collected(): Promise<ResourceMetrics> {
  const memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: memory, exportIntervalMillis: 2 ** 31 - 1 });
  const provider = new MeterProvider({ readers: [reader], resource: resourceFromAttributes({ desk: 'd1' }) });
  const meter = provider.getMeter('test');
  meter.createCounter('fills').add(2 ** 53 - 1, { venue: 'é\n"' });
  meter.createGauge('price').record(5e-324);
  meter.createHistogram('latency', { advice: { explicitBucketBoundaries: [1, 2] } }).record(1.5);
  await reader.forceFlush();
  return memory.getMetrics().at(-1)!;
}

async function exported(exporter: JsonExporter, metrics: ResourceMetrics): Promise<string> {
  return new Promise((resolve) => {
    exporter.export(metrics, ({ error }) => resolve(error === undefined ? 'ok' : (error as api.JsonError).code));
  });
}

function balance(exporter: JsonExporter): number {
  const { received, forwarded, held, dropped } = exporter.stats();
  return received - forwarded - held - Object.values(dropped).reduce((sum, points) => sum + points, 0);
}

function names(line: string): string[] {
  const { resourceMetrics } = JSON.parse(line) as {
    resourceMetrics: { scopeMetrics: { metrics: { name: string }[] }[] }[];
  };
  return resourceMetrics[0]!.scopeMetrics[0]!.metrics.map(({ name }) => name);
}

describe('a file', () => {
  test('gets one whole line per export and is appended to by the next exporter', async () => {
    const path = join(folder, 'lines.json');
    const metrics = await collected();
    for (let process = 0; process < 2; process++) {
      const exporter = new JsonExporter({ path });
      expect(await Promise.all([exported(exporter, metrics), exported(exporter, metrics)])).toEqual(['ok', 'ok']);
      await exporter.shutdown();
      expect(exporter.stats()).toEqual({ received: 6, forwarded: 6, held: 0, dropped: {} });
    }
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map(names)).toEqual(Array.from({ length: 4 }, () => ['fills', 'price', 'latency']));
  });

  test('is rotated at its limit, and the oldest goes', async () => {
    const path = join(folder, 'rotated.json');
    const metrics = await collected();
    const exporter = new JsonExporter({ path, fileLimitBytes: 1, keepFiles: 2 });
    for (let i = 0; i < 5; i++) expect(await exported(exporter, metrics)).toBe('ok');
    await exporter.shutdown();
    const files = readdirSync(folder).filter((name) => name.startsWith('rotated'));
    expect(files.sort()).toEqual(['rotated.json', 'rotated.json.1', 'rotated.json.2']);
    for (const file of files) expect(readFileSync(join(folder, file), 'utf8').match(/\n/g)).toHaveLength(1);
  });

  test('typed arrays of bucket counts are written as lists', async () => {
    const path = join(folder, 'typed.json');
    const metrics = await collected();
    const [point] = metrics.scopeMetrics[0]!.metrics[2]!.dataPoints as { value: { buckets: { counts: unknown } } }[];
    point!.value.buckets.counts = Float64Array.of(0, 1, 0);
    const exporter = new JsonExporter({ path });
    expect(await exported(exporter, metrics)).toBe('ok');
    await exporter.shutdown();
    expect(readFileSync(path, 'utf8')).toContain('"bucketCounts":[0,1,0]');
  });

  const full = existsSync('/dev/full') ? test : test.skip;
  full('on a full disk an export fails and is counted', async () => {
    const exporter = new JsonExporter({ path: '/dev/full' });
    expect(await exported(exporter, await collected())).toBe('WRITE_FAILED');
    expect(exporter.stats()).toEqual({ received: 3, forwarded: 0, held: 0, dropped: { write_failed: 3 } });
    await exporter.shutdown();
    expect(await exported(exporter, await collected())).toBe('CLOSED');
    expect(balance(exporter)).toBe(0);
  });
});

describe('a stream', () => {
  test('that is slow holds lines up to the limit; what is more is refused, and nothing is repeated', async () => {
    const taken: string[] = [];
    const waiting: (() => void)[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _, done) {
        taken.push(chunk.toString());
        waiting.push(done);
      },
    });
    const metrics = await collected();
    const exporter = new JsonExporter({ stream, limitBytes: 3000 });
    const outcomes = Array.from({ length: 10 }, async () => exported(exporter, metrics));
    await until('some are refused', () => (exporter.stats().dropped.queue_full ?? 0) > 0);
    expect(exporter.stats().held).toBeGreaterThan(0);
    expect(balance(exporter)).toBe(0);
    const all = Promise.all(outcomes);
    await until('the rest is written', () => {
      waiting.shift()?.();
      return exporter.stats().held === 0;
    });
    const written = (await all).filter((outcome) => outcome === 'ok').length;
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(10);
    expect(taken).toHaveLength(written);
    await exporter.shutdown();
    expect(stream.destroyed).toBe(false);
  });

  test('whose reader has gone fails the export and not the process', async () => {
    const program = `
      import { JsonExporter } from '@nanometer/exporter-json';
      const exporter = new JsonExporter();
      const metrics = { resource: { attributes: { pad: 'x'.repeat(1e6) } }, scopeMetrics: [] };
      let failures = 0;
      for (let i = 0; i < 20 && failures === 0; i++) {
        await new Promise((resolve) => exporter.export(metrics, ({ code, error }) => { if (code) { failures++; console.error(error.code); } resolve(); }));
      }
      await exporter.shutdown();
    `;
    const child = spawn(
      process.execPath,
      [
        '--conditions=@nanometer/source',
        '--disable-warning=ExperimentalWarning',
        '--input-type=module',
        '--eval',
        program,
      ],
      { cwd: fileURLToPath(HOME) },
    );
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, err: err.trim() }).toEqual({ code: 0, err: 'WRITE_FAILED' });
  });
});

describe('HTTP', () => {
  test('posts each line; a refusal and a receiver that is not there are counted', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        bodies.push(`${request.headers['content-type']} ${body}`);
        response.writeHead(bodies.length === 2 ? 400 : 200).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`;
    const exporter = new JsonExporter({ url });
    const metrics = await collected();
    expect([await exported(exporter, metrics), await exported(exporter, metrics)]).toEqual(['ok', 'REFUSED']);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await exported(exporter, metrics)).toBe('WRITE_FAILED');
    expect(exporter.stats()).toEqual({ received: 9, forwarded: 3, held: 0, dropped: { refused: 3, write_failed: 3 } });
    expect(bodies[0]).toMatch(/^application\/json \{"resourceMetrics"/);
    await exporter.shutdown();
  });
});

test.each<JsonExporterOptions>([
  { path: 'a', url: 'http://b' },
  { url: 'ftp://x' },
  { path: 'a', keepFiles: 0 },
  { path: 'a', fileLimitBytes: NaN },
  { limitBytes: Infinity },
])('%j is refused', (options) => {
  expect(() => new JsonExporter(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
});

test('the README’s example prints one line of JSON', () => {
  const readme = readFileSync(new URL('README.md', HOME), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--conditions=@nanometer/source', '--input-type=module', '--eval', example],
    { cwd: fileURLToPath(HOME), encoding: 'utf8' },
  );
  expect({ status, stderr, names: names(stdout) }).toEqual({ status: 0, stderr: '', names: ['fills'] });
});

test('exports this and nothing else', () => {
  expect(Object.keys(api).sort()).toEqual(['JsonError', 'JsonExporter', 'VERSION']);
  expect(api.VERSION).toBe(packageJson.version);
});
