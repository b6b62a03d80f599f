import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { isName } from '@nanometer/instrumentation';
import { type Drops, dropsIn } from './drops.ts';
import { errorClassOf } from './error-class.ts';
import type {
  ChecksumEvent,
  ConnectEvent,
  DisconnectEvent,
  ErrorEvent,
  GapEvent,
  HandledEvent,
  MessageEvent,
  QueuedEvent,
  OrderEvent,
  PingEvent,
  QueueDepthEvent,
  RateLimitEvent,
  RequestEvent,
  ResponseEvent,
  ResyncEvent,
  SubscribedEvent,
  TimeSyncEvent,
} from './events.ts';
import type { Feed } from './feed.ts';
import { Exchange } from './exchange.ts';
import { Instruments } from './instruments.ts';
import { type ExchangeInstrumentationOptions, type Settings, settingsOf } from './options.ts';
import { OrderRouting } from './order-routing.ts';
import { readRateLimitBody } from './rate-limit-body.ts';
import { type HeaderSource, type RateLimitReading, readRateLimits } from './rate-limit-headers.ts';
import { readRetryAfter } from './retry-after.ts';

/**
 * Records the metrics of connections to exchanges.
 *
 * No method throws or logs: what is invalid of an event, or beyond a limit, is counted in `exchange.event.dropped` by
 * reason, and what is valid of the same event is still recorded. After the first event of a name, recording allocates nothing.
 */
export class ExchangeInstrumentation {
  readonly #settings: Settings;
  readonly #instruments: Instruments;
  readonly #drops: Drops;
  readonly #orders: OrderRouting;
  readonly #exchanges = new Map<string, Exchange>();
  readonly #observables: Observable[];
  readonly #observe = (result: BatchObservableResult): void => this.#observeAll(result);

  /** @throws ExchangeOptionError when an option is out of range. */
  constructor(options: ExchangeInstrumentationOptions = {}) {
    this.#settings = settingsOf(options);
    this.#instruments = new Instruments(this.#meter);
    this.#drops = dropsIn(this.#instruments.eventDropped);
    this.#orders = new OrderRouting(this.#instruments, this.#drops, this.#settings.limits);
    this.#observables = this.#instruments.observables;
    this.#meter.addBatchObservableCallback(this.#observe, this.#observables);
  }

