import { loadPage } from '@nanometer/dashboard';
import { StatsdError } from '@nanometer/exporter-statsd';
import { LiveServer } from '@nanometer/live';
import { CloseStack } from './close-stack.ts';
import { BridgeError } from './errors.ts';
import { Ingest, type Output } from './ingest.ts';
import { type BridgeOptions, type CheckedOptions, checkedOptions } from './options.ts';
import { LiveOutput } from './outputs/live-output.ts';
import { PrometheusOutput } from './outputs/prometheus-output.ts';
import { type BridgeStatsdOptions, StatsdOutput } from './outputs/statsd-output.ts';
import { SELF_FAMILIES, SelfMetrics } from './self-metrics.ts';
import { closeServer, listen } from './servers/listen.ts';
import { OtlpGrpcServer } from './servers/otlp-grpc.ts';
import { otlpHttpServer } from './servers/otlp-http.ts';
import { pageServer } from './servers/page-server.ts';
import type { BridgeStats } from './stats.ts';
import { SeriesStore } from './store/series-store.ts';

/** Where a running bridge is reached. */
export interface BridgeAddresses {
  readonly page: string;
  readonly live: string;
  readonly metrics: string;
  /** `host:port`. */
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
}

/** A running bridge. */
export interface Bridge {
  readonly addresses: BridgeAddresses;
  stats(): BridgeStats;
  /** Sends what StatsD lacks, now. */
  flush(): Promise<void>;
  /** Takes no more, flushes StatsD, says goodbye to live clients. Idempotent. */
  close(): Promise<void>;
}

const SELF_METRICS_EVERY_MS = 1000;
const GRACE_MS = 2000;

/**
 * Starts a bridge: OTLP in by gRPC and HTTP; StatsD, the live stream, Prometheus text and the page out.
 *
 * @throws BridgeError `INVALID_OPTION`, `PORT_IN_USE`, `LISTEN_FAILED`. Whatever had been started by then is closed.
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
  const { host, maxRequestBytes, requestTimeoutMillis, seriesLimit, now, onTrouble } = checked;
  const store = new SeriesStore(seriesLimit);
  const content = {
    assets: loadPage(),
    metrics: () => prometheus.text() + self.text(),
    stats: () => stats(),
  };
  const page = pageServer(content, requestTimeoutMillis);
  started.add(() => closeServer(page, GRACE_MS));
  const live = new LiveServer({
    server: page,
    path: '/live',
    name: 'nanometer-bridge',
    ...(checked.allowedOrigins === undefined ? {} : { allowedOrigins: checked.allowedOrigins }),
  });
  started.add(() => live.close());
  const prometheus = new PrometheusOutput(store, SELF_FAMILIES);
  const liveOutput = new LiveOutput(live, checked.percentileWindowMillis);
  const statsd = checked.statsd && statsdOutput(checked.statsd, checked);
  const outputs: Output[] = [prometheus, liveOutput, ...(statsd ? [statsd] : [])];
  const ingest = new Ingest(store, outputs, now);

  const requests: { grpc: Record<string, number>; http: Record<string, number> } = { grpc: {}, http: {} };
  const countIn =
    (results: Record<string, number>) =>
    (error = ''): void => {
      results[error] = (results[error] ?? 0) + 1;
    };
  const grpc = new OtlpGrpcServer(ingest, maxRequestBytes, countIn(requests.grpc));
  const http = otlpHttpServer(ingest, { maxRequestBytes, requestTimeoutMillis }, countIn(requests.http));

  const stats = (): BridgeStats => ({
    receivedBy: ingest.receivedBy,
    requests,
    outputs: {
      prometheus: prometheus.account.ledger(0),
      live: liveOutput.account.ledger(0),
      ...(statsd ? { statsd: statsd.account.ledger(statsd.held) } : {}),
    },
    series: store.size,
    live: live.stats(),
    ...(statsd ? { statsd: statsd.senderStats() } : {}),
  });
  const self = new SelfMetrics(stats);

  // Closed last first: once nothing comes in and StatsD has all, live clients get the last word, then the page ends.
  started.add(async () => {
    await statsd?.close();
    self.publish(live, now());
  });
  const pagePort = await listen(page, host, checked.port, 'port', onTrouble);
  started.add(() => closeServer(http, GRACE_MS));
  const httpPort = await listen(http, host, checked.otlpHttpPort, 'otlpHttpPort', onTrouble);
  const grpcPort = await grpc.listen(host, checked.otlpGrpcPort);
  started.add(() => grpc.close(GRACE_MS));

  self.publish(live, now());
  const publishing = setInterval(() => self.publish(live, now()), SELF_METRICS_EVERY_MS);
  const flushing = setInterval(() => void statsd?.flush(), checked.statsd?.flushIntervalMillis ?? 1000);
  started.add(() => {
    clearInterval(publishing);
    clearInterval(flushing);
  });

  const name = host.includes(':') ? `[${host}]` : host;
  return {
    addresses: {
      page: `http://${name}:${pagePort}/`,
      live: `ws://${name}:${pagePort}/live`,
      metrics: `http://${name}:${pagePort}/metrics`,
      otlpGrpc: `${name}:${grpcPort}`,
      otlpHttp: `http://${name}:${httpPort}`,
    },
    stats,
    flush: () => statsd?.flush() ?? Promise.resolve(),
    close: () => started.close(),
  };
}

function statsdOutput(options: BridgeStatsdOptions, { seriesLimit, onTrouble }: CheckedOptions): StatsdOutput {
  try {
    return new StatsdOutput(options, seriesLimit, ({ message }) => onTrouble(message));
  } catch (error) {
    if (!(error instanceof StatsdError)) throw error;
    // Its message begins with the option's name.
    const option = `statsd.${/^\w+/.exec(error.message)?.[0] ?? ''}`;
    throw new BridgeError('INVALID_OPTION', `statsd.${error.message}`, option, error);
  }
}
