import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { CLOSE_TOO_MANY_CONNECTIONS } from '../protocol/close-codes.ts';
import { LiveError } from '../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../protocol/frame.ts';
import type { LiveClock } from '../protocol/clock.ts';
import { Authenticator } from '../server/access/authenticator.ts';
import { hostAllowed, isLocalPeer } from '../server/access/host.ts';
import { refuseUpgrade } from '../server/access/refuse-upgrade.ts';
import { SERVER_CLOCK } from '../server/server-clock.ts';
import { PUSH_SUBPROTOCOL, type PushLimits } from './messages.ts';
import { PushConnection, type PushContext } from './push-connection.ts';
import { PushError } from './push-error.ts';
import type { PushSink } from './push-sink.ts';
import { type PushRefusal, type PushServerStats, PushTally } from './push-stats.ts';
import { dismissRetired, retire } from './retired.ts';

/** Who may push. */
export const PUSH_ACCESS = ['open', 'bearer'] as const;
export type PushAccess = (typeof PUSH_ACCESS)[number];

/** Options of `PushServer`. */
export interface PushServerOptions<Handle> {
  /** The HTTP server to attach to: upgrade requests for other paths stay with its other listeners. */
  readonly server: Server;
  readonly sink: PushSink<Handle>;
  /** Default `/push`. */
  readonly path?: string;
  /**
   * Who may push: `bearer` (default), those with one of `tokens`, and where there are none, services of this machine;
   * `open`, everyone who reaches the server, as within a network of containers.
   */
  readonly access?: PushAccess;
  /** Secrets that let producers in, 16 characters or more each. */
  readonly tokens?: readonly string[];
  /** Hosts that a handshake may be for, without ports; default: any. */
  readonly allowedHosts?: readonly string[];
  readonly limits?: Partial<PushLimits>;
  /** Name in `hello` (default `nanometer`). */
  readonly name?: string;
  /** Milliseconds between heartbeats (default 1,000). */
  readonly heartbeatMillis?: number;
  /** Suggested to producers in `goaway`, milliseconds (default 100). */
  readonly retryAfterMs?: number;
  readonly clock?: LiveClock;
}

/** What a push server allows when the options say nothing else. */
export const DEFAULT_PUSH_LIMITS: PushLimits = {
  connections: 64,
  seriesPerConnection: 100_000,
  messageBytes: 1_048_576,
  waitingBytes: 16_777_216,
  idleMs: 30_000,
};

/** Takes series and their values from services, as PROTOCOL.md describes under "Push". */
export class PushServer<Handle> {
  readonly #options: PushServerOptions<Handle>;
  readonly #limits: PushLimits;
  readonly #authenticator: Authenticator;
  readonly #sockets: WebSocketServer;
  readonly #connections = new Set<PushConnection<Handle>>();
  readonly #context: PushContext<Handle>;
  readonly #path: string;
  #heartbeats = 0;
  #cancelHeartbeat: (() => void) | undefined;
  #isClosing = false;

