import { WebSocketServer } from 'ws';
import { DemoError } from '../errors.ts';
import type { MarketFeed } from '../market/market-feed.ts';
import type { MarketMessage } from '../market/message.ts';
import type { ExchangeTotals, Speed } from '../options.ts';
import { DeskLink } from './desk-link.ts';
import { encodeMarketMessage } from './encode.ts';
import { listenError } from './listen-error.ts';
import { Pace, type WallClock } from './pace.ts';
import type { HelloFrame, WireMessage } from './protocol.ts';
import { Venue } from './venue.ts';

/** A burst is sent as one WebSocket message of at most this many exchange messages. */
const BATCH_MESSAGES_MAX = 128;
/** Market time before the start is gone through in pieces of this length. */
const SKIP_MS = 1_000;

/** Settings of {@link ExchangeServer}, with nothing left to default. */
export interface ExchangeServerSettings {
  readonly feed: MarketFeed;
  readonly speed: Speed;
  /** Market time before which nobody is told of the market. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly seed: number;
  readonly sliceMs: number;
  readonly host: string;
  readonly port: number;
  readonly clock: WallClock;
}

/**
 * Streams market data to one desk and trades with it, in slices of market time. The desk answers every slice with the
 * orders it decided in it; then the slice is matched, with those orders at their decision time plus the latency of the
 * order path, and the reports leave with the next slice. So the outcome depends on data and seed alone, not on how fast
 * either side runs, and a slow desk slows market time down instead of losing messages.
 */
export class ExchangeServer {
  readonly #settings: ExchangeServerSettings;
  readonly #venues: Venue[];
  readonly #link: DeskLink;
  readonly #stop: AbortController = new AbortController();
  readonly #statusDue: Set<Venue> = new Set();
  #server: WebSocketServer | undefined;
  #slice = 0;
  #endMs = 0;
  #messageCount = 0;

