import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AlertingError, AlertService, type AlertView, readRules } from '@nanometer/alerting';
import { loadPage } from '@nanometer/dashboard';
import { type Grant, LiveError, PushServer, socketUrl } from '@nanometer/live';
import { ALERTS_TOPIC } from './alerts-topic.ts';
import { BridgeState } from './bridge-state.ts';
import { CloseStack } from './close-stack.ts';
import { BridgeError } from './errors.ts';
import type { FanOut } from './fan-out/fan-out.ts';
import { fanOutOf } from './fan-out/fan-out-of.ts';
import { intakeWithRoom, journaledIntake, requestIntake } from './intake.ts';
import { DurableJournal } from './journal/durable-journal.ts';
import { type Journal, NO_JOURNAL } from './journal/journal.ts';
import { type BridgeOptions, type CheckedOptions, checkedOptions } from './options.ts';
import { StatsdFlusher } from './outputs/statsd-flusher.ts';
import { UNCONFIRMED } from './outputs/statsd-outcome.ts';
import type { PointTemplate } from './push/point-template.ts';
import { PushIntake } from './push/push-intake.ts';
import { SelfMetrics } from './self-metrics.ts';
import { startHistory } from './start-history.ts';
import { closeServer, GRACE_MS, listen } from './servers/listen.ts';
import { metricsRefusal } from './servers/metrics-access.ts';
import { otlpRefusal } from './servers/otlp-access.ts';
import { OtlpGrpcServer } from './servers/otlp-grpc.ts';
import { otlpHttpServer } from './servers/otlp-http.ts';
import { pageServer } from './servers/page-server.ts';
import { pushFront } from './servers/push-front.ts';
import { listenOnPath } from './servers/listen-on-path.ts';
import { socketFront } from './servers/socket-front.ts';
import { LIVE_PATH, PUSH_PATH } from './servers/stream-paths.ts';
import { type BridgeStats, bridgeStats, RequestCounts } from './stats.ts';
import { Timers } from './timers.ts';

/** Where a running bridge is reached. */
export interface BridgeAddresses {
  readonly page: string;
  readonly live: string;
  /** Where services push, see `LaneReader` of `@nanometer/live`. */
  readonly push: string;
  /** The same on the Unix socket, with `socketPath`; the stream when it is served inline. */
  readonly socket?: { readonly push: string; readonly live?: string };
  readonly metrics: string;
  /** `host:port`. */
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
}

/** A running bridge. */
export interface Bridge {
  readonly addresses: BridgeAddresses;
  stats(): BridgeStats;
  /** Computes the live percentiles and sends what StatsD lacks, now. */
  flush(): Promise<void>;
  /** Takes no more, flushes StatsD, says goodbye to live clients. Idempotent. */
  close(): Promise<void>;
}

const SELF_METRICS_EVERY_MS = 1000;
const PERCENTILES_EVERY_MS = 100;
/** Longest that computing percentiles keeps the event loop at a time. */
const PERCENTILES_BUDGET_MS = 2;
const EXPIRY_EVERY_MS_MAX = 60_000;
/** Of those that `GET /api/v1/alerts` lists, in one event. */
const ALERTS_PER_EVENT = 200;

/**
 * Starts a bridge: OTLP in by gRPC and HTTP; StatsD, the live stream, Prometheus text and the page out.
 *
 * @throws BridgeError `INVALID_OPTION`, `PORT_IN_USE`, `LISTEN_FAILED`, `STATE_IN_USE`, `STATE_UNUSABLE`, `RULES_INVALID`. Whatever had been started by then is closed.
 */
export async function createBridge(options: BridgeOptions = {}): Promise<Bridge> {
  const checked = checkedOptions(options);
  const started = new CloseStack();
  try {
    return await start(checked, started);
  } catch (error) {
    // Why it could not start says more than what then went wrong in closing.
    await started.close().catch(() => {});
    throw error;
  }
}

