import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { LiveError } from '../protocol/errors.ts';
import { SUBPROTOCOL, SUBPROTOCOL_JSON, TICKET_PROTOCOL_PREFIX } from '../protocol/messages.ts';
import { socketUrl } from '../protocol/socket-url.ts';
import { Authenticator } from './access/authenticator.ts';
import type { Grant } from './access/grant.ts';
import type { FrameFormat } from './connection.ts';
import { hostAllowed } from './access/host.ts';
import type { ResolvedOptions } from './options.ts';
import { originAllowed } from './access/origin.ts';
import { refuseUpgrade } from './access/refuse-upgrade.ts';
import { answerTicketRequest } from './access/ticket-endpoint.ts';
import type { ServerCounters } from './stats.ts';

/** Where a server can be reached. */
export interface LiveAddress {
  /** Of a server that listens on a Unix socket: its file. */
  readonly host: string;
  /** 0 of a Unix socket. */
  readonly port: number;
  /** `ws://host:port/path`, or `wss:` with TLS, or `ws+unix:/path/of/socket:/path`. */
  readonly url: string;
}

/** A client that has come in. */
export interface Arrival {
  readonly socket: WebSocket;
  /** The connection under it. */
  readonly wire: Duplex;
  readonly format: FrameFormat;
  /** What it may see; undefined when it has no valid token or ticket, and is to be told so. */
  readonly grant: Grant | undefined;
  /** Address of the peer, as the socket has it. */
  readonly address: string;
  readonly query: URLSearchParams;
}

/** The HTTP side of a server: listens or attaches, checks upgrade requests, and hands over WebSockets. */
export class Endpoint {
  readonly #options: ResolvedOptions;
  readonly #counters: ServerCounters;
  readonly #onArrival: (arrival: Arrival) => void;
  readonly #authenticator: Authenticator;
  readonly #sockets: WebSocketServer;
  readonly #http: Server;
  readonly #ready: Promise<LiveAddress>;

  /** @throws LiveError `invalid_option`. */
  constructor(options: ResolvedOptions, counters: ServerCounters, onArrival: (arrival: Arrival) => void) {
    this.#options = options;
    this.#counters = counters;
    this.#onArrival = onArrival;
    this.#authenticator = new Authenticator(options.tokens, options.clock, options.limits.tickets);
    const guards = {
      noServer: true,
      // Per-connection contexts cost two orders of magnitude in latency at 100 clients, and hide queues from bufferedAmount.
      perMessageDeflate: false,
      maxPayload: options.limits.messageBytes,
      closeTimeout: Math.max(1, options.closeTimeoutMs),
      handleProtocols: (offered: Set<string>): string | false =>
        [SUBPROTOCOL, SUBPROTOCOL_JSON].find((protocol) => offered.has(protocol)) ?? false,
    };
    this.#sockets = new WebSocketServer(guards);
    this.#http = options.server ?? this.#ownServer();
    this.#http.on('upgrade', this.#onUpgrade);
    this.#ready = options.port === undefined ? this.#attached() : this.#listen(options.port);
    // A caller that never asks still gets no unhandled rejection.
    this.#ready.catch(() => undefined);
  }

  /** @throws LiveError `address_in_use`, `listen_failed`. */
  ready(): Promise<LiveAddress> {
    return this.#ready;
  }

  /** Answers a request for a ticket; false when the request is for something else. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return answerTicketRequest(request, response, this.#options, this.#counters, this.#authenticator);
  }

  /** What the bearer of an `Authorization` header may see; undefined when nothing. */
  grantOf(authorization: string | undefined): Grant | undefined {
    return this.#authenticator.ofHeader(authorization);
  }