  constructor(settings: ExchangeServerSettings) {
    this.#settings = settings;
    const { feed, seed, startMs } = settings;
    const names = [...new Set(feed.markets.map((spec) => spec.exchange))];
    this.#venues = names.map((name) => {
      const specs = feed.markets.filter((spec) => spec.exchange === name);
      return new Venue(name, specs, seed, feed.originMs, startMs);
    });
    const { mode, name, originMs } = feed;
    const hellos = new Map(
      this.#venues.map((venue): [string, HelloFrame] => {
        const { name: exchange, specs: contracts, fees, rateLimits } = venue;
        return [exchange, { e: 'hello', exchange, mode, name, originMs, contracts, fees, rateLimits }];
      }),
    );
    this.#link = new DeskLink({ e: 'welcome', mode, name, originMs, exchanges: names }, hellos, () => this.stop());
  }

  get exchanges(): readonly string[] {
    return this.#venues.map((venue) => venue.name);
  }

  /** Resolves with the port. @throws DemoError `port_in_use` */
  listen(): Promise<number> {
    const { host, port } = this.#settings;
    return new Promise((resolve, reject) => {
      const server = new WebSocketServer({ host, port, perMessageDeflate: false });
      this.#server = server;
      server.on('connection', (socket, request) => this.#link.accept(socket, request));
      server.once('listening', () => resolve((server.address() as { port: number }).port));
      server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError('exchange', host, port, cause)));
    });
  }

  /** Serves one desk to the end of the data, of the duration, or to {@link stop}. */
  async run(): Promise<ExchangeTotals> {
    try {
      await Promise.race([this.#link.ready, aborted(this.#stop.signal)]);
      if (this.#link.isReady) {
        await this.#skip();
        await this.#serve();
      }
      this.#link.finish();
      return this.totals();
    } catch (error) {
      this.#link.finish(error as Error);
      throw error;
    } finally {
      await this.#settings.feed.close();
    }
  }

  /** Ends after the slice under way: the desk cancels its orders and hears how they ended. */
  stop(): void {
    this.#stop.abort();
  }

  /** Closes the server and every connection. */
  async close(): Promise<void> {
    this.#link.finish(new DemoError('exchange_lost', 'the exchange was closed before the end'));
    this.#stop.abort();
    const server = this.#server;
    if (!server) return;
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Sums of all exchanges so far. */
  totals(): ExchangeTotals {
    const fees: Record<string, number> = {};
    const sums = { fills: 0, filledQuantity: 0, orders: 0, rejects: 0 };
    for (const { totals } of this.#venues) {
      sums.fills += totals.fills;
      sums.filledQuantity += totals.filledQuantity;
      sums.orders += totals.orders;
      sums.rejects += totals.rejects;
      for (const [currency, fee] of totals.fees) fees[currency] = (fees[currency] ?? 0) + fee;
    }
    return { ...sums, fees, messages: this.#messageCount, marketTimeMs: this.#endMs };
  }

  /** Goes through the market before the start, so that the books are as they were then. */
  async #skip(): Promise<void> {
    const { feed, startMs } = this.#settings;
    this.#endMs = startMs;
    for (;;) {
      const nextMs = await feed.nextTimeMs();
      if (nextMs === undefined || nextMs >= startMs) return;
      const untilMs = Math.min(startMs, nextMs + SKIP_MS);
      const messages: MarketMessage[] = [];
      await feed.takeUntil(untilMs, messages);
      const byVenue = groupByExchange(messages);
      for (const venue of this.#venues) venue.run(byVenue.get(venue.name) ?? [], untilMs);
    }
  }

  async #serve(): Promise<void> {
    const { feed, startMs, durationMs, speed, clock, sliceMs } = this.#settings;
    const pace = new Pace(speed, clock, this.#stop.signal);
    let closing = false;
    for (;;) {
      const nextMs = await feed.nextTimeMs();
      closing ||= this.#stop.signal.aborted || nextMs === undefined || nextMs >= durationMs;
      const dueMs = closing ? 0 : Math.min(nextMs as number, ...this.#venues.map((venue) => venue.nextTimeMs));
      // With a clock every slice is sent, also an empty one, so that market time passes while a feed is silent.
      const gridMs = pace.timed ? 0 : (Math.floor(dueMs / sliceMs) + 1) * sliceMs;
      this.#endMs = Math.max(gridMs, this.#endMs + sliceMs);
      await pace.until(this.#endMs - startMs);
      // A stop while waiting ends market data before this slice.
      closing ||= this.#stop.signal.aborted;

      const messages: MarketMessage[] = [];
      if (!closing) await feed.takeUntil(Math.min(this.#endMs, durationMs), messages);
      await this.#exchangeSlice(messages, closing);
      if (closing && !this.#venues.some((venue) => venue.busy)) {
        for (const venue of this.#venues) venue.close(this.#endMs);
        if (!this.#venues.some((venue) => venue.busy)) return;
      }
    }
  }

  async #exchangeSlice(messages: readonly MarketMessage[], closing: boolean): Promise<void> {
    const { feed } = this.#settings;
    const timeMs = this.#endMs;
    const slice = ++this.#slice;
    this.#messageCount += messages.length;
    const byVenue = groupByExchange(messages);
    const exchanges: string[] = [];
    for (const venue of this.#venues) {
      const out: WireMessage[] = [];
      if (this.#statusDue.has(venue)) out.push({ e: 'marketStatus', status: 'closed', r: feed.originMs + timeMs });
      venue.takeReports(timeMs, out);
      for (const message of byVenue.get(venue.name) ?? []) out.push(encodeMarketMessage(message, feed.originMs));
      if (out.length === 0 || !this.#link.connected(venue.name)) continue;
      exchanges.push(venue.name);
      for (let at = 0; at < out.length; at += BATCH_MESSAGES_MAX) {
        const part = out.slice(at, at + BATCH_MESSAGES_MAX);
        const last = at + BATCH_MESSAGES_MAX >= out.length;
        this.#link.sendBatch(venue.name, { e: 'batch', slice, last, messages: part });
      }
    }
    const requests = await this.#link.complete({ e: 'slice', slice, timeMs, exchanges, closing });
    for (const venue of this.#venues) {
      for (const request of requests.get(venue.name) ?? []) venue.accept(request);
      venue.run(byVenue.get(venue.name) ?? [], timeMs);
      this.#endVenue(venue, closing);
    }
  }

  /** An exchange whose data has ended tells so, answers what is under way, and closes its connection. */
  #endVenue(venue: Venue, closing: boolean): void {
    if (closing) return;
    if (this.#statusDue.delete(venue) || venue.closed) {
      if (!venue.busy) this.#link.closeExchange(venue.name);
    } else if (this.#settings.feed.ended(venue.name)) {
      venue.close(this.#endMs);
      this.#statusDue.add(venue);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function groupByExchange(messages: readonly MarketMessage[]): Map<string, MarketMessage[]> {
  const groups = new Map<string, MarketMessage[]>();
  for (const message of messages) {
    const group = groups.get(message.exchange);
    if (group) group.push(message);
    else groups.set(message.exchange, [message]);
  }
  return groups;
}
