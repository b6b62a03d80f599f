import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { METRIC_TRADING_FILL_COUNT, prometheusName } from '@nanometer/semconv';
import { collectorCounts } from '../stack/collector-accounting.ts';
import { nanometerMain } from '../stack/desk.ts';
import { RunningProcess } from '../stack/process.ts';
import type { Programs } from '../stack/programs/programs.ts';
import { PrometheusApi } from '../stack/prometheus-api.ts';
import { choosePorts, type Ports, stageServices, startProgram } from '../stack/servers.ts';
import { readCompose } from '../stack/staging.ts';
import { answers, waitFor } from '../stack/wait-for.ts';
import type { LoadDeskOptions, LoadDeskReport } from './desk.ts';
import { UsageWatch } from './usage.ts';
import type { LoadResult } from './verdict.ts';

const DESK = fileURLToPath(new URL('desk.ts', import.meta.url));
const START_LIMIT_MS = 180_000;
const END_SLACK_MS = 120_000;
const DRAIN_LIMIT_MS = 180_000;

/** Settings of a run. */
export interface LoadRun {
  readonly seconds: number;
  readonly pointsPerSecond: number;
  readonly series: number;
  readonly programs: Programs;
  readonly folder: string;
  readonly progress: (line: string) => void;
  readonly onStart: (stoppable: { stop(): Promise<void> }) => void;
}

/** Starts collector, Prometheus and bridge, lets the desk export at the rate, and measures what arrives. */
export async function runLoad(run: LoadRun): Promise<LoadResult> {
  const { seconds, series, programs, folder, progress, onStart } = run;
  const ports = await choosePorts();
  const staged = stageServices(readCompose(), ports, folder);
  const collector = startProgram(programs, staged, 'collector', onStart);
  const prometheus = startProgram(programs, staged, 'prometheus', onStart);
  const bridge = startBridge(ports, folder);
  onStart(bridge);
  await ready(collector, `http://127.0.0.1:${ports.collectorHealth}/`);
  await ready(prometheus, `http://127.0.0.1:${ports.prometheus}/-/ready`);
  await ready(bridge, `http://127.0.0.1:${ports.page}/healthz`);

  const exportMillis = Math.round((1000 * series) / run.pointsPerSecond);
  progress(`${series} series every ${exportMillis} ms for ${seconds} s`);
  const options: LoadDeskOptions = {
    url: `127.0.0.1:${ports.collectorGrpc}`,
    logFolder: join(folder, 'log'),
    series,
    exportMillis,
    seconds,
  };
  const args = [DESK, JSON.stringify(options)];
  const desk = new RunningProcess({ name: 'desk', command: process.execPath, args, cwd: folder });
  onStart(desk);
  const watch = new UsageWatch({
    desk: desk.pid,
    collector: collector.pid,
    prometheus: prometheus.pid,
    bridge: bridge.pid,
  });
  watch.start();
  const ending = await desk.end(seconds * 1000 + END_SLACK_MS);
  const usage = watch.stop();
  if (ending !== 'exit code 0') throw new Error(`the desk ended with ${ending}:\n${desk.tail}`);
  const report = JSON.parse(desk.stdout) as LoadDeskReport;
  progress('the desk has ended');
  const drainSeconds = await drained(ports);
  return {
    pointsPerSecondAsked: run.pointsPerSecond,
    series,
    desk: report,
    ...(await arrived(ports, seconds)),
    drainSeconds,
    usage,
  };
}

function startBridge(ports: Ports, folder: string): RunningProcess {
  const flags = [
    `--port=${ports.page}`,
    `--otlp-grpc-port=${ports.bridgeGrpc}`,
    `--otlp-http-port=${ports.bridgeHttp}`,
  ];
  return new RunningProcess({
    name: 'bridge',
    command: process.execPath,
    args: [nanometerMain(), 'up', ...flags],
    cwd: folder,
  });
}

async function ready(program: RunningProcess, url: string): Promise<void> {
  await waitFor(
    `${program.name} is ready`,
    async () => program.ended !== undefined || (await answers(url)),
    START_LIMIT_MS,
  );
  program.assertRunning();
}

async function drained(ports: Ports): Promise<number> {
  const started = performance.now();
  await waitFor(
    'the queues are empty',
    async () => (await collectorCounts(ports.collectorMetrics)).queued === 0,
    DRAIN_LIMIT_MS,
  );
  return (performance.now() - started) / 1000;
}

async function arrived(
  ports: Ports,
  seconds: number,
): Promise<Pick<LoadResult, 'prometheus' | 'bridge' | 'collector'>> {
  const name = prometheusName(METRIC_TRADING_FILL_COUNT);
  const window = `${Math.ceil(seconds + (END_SLACK_MS + DRAIN_LIMIT_MS) / 1000)}s`;
  const api = new PrometheusApi(`http://127.0.0.1:${ports.prometheus}`);
  const one = async (expression: string): Promise<number> => (await api.query(expression))[0]?.value ?? 0;
  const base = `http://127.0.0.1:${ports.page}`;
  const text = await (await fetch(`${base}/metrics`)).text();
  let sum = 0;
  for (const [, value] of text.matchAll(new RegExp(`^${name}\\{[^}]*\\} (\\S+)`, 'gm'))) sum += Number(value);
  const stats = (await (await fetch(`${base}/api/v1/stats`)).json()) as {
    outputs: { prometheus: { received: number; dropped: Record<string, number> } };
  };
  const { received, dropped } = stats.outputs.prometheus;
  const { accepted, lost } = await collectorCounts(ports.collectorMetrics);
  return {
    prometheus: {
      sum: await one(`sum(last_over_time(${name}[${window}]))`),
      points: await one(`sum(count_over_time(${name}[${window}]))`),
    },
    bridge: { sum, received, dropped },
    collector: { accepted, lost },
  };
}
