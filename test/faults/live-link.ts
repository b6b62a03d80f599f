import { connect, createServer, type Server, type Socket } from 'node:net';
import type { LinkTrouble } from './fault.ts';
import { SeededRandom } from './seeded-random.ts';

/** Bytes that a connection made during the trouble passes, at most: from within the handshake to behind the snapshot. */
const FRESH_BITS_MOST = 14;
/** Bytes that one passes that is there when the trouble begins: some frames, so that it is met. */
const OPEN_BITS_MOST = 11;

/** One connection: the client's side, the server's, and what it still passes. */
interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  /** Bytes towards the client before the trouble comes; `Infinity` while there is none. */
  budget: number;
  trouble: LinkTrouble | undefined;
  /** Which side is told that the other has ended. */
  endsClient: boolean;
}

/**
 * Stands between a subscriber and the live stream. While it makes trouble, every connection passes a random number of
 * bytes towards the subscriber, so within a handshake, a dictionary or a frame, and is then cut, closed in one of its two
 * directions, or left open with nothing passing. What is stalled flows on when the trouble ends, if anyone still waits for it.
 */
export class LiveLink {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #pairs = new Set<Pair>();
  #trouble: LinkTrouble | undefined;
  #random = new SeededRandom(0);
  /** Connections that met trouble, by trouble. */
  readonly met: Record<LinkTrouble, number> = { cut: 0, 'half-close': 0, stall: 0 };

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    server.on('connection', (client) => this.#accept(client));
  }

  /** Listens on any free loopback port and leads to another. */
  static async listen(targetPort: number): Promise<LiveLink> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return new LiveLink(server, targetPort);
  }

  get port(): number {
    const address = this.#server.address();
    return address === null || typeof address === 'string' ? 0 : address.port;
  }

  /** Begins a trouble for the connections there are and those to come. The same seed draws the same places. */
  begin(trouble: LinkTrouble, seed: number): void {
    this.#trouble = trouble;
    this.#random = new SeededRandom(seed);
    for (const pair of this.#pairs) this.#endanger(pair, trouble, OPEN_BITS_MOST);
  }

  /** Ends it. A connection that had not come to its place meets it now, so that no trouble passes without effect. */
  mend(): void {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    for (const pair of this.#pairs) {
      pair.budget = Infinity;
      if (pair.trouble === undefined && trouble !== undefined && trouble !== 'stall') this.#strike(pair, trouble);
      if (pair.trouble !== 'stall') continue;
      pair.trouble = undefined;
      pair.client.resume();
      pair.upstream.resume();
    }
  }

  async stop(): Promise<void> {
    for (const { client, upstream } of this.#pairs) {
      client.destroy();
      upstream.destroy();
    }
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    const upstream = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const pair: Pair = { client, upstream, budget: Infinity, trouble: undefined, endsClient: true };
    this.#pairs.add(pair);
    if (this.#trouble !== undefined) this.#endanger(pair, this.#trouble, FRESH_BITS_MOST);
    client.on('data', (bytes: Buffer) => this.#towardsServer(bytes, pair));
    upstream.on('data', (bytes: Buffer) => this.#towardsClient(bytes, pair));
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
  }

  #endanger(pair: Pair, trouble: LinkTrouble, bitsMost: number): void {
    pair.budget = Math.floor(2 ** (this.#random.next() * bitsMost)) - 1;
    pair.endsClient = this.#random.next() < 0.5;
    if (pair.budget === 0) this.#strike(pair, trouble);
  }

  #towardsServer(bytes: Buffer, pair: Pair): void {
    if (pair.trouble === 'stall') hold(bytes, pair.client);
    else pass(bytes, pair.client, pair.upstream);
  }

  #towardsClient(bytes: Buffer, pair: Pair): void {
    const { client, upstream } = pair;
    if (pair.trouble === 'stall') hold(bytes, upstream);
    else if (this.#trouble === undefined || bytes.length < pair.budget) {
      pair.budget -= bytes.length;
      pass(bytes, upstream, client);
    } else {
      client.write(bytes.subarray(0, pair.budget));
      const rest = bytes.subarray(pair.budget);
      this.#strike(pair, this.#trouble);
      this.#towardsClient(rest, pair);
    }
  }

  #strike(pair: Pair, trouble: LinkTrouble): void {
    const { client, upstream } = pair;
    pair.budget = Infinity;
    pair.trouble = trouble;
    this.met[trouble] += 1;
    if (trouble === 'cut') client.destroy();
    else if (trouble === 'half-close') (pair.endsClient ? client : upstream).end();
    else {
      client.pause();
      upstream.pause();
    }
  }
}

/** Keeps bytes in front of what else the socket has, until it is resumed. */
function hold(bytes: Buffer, from: Socket): void {
  from.pause();
  from.unshift(bytes);
}

/** Passes bytes on at the pace of the one who takes them. */
function pass(bytes: Buffer, from: Socket, to: Socket): void {
  if (!to.writable || to.write(bytes)) return;
  from.pause();
  to.once('drain', () => from.resume());
}
