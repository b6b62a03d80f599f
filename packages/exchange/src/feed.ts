import {
  type BoundCounter,
  type BoundGauge,
  type BoundHistogram,
  bindCounter,
  bindGauge,
  bindHistogram,
} from '@nanometer/metrics';
import { ATTR_EXCHANGE_CHANNEL, ATTR_EXCHANGE_CHECKSUM_RESULT, ATTR_EXCHANGE_NAME } from '@nanometer/semconv';
import type { Attributes } from '@opentelemetry/api';
import { isCount, isDuration, isName } from '@nanometer/instrumentation';
import { bookChecksum } from './checksum.ts';
import type { Drops } from './drops.ts';
import type { ChecksumEvent, MessageEvent } from './events.ts';
import type { Instruments } from './instruments.ts';
import type { Settings } from './options.ts';
import { STALE, Sequence } from './sequence.ts';
import { SlidingMinimum } from './sliding-minimum.ts';

/** The key of a channel's only sequence, where messages name no symbol; no symbol is empty. */
const WHOLE_CHANNEL = '';

/** One channel of one exchange: its bound series and what has to be remembered between messages. */
export class Feed {
  readonly attributes: Attributes;
  /** Unix milliseconds; NaN before the first message. */
  lastReceiveMs: number = Number.NaN;
  readonly #drops: Drops;
  readonly #maxSymbols: number;
  readonly #staleAfterMs: number;
  #isStalled = false;
  readonly #count: BoundCounter;
  readonly #bytes: BoundCounter;
  readonly #gap: BoundCounter;
  readonly #stale: BoundCounter;
  readonly #resync: BoundCounter;
  readonly #handler: BoundHistogram;
  readonly #decode: BoundHistogram;
  readonly #subscribe: BoundHistogram;
  readonly #depth: BoundGauge;
  readonly #matched: BoundCounter;
  readonly #mismatched: BoundCounter;
  readonly #stall: BoundCounter;
  readonly #apparent: BoundGauge;
  readonly #floor: BoundGauge;
  readonly #excess: BoundHistogram;
  readonly #minimum: SlidingMinimum;
  readonly #sequences = new Map<string, Sequence>();

  constructor(instruments: Instruments, drops: Drops, settings: Settings, exchange: string, channel: string) {
    const attributes = { [ATTR_EXCHANGE_NAME]: exchange, [ATTR_EXCHANGE_CHANNEL]: channel };
    this.attributes = attributes;
    this.#drops = drops;
    this.#maxSymbols = settings.limits.symbols;
    this.#count = bindCounter(instruments.messageCount, attributes);
    this.#bytes = bindCounter(instruments.messageBytes, attributes);
    this.#gap = bindCounter(instruments.messageGap, attributes);
    this.#stale = bindCounter(instruments.messageStale, attributes);
    this.#resync = bindCounter(instruments.messageResync, attributes);
    this.#handler = bindHistogram(instruments.handlerDuration, attributes);
    this.#decode = bindHistogram(instruments.decodeDuration, attributes);
    this.#subscribe = bindHistogram(instruments.subscribeDuration, attributes);
    this.#depth = bindGauge(instruments.queueDepth, attributes);
    const result = (name: string): Attributes => ({ ...attributes, [ATTR_EXCHANGE_CHECKSUM_RESULT]: name });
    this.#matched = bindCounter(instruments.bookChecksum, result('matched'));
    this.#mismatched = bindCounter(instruments.bookChecksum, result('mismatched'));
    this.#stall = bindCounter(instruments.channelStall, attributes);
    this.#staleAfterMs = Object.hasOwn(settings.staleAfterMsByChannel, channel)
      ? (settings.staleAfterMsByChannel[channel] as number)
      : settings.staleAfterMs;
    this.#apparent = bindGauge(instruments.delayApparent, attributes);
    this.#floor = bindGauge(instruments.delayFloor, attributes);
    this.#excess = bindHistogram(instruments.delayExcess, attributes);
    this.#minimum = new SlidingMinimum(settings.floorWindowMs);
  }

