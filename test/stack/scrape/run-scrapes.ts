import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PrometheusExporter } from '@nanometer/exporter-prometheus';
import { stringify } from 'yaml';
import type { Checks } from '../checks.ts';
import { freeTcpPorts } from '../ports.ts';
import { RunningProcess } from '../process.ts';
import type { Programs } from '../programs/programs.ts';
import { PrometheusApi } from '../prometheus-api.ts';
import { answers, waitFor } from '../wait-for.ts';
import { startScrapedDesk, VALUES } from './scraped-desk.ts';

/** A job of Prometheus for each protocol, by the name that its configuration gives the protocol. */
const PROTOCOLS = {
  text: 'PrometheusText0.0.4',
  utf8: 'PrometheusText1.0.0',
  openmetrics: 'OpenMetricsText1.0.0',
  protobuf: 'PrometheusProto',
} as const;
const ALL = Object.keys(PROTOCOLS);
/** Text has no native histograms, and a native histogram by protobuf no classic series. */
const CLASSIC = ALL.filter((job) => job !== 'protobuf');
const NATIVE = ['protobuf'];

/** A query, and what each of the jobs has. */
const EXPECTED: readonly (readonly [expression: string, jobs: readonly string[], value: number])[] = [
  ['order_count_total{venue_name="a \\"b\\" \\\\ c\\nd"}', ALL, 3],
  ['order_count_total{venue_name="日本"}', ALL, 2 ** 53],
  ['odd{value="5e-324"}', ALL, 5e-324],
  ['odd{value="NaN"}', ALL, NaN],
  ['odd{value="-Infinity"}', ALL, -Infinity],
  ['latency_seconds_count', ALL, VALUES.length],
  ['latency_seconds_bucket{le="10.0"}', ALL, 6],
  ['size_bytes_count', CLASSIC, VALUES.length],
  ['histogram_count(size_bytes)', NATIVE, VALUES.length],
  ['histogram_sum(size_bytes)', NATIVE, VALUES.reduce((sum, value) => sum + value, 0)],
  ['histogram_fraction(-Inf, 2, size_bytes) * 8', NATIVE, 5],
];

/** Lets promtool judge an exporter's text, and the real Prometheus scrape it by every protocol. */
export async function runScrapes(
  programs: Pick<Programs, 'prometheus' | 'promtool'>,
  folder: string,
  checks: Checks,
  onStart: (stoppable: { stop(): Promise<void> }) => void,
): Promise<void> {
  const home = join(folder, 'scrape');
  mkdirSync(home, { recursive: true });
  const desk = await startScrapedDesk();
  onStart(desk);
  await checks.run('promtool check metrics finds nothing wrong with the text of two scrapes', async () => {
    for (let scrape = 0; scrape < 2; scrape++) await checkText(programs.promtool, desk.exporter);
  });

  const [port] = await freeTcpPorts(1);
  onStart(startPrometheus(programs.prometheus, home, port!, desk.target));
  const base = `http://127.0.0.1:${port}`;
  await waitFor('Prometheus is ready', () => answers(`${base}/-/ready`));
  const api = new PrometheusApi(base);
  for (const [expression, jobs, value] of EXPECTED) {
    await checks.run(`scraped by ${jobs.join(', ')}: ${expression} is ${value}`, () =>
      becomes(api, expression, jobs, value),
    );
  }
  await checks.run('every protocol was spoken, and no scrape failed or was refused', () => {
    const { scrapes, errors } = desk.exporter.stats();
    const spoken = Object.keys(scrapes).sort().join(', ');
    if (spoken !== 'openmetrics/1.0.0, protobuf, text/0.0.4, text/1.0.0') throw new Error(`only ${spoken}`);
    // Prometheus itself gives up on a scrape when the machine is busy for a second.
    if ((errors.failed ?? 0) + (errors.overloaded ?? 0) > 0) throw new Error(JSON.stringify(errors));
  });
}

async function checkText(promtool: string, exporter: PrometheusExporter): Promise<void> {
  const { chunks } = await exporter.render();
  const input = Buffer.concat(chunks);
  const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input, encoding: 'utf8' });
  if (status !== 0 || stdout !== '' || stderr !== '') throw new Error(`exit code ${status}\n${stdout}${stderr}`);
}

function startPrometheus(command: string, home: string, port: number, target: string): RunningProcess {
  const jobs = Object.entries(PROTOCOLS).map(([job, protocol]) => ({
    job_name: job,
    scrape_interval: '1s',
    scrape_timeout: '1s',
    scrape_protocols: [protocol],
    scrape_native_histograms: protocol === 'PrometheusProto',
    static_configs: [{ targets: [target] }],
  }));
  const config = join(home, 'prometheus.yml');
  writeFileSync(config, stringify({ scrape_configs: jobs }));
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(home, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  return new RunningProcess({ name: 'scraping prometheus', command, args, cwd: home });
}

async function becomes(api: PrometheusApi, expression: string, jobs: readonly string[], value: number): Promise<void> {
  const expected = show(jobs.map((job) => [job, value]));
  let last = '';
  const isThere = async (): Promise<boolean> => {
    const samples = await api.query(expression);
    last = show(samples.map((sample) => [sample.labels['job'] ?? '', sample.value]));
    return last === expected;
  };
  await waitFor('it is as expected', isThere).catch((error: Error) => {
    throw last === '' ? error : new Error(`it is ${last}, not ${expected}`);
  });
}

function show(values: (readonly [job: string, value: number])[]): string {
  return values
    .map(([job, value]) => `${job} ${value}`)
    .sort()
    .join(', ');
}