async function start(checked: CheckedOptions, started: CloseStack): Promise<Bridge> {
  const { host, maxRequestBytes, requestTimeoutMillis, allowedHosts, tls, now, onTrouble } = checked;
  const refusal = otlpRefusal(checked);
  const history = await startHistory(checked, (points, cause) => state.history?.settled(points, cause));
  if (history) started.add(() => history.close());
  const grantOf = ({ headers }: IncomingMessage): Grant | undefined => live.grantOf(headers.authorization);
  const content = {
    assets: loadPage(),
    metrics: () => state.prometheus.text() + self.text(),
    stats: () => stats(),
    live: (request: IncomingMessage, response: ServerResponse) => live.handleRequest(request, response),
    center: () => state.alerts?.service?.center,
    history,
    grantOf,
    metricsRefusal: metricsRefusal(checked, grantOf),
    now,
    isStreaming: () => live.fanOutStats().isUp,
  };
  // A worker speaks TLS itself.
  const pageTls = checked.fanOut === 'worker' ? undefined : tls;
  const page = pageServer(content, requestTimeoutMillis, allowedHosts, checked.allowedOrigins, pageTls);
  started.add(() => closeServer(page, GRACE_MS));
  const { socketPath } = checked;
  const isInline = checked.fanOut === 'inline';
  const socket = socketPath === undefined ? undefined : socketFront(page, requestTimeoutMillis, isInline);
  if (socket) started.add(() => closeServer(socket, GRACE_MS));
  const live = fanOutOf(page, checked, history?.source);
  started.add(() => live.close());

  const durable = checked.durable && (await DurableJournal.open(checked.durable, now, onTrouble));
  if (durable) started.add(() => durable.close());
  const journal: Journal = durable ?? NO_JOURNAL;
  const state = new BridgeState(checked, live, durable?.startedAtMs ?? now(), history);
  if (durable) await takeOver(durable, state, checked);
  await startAlerts(state, checked, live, started);
  const flusher = state.statsd && new StatsdFlusher(state.statsd, journal, checked.statsd?.packetsPerSecond ?? 2000);
  const take = intakeWithRoom(journaledIntake(state.ingest, journal, now), live);
  const takeRequest = requestIntake(take);
  const requests = new RequestCounts();
  const otlp = { maxRequestBytes, requestTimeoutMillis, allowedHosts, refusal, tls };
  const grpc = new OtlpGrpcServer(takeRequest, otlp, (error) => requests.count('grpc', error));
  const http = otlpHttpServer(takeRequest, otlp, (error) => requests.count('http', error));
  const push = pushServer(page, new PushIntake(take, live), checked);
  let ownPushPort: number | undefined;
  const stats = (): BridgeStats => ({
    ...bridgeStats(state, requests, live, push, durable, history),
    ...(ownPushPort === undefined ? {} : { pushPort: ownPushPort }),
  });
  const self = new SelfMetrics(stats, durable?.startedAtMs ?? now());

  // Closed last first: once nothing comes in and StatsD has all, live clients get the last word, then the page ends.
  started.add(async () => {
    await flusher?.flush();
    await state.statsd?.close();
    await history?.commit();
    if (durable) await durable.save();
    else state.statsd?.giveUp();
    state.live.computePercentiles();
    self.publish(live, now(), history);
  });
  const pagePort = await live.listen();
  started.add(() => closeServer(http, GRACE_MS));
  const httpPort = await listen(http, host, checked.otlpHttpPort, 'otlpHttpPort', onTrouble);
  const grpcPort = await grpc.listen(host, checked.otlpGrpcPort);
  started.add(() => grpc.close(GRACE_MS));
  const front = checked.pushPort === undefined ? undefined : pushFront(page, requestTimeoutMillis, tls);
  // At once: it takes nobody for a push server that is gone.
  started.add(async () => {
    await Promise.all([front && closeServer(front, GRACE_MS), push.close()]);
  });
  ownPushPort = front && (await listen(front, host, checked.pushPort!, 'pushPort', onTrouble));
  const pushPort = ownPushPort ?? pagePort;
  if (socket) await listenOnPath(socket, socketPath!, onTrouble);

  self.publish(live, now(), history);
  const timers = new Timers();
  started.add(() => timers.stop());
  timers.every(SELF_METRICS_EVERY_MS, () => self.publish(live, now(), history));
  timers.everyInTurns(PERCENTILES_EVERY_MS, () => state.live.computePercentiles(PERCENTILES_BUDGET_MS));
  if (flusher) timers.every(checked.statsd?.flushIntervalMillis ?? 1000, () => void flusher.flush());
  if (history) timers.every(checked.history!.commitIntervalMillis, () => void history.commit());
  expireIdle(state, journal, checked, timers);

  const name = host.includes(':') ? `[${host}]` : host;
  const secure = tls === undefined ? '' : 's';
  return {
    addresses: {
      page: `http${secure}://${name}:${pagePort}/`,
      live: `ws${secure}://${name}:${pagePort}/live`,
      push: `ws${secure}://${name}:${pushPort}${PUSH_PATH}`,
      ...(socketPath === undefined ? {} : { socket: socketAddresses(socketPath, isInline) }),
      metrics: `http${secure}://${name}:${pagePort}/metrics`,
      otlpGrpc: `${name}:${grpcPort}`,
      otlpHttp: `http${secure}://${name}:${httpPort}`,
    },
    stats,
    flush: () => {
      state.live.computePercentiles();
      return flusher?.flush() ?? Promise.resolve();
    },
    close: () => started.close(),
  };
}

