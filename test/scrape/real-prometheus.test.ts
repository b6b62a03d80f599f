// The endpoint against the real programs: promtool judges the text, Prometheus scrapes every protocol.
import { afterAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrometheusExporter } from '@nanometer/exporter-prometheus';
import { MeterProvider } from '@nanometer/metrics';
import { stringify } from 'yaml';
import { freeTcpPorts } from '../stack/ports.ts';
import { RunningProcess } from '../stack/process.ts';
import { cacheFolder, cacheKey } from '../stack/programs/cache.ts';
import { prometheusRecipe } from '../stack/programs/prometheus.ts';
import { pinnedVersions } from '../stack/versions.ts';
import { answers, waitFor } from '../stack/wait-for.ts';

const recipe = prometheusRecipe(pinnedVersions().prometheus);
const programs = join(cacheFolder(), cacheKey(recipe));
const folder = mkdtempSync(join(tmpdir(), 'nanometer-scrape-'));
const closing: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  rmSync(folder, { recursive: true, force: true });
});

const PROTOCOLS = {
  text: 'PrometheusText0.0.4',
  utf8: 'PrometheusText1.0.0',
  openmetrics: 'OpenMetricsText1.0.0',
  protobuf: 'PrometheusProto',
} as const;

const VALUES = [0, 0.001, 0.5, 1, 2, 3, 1000, 1000.5];

async function startExporter(): Promise<{ exporter: PrometheusExporter; target: string }> {
  const exporter = new PrometheusExporter({ port: 0, translationStrategy: 'UnderscoreEscapingWithSuffixes' });
  const provider = new MeterProvider({ readers: [exporter], sdkMetricsEnabled: true });
  closing.push(() => provider.shutdown());
  const meter = provider.getMeter('desk', '1.0');
  const orders = meter.createCounter('order.count', { unit: '{order}', description: 'Orders "sent" \\ back' });
  orders.add(3, { 'venue.name': 'a "b" \\ c\nd', side: 'buy' });
  orders.add(2 ** 53, { 'venue.name': '日本', side: 'sell' });
  const latency = meter.createHistogram('latency', {
    unit: 's',
    description: 'Latencies',
    advice: { explicitBucketBoundaries: [1, 10, 100] },
  });
  const size = meter.createHistogram('size', {
    unit: 'By',
    description: 'Sizes',
    advice: { explicitBucketBoundaries: [1], exponentialMaxSize: 160 } as object,
  });
  for (const value of VALUES) {
    latency.record(value);
    size.record(value);
  }
  const gauge = meter.createGauge('odd', { description: 'Hostile values' });
  for (const value of [NaN, Infinity, -Infinity, 5e-324, -0]) gauge.record(value, { value: String(value) });
  const url = new URL(await exporter.startServer());
  return { exporter, target: url.host };
}

// The full-stack test builds the programs; `npm test` must not take minutes for it.
const whenBuilt = existsSync(programs) ? describe : describe.skip;

whenBuilt('with Prometheus (built by `node test/stack/programs/main.ts`)', () => {
  test('promtool finds nothing wrong with the text, before and after values change', async () => {
    const { exporter } = await startExporter();
    for (let scrape = 0; scrape < 2; scrape++) {
      const { chunks } = await exporter.render();
      const { status, stdout, stderr } = spawnSync(join(programs, 'promtool'), ['check', 'metrics'], {
        input: Buffer.concat(chunks),
        encoding: 'utf8',
      });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    }
  });

  test('every protocol is scraped to the same values; exponential histograms are native by protobuf', async () => {
    const { exporter, target } = await startExporter();
    const [port] = await freeTcpPorts(1);
    const jobs = Object.entries(PROTOCOLS).map(([job, protocol]) => ({
      job_name: job,
      scrape_interval: '200ms',
      scrape_timeout: '200ms',
      scrape_protocols: [protocol],
      scrape_native_histograms: protocol === 'PrometheusProto',
      static_configs: [{ targets: [target] }],
    }));
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, stringify({ scrape_configs: jobs }));
    const prometheus = new RunningProcess({
      name: 'prometheus',
      command: join(programs, 'prometheus'),
      args: [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      cwd: folder,
    });
    closing.push(() => prometheus.stop());
    const base = `http://127.0.0.1:${port}`;
    await waitFor('Prometheus is ready', () => answers(`${base}/-/ready`));

    const query = async (expression: string): Promise<Map<string, number>> => {
      const response = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data } = (await response.json()) as {
        data: { result: { metric: { job: string }; value: [number, string] }[] };
      };
      return new Map(data.result.map(({ metric, value }) => [metric.job, Number(value[1])]));
    };
    const inEveryJob = (value: number): Map<string, number> =>
      new Map(Object.keys(PROTOCOLS).map((job) => [job, value]));
    const sorted = (values: Map<string, number>): unknown => [...values].sort(([a], [b]) => (a < b ? -1 : 1));
    const become = async (expression: string, expected: Map<string, number>): Promise<void> => {
      let last: unknown;
      await waitFor(`${expression} is as expected`, async () => {
        last = sorted(await query(expression));
        return JSON.stringify(last) === JSON.stringify(sorted(expected));
      }).catch(() => undefined);
      expect(last).toEqual(sorted(expected));
    };

    await become('order_count_total{venue_name="a \\"b\\" \\\\ c\\nd"}', inEveryJob(3));
    await become('order_count_total{venue_name="日本"}', inEveryJob(2 ** 53));
    await become('odd{value="5e-324"}', inEveryJob(5e-324));
    await become('latency_seconds_count', inEveryJob(VALUES.length));
    await become('latency_seconds_bucket{le="10.0"}', inEveryJob(6));
    const classic = inEveryJob(VALUES.length);
    classic.delete('protobuf');
    await become('size_bytes_count', classic);
    await become('histogram_count(size_bytes)', new Map([['protobuf', VALUES.length]]));
    await become('histogram_sum(size_bytes)', new Map([['protobuf', VALUES.reduce((a, b) => a + b, 0)]]));
    await become('histogram_fraction(-Inf, 2, size_bytes) * 8', new Map([['protobuf', 5]]));
    const scraped = exporter.stats().scrapes;
    expect(Object.keys(scraped).sort()).toEqual(['openmetrics/1.0.0', 'protobuf', 'text/0.0.4', 'text/1.0.0']);
    expect(exporter.stats().errors).toEqual({});
  }, 90_000);
});
