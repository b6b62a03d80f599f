import {
  type BoundGauge,
  type BoundHistogram,
  type BoundUpDownCounter,
  type BoundCounter,
  bindCounter,
  bindGauge,
  bindHistogram,
  bindUpDownCounter,
} from '@nanometer/metrics';
import { ATTR_ERROR_TYPE, ATTR_EXCHANGE_NAME, ATTR_EXCHANGE_OPERATION } from '@nanometer/semconv';
import type { Attributes } from '@opentelemetry/api';
import { isCount, isDuration, isName } from '@nanometer/instrumentation';
import type { Drops } from './drops.ts';
import type { ConnectEvent, DisconnectEvent } from './events.ts';
import { ConnectionHealth } from './connection-health.ts';
import { ErrorCounts } from './error-counts.ts';
import { Feed } from './feed.ts';
import { Limiters } from './limiters.ts';
import type { Instruments } from './instruments.ts';
import type { Settings } from './options.ts';

/** OpenTelemetry's value for an `error.type` that is none of the known ones. */
const OTHER_ERROR = '_OTHER';

/** The request durations of one operation: one series for success, one per error type. */
interface Operation {
  readonly attributes: Attributes;
  readonly succeeded: BoundHistogram;
  readonly failed: Map<string, BoundHistogram>;
}

/** One exchange: its channels, connections, operations and rate limiters, each with its bound series. */
export class Exchange {
  readonly attributes: Attributes;
  readonly feeds: Map<string, Feed> = new Map();
  /** Unix milliseconds; NaN before the first message. */
  lastReceiveMs: number = Number.NaN;
  readonly #name: string;
  readonly #instruments: Instruments;
  readonly #drops: Drops;
  readonly #settings: Settings;
  readonly #active: BoundUpDownCounter;
  readonly #queueDepth: BoundGauge;
  readonly #queueDuration: BoundHistogram;
  readonly #lost = new Map<string, BoundCounter>();
  readonly #operations = new Map<string, Operation>();
  readonly health: ConnectionHealth;
  readonly limiters: Limiters;
  readonly errors: ErrorCounts;
  #connections = 0;

  constructor(name: string, instruments: Instruments, drops: Drops, settings: Settings) {
    this.#name = name;
    this.attributes = { [ATTR_EXCHANGE_NAME]: name };
    this.#instruments = instruments;
    this.#drops = drops;
    this.#settings = settings;
    this.health = new ConnectionHealth(instruments, drops, this.attributes);
    this.limiters = new Limiters(instruments, drops, settings.limits.limiters, this.attributes);
    this.errors = new ErrorCounts(instruments, settings.limits, this.attributes);
    this.#active = bindUpDownCounter(instruments.connectionActive, this.attributes);
    this.#queueDepth = bindGauge(instruments.requestQueueDepth, this.attributes);
    this.#queueDuration = bindHistogram(instruments.requestQueueDuration, this.attributes);
  }

  /** The channel's state, made when it is new; `undefined`, and counted, when it cannot be. */
  feed(channel: string): Feed | undefined {
    return this.feeds.get(channel) ?? this.#addFeed(channel);
  }

  #addFeed(channel: string): Feed | undefined {
    const limit = this.#settings.limits.channels;
    if (!this.#admits(channel, this.feeds.size, limit, 'too_many_channels')) return undefined;
    const feed = new Feed(this.#instruments, this.#drops, this.#settings, this.#name, channel);
    this.feeds.set(channel, feed);
    return feed;
  }

  connected({ timeMs, handshakeSeconds }: ConnectEvent): void {
    this.health.opened(timeMs, handshakeSeconds);
    this.#connections++;
    this.#active.add(1);
  }

  disconnected({ reason, timeMs }: DisconnectEvent): void {
    if (this.#connections === 0) {
      this.#drops.count('not_connected');
      return;
    }
    this.#connections--;
    this.#active.add(-1);
    if (reason !== undefined) {
      this.#lostBy(reason).add(1);
      if (this.#connections === 0) this.health.lost(timeMs);
    } else if (this.#connections === 0) this.#endFeeds();
  }

  /** The service left on purpose: nothing is late, so there is no age to report. A lost connection leaves ages growing. */
  #endFeeds(): void {
    this.lastReceiveMs = Number.NaN;
    for (const feed of this.feeds.values()) feed.lastReceiveMs = Number.NaN;
  }

  #lostBy(reason: string): BoundCounter {
    const type = this.#errorType(reason, this.#lost);
    let bound = this.#lost.get(type);
    if (bound === undefined) {
      bound = bindCounter(this.#instruments.connectionLost, { ...this.attributes, [ATTR_ERROR_TYPE]: type });
      this.#lost.set(type, bound);
    }
    return bound;
  }

  request(operation: string, durationSeconds: number, errorType: string | undefined): void {
    if (!isDuration(durationSeconds)) {
      this.#drops.count('invalid_duration');
      return;
    }
    const known = this.#operations.get(operation) ?? this.#addOperation(operation);
    if (known === undefined) return;
    if (errorType === undefined) known.succeeded.record(durationSeconds);
    else {
      this.#failedBy(known, errorType).record(durationSeconds);
      this.errors.count(operation, errorType);
    }
  }

  queued(depth: number, durationSeconds: number): void {
    if (isCount(depth)) this.#queueDepth.record(depth);
    else this.#drops.count('invalid_count');
    if (isDuration(durationSeconds)) this.#queueDuration.record(durationSeconds);
    else this.#drops.count('invalid_duration');
  }

  #addOperation(name: string): Operation | undefined {
    const limit = this.#settings.limits.operations;
    if (!this.#admits(name, this.#operations.size, limit, 'too_many_operations')) return undefined;
    const attributes = { ...this.attributes, [ATTR_EXCHANGE_OPERATION]: name };
    const succeeded = bindHistogram(this.#instruments.requestDuration, attributes);
    const operation = { attributes, succeeded, failed: new Map<string, BoundHistogram>() };
    this.#operations.set(name, operation);
    return operation;
  }

  #failedBy({ attributes, failed }: Operation, errorType: string): BoundHistogram {
    const type = this.#errorType(errorType, failed);
    let bound = failed.get(type);
    if (bound === undefined) {
      bound = bindHistogram(this.#instruments.requestDuration, { ...attributes, [ATTR_ERROR_TYPE]: type });
      failed.set(type, bound);
    }
    return bound;
  }

  #admits(name: string, size: number, limit: number, full: 'too_many_channels' | 'too_many_operations'): boolean {
    if (isName(name) && size < limit) return true;
    this.#drops.count(isName(name) ? full : 'invalid_name');
    return false;
  }

  #errorType(type: string, known: ReadonlyMap<string, unknown>): string {
    if (known.has(type)) return type;
    return isName(type) && known.size < this.#settings.limits.errorTypes ? type : OTHER_ERROR;
  }
}
