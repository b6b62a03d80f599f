import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DESK_RULES_FILE } from '@nanometer/alerting';
import {
  type DeskReport,
  type DeskStart,
  type DeskTotals,
  type ExchangeReport,
  type ExchangeStart,
  readDeskState,
} from '@nanometer/demo';
import { StatsdReceiver } from '@nanometer/exporter-statsd';
import { LiveClient } from '@nanometer/live';
import { bearerHeaders } from '../access/bearer.ts';
import type { Surroundings } from '../commands/command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { historyIn } from '../query/history-file.ts';
import { receiversOf } from '../rules/alert-options.ts';
import { startBridge } from './bridge.ts';
import { type DeskBridge, ownBridge, remoteBridge } from './desk-bridge.ts';
import { type Child, startChild } from './child.ts';
import { totalsFromLive } from './live-totals.ts';
import { totalsFromPrometheusText } from './prometheus-totals.ts';
import type { DemoOptions } from './demo-options.ts';
import { type DemoReport, printReport } from './report.ts';
import { settle } from './settle.ts';
import { statusText } from './status-text.ts';
import { totalsFromStatsd } from './statsd-totals.ts';
import { DESK_INSTANCE, INSTANCE_ATTRIBUTE, type Totals, totalsEqual } from './totals.ts';

/** How long outputs may lag behind the ledger at the end: a collector's queue and its retries lie on the way. */
const SETTLE_LIMIT_MS = 60_000;

/** Between two exports when the market runs as fast as it can: its processor time is for the market, and fills show at once anyway. */
const HURRIED_EXPORT_MS = 1_000;

/**
 * Runs exchange and desk as processes and the bridge in this one until the market ends or the user interrupts, then
 * compares what every output ended with to the desk's ledger. Resolves with `findings` when they differ or anything
 * was dropped.
 */