  /** @throws LiveError `invalid_option`. */
  constructor(options: PushServerOptions<Handle>) {
    this.#options = options;
    this.#limits = { ...DEFAULT_PUSH_LIMITS, ...options.limits };
    for (const [name, limit] of Object.entries(this.#limits)) {
      if (Number.isInteger(limit) && limit >= 1) continue;
      throw new LiveError('invalid_option', `limits.${name} is ${limit}, expected a whole number from 1`);
    }
    const { access = 'bearer' } = options;
    if (!PUSH_ACCESS.includes(access)) {
      throw new LiveError('invalid_option', `access is "${access}"; one of ${PUSH_ACCESS.join(', ')} is needed`);
    }
    if (access === 'open' && options.tokens !== undefined) {
      throw new LiveError('invalid_option', 'access is "open" and there are tokens, which would keep nobody out');
    }
    const clock = options.clock ?? SERVER_CLOCK;
    const tokens = options.tokens?.map((token) => ({ token, name: 'producer' }));
    this.#authenticator = new Authenticator(tokens, clock, 1);
    this.#path = options.path ?? '/push';
    const { sink } = options;
    const epoch = crypto.getRandomValues(new Uint32Array(1))[0]! || 1;
    this.#context = { sink, limits: this.#limits, epoch, clock, tally: new PushTally() };
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: this.#limits.messageBytes,
      handleProtocols: (offered) => (offered.has(PUSH_SUBPROTOCOL) ? PUSH_SUBPROTOCOL : false),
    });
    dismissRetired(options.server, this.#path);
    options.server.on('upgrade', this.#onUpgrade);
  }

  stats(): PushServerStats {
    return this.#context.tally.stats(this.#connections.size);
  }

  /** Takes no more, and says goodbye. The HTTP server stays open, and answers who still comes to push with 503. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#options.server.off('upgrade', this.#onUpgrade);
    retire(this.#options.server, this.#path, this.#options.retryAfterMs ?? 100);
    this.#cancelHeartbeat?.();
    for (const connection of this.#connections) connection.goAway(this.#options.retryAfterMs ?? 100);
    const cancel = this.#context.clock.after(1_000, () => {
      for (const socket of this.#sockets.clients) socket.terminate();
    });
    await new Promise<void>((resolve) => this.#sockets.close(() => resolve()));
    cancel();
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if ((request.url ?? '').split('?', 1)[0] !== this.#path) return;
    if (!hostAllowed(request.headers.host, this.#options.allowedHosts)) {
      this.#reject('host_refused');
      refuseUpgrade(socket, '403 Forbidden', 'pushing is not served under this host');
      return;
    }
    // A page has no business here, and its browser would let it in.
    if (request.headers.origin !== undefined) {
      this.#reject('origin_refused');
      refuseUpgrade(socket, '403 Forbidden', 'pages may not push');
      return;
    }
    if (!this.#authorised(request)) {
      this.#reject('unauthorized');
      const text = this.#authenticator.isRequired
        ? 'expected the header "Authorization: Bearer TOKEN" with a token of this server'
        : 'without tokens only services of the same machine may push; give the server tokens, or open it';
      refuseUpgrade(socket, '401 Unauthorized', text, 'WWW-Authenticate: Bearer\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#onArrival(client));
  };

  #authorised({ headers, socket }: IncomingMessage): boolean {
    if (this.#authenticator.isRequired) return this.#authenticator.ofHeader(headers.authorization) !== undefined;
    if (this.#options.access === 'open') return true;
    return isLocalPeer(socket);
  }

  #reject(refusal: PushRefusal): void {
    const { refused } = this.#context.tally;
    refused[refusal] = (refused[refusal] ?? 0) + 1;
  }

  #onArrival(socket: WebSocket): void {
    const connection = new PushConnection(socket, this.#context);
    socket.on('error', () => undefined);
    const { connections: limit } = this.#limits;
    if (this.#connections.size >= limit) {
      connection.refuse(new PushError('too_many_connections', `the server has ${limit} producers, its limit`, limit));
      socket.close(CLOSE_TOO_MANY_CONNECTIONS, 'too_many_connections');
      return;
    }
    this.#connections.add(connection);
    socket.on('message', (data: Buffer, isBinary) => {
      if (socket.readyState === socket.OPEN) connection.onMessage(data, isBinary);
    });
    socket.on('pong', () => {
      connection.heardAtMs = this.#context.clock.monotonic();
    });
    socket.on('close', () => {
      connection.ended();
      this.#connections.delete(connection);
    });
    const { heartbeatMillis = 1_000, name = 'nanometer' } = this.#options;
    const { epoch, limits, clock } = this.#context;
    connection.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      server: name,
      epoch,
      timeMs: clock.now(),
      heartbeatMillis,
      limits,
    });
    this.#cancelHeartbeat ??= clock.after(heartbeatMillis, this.#heartbeat);
  }

  readonly #heartbeat = (): void => {
    this.#cancelHeartbeat = undefined;
    const { clock, limits } = this.#context;
    const nowMs = clock.monotonic();
    this.#heartbeats += 1;
    for (const connection of this.#connections) {
      if (nowMs - connection.heardAtMs > limits.idleMs) {
        this.#reject('idle_timeout');
        connection.socket.terminate();
        continue;
      }
      connection.send({ type: 'heartbeat', counter: this.#heartbeats, timeMs: clock.now() });
      if (nowMs - connection.pingedAtMs < limits.idleMs / 3) continue;
      connection.pingedAtMs = nowMs;
      connection.socket.ping();
    }
    if (this.#connections.size > 0 && !this.#isClosing) {
      this.#cancelHeartbeat = clock.after(this.#options.heartbeatMillis ?? 1_000, this.#heartbeat);
    }
  };
}