  get #meter(): Meter {
    return this.#settings.meter;
  }

  /** Events, and parts of events, left out so far. */
  get dropped(): number {
    return this.#drops.total;
  }

  /** A connection opened. */
  onConnect(event: ConnectEvent): void {
    this.#exchange(event?.exchange)?.connected(event);
  }

  /** A connection closed; with a `reason`, it was lost. */
  onDisconnect(event: DisconnectEvent): void {
    this.#exchange(event?.exchange)?.disconnected(event);
  }

  /** A message arrived: counts it, measures its delay and follows its sequence. */
  onMessage(event: MessageEvent): void {
    const exchange = this.#exchange(event?.exchange);
    const feed = exchange?.feed(event.channel);
    if (exchange === undefined || feed === undefined) return;
    feed.message(event);
    if (Number.isFinite(event.receiveTimeMs)) exchange.lastReceiveMs = event.receiveTimeMs;
  }

  /** A message has been handled. */
  onHandled(event: HandledEvent): void {
    this.#exchange(event?.exchange)?.feed(event.channel)?.handled(event.durationSeconds, event.decodeSeconds);
  }

  /** Messages were missed, found by other means than the sequence numbers passed to `onMessage`. */
  onGap(event: GapEvent): void {
    this.#exchange(event?.exchange)?.feed(event.channel)?.gap(event.missed);
  }

  /** A sequence starts anew: the next message is compared with none before it. */
  onResync(event: ResyncEvent): void {
    this.#exchange(event?.exchange)?.feed(event.channel)?.resync(event.symbol);
  }

  /** A request was answered, or failed. */
  onRequest(event: RequestEvent): void {
    this.#exchange(event?.exchange)?.request(event.operation, event.durationSeconds, event.errorType);
  }

  /** A request has waited in the client's own rate limiter. */
  onQueued(event: QueuedEvent): void {
    this.#exchange(event?.exchange)?.queued(event.depth, event.durationSeconds);
  }

  /** A message could not be read: counted in `exchange.event.dropped`. */
  onUnreadableMessage(exchange: string): void {
    if (this.#exchange(exchange) !== undefined) this.#drops.count('invalid_message');
  }

  /** A rate limiter's state is known. */
  onRateLimit(event: RateLimitEvent): void {
    this.#exchange(event?.exchange)?.limiters.read(event.limiter, event.used, event.limit, undefined);
  }

  /** A subscription was confirmed. */
  onSubscribed(event: SubscribedEvent): void {
    this.#exchange(event?.exchange)?.feed(event.channel)?.subscribed(event.durationSeconds);
  }

  /** A pong came back. */
  onPing(event: PingEvent): void {
    this.#exchange(event?.exchange)?.health.ping(event.roundTripSeconds);
  }

  /** The exchange told its time. */
  onTimeSync(event: TimeSyncEvent): void {
    this.#exchange(event?.exchange)?.health.timeSync(event);
  }

  /** So many messages wait to be handled. */
  onQueueDepth(event: QueueDepthEvent): void {
    this.#exchange(event?.exchange)?.feed(event.channel)?.queued(event.depth);
  }

  /** A checksum came with a book: returns whether ours is the same, undefined where that cannot be told. */
  onChecksum(event: ChecksumEvent): boolean | undefined {
    return this.#exchange(event?.exchange)?.feed(event.channel)?.checksum(event);
  }

  /** A step on the way of an order. */
  onOrder(event: OrderEvent): void {
    if (this.#exchange(event?.exchange) !== undefined) this.#orders.take(event);
  }

  /** Something failed that was no request. */
  onError(event: ErrorEvent): void {
    this.#exchange(event?.exchange)?.errors.count(event.operation, errorClassOf(event.error));
  }

  /** An HTTP answer: its rate limits as by {@link onResponseHeaders}, and with status 429 or 418 the end of the ban. */
  onResponse(event: ResponseEvent): void {
    const exchange = this.#exchange(event?.exchange);
    if (exchange === undefined) return;
    const { headers, status, timeMs } = event;
    this.#read(event.exchange, exchange, readRateLimits(headers, timeMs, this.#malformed));
    exchange.limiters.answered(status, readRetryAfter(headers, timeMs));
  }

  /**
   * Records every rate limit a response's headers tell, see {@link readRateLimits}. Limits the headers leave out are
   * taken from the option `rateLimits`; without one the reading is counted as dropped.
   */
  onResponseHeaders(exchange: string, headers: HeaderSource): void {
    const known = this.#exchange(exchange);
    if (known === undefined) return;
    this.#read(exchange, known, readRateLimits(headers, this.#settings.clock(), this.#malformed));
  }

  /** The `rateLimits` of an answer of Binance's WebSocket API, see {@link readRateLimitBody}. */
  onRateLimits(exchange: string, rateLimits: unknown): void {
    const known = this.#exchange(exchange);
    if (known === undefined) return;
    this.#read(
      exchange,
      known,
      readRateLimitBody(rateLimits, () => this.#drops.count('malformed_limit')),
    );
  }

  /**
   * Looks for channels that have been silent for too long: counts each that has become stalled, and tells `onStall` of it
   * and of those that are back. Call it from a timer, on the clock of the messages.
   */
  checkAges(nowMs: number): void {
    for (const [exchange, { feeds }] of this.#exchanges) {
      for (const [channel, feed] of feeds) {
        const ageMs = feed.check(nowMs);
        if (ageMs === undefined) continue;
        try {
          this.#settings.onStall?.({ exchange, channel, isStalled: feed.isStalled, ageMs });
        } catch {
          // The callback is the caller's: one channel's must not keep the others from being checked.
        }
      }
    }
  }

  /** When requests to an exchange are allowed again, Unix milliseconds; undefined where no ban is known. */
  bannedUntilMs(exchange: string): number | undefined {
    return this.#exchanges.get(exchange)?.limiters.bannedUntilMs;
  }

  /** Stops reporting ages. Idempotent. */
  close(): void {
    this.#meter.removeBatchObservableCallback(this.#observe, this.#observables);
  }

  #exchange(name: string): Exchange | undefined {
    return this.#exchanges.get(name) ?? this.#addExchange(name);
  }

  #addExchange(name: string): Exchange | undefined {
    if (!isName(name)) {
      this.#drops.count('invalid_name');
      return undefined;
    }
    if (this.#exchanges.size >= this.#settings.limits.exchanges) {
      this.#drops.count('too_many_exchanges');
      return undefined;
    }
    const exchange = new Exchange(name, this.#instruments, this.#drops, this.#settings);
    this.#exchanges.set(name, exchange);
    return exchange;
  }

  readonly #malformed = (): void => void this.#drops.count('malformed_header');

  #read(name: string, exchange: Exchange, readings: readonly RateLimitReading[]): void {
    for (const { limiter, used, limit, resetTimeMs } of readings) {
      const effective = limit ?? this.#settings.rateLimits[name]?.[limiter];
      if (effective === undefined) this.#drops.count('unknown_limit');
      else exchange.limiters.read(limiter, used, effective, resetTimeMs);
    }
  }

  #observeAll(result: BatchObservableResult): void {
    const nowMs = this.#settings.clock();
    this.#orders.observe(result);
    const { feedAge, channelAge, channelStalled } = this.#instruments;
    for (const exchange of this.#exchanges.values()) {
      observeAge(result, feedAge, nowMs - exchange.lastReceiveMs, exchange);
      exchange.limiters.observe(result, nowMs);
      for (const feed of exchange.feeds.values()) {
        const ageMs = nowMs - feed.lastReceiveMs;
        observeAge(result, channelAge, ageMs, feed);
        if (Number.isFinite(ageMs)) result.observe(channelStalled, feed.isStalled ? 1 : 0, feed.attributes);
      }
    }
  }
}

/** NaN before the first message, and not finite when a clock is broken: then there is no age to tell. */
function observeAge(
  result: BatchObservableResult,
  instrument: Observable,
  ageMs: number,
  { attributes }: Exchange | Feed,
): void {
  if (Number.isFinite(ageMs)) result.observe(instrument, ageMs / 1000, attributes);
}
