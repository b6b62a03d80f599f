import type { Server } from 'node:http';
import { LiveError } from '../protocol/errors.ts';
import type { LiveClock } from '../protocol/clock.ts';
import type { LiveToken } from './access/authenticator.ts';
import { hostsOf, isLoopback } from './access/host.ts';
import type { HistorySource } from './history-source.ts';
import type { AnnouncedLimits } from '../protocol/messages.ts';

/** Limits of a server: those it announces in `hello`, and its own memory. */
export interface LiveLimits extends AnnouncedLimits {
  /** Series a server keeps; `register` returns -1 beyond it. */
  readonly seriesCapacity: number;
  /** Topics whose last event is retained; events of further topics are sent and not kept. */
  readonly retainedTopics: number;
  /** Bytes of events that wait for one client whose buffer is full; beyond it the client is closed with 4008. */
  readonly eventQueueBytes: number;
  /** Lossless streams kept for subscribers that may come back; the one that was left first makes room. */
  readonly resumableStreams: number;
  /** Rows of the history that one subscriber gets; a gap of more is a reset. */
  readonly historyRows: number;
  /** Tickets that are out at a time. */
  readonly tickets: number;
}

/** Certificate and key of a server of its own, as `node:tls` takes them. */
export interface LiveTlsOptions {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  readonly passphrase?: string;
}

/** Options of `LiveServer`. Give either `server` or `port`. */
export interface LiveServerOptions {
  /** An HTTP server to attach to: upgrade requests for other paths stay with its other listeners. */
  readonly server?: Server;
  /** Port of a server of its own; 0 for any free one. */
  readonly port?: number;
  /** Address for `port` (default 127.0.0.1). */
  readonly host?: string;
  /** Speaks TLS (`wss:`) on `port`. */
  readonly tls?: LiveTlsOptions;
  /** Lets a server without TLS listen on an address that is not loopback, such as in a container (default false). */
  readonly plaintext?: boolean;
  /** Who may connect, and what they see; default: everyone, everything. */
  readonly tokens?: readonly LiveToken[];
  /** Path at which tokens are traded for tickets (default `/ticket`). */
  readonly ticketPath?: string;
  /** Where to find what lossless subscribers missed and the rings no longer hold. */
  readonly history?: HistorySource;
  /** Milliseconds after which a history that does not answer counts as having nothing (default 5,000). */
  readonly historyTimeoutMs?: number;
  /** Path of the WebSocket endpoint (default `/live`). */
  readonly path?: string;
  /** Least milliseconds between two frames of a bulk stream (default 16), above 0. */
  readonly tickMillis?: number;
  /** Milliseconds between heartbeats (default 1,000), above 0. */
  readonly heartbeatMillis?: number;
  /** Origins of pages that may connect, or `'*'`; default: pages of the host the request is for. Programs send none. */
  readonly allowedOrigins?: readonly string[] | '*';
  /** Hosts that a handshake may be for, without ports; default: those of loopback when it listens there, else any. */
  readonly allowedHosts?: readonly string[];
  readonly limits?: Partial<LiveLimits>;
  /** Name in `hello` (default `nanometer`). */
  readonly name?: string;
  /** Identifies this life of the server, 1 to 2³² − 1 (default: random). */
  readonly epoch?: number;
  /** Suggested to clients in `goaway`, milliseconds (default 500). */
  readonly retryAfterMs?: number;
  /** How long `close` waits for clients to say goodbye, milliseconds (default 1,000). */
  readonly closeTimeoutMs?: number;
  /**
   * For values that come from another thread: takes what it has handed over by now. Called before a client's message is acted on, so
   * that a subscriber finds all that was there before it asked. Must not throw.
   */
  readonly catchUp?: () => void;
  readonly clock?: LiveClock;
}