  /** Takes no more clients, waits for the closing ones, cuts off those that take too long. */
  async close(): Promise<void> {
    this.#http.off('upgrade', this.#onUpgrade);
    const { closeTimeoutMs, clock, server } = this.#options;
    const cancel = clock.after(closeTimeoutMs, () => {
      for (const socket of this.#sockets.clients) socket.terminate();
    });
    await new Promise<void>((resolve) => this.#sockets.close(() => resolve()));
    cancel();
    if (server !== undefined) return;
    await this.#ready.catch(() => undefined);
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  #ownServer(): Server {
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      if (!this.handleRequest(request, response)) refusePlainHttp(response);
    };
    const { tls } = this.#options;
    return tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  }

  #listen(port: number): Promise<LiveAddress> {
    const { host } = this.#options;
    return new Promise((resolve, reject) => {
      this.#http.once('error', (error: NodeJS.ErrnoException) => {
        const where = `${host}:${port}`;
        reject(
          error.code === 'EADDRINUSE'
            ? new LiveError('address_in_use', `${where} is in use; give another \`port\`, or 0 for any free one`)
            : new LiveError('listen_failed', `cannot listen on ${where}: ${error.message}`),
        );
      });
      this.#http.listen(port, host, () => resolve(this.#address()));
    });
  }

  #attached(): Promise<LiveAddress> {
    if (this.#http.listening) return Promise.resolve(this.#address());
    return new Promise((resolve) => this.#http.once('listening', () => resolve(this.#address())));
  }

  #address(): LiveAddress {
    const address = this.#http.address();
    if (address === null) return { host: '', port: 0, url: '' };
    if (typeof address === 'string') return { host: address, port: 0, url: socketUrl(address, this.#options.path) };
    const { address: host, port }: AddressInfo = address;
    // An https.Server is a tls.Server, an http.Server is not.
    const scheme = this.#http instanceof TlsServer ? 'wss' : 'ws';
    return { host, port, url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${this.#options.path}` };
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const [path, query] = (request.url ?? '').split('?', 2);
    if (path !== this.#options.path) {
      // On a server of its own nobody else would answer.
      if (this.#options.server === undefined)
        refuseUpgrade(socket, '404 Not Found', `the stream is at ${this.#options.path}`);
      return;
    }
    if (!hostAllowed(request.headers.host, this.#options.allowedHosts)) {
      this.#counters.reject('host_refused');
      refuseUpgrade(socket, '403 Forbidden', 'the stream is not served under this host: it is not in allowedHosts');
      return;
    }
    if (!originAllowed(request, this.#options.allowedOrigins)) {
      this.#counters.reject('origin_refused');
      refuseUpgrade(socket, '403 Forbidden', 'pages of this origin may not connect: it is not in allowedOrigins');
      return;
    }
    const grant = this.#grantOf(request);
    // A browser shows its page the close code of a WebSocket, and nothing of an HTTP answer.
    if (grant === undefined && !isBrowser(request)) {
      this.#counters.reject('unauthorized');
      const text = 'expected the header "Authorization: Bearer TOKEN" with a token of this server, or a ticket';
      refuseUpgrade(socket, '401 Unauthorized', text, 'WWW-Authenticate: Bearer\r\n');
      return;
    }
    // Up to here a refused client gets a typed error over its WebSocket; a flood of them gets none.
    if (this.#sockets.clients.size > 2 * this.#options.limits.connections) {
      this.#counters.reject('too_many_connections');
      refuseUpgrade(socket, '503 Service Unavailable', 'too many connections');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', (error: NodeJS.ErrnoException) => {
        const tooLarge = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
        this.#counters.reject(tooLarge ? 'message_too_large' : 'malformed_websocket');
      });
      const params = new URLSearchParams(query);
      const json = client.protocol === SUBPROTOCOL_JSON || params.get('format') === 'json';
      const address = request.socket.remoteAddress ?? '';
      this.#onArrival({
        socket: client,
        wire: socket,
        format: json ? 'json' : 'binary',
        grant,
        address,
        query: params,
      });
    });
  };

  #grantOf(request: IncomingMessage): Grant | undefined {
    const ticket = ticketOf(request);
    return ticket === undefined || !this.#authenticator.isRequired
      ? this.#authenticator.ofHeader(request.headers.authorization)
      : this.#authenticator.redeem(ticket);
  }
}

function isBrowser(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined || ticketOf(request) !== undefined;
}

function ticketOf({ headers }: IncomingMessage): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const ticket = offered.find((protocol) => protocol.startsWith(TICKET_PROTOCOL_PREFIX));
  return ticket?.slice(TICKET_PROTOCOL_PREFIX.length);
}

function refusePlainHttp(response: ServerResponse): void {
  response.writeHead(426, { connection: 'Upgrade', upgrade: 'websocket', 'content-type': 'text/plain' });
  response.end('this port speaks WebSocket only\n');
}