  message(event: MessageEvent): void {
    this.#count.add(1);
    if (isCount(event.bytes)) this.#bytes.add(event.bytes);
    else this.#drops.count('invalid_bytes');
    this.#delay(event);
    const last = event.lastId ?? event.sequence;
    if (last !== undefined) this.#follow(event.symbol, event.firstId ?? last, last, event.previousLastId);
    else if (event.firstId !== undefined || event.previousLastId !== undefined) this.#drops.count('invalid_sequence');
  }

  handled(durationSeconds: number, decodeSeconds: number | undefined): void {
    this.#record(this.#handler, durationSeconds);
    if (decodeSeconds !== undefined) this.#record(this.#decode, decodeSeconds);
  }

  subscribed(durationSeconds: number): void {
    this.#record(this.#subscribe, durationSeconds);
  }

  queued(depth: number): void {
    if (isCount(depth)) this.#depth.record(depth);
    else this.#drops.count('invalid_count');
  }

  /** Whether the book has the checksum that came with it; undefined, and counted, where that cannot be told. */
  checksum({ kind, expected, bids, asks }: ChecksumEvent): boolean | undefined {
    const ours = bookChecksum(kind, bids, asks);
    const theirs = typeof expected === 'string' && expected !== '' ? Number(expected) : expected;
    if (ours === undefined || !Number.isSafeInteger(theirs)) {
      this.#drops.count('invalid_book');
      return undefined;
    }
    // Signed and unsigned are the same bits.
    const isMatch = ours >>> 0 === Number(theirs) >>> 0;
    (isMatch ? this.#matched : this.#mismatched).add(1);
    return isMatch;
  }

  /** Age of the last message when the check changes whether the channel is stalled; undefined when it does not. */
  check(nowMs: number): number | undefined {
    const ageMs = nowMs - this.lastReceiveMs;
    const isStalled = ageMs > this.#staleAfterMs;
    if (isStalled === this.#isStalled) return undefined;
    this.#isStalled = isStalled;
    if (isStalled) this.#stall.add(1);
    return isStalled ? ageMs : 0;
  }

  get isStalled(): boolean {
    return this.#isStalled;
  }

  gap(missed: number): void {
    if (isCount(missed)) this.#gap.add(missed);
    else this.#drops.count('invalid_count');
  }

  resync(symbol: string | undefined): void {
    if (symbol === undefined) this.#sequences.clear();
    else this.#sequences.delete(symbol);
    this.#resync.add(1);
  }

  #record(histogram: BoundHistogram, seconds: number): void {
    if (isDuration(seconds)) histogram.record(seconds);
    else this.#drops.count('invalid_duration');
  }

  #delay(event: MessageEvent): void {
    const receiveMs = event.receiveTimeMs;
    const eventMs = event.eventTimeMs;
    if (!Number.isFinite(receiveMs)) {
      this.#drops.count('invalid_time');
      return;
    }
    this.lastReceiveMs = receiveMs;
    if (eventMs === undefined) return;
    const apparent = Number.isFinite(eventMs) ? (receiveMs - eventMs) / 1000 : Number.NaN;
    if (!Number.isFinite(apparent)) {
      this.#drops.count('invalid_time');
      return;
    }
    const floor = this.#minimum.push(receiveMs, apparent);
    this.#apparent.record(apparent);
    this.#floor.record(floor);
    const excess = apparent - floor;
    // Two finite delays of opposite sign near the largest double have a difference that is not.
    if (excess < Number.POSITIVE_INFINITY) this.#excess.record(excess);
    else this.#drops.count('invalid_time');
  }

  #follow(symbol: string | undefined, first: number, last: number, previous: number | undefined): void {
    const valid =
      isCount(first) && isCount(last) && first <= last && (previous === undefined || Number.isSafeInteger(previous));
    if (!valid) {
      this.#drops.count('invalid_sequence');
      return;
    }
    const key = symbol ?? WHOLE_CHANNEL;
    const sequence = this.#sequences.get(key);
    if (sequence === undefined) {
      if (symbol !== undefined && !isName(symbol)) this.#drops.count('invalid_name');
      else if (this.#sequences.size >= this.#maxSymbols) this.#drops.count('too_many_symbols');
      else this.#sequences.set(key, new Sequence(last));
      return;
    }
    const missed = sequence.accept(first, last, previous ?? Number.NaN);
    if (missed === STALE) this.#stale.add(1);
    else if (missed > 0) this.#gap.add(missed);
  }
}