/** What a server allows when the options say nothing else. */
export const DEFAULT_LIMITS: LiveLimits = {
  connections: 100,
  connectionsPerAddress: 100,
  subscriptionsPerConnection: 256,
  patternsPerSubscription: 32,
  seriesPerSubscription: 10_000,
  messageBytes: 65_536,
  messagesPerSecond: 20,
  messageBurst: 50,
  subscribeWithinMs: 5_000,
  bufferedBytes: 1_048_576,
  unackedBytes: 16_777_216,
  resumeBytes: 4_194_304,
  resumeWithinMs: 60_000,
  idleMs: 30_000,
  topicsPerConnection: 64,
  eventBytes: 262_144,
  seriesCapacity: 1_000_000,
  retainedTopics: 256,
  eventQueueBytes: 1_048_576,
  resumableStreams: 64,
  historyRows: 100_000,
  tickets: 1_000,
};

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly server: Server | undefined;
  readonly port: number | undefined;
  readonly host: string;
  readonly tls: LiveTlsOptions | undefined;
  readonly tokens: readonly LiveToken[] | undefined;
  readonly ticketPath: string;
  readonly history: HistorySource | undefined;
  readonly historyTimeoutMs: number;
  readonly path: string;
  readonly tickMillis: number;
  readonly heartbeatMillis: number;
  readonly allowedOrigins: readonly string[] | '*' | undefined;
  readonly allowedHosts: readonly string[] | undefined;
  readonly limits: LiveLimits;
  readonly name: string;
  readonly epoch: number;
  readonly retryAfterMs: number;
  readonly closeTimeoutMs: number;
  readonly catchUp: (() => void) | undefined;
  readonly clock: LiveClock;
}

/**
 * Fills in defaults and checks ranges.
 *
 * @throws LiveError `invalid_option`, naming the option.
 */
export function resolveOptions(options: LiveServerOptions, clock: LiveClock): ResolvedOptions {
  if ((options.server === undefined) === (options.port === undefined)) {
    throw new LiveError('invalid_option', 'give either `server` (an http.Server) or `port`, not both and not neither');
  }
  const limits: LiveLimits = { ...DEFAULT_LIMITS, ...options.limits };
  for (const [name, value] of Object.entries(limits)) integer(`limits.${name}`, value, 1, Number.MAX_SAFE_INTEGER);
  if (options.port !== undefined) integer('port', options.port, 0, 65_535);
  checkReach(options);
  return {
    server: options.server,
    port: options.port,
    host: options.host ?? '127.0.0.1',
    tls: options.tls,
    tokens: options.tokens,
    ticketPath: path('ticketPath', options.ticketPath ?? '/ticket'),
    history: options.history,
    historyTimeoutMs: milliseconds('historyTimeoutMs', options.historyTimeoutMs ?? 5_000, 0),
    path: path('path', options.path ?? '/live'),
    tickMillis: milliseconds('tickMillis', options.tickMillis ?? 16, Number.MIN_VALUE),
    heartbeatMillis: milliseconds('heartbeatMillis', options.heartbeatMillis ?? 1_000, Number.MIN_VALUE),
    allowedOrigins: options.allowedOrigins,
    allowedHosts:
      options.allowedHosts ?? (options.port === undefined ? undefined : hostsOf(options.host ?? '127.0.0.1')),
    limits,
    name: options.name ?? 'nanometer',
    epoch: integer('epoch', options.epoch ?? randomEpoch(), 1, 0xffff_ffff),
    retryAfterMs: milliseconds('retryAfterMs', options.retryAfterMs ?? 500, 0),
    closeTimeoutMs: milliseconds('closeTimeoutMs', options.closeTimeoutMs ?? 1_000, 0),
    catchUp: options.catchUp,
    clock,
  };
}

/** Values and tokens do not cross a network unprotected unless somebody says that they may. */
function checkReach({ server, port, host = '127.0.0.1', tls, plaintext }: LiveServerOptions): void {
  if (server !== undefined && tls !== undefined) {
    throw new LiveError('invalid_option', 'tls is for `port`; give `server` an https.Server instead');
  }
  if (port === undefined || tls !== undefined || plaintext === true || isLoopback(host)) return;
  throw new LiveError(
    'invalid_option',
    `host is "${host}", which others can reach, and there is no TLS; give \`tls: { cert, key }\`, listen on 127.0.0.1 behind a proxy, or say \`plaintext: true\``,
  );
}

function path(name: string, value: string): string {
  if (value.startsWith('/')) return value;
  throw new LiveError('invalid_option', `${name} is "${value}", expected it to start with "/"`);
}

function randomEpoch(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! || 1;
}

function integer(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new LiveError('invalid_option', `${name} is ${value}, expected an integer from ${least} to ${most}`);
}

function milliseconds(name: string, value: number, least: number): number {
  if (value >= least && value <= 0x7fff_ffff) return value;
  const range = least === 0 ? 'from 0' : 'above 0';
  throw new LiveError('invalid_option', `${name} is ${value}, expected milliseconds ${range} to 2147483647`);
}
