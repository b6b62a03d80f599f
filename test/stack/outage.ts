import { join } from 'node:path';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { createCounter, METRIC_PIPELINE_INGEST_COUNT, prometheusName } from '@nanometer/semconv';
import type { Checks } from './checks.ts';
import { collectorCounts } from './collector-accounting.ts';
import { nanometerMain, startDeskBeside, waitForReport } from './desk.ts';
import type { Programs } from './programs/programs.ts';
import { PrometheusApi } from './prometheus-api.ts';
import { RunningProcess } from './process.ts';
import { choosePorts, type Ports, startProgram, startServers, stageServices } from './servers.ts';
import { readCompose } from './staging.ts';
import { answers, waitFor } from './wait-for.ts';

const EXPORTS_PER_PHASE = 20;
const ARRIVAL_LIMIT_MS = 180_000;
const DESK_LIMIT_MS = 180_000;

type OnStart = (stoppable: { stop(): Promise<void> }) => void;

/**
 * Kills Prometheus and the bridge, then the collector with a full queue, starts all of them again, and compares what was
 * acknowledged with what arrived: the promise of collector.yaml. The sender is the stock SDK, which keeps nothing back.
 */
export async function runOutage(programs: Programs, folder: string, checks: Checks, onStart: OnStart): Promise<void> {
  const home = join(folder, 'outage');
  const ports = await choosePorts();
  const survived = await checks.run(
    'nothing acknowledged is lost when Prometheus, bridge and collector are killed',
    () => killAndCompare(programs, ports, home, onStart),
  );
  if (!survived) return;
  await checks.run('after that, a desk trades against the bridge that already runs', async () => {
    const desk = startDeskBeside(ports, home);
    onStart(desk);
    const { ledger, websocket } = await waitForReport(desk, DESK_LIMIT_MS);
    const ending = await desk.end(DESK_LIMIT_MS);
    // It exits with 1 when bridge and ledger differ.
    if (ending !== 'exit code 0' || !(ledger.fills > 0)) {
      throw new Error(`${ending}, ${ledger.fills} fills, ${websocket?.fills} of them on the live stream`);
    }
    return `${ledger.fills} fills`;
  });
}

async function killAndCompare(programs: Programs, ports: Ports, home: string, onStart: OnStart): Promise<string> {
  const staged = stageServices(readCompose(), ports, home);
  const servers = await startServers(programs, staged, ports, home, onStart);
  const bridge = startBridge(ports, home, onStart);
  await ready(bridge, `http://127.0.0.1:${ports.page}/healthz`);
  const sender = new Sender(`http://127.0.0.1:${ports.collectorGrpc}`);
  onStart({ stop: () => sender.stop() });

  await sender.export(EXPORTS_PER_PHASE);
  await servers.prometheus.kill();
  await bridge.kill();
  await sender.export(EXPORTS_PER_PHASE);
  await servers.collector.kill();
  const collector = startProgram(programs, staged, 'collector', onStart);
  await ready(collector, `http://127.0.0.1:${ports.collectorHealth}/`);
  await sender.export(EXPORTS_PER_PHASE);
  const backlog = (await collectorCounts(ports.collectorMetrics)).queued;
  if (backlog === 0) throw new Error('nothing was queued, so the outage would prove nothing');
  const prometheus = startProgram(programs, staged, 'prometheus', onStart);
  startBridge(ports, home, onStart);
  await ready(prometheus, `http://127.0.0.1:${ports.prometheus}/-/ready`);

  await waitFor(
    'the queues are empty',
    async () => (await collectorCounts(ports.collectorMetrics)).queued === 0,
    ARRIVAL_LIMIT_MS,
  );
  await compareBridge(`http://127.0.0.1:${ports.page}/metrics`, sender);
  return compare(new PrometheusApi(`http://127.0.0.1:${ports.prometheus}`), sender, backlog);
}

async function ready(program: RunningProcess, url: string): Promise<void> {
  await waitFor(`${program.name} is ready`, async () => program.ended !== undefined || (await answers(url)));
  program.assertRunning();
}

async function compareBridge(url: string, sender: Sender): Promise<void> {
  const text = await (await fetch(url)).text();
  const name = prometheusName(METRIC_PIPELINE_INGEST_COUNT);
  const total = new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`, 'm').exec(text)?.[1];
  if (Number(total) !== sender.recorded) throw new Error(`recorded ${sender.recorded}, the bridge has ${total}`);
}

async function compare(prometheus: PrometheusApi, sender: Sender, backlog: number): Promise<string> {
  const name = prometheusName(METRIC_PIPELINE_INGEST_COUNT);
  const [total] = await prometheus.query(`sum(${name})`);
  if (total?.value !== sender.recorded) throw new Error(`recorded ${sender.recorded}, Prometheus has ${total?.value}`);
  const [points] = await prometheus.query(`sum(count_over_time(${name}[5m]))`);
  // One point per acknowledged export: also those between, which a final total would hide.
  if (points?.value !== sender.acknowledged) {
    throw new Error(`${sender.acknowledged} exports were acknowledged, Prometheus has ${points?.value} points`);
  }
  return `${sender.acknowledged} exports, ${backlog} bytes of them from the disk`;
}

function startBridge(ports: Ports, folder: string, onStart: OnStart): RunningProcess {
  const bridge = new RunningProcess({
    name: 'bridge',
    command: process.execPath,
    args: [
      nanometerMain(),
      'up',
      `--port=${ports.page}`,
      `--otlp-grpc-port=${ports.bridgeGrpc}`,
      `--otlp-http-port=${ports.bridgeHttp}`,
    ],
    cwd: folder,
  });
  onStart(bridge);
  return bridge;
}

/** A counter of the stock SDK that is no part of a desk's totals, exported when told to, one export at a time. */
class Sender {
  readonly #exporter: OTLPMetricExporter;
  readonly #reader: PeriodicExportingMetricReader;
  readonly #provider: MeterProvider;
  readonly #counter: ReturnType<typeof createCounter>;
  recorded = 0;
  acknowledged = 0;

  constructor(url: string) {
    this.#exporter = new OTLPMetricExporter({ url });
    // The interval is beyond the test: only export() sends.
    this.#reader = new PeriodicExportingMetricReader({
      exporter: this.#exporter,
      exportIntervalMillis: 3_600_000,
    });
    this.#provider = new MeterProvider({ readers: [this.#reader] });
    this.#counter = createCounter(this.#provider.getMeter('outage'), METRIC_PIPELINE_INGEST_COUNT);
  }

  async export(times: number): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      this.#counter.add(1);
      this.recorded += 1;
      const { resourceMetrics } = await this.#reader.collect();
      await new Promise<void>((resolve, reject) => {
        // A failed export always says why.
        this.#exporter.export(resourceMetrics, ({ error }) => (error === undefined ? resolve() : reject(error)));
      });
      this.acknowledged += 1;
    }
  }

  stop(): Promise<void> {
    return this.#exporter.shutdown();
  }
}
