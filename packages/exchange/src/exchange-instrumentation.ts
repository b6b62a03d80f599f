import type { BatchObservableResult, Meter, Observable } from '@opentelemetry/api';
import { isName } from '@nanometer/instrumentation';
import { type Drops, dropsIn } from './drops.ts';
import type {
  ConnectEvent,
  DisconnectEvent,
  GapEvent,
  HandledEvent,
  MessageEvent,
  QueuedEvent,
  RateLimitEvent,
  RequestEvent,
  ResyncEvent,
} from './events.ts';
import type { Feed } from './feed.ts';
import { Exchange } from './exchange.ts';
import { Instruments } from './instruments.ts';
import { type ExchangeInstrumentationOptions, type Settings, settingsOf } from './options.ts';
import { type HeaderSource, readRateLimits } from './rate-limit-headers.ts';

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
  readonly #exchanges = new Map<string, Exchange>();
  readonly #observables: Observable[];
  readonly #observe = (result: BatchObservableResult): void => this.#observeAges(result);

  /** @throws ExchangeOptionError when an option is out of range. */
  constructor(options: ExchangeInstrumentationOptions = {}) {
    this.#settings = settingsOf(options);
    this.#instruments = new Instruments(this.#meter);
    this.#drops = dropsIn(this.#instruments.eventDropped);
    this.#observables = [this.#instruments.feedAge, this.#instruments.channelAge];
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
    this.#exchange(event?.exchange)?.connected();
  }

  /** A connection closed; with a `reason`, it was lost. */
  onDisconnect(event: DisconnectEvent): void {
    this.#exchange(event?.exchange)?.disconnected(event.reason);
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
    this.#exchange(event?.exchange)?.feed(event.channel)?.handled(event.durationSeconds);
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
    this.#exchange(event?.exchange)?.rateLimit(event.limiter, event.used, event.limit);
  }

  /**
   * Records every rate limit a response's headers tell, see {@link readRateLimits}. Limits the headers leave out are
   * taken from the option `rateLimits`; without one the reading is counted as dropped.
   */
  onResponseHeaders(exchange: string, headers: HeaderSource): void {
    const known = this.#exchange(exchange);
    if (known === undefined) return;
    for (const { limiter, used, limit } of readRateLimits(headers)) {
      const effective = limit ?? this.#settings.rateLimits[exchange]?.[limiter];
      if (effective === undefined) this.#drops.count('unknown_limit');
      else known.rateLimit(limiter, used, effective);
    }
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

  #observeAges(result: BatchObservableResult): void {
    const nowMs = this.#settings.clock();
    const { feedAge, channelAge } = this.#instruments;
    for (const exchange of this.#exchanges.values()) {
      observeAge(result, feedAge, nowMs - exchange.lastReceiveMs, exchange);
      for (const feed of exchange.feeds.values()) observeAge(result, channelAge, nowMs - feed.lastReceiveMs, feed);
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
