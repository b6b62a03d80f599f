import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LiveTlsOptions } from '@nanometer/live';
import { refuseUpgrade } from '@nanometer/live/parts';
import { closeServer, GRACE_MS, listen } from '../servers/listen.ts';
import { pageFront } from '../servers/page-front.ts';

/** Suggested to those who come for the stream while nobody serves it. */
export const RETRY_AFTER = { 'retry-after': '1' } as const;

/** Where and how the public port is served. */
export interface PublicPort {
  readonly host: string;
  readonly tls: LiveTlsOptions | undefined;
  readonly requestTimeoutMillis: number;
  readonly onTrouble: (text: string) => void;
}

/**
 * Has the public port while no worker does: page, API and pushes go on, and who comes for the stream is told to come again. A
 * connection that it has taken stays with it when a worker takes the port back.
 */
export class StandIn {
  readonly #page: Server;
  readonly #options: PublicPort;
  /** Those that listen or still have connections. */
  readonly #servers = new Set<Server>();
  #listening: { readonly server: Server; readonly outcome: Promise<void> } | undefined;

  /** `page` answers what is not the stream; it does not listen. */
  constructor(page: Server, options: PublicPort) {
    this.#page = page;
    this.#options = options;
  }

  /** Takes the port; that it cannot is told, and the next worker tries. */
  take(port: number): void {
    if (this.#listening !== undefined) return;
    const { host, tls, requestTimeoutMillis, onTrouble } = this.#options;
    const server = pageFront(this.#page, requestTimeoutMillis, tls, comeAgain);
    this.#servers.add(server);
    const outcome = listen(server, host, port, 'port', onTrouble).then(
      () => undefined,
      (error: Error) => onTrouble(`the page is not served until the stream is: ${error.message}`),
    );
    this.#listening = { server, outcome };
  }

  /** Resolves once the port is free for a worker. */
  async release(): Promise<void> {
    const listening = this.#listening;
    if (listening === undefined) return;
    this.#listening = undefined;
    await listening.outcome;
    // The socket that listens is closed by the call, not by what follows it.
    listening.server.close(() => this.#servers.delete(listening.server));
  }

  /** Ends all that it has taken. */
  async close(): Promise<void> {
    await this.#listening?.outcome;
    await Promise.all(Array.from(this.#servers, (server) => closeServer(server, GRACE_MS)));
  }
}

function comeAgain(socket: Duplex): void {
  refuseUpgrade(socket, '503 Service Unavailable', 'the stream is being started anew', 'Retry-After: 1\r\n');
}
