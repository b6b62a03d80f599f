import { createServer, type Server } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { DemoError } from '../errors.ts';
import { listenError } from '../exchange/listen-error.ts';
import { Pace, systemClock, type WallClock } from '../exchange/pace.ts';
import type { WireMessage } from '../exchange/protocol.ts';
import { Venue } from '../exchange/venue.ts';
import type { MarketFeed } from '../market/market-feed.ts';
import type { MarketMessage } from '../market/message.ts';
import type { Speed } from '../options.ts';
import { openReplay } from '../replay/open-replay.ts';
import { SimulatedFeed } from '../simulated/simulated-feed.ts';
import { Orders } from './orders.ts';
import { Rest } from './rest.ts';
import { Streams } from './streams.ts';
import { streamMessageOf } from './stream-messages.ts';

export interface BinanceApiOptions {
  /** Folder or file of recorded markets; default simulated ones. */
  readonly replay?: string;
  /** Market seconds per second; default 1. `max` does not wait, and so outruns a client. */
  readonly speed?: Speed;
  readonly seed?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Market time served in one step, 1 to 1,000 ms; default 20. */
  readonly sliceMs?: number;
}

/** The API, listening. */
export interface RunningBinanceApi {
  readonly restUrl: string;
  readonly streamUrl: string;
  /** Spot symbols it trades. */
  readonly symbols: readonly string[];
  /** Resolves when the data has ended or the API is closed; rejects with `ReplayError` for bad data. */
  readonly finished: Promise<void>;
  /** Cuts every stream without a goodbye, as a network would. */
  cutStreams(): void;
  close(): Promise<void>;
}

/**
 * Serves the demo's spot market with the paths, streams, errors and rate-limit headers of Binance's spot API, so that an
 * unchanged client, as ccxt's, trades on it. One paper account; signatures are not checked; the REST depth snapshot and
 * the user data stream are left out.
 *
 * @throws ReplayError for data that cannot be used, DemoError for a port that is in use or data without a spot market.
 */
export async function startBinanceApi(
  options: BinanceApiOptions = {},
  clock: WallClock = systemClock,
): Promise<RunningBinanceApi> {
  const { replay, speed = 1, seed = 1, host = '127.0.0.1', port = 0, sliceMs = 20 } = options;
  const feed = replay === undefined ? new SimulatedFeed(seed) : await openReplay(replay);
  const exchange = feed.markets.find((spec) => spec.exchange.endsWith('-spot'))?.exchange;
  if (exchange === undefined) {
    await feed.close();
    throw new DemoError('invalid_option', `replay: ${replay} has no spot market; the API serves spot only`);
  }
  const stop = new AbortController();
  const api = new Api(feed, exchange, seed);
  const server = createServer((request, response) => void api.rest.serve(request, response));
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 65_536 });
  sockets.on('connection', (socket) => api.streams.accept(socket));
  const boundPort = await listen(server, host, port);
  const finished = api.run(new Pace(speed, clock, stop.signal), sliceMs, stop.signal);
  // Whoever awaits `finished` gets the error; nobody has to.
  finished.catch(() => undefined);
  return {
    restUrl: `http://${host}:${boundPort}`,
    streamUrl: `ws://${host}:${boundPort}/ws`,
    symbols: api.symbols,
    finished,
    cutStreams: () => api.streams.cut(),
    close: async () => {
      stop.abort();
      api.streams.cut();
      await finished.catch(() => undefined);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Api {
  readonly rest: Rest;
  readonly streams = new Streams();
  readonly symbols: readonly string[];
  readonly #feed: MarketFeed;
  readonly #exchange: string;
  readonly #venue: Venue;
  readonly #orders: Orders;
  #timeMs = 0;

  constructor(feed: MarketFeed, exchange: string, seed: number) {
    const specs = feed.markets.filter((spec) => spec.exchange === exchange);
    this.#feed = feed;
    this.#exchange = exchange;
    this.symbols = specs.map(({ symbol }) => symbol);
    this.#venue = new Venue(exchange, specs, seed, feed.originMs);
    this.#orders = new Orders(this.#venue, feed.originMs);
    this.rest = new Rest(specs, this.#orders, feed.originMs, () => this.#timeMs);
  }

  async run(pace: Pace, sliceMs: number, signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await pace.until(this.#timeMs + sliceMs);
        // A market that lags does not wait, and requests and sockets would never get their turn.
        await nextTurn();
        if (signal.aborted || (await this.#feed.nextTimeMs()) === undefined) return;
        await this.#step(this.#timeMs + sliceMs);
      }
    } finally {
      await this.#feed.close();
    }
  }

  async #step(untilMs: number): Promise<void> {
    const taken: MarketMessage[] = [];
    await this.#feed.takeUntil(untilMs, taken);
    const messages = taken.filter(({ exchange }) => exchange === this.#exchange);
    this.#venue.run(messages, untilMs);
    for (const message of messages) {
      this.rest.onMarketMessage(message);
      this.streams.send(streamMessageOf(message, this.#feed.originMs));
    }
    const reports: WireMessage[] = [];
    this.#venue.takeReports(untilMs, reports);
    this.#orders.take(reports);
    this.#timeMs = untilMs;
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('listening', () => resolve((server.address() as { port: number }).port));
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError('Binance API', host, port, cause)));
    server.listen(port, host);
  });
}