export async function runDemo(options: DemoOptions, surroundings: Surroundings): Promise<ExitCode> {
  const cleanUps: CleanUp[] = [];
  try {
    return await runParts(options, surroundings, (cleanUp) => cleanUps.unshift(cleanUp));
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
}

type CleanUp = () => void | Promise<void>;

async function runParts(
  options: DemoOptions,
  { terminal, interrupted }: Surroundings,
  atEnd: (cleanUp: CleanUp) => void,
): Promise<ExitCode> {
  const { bridge, otlpEndpoint, otlpHttp, receiver } = await startOutputs(options, atEnd);

  const subscriber = new LiveClient({ url: bridge.addresses.live });
  atEnd(() => subscriber.close());
  await subscriber.connect();
  subscriber.subscribe({ names: ['trading.*'], attributes: { [INSTANCE_ATTRIBUTE]: DESK_INSTANCE } });

  const exchange = startExchange(options, (text) => terminal.err(text));
  atEnd(() => exchange.kill());
  const { url, mode, name, exchanges } = await exchange.first('ready');

  const endpoints = { exchangeUrl: url, otlpEndpoint, pushUrl: bridge.addresses.push };
  const desk = startDesk(options, endpoints, (report) => {
    if (report.type === 'notice') terminal.err(report.text);
    if (report.type === 'status') terminal.status(statusText(report, bridge.dropped()));
  });
  atEnd(() => desk.kill());
  const { addresses } = await desk.first('ready');

  terminal.err(
    [
      `market      ${mode === 'simulated' ? 'simulated' : `replay of ${name}`} on ${exchanges.join(', ')}`,
      `live page   ${bridge.addresses.page}`,
      `metrics     ${addresses.metrics} (desk)  ${bridge.addresses.metrics} (bridge)`,
      `OTLP        ${addresses.otlp} (desk's receiver)${otlpHttp === undefined ? '' : `  ${otlpHttp} (bridge, HTTP)`}`,
      'Ctrl-C stops the desk and prints the totals.',
    ].join('\n'),
  );

  const stop = (): void => {
    terminal.err('stopping: cancelling orders, flushing, comparing');
    desk.stop();
  };
  if (interrupted.aborted) stop();
  else interrupted.addEventListener('abort', stop, { once: true });

  const { totals: deskTotals } = await desk.first('finished');
  const compared = await compare(deskTotals, bridge, subscriber, receiver);
  const dropsBy = {
    ...deskTotals.drops,
    bridge: bridge.dropped(),
    ...(receiver === undefined ? {} : { statsdServer: receiver.badLineCount }),
  };
  const report: DemoReport = {
    mode,
    seed: options.seed ?? 1,
    ...compared,
    updates: deskTotals.updates,
    updatesPerSecond: Math.round(deskTotals.updates / deskTotals.elapsedSeconds),
    drops: Object.values(dropsBy).reduce((total, count) => total + count, 0),
    dropsBy,
    durationSeconds: deskTotals.elapsedSeconds,
    addresses: { ...bridge.addresses, deskMetrics: addresses.metrics },
  };
  printReport(report, deskTotals, options.json, terminal);
  return report.equal && report.drops === 0 ? EXIT.ok : EXIT.findings;
}

interface Outputs {
  readonly bridge: DeskBridge;
  /** Where the desk exports to, `host:port`. */
  readonly otlpEndpoint: string;
  /** Where a collector forwards to, when the bridge is of this process. */
  readonly otlpHttp: string | undefined;
  /** The StatsD server, when it is of this process. */
  readonly receiver: StatsdReceiver | undefined;
}

async function startOutputs(options: DemoOptions, atEnd: (cleanUp: CleanUp) => void): Promise<Outputs> {
  const { collector } = options;
  const collectorAddress = collector === undefined ? undefined : `${collector.host}:${collector.port}`;
  if (options.bridge !== undefined && collectorAddress !== undefined) {
    const bridge = await remoteBridge(options.bridge, options.push);
    return { bridge, otlpEndpoint: collectorAddress, otlpHttp: undefined, receiver: undefined };
  }
  // Without a server of the user's, StatsD goes to a strict one of our own: a line a real server would misread shows.
  const receiver = options.statsd === undefined ? new StatsdReceiver({ dialect: 'dogstatsd' }) : undefined;
  const statsd = options.statsd ?? (await receiver?.start()) ?? {};
  if (receiver) atEnd(() => receiver.close());
  const bridge = await startBridge({
    port: options.port,
    otlpGrpcPort: options.otlpGrpcPort,
    otlpHttpPort: options.otlpHttpPort,
    statsd: { ...statsd, dialect: 'dogstatsd' },
    history: historyIn(options.history ?? temporaryFolder(atEnd)),
    alerts: {
      rulesFile: options.rules ?? DESK_RULES_FILE,
      receivers: receiversOf(options, process.env['NANOMETER_WEBHOOK_SECRET']),
    },
  });
  atEnd(() => bridge.close());
  const { otlpGrpc, otlpHttp } = bridge.addresses;
  return { bridge: ownBridge(bridge), otlpEndpoint: collectorAddress ?? otlpGrpc, otlpHttp, receiver };
}

/** For a demonstration that is to leave nothing behind. */
function temporaryFolder(atEnd: (cleanUp: CleanUp) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'nanometer-demo-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function compare(
  { ledger, flushError }: DeskTotals,
  bridge: DeskBridge,
  subscriber: LiveClient,
  receiver: StatsdReceiver | undefined,
): Promise<Pick<DemoReport, 'ledger' | 'prometheus' | 'statsd' | 'websocket' | 'equal'>> {
  // What the desk could not hand over will not arrive, however long one waits.
  const limitMs = flushError === undefined ? SETTLE_LIMIT_MS : 0;
  const page = { name: 'Prometheus', read: () => scrape(bridge.addresses.metrics) };
  const socket = { name: 'WebSocket', read: () => totalsFromLive(subscriber) };
  const [prometheus, websocket] = await settle(ledger, [page, socket], limitMs);
  await bridge.settle();
  const statsd =
    receiver === undefined
      ? undefined
      : (await settle(ledger, [{ name: 'StatsD', read: () => totalsFromStatsd(receiver) }], limitMs))[0];
  const read = [prometheus, websocket, ...(statsd === undefined ? [] : [statsd])];
  return {
    ledger,
    prometheus,
    statsd: statsd ?? null,
    websocket,
    equal: read.every((totals) => totalsEqual(ledger, totals)),
  };
}

async function scrape(url: string): Promise<Totals> {
  const response = await fetch(url, { headers: bearerHeaders(process.env) });
  return totalsFromPrometheusText(await response.text());
}

function startExchange(options: DemoOptions, notice: (text: string) => void): Child<ExchangeReport> {
  const start: ExchangeStart = {
    type: 'start',
    options: {
      ...(options.replay === undefined ? {} : { replay: options.replay }),
      ...(options.speed === undefined ? {} : { speed: options.speed }),
      ...(options.duration === undefined ? {} : { durationSeconds: options.duration }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      startSeconds: marketSecondsOf(options.state),
    },
  };
  return startChild<ExchangeReport>('exchange', '@nanometer/demo/exchange-main', start, (report) => {
    if (report.type === 'notice') notice(report.text);
  });
}

function startDesk(
  options: DemoOptions,
  endpoints: Pick<DeskStart['options'], 'exchangeUrl' | 'otlpEndpoint' | 'pushUrl'>,
  onReport: (report: DeskReport) => void,
): Child<DeskReport> {
  const start: DeskStart = {
    type: 'start',
    options: {
      ...endpoints,
      metricsPort: options.metricsPort,
      ...(options.speed === 'max' ? { exportIntervalMs: HURRIED_EXPORT_MS } : {}),
      serviceInstanceId: DESK_INSTANCE,
      ...(options.wal === undefined ? {} : { walDirectory: options.wal }),
      ...(options.state === undefined ? {} : { stateDirectory: options.state }),
      ...(options.stateLimit === undefined ? {} : { stateBytesLimit: options.stateLimit }),
      ...(options.plantBreach === undefined ? {} : { plantBreachSeconds: options.plantBreach }),
    },
  };
  return startChild<DeskReport>('desk', '@nanometer/demo/desk-main', start, onReport);
}

/** Market seconds that the state's desks have traded; 0 where the desk will start from empty. */
function marketSecondsOf(directory: string | undefined): number {
  return directory === undefined ? 0 : (readDeskState(directory)?.marketTimeMs ?? 0) / 1000;
}
