import type { AlertView, CenterOptions } from '@nanometer/alerting';
import { DEFAULT_MTU_BYTES } from '@nanometer/exporter-statsd';
import { FSYNC_POLICIES, type FsyncPolicy } from '@nanometer/exporter-otlp/log';
import type { HistoryOptions } from '@nanometer/history';
import { hostsOf, isLoopback, PUSH_ACCESS, type PushAccess, socketPathTrouble } from '@nanometer/live';
import type { LiveTlsOptions, LiveToken } from '@nanometer/live';
import type { DurableOptions } from './journal/durable-options.ts';
import type { BridgeStatsdOptions } from './outputs/statsd-options.ts';
import { BridgeError } from './errors.ts';
import { METRICS_ACCESS, type MetricsAccess } from './servers/metrics-access.ts';
import { OTLP_ACCESS, type OtlpAccess } from './servers/otlp-access.ts';
import { FAN_OUT_MODES, type FanOutMode } from './fan-out/fan-out.ts';
import { RING_BYTES_LEAST } from './fan-out/ring/ring-memory.ts';

const MEBIBYTE = 1024 * 1024;
const PUSH_PORT = 8081;

/** Settings of a bridge. Ports may be 0 for any free one. */
export interface BridgeOptions {
  /** Address every server listens on. Default `127.0.0.1`; anything but loopback needs `tls` or `plaintext`. */
  readonly host?: string;
  /** Certificate and key: the page and everything beside it by `https:`, the stream by `wss:`, OTLP over TLS. */
  readonly tls?: LiveTlsOptions;
  /** Lets a bridge without TLS listen on an address that is not loopback, such as in a container. Default false. */
  readonly plaintext?: boolean;
  /** Who may open `/live`, and which series and events they see. Default: everyone, everything. */
  readonly liveTokens?: readonly LiveToken[];
  /** Page, `/live`, `/metrics`, `/healthz`, `/api/v1/stats`. Default 8080. */
  readonly port?: number;
  /**
   * Where the live stream is encoded and sent: `inline`, in the thread that takes requests, or `worker`, in one of its own, which then
   * has `port`. Default `inline`.
   */
  readonly fanOut?: FanOutMode;
  /**
   * A port of its own for `/push`, in the thread that takes requests. Default 8081 with a worker, so that what is pushed need not go
   * through it; otherwise none, as services then push to `port`, as they always may.
   */
  readonly pushPort?: number;
  /**
   * File of a Unix socket at which programs of this machine find what is at `port`, pushes included, for less than TCP costs
   * (`npm run bench:live`). A worker serves the stream at `port` alone. Who may open the file, `umask` decides: by its
   * usual value the bridge's own user. Default: none.
   */
  readonly socketPath?: string;
  /** Bytes of the ring between the two threads, rounded up to a power of two. Default 4 MiB. */
  readonly fanOutRingBytes?: number;
  /**
   * Most bytes of rows that wait for room in the ring, while somebody wants every one of them, and most bytes of events. Beyond it the
   * worker is replaced, or the event refused. Default 64 MiB.
   */
  readonly fanOutQueueBytes?: number;
  /** Milliseconds without a sign of life after which the worker is replaced. Default 10,000. */
  readonly fanOutStallMillis?: number;
  /** OTLP over gRPC. Default 4317. */
  readonly otlpGrpcPort?: number;
  /** OTLP over HTTP. Default 4318. */
  readonly otlpHttpPort?: number;
  /** Sends StatsD when present. */
  readonly statsd?: BridgeStatsdOptions;
  /** Evaluates alert rules over everything received when present. */
  readonly alerts?: BridgeAlertOptions;
  /** Keeps rollups of everything received in a file when present and not false. */
  readonly history?: BridgeHistoryOptions | false;
  /**
   * A folder of its own in which the bridge keeps its state: then an acknowledged request survives the end of the process, and
   * so does what StatsD was sent. Default none: the state is in memory and ends with the process.
   */
  readonly stateDirectory?: string;
  /**
   * When what was taken is on the disk, and not only in the system's memory: `always` before it is acknowledged (survives a
   * power cut), `interval` every `stateFsyncIntervalMillis`, `never` (both survive the end of the process). Default `always`.
   */
  readonly stateFsync?: FsyncPolicy;
  /** Default 1,000. */
  readonly stateFsyncIntervalMillis?: number;
  /** Most bytes of the state's log; beyond it requests are answered "unavailable". Default 1 GiB. */
  readonly stateLogLimitBytes?: number;
  /** Bytes of log after which the whole state is saved, so that the log can begin anew. Default 64 MiB. */
  readonly stateSnapshotBytes?: number;
  /** Most bytes of requests that wait for the disk; beyond it they are answered "unavailable". Default 64 MiB. */
  readonly stateQueueLimitBytes?: number;
  /** Most series held; points of further ones are dropped as `series_limit`. Default 100,000. */
  readonly seriesLimit?: number;
  /**
   * Milliseconds after which a series without a new point is forgotten; 0 for never. Longer than any outage to be bridged: a
   * producer that returns later has its counters counted anew in StatsD. Default 86,400,000, a day.
   */
  readonly seriesTtlMillis?: number;
  /** Largest OTLP request after decompression. Default 16 MiB. */
  readonly maxRequestBytes?: number;
  /** Milliseconds in which an HTTP request must have arrived in full. Default 30,000. */
  readonly requestTimeoutMillis?: number;
  /** Window of the live percentiles, milliseconds. Default 10,000. */
  readonly percentileWindowMillis?: number;
  /**
   * Secrets, of 16 characters or more, with which services push to `/push`. Default none: services of this machine may,
   * without any.
   */
  readonly pushTokens?: readonly string[];
  /**
   * Who may push to `/push`: `bearer`, services with one of `pushTokens`, and where there are none, those of this machine; `open`,
   * everyone who reaches it, as within a network of containers. Default `bearer`.
   */
  readonly pushAccess?: PushAccess;
  /**
   * Who may send OTLP, over gRPC and HTTP: `bearer`, those with one of `otlpTokens`, and where there are none, programs of this
   * machine; `open`, everyone who reaches it, as within a network of containers. Default `bearer`.
   */
  readonly otlpAccess?: OtlpAccess;
  /** Secrets, of 16 characters or more, for `Authorization: Bearer` of OTLP. Default none: programs of this machine may send, without any. */
  readonly otlpTokens?: readonly string[];
  /**
   * Who may read `/metrics` and `/api/v1/stats`: `open`, everyone who reaches them; `bearer`, those with one of `metricsTokens` or a token of
   * `liveTokens` that has no scope, and where there are no tokens at all, programs of this machine. Default `open` on loopback when there
   * are no tokens of either kind, otherwise `bearer`.
   */
  readonly metricsAccess?: MetricsAccess;
  /** Secrets, of 16 characters or more, for `Authorization: Bearer` at `/metrics` and `/api/v1/stats`. */
  readonly metricsTokens?: readonly string[];
  /** Origins of pages that may open `/live`. Default: the bridge's own page, by the host it was asked for. */
  readonly allowedOrigins?: readonly string[];
  /**
   * Hosts, without ports, that HTTP requests and handshakes may be for. Default: the names of loopback when `host` is
   * loopback, so that no page can reach the bridge by a name made to point there; any host otherwise.
   */
  readonly allowedHosts?: readonly string[];
  /** Told of trouble that does not stop the bridge, once per cause. Default: standard error. */
  readonly onTrouble?: (text: string) => void;
  /** Unix milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

/** History of a bridge; `seriesLimit` is the bridge's when absent. */
export interface BridgeHistoryOptions extends Omit<HistoryOptions, 'now' | 'onTrouble' | 'onSettled'> {
  /** Milliseconds between commits, which is what the end of the process can cost. Default 10,000. */
  readonly commitIntervalMillis?: number;
}

/** Alerts of a bridge. */
export interface BridgeAlertOptions extends Pick<
  CenterOptions,
  'receivers' | 'stateDirectory' | 'alertLimit' | 'silenceLimit' | 'logLimitBytes' | 'fsync'
> {
  /** The rule file; its rules of the tier `bridge` are evaluated. */
  readonly rulesFile: string;
  /** Told of all alerts after changes, once per turn of the event loop. */
  readonly onAlertsChanged?: (alerts: readonly AlertView[]) => void;
}

type Defaulted =
  | 'host'
  | 'fanOut'
  | 'metricsAccess'
  | 'pushAccess'
  | 'otlpAccess'
  | 'fanOutRingBytes'
  | 'fanOutQueueBytes'
  | 'fanOutStallMillis'
  | 'port'
  | 'otlpGrpcPort'
  | 'otlpHttpPort'
  | 'seriesLimit'
  | 'seriesTtlMillis'
  | 'maxRequestBytes'
  | 'requestTimeoutMillis'
  | 'percentileWindowMillis'
  | 'onTrouble'
  | 'now';

export type CheckedOptions = Required<Pick<BridgeOptions, Defaulted>> & {
  /** Absent when the state is kept in memory. */
  readonly durable: DurableOptions | undefined;
  readonly pushPort: number | undefined;
  readonly socketPath: string | undefined;
  readonly statsd: BridgeStatsdOptions | undefined;
  readonly alerts: BridgeAlertOptions | undefined;
  readonly history: (BridgeHistoryOptions & { readonly commitIntervalMillis: number }) | undefined;
  readonly tls: LiveTlsOptions | undefined;
  readonly liveTokens: readonly LiveToken[] | undefined;
  readonly pushTokens: readonly string[] | undefined;
  readonly metricsTokens: readonly string[] | undefined;
  readonly otlpTokens: readonly string[] | undefined;
  readonly allowedOrigins: readonly string[] | undefined;
  readonly allowedHosts: readonly string[] | undefined;
};

/** Applies defaults. Throws `BridgeError` `INVALID_OPTION`. */
export function checkedOptions(options: BridgeOptions): CheckedOptions {
  return {
    host: checkedHost(options.host ?? '127.0.0.1', options),
    port: integer('port', options.port ?? 8080, 0, 65_535),
    fanOut: checkedFanOut(options.fanOut ?? 'inline'),
    pushPort: checkedPushPort(options),
    socketPath: checkedSocketPath(options),
    fanOutRingBytes: integer('fanOutRingBytes', options.fanOutRingBytes ?? 4 * MEBIBYTE, RING_BYTES_LEAST, 2 ** 30),
    fanOutQueueBytes: integer('fanOutQueueBytes', options.fanOutQueueBytes ?? 64 * MEBIBYTE, MEBIBYTE, 2 ** 32),
    fanOutStallMillis: integer('fanOutStallMillis', options.fanOutStallMillis ?? 10_000, 1000, 3_600_000),
    otlpGrpcPort: integer('otlpGrpcPort', options.otlpGrpcPort ?? 4317, 0, 65_535),
    otlpHttpPort: integer('otlpHttpPort', options.otlpHttpPort ?? 4318, 0, 65_535),
    statsd: options.statsd && checkedStatsd(options.statsd),
    alerts: options.alerts,
    history: checkedHistory(options),
    durable: checkedDurable(options),
    seriesLimit: integer('seriesLimit', options.seriesLimit ?? 100_000, 1, 10_000_000),
    seriesTtlMillis: integer('seriesTtlMillis', options.seriesTtlMillis ?? 86_400_000, 0, 2 ** 40),
    maxRequestBytes: integer('maxRequestBytes', options.maxRequestBytes ?? 16 * 1024 * 1024, 1024, 2 ** 30),
    requestTimeoutMillis: integer('requestTimeoutMillis', options.requestTimeoutMillis ?? 30_000, 100, 3_600_000),
    percentileWindowMillis: integer('percentileWindowMillis', options.percentileWindowMillis ?? 10_000, 100, 3_600_000),
    tls: options.tls,
    liveTokens: options.liveTokens,
    pushTokens: options.pushTokens,
    pushAccess: checkedPushAccess(options),
    otlpAccess: checkedOtlpAccess(options),
    otlpTokens: options.otlpTokens,
    metricsAccess: checkedMetricsAccess(options),
    metricsTokens: options.metricsTokens,
    allowedOrigins: options.allowedOrigins,
    allowedHosts: options.allowedHosts ?? hostsOf(options.host ?? '127.0.0.1'),
    onTrouble: options.onTrouble ?? ((text) => void process.stderr.write(`bridge: ${text}\n`)),
    now: options.now ?? Date.now,
  };
}

function checkedFanOut(mode: FanOutMode): FanOutMode {
  if (FAN_OUT_MODES.includes(mode)) return mode;
  throw new BridgeError(
    'INVALID_OPTION',
    `fanOut is "${mode}"; one of ${FAN_OUT_MODES.join(', ')} is needed`,
    'fanOut',
  );
}

function checkedMetricsAccess(options: BridgeOptions): MetricsAccess {
  const { metricsAccess, metricsTokens, liveTokens, host = '127.0.0.1' } = options;
  const isOpen = metricsTokens === undefined && liveTokens === undefined && isLoopback(host);
  return checkedAccess('metrics', metricsAccess ?? (isOpen ? 'open' : 'bearer'), METRICS_ACCESS, metricsTokens);
}

function checkedPushAccess({ pushAccess = 'bearer', pushTokens }: BridgeOptions): PushAccess {
  return checkedAccess('push', pushAccess, PUSH_ACCESS, pushTokens);
}

function checkedOtlpAccess({ otlpAccess = 'bearer', otlpTokens }: BridgeOptions): OtlpAccess {
  return checkedAccess('otlp', otlpAccess, OTLP_ACCESS, otlpTokens);
}

/** The option `metricsAccess`, `pushAccess` or `otlpAccess`, beside the tokens of the same name. */
function checkedAccess<Access extends string>(
  what: 'metrics' | 'push' | 'otlp',
  access: Access,
  known: readonly Access[],
  tokens: readonly string[] | undefined,
): Access {
  const option = `${what}Access` as const;
  if (!known.includes(access)) {
    throw new BridgeError('INVALID_OPTION', `${option} is "${access}"; one of ${known.join(', ')} is needed`, option);
  }
  if (access === 'bearer' || tokens === undefined) return access;
  const message = `${option} is "open" and there are ${what}Tokens, which would keep nobody out; give one of the two`;
  throw new BridgeError('INVALID_OPTION', message, option);
}

function checkedPushPort({ pushPort, fanOut }: BridgeOptions): number | undefined {
  const port = pushPort ?? (fanOut === 'worker' ? PUSH_PORT : undefined);
  return port === undefined ? undefined : integer('pushPort', port, 0, 65_535);
}

function checkedSocketPath({ socketPath }: BridgeOptions): string | undefined {
  const trouble = socketPath === undefined ? undefined : socketPathTrouble(socketPath);
  if (trouble === undefined) return socketPath;
  throw new BridgeError('INVALID_OPTION', `socketPath is "${socketPath}": ${trouble}`, 'socketPath');
}

// What the history checks itself is not checked here again.
function checkedHistory({ history = false }: BridgeOptions): CheckedOptions['history'] {
  if (history === false) return undefined;
  const commitIntervalMillis = history.commitIntervalMillis ?? 10_000;
  return {
    ...history,
    commitIntervalMillis: integer('history.commitIntervalMillis', commitIntervalMillis, 1, 3_600_000),
  };
}

function checkedHost(host: string, { tls, plaintext = false }: BridgeOptions): string {
  if (typeof host !== 'string' || host === '') {
    throw new BridgeError('INVALID_OPTION', `host is ${JSON.stringify(host)}; an address or name is needed`, 'host');
  }
  if (isLoopback(host) || tls !== undefined || plaintext) return host;
  const message = `host is "${host}", which others can reach, and there is no TLS; give tls, stay on 127.0.0.1 behind a proxy, or say plaintext`;
  throw new BridgeError('INVALID_OPTION', message, 'host');
}

function checkedDurable(options: BridgeOptions): DurableOptions | undefined {
  const { stateDirectory: directory, stateFsync: fsync = 'always' } = options;
  if (directory === undefined) return undefined;
  if (directory === '') {
    throw new BridgeError('INVALID_OPTION', 'stateDirectory is ""; a folder is needed', 'stateDirectory');
  }
  if (!FSYNC_POLICIES.includes(fsync)) {
    const message = `stateFsync is "${fsync}"; one of ${FSYNC_POLICIES.join(', ')} is needed`;
    throw new BridgeError('INVALID_OPTION', message, 'stateFsync');
  }
  const bytes = (
    name: 'stateLogLimitBytes' | 'stateSnapshotBytes' | 'stateQueueLimitBytes',
    fallback: number,
  ): number => integer(name, options[name] ?? fallback, 64 * 1024, 2 ** 40);
  return {
    directory,
    fsync,
    fsyncIntervalMillis: integer('stateFsyncIntervalMillis', options.stateFsyncIntervalMillis ?? 1000, 1, 3_600_000),
    logLimitBytes: bytes('stateLogLimitBytes', 2 ** 30),
    snapshotBytes: bytes('stateSnapshotBytes', 64 * 1024 * 1024),
    queueLimitBytes: bytes('stateQueueLimitBytes', 64 * 1024 * 1024),
  };
}

// What the parts of the StatsD output check themselves is not checked here again.
function checkedStatsd(statsd: BridgeStatsdOptions): BridgeStatsdOptions {
  integer('statsd.mtuBytes', statsd.mtuBytes ?? DEFAULT_MTU_BYTES, 64, 65_507);
  integer('statsd.flushIntervalMillis', statsd.flushIntervalMillis ?? 1000, 1, 3_600_000);
  const { initialValue = 'count' } = statsd;
  if (['count', 'skip', 'auto'].includes(initialValue)) return statsd;
  throw new BridgeError(
    'INVALID_OPTION',
    `statsd.initialValue is "${initialValue}"; one of count, skip, auto is needed`,
    'statsd.initialValue',
  );
}

function integer(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new BridgeError(
    'INVALID_OPTION',
    `${option} is ${value}; it must be a whole number from ${least} to ${most}`,
    option,
  );
}