/** Rules look at what the store has by now, and from then on at every point that it takes. */
async function startAlerts(
  state: BridgeState,
  checked: CheckedOptions,
  live: FanOut,
  started: CloseStack,
): Promise<void> {
  const { alerts: options, now, onTrouble } = checked;
  if (options === undefined || state.alerts === undefined) return;
  try {
    const { rulesFile, ...rest } = options;
    const onAlertsChanged = (alerts: readonly AlertView[]): void => {
      live.publishEvent(
        ALERTS_TOPIC,
        { alerts: alerts.slice(0, ALERTS_PER_EVENT), total: alerts.length },
        { retain: true },
      );
      options.onAlertsChanged?.(alerts);
    };
    const rules = readRules(rulesFile);
    const service = await AlertService.open({ ...rest, rules, tier: 'bridge', now, onTrouble, onAlertsChanged });
    onAlertsChanged(service.center.list());
    started.add(() => service.close());
    state.alerts.attach(service, state.store.series, now());
  } catch (error) {
    if (!(error instanceof AlertingError)) throw error;
    const code = error.code === 'STATE_UNUSABLE' ? 'STATE_UNUSABLE' : 'RULES_INVALID';
    const option = error.code === 'STATE_UNUSABLE' ? 'alerts.stateDirectory' : 'alerts';
    throw new BridgeError(code, error.message, option, error);
  }
}

function socketAddresses(file: string, hasStream: boolean): NonNullable<BridgeAddresses['socket']> {
  const push = socketUrl(file, PUSH_PATH);
  return hasStream ? { push, live: socketUrl(file, LIVE_PATH) } : { push };
}

/** Where services push, beside the page. */
function pushServer(
  server: Server,
  sink: PushIntake,
  { pushAccess, pushTokens, allowedHosts, seriesLimit }: CheckedOptions,
): PushServer<PointTemplate> {
  try {
    return new PushServer({
      server,
      path: PUSH_PATH,
      sink,
      name: 'nanometer-bridge',
      limits: { seriesPerConnection: seriesLimit },
      access: pushAccess,
      ...(pushTokens === undefined ? {} : { tokens: pushTokens }),
      ...(allowedHosts === undefined ? {} : { allowedHosts }),
    });
  } catch (error) {
    if (!(error instanceof LiveError)) throw error;
    throw new BridgeError('INVALID_OPTION', `pushTokens: ${error.message}`, 'pushTokens', error);
  }
}

/** Goes on where the last life ended. */
async function takeOver(
  journal: DurableJournal,
  state: BridgeState,
  { durable, onTrouble }: CheckedOptions,
): Promise<void> {
  try {
    await journal.recover(state);
    const { statsd } = state;
    if (!statsd?.inDoubt) return;
    onTrouble(
      `the bridge ended while StatsD was sent: ${statsd.inDoubt} points of ${statsd.doubtful.join(', ')} may or may not have arrived; they are counted as unconfirmed and not sent again`,
    );
    await journal.commit({ kind: 'statsdOutcome', outcome: UNCONFIRMED }, () => statsd.settle(UNCONFIRMED));
  } catch (error) {
    const message = `stateDirectory ${durable?.directory} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    throw new BridgeError('STATE_UNUSABLE', message, 'stateDirectory', error);
  }
}

/** Forgets series that get no more points, but none before this bridge has waited for them itself: it may have been away. */
function expireIdle(
  state: BridgeState,
  journal: Journal,
  { seriesTtlMillis, now }: CheckedOptions,
  timers: Timers,
): void {
  if (seriesTtlMillis === 0) return;
  const startedMs = now();
  timers.every(Math.min(EXPIRY_EVERY_MS_MAX, Math.ceil(seriesTtlMillis / 4)), () => {
    const beforeMs = now() - seriesTtlMillis;
    if (beforeMs <= startedMs || !state.ingest.hasIdle(beforeMs)) return;
    // What cannot be kept now is tried again.
    journal.commit({ kind: 'expire', beforeMs }, () => state.expire(beforeMs)).catch(() => {});
  });
}
