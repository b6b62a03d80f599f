import {
  checkedDialect,
  DEFAULT_MTU_BYTES,
  DeltaStore,
  difference,
  type Distribution,
  distributionQuantile,
  HISTOGRAM_PERCENTILES,
  type HistogramFrames,
  histogramFrames,
  type InitialValue,
  type LineFrame,
  isExponential,
  lineFrame,
  type LineOutcome,
  snapshot,
  StatsdBatch,
  toExplicit,
  type StatsdDialect,
  type StatsdError,
  UdpSender,
  type UdpSenderStats,
} from '@nanometer/exporter-statsd';
import type { Output } from '../ingest.ts';
import { Account, type DropCause } from '../ledger.ts';
import type { AttributeValue } from '../otlp/read-attributes.ts';
import type { Series } from '../store/series.ts';

/** Where and how the bridge sends StatsD. */
export interface BridgeStatsdOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 8125. */
  readonly port?: number;
  /** Default `dogstatsd`. */
  readonly dialect?: StatsdDialect;
  /** Put before every metric name. Default empty. */
  readonly prefix?: string;
  /** Resource attributes sent as tags. Default `service.name` and `service.instance.id`. */
  readonly resourceAttributes?: readonly string[];
  /** Milliseconds between flushes. Default 1,000. */
  readonly flushIntervalMillis?: number;
  /** Largest datagram. Default 1432. */
  readonly mtuBytes?: number;
  /** Pace of sending. Default 2,000 datagrams per second. */
  readonly packetsPerSecond?: number;
  /** Most bytes waiting to be sent. Default 8 MiB. */
  readonly queueLimitBytes?: number;
  /** What the first point of a counter counts; `auto` when the bridge takes over from one that ran before. Default `count`. */
  readonly initialValue?: InitialValue;
}

/** What the output remembers of one series. */
interface StatsdSeries {
  readonly series: Series;
  readonly frame: LineFrame | undefined;
  readonly histogram: HistogramFrames | undefined;
  readonly slot: number;
  readonly sumSlot: number;
  /** Points since the last flush that took this series along. */
  pending: number;
  queued: boolean;
  before: Distribution | undefined;
  beforeStart: number;
}

/**
 * StatsD over UDP. Points are held until the next flush, which sends one state per changed series; those it supersedes count as
 * forwarded with it. What a flush could not deliver stays held.
 */
export class StatsdOutput implements Output {
  readonly account: Account = new Account();
  readonly #dialect: StatsdDialect;
  readonly #prefix: string;
  readonly #resourceAttributes: readonly string[];
  readonly #mtuBytes: number;
  readonly #store: DeltaStore;
  readonly #sender: UdpSender;
  // By series id.
  readonly #states: (StatsdSeries | DropCause)[] = [];
  readonly #gaugeNames = new Map<string, number>();
  #changed: StatsdSeries[] = [];
  #held = 0;
  #flushing: Promise<void> | undefined;
  #nextFlush: Promise<void> | undefined;

  /** Throws `StatsdError` `INVALID_OPTION`. */
  constructor(options: BridgeStatsdOptions, seriesLimit: number, onTrouble: (error: StatsdError) => void) {
    this.#dialect = checkedDialect(options.dialect ?? 'dogstatsd');
    this.#prefix = options.prefix ?? '';
    this.#resourceAttributes = options.resourceAttributes ?? ['service.name', 'service.instance.id'];
    this.#mtuBytes = options.mtuBytes ?? DEFAULT_MTU_BYTES;
    const { initialValue = 'count' } = options;
    this.#store = new DeltaStore({ limit: seriesLimit * 2, initialValue });
    this.#sender = new UdpSender({ ...options, onTrouble });
  }

  /** Points that wait for a flush, or are on their way with one. */
  get held(): number {
    return this.#held;
  }

  /** What the socket has done. */
  senderStats(): UdpSenderStats {
    return this.#sender.stats();
  }

  accept(series: Series): void {
    if (series.id === this.#states.length) this.#states.push(this.#make(series));
    const state = this.#states[series.id]!;
    if (typeof state === 'string') {
      this.account.drop(state);
      return;
    }
    this.#held++;
    state.pending++;
    if (state.queued) return;
    state.queued = true;
    this.#changed.push(state);
  }

  /**
   * Sends the present state of every changed series. Resolves when all that was accepted before the call has been sent
   * or is held. Flushes do not overlap: however often it is asked for during one, one more follows. Never rejects.
   */
  flush(): Promise<void> {
    if (this.#flushing === undefined) return this.#start();
    this.#nextFlush ??= this.#flushing.then(() => this.#start());
    return this.#nextFlush;
  }

  #start(): Promise<void> {
    this.#nextFlush = undefined;
    this.#flushing = this.#flushNow().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  /** Flushes, closes the socket, and drops what could not be delivered as `closed`. */
  async close(): Promise<void> {
    await this.flush();
    await this.#sender.close();
    for (const state of this.#changed) this.account.drop('closed', state.pending);
    this.#changed = [];
    this.#held = 0;
  }

  async #flushNow(): Promise<void> {
    if (this.#changed.length === 0) return;
    const states = this.#changed;
    this.#changed = [];
    const batch = new StatsdBatch(this.#store, this.#sender, this.#mtuBytes);
    const taken = new Float64Array(states.length);
    for (const [index, state] of states.entries()) {
      batch.own(index);
      taken[index] = state.pending;
      state.pending = 0;
      state.queued = false;
      const outcome = this.#write(batch, state);
      if (outcome === 'packed' || outcome === 'unchanged') continue;
      this.account.drop(outcome, taken[index]);
      this.#held -= taken[index];
      taken[index] = 0;
    }
    await batch.send((index) => {
      const state = states[index]!;
      state.pending += taken[index]!;
      taken[index] = 0;
      if (!state.queued) this.#changed.push(state);
      state.queued = true;
    });
    for (const count of taken) {
      this.account.forwarded += count;
      this.#held -= count;
    }
  }

  #write(batch: StatsdBatch, state: StatsdSeries): LineOutcome {
    const { series, frame, histogram } = state;
    if (histogram !== undefined) return this.#writeHistogram(batch, state, histogram);
    if (state.slot < 0) return batch.gauge(frame!, series.value);
    return batch.counter(frame!, state.slot, Math.floor(series.startSeconds), series.startLow, series.value);
  }

  #writeHistogram(batch: StatsdBatch, state: StatsdSeries, frames: HistogramFrames): LineOutcome {
    const { series } = state;
    const { count, sum, hasSum, min, max, distribution } = series.histogram!;
    const startSeconds = Math.floor(series.startSeconds);
    const outcome = batch.counter(frames.count, state.slot, startSeconds, series.startLow, count);
    if (hasSum) batch.counter(frames.sum, state.sumSlot, startSeconds, series.startLow, sum, false);
    if (min !== undefined && count > 0) batch.gauge(frames.min, min);
    if (max !== undefined && count > 0) batch.gauge(frames.max, max);
    const before = state.beforeStart === series.startSeconds ? state.before : undefined;
    const recent = (before && difference(distribution, before)) ?? distribution;
    state.before = snapshot(distribution);
    state.beforeStart = series.startSeconds;
    const buckets = isExponential(recent) ? toExplicit(recent) : recent;
    for (const [index, { quantile }] of HISTOGRAM_PERCENTILES.entries()) {
      const value = distributionQuantile(quantile, buckets, min, max);
      if (value !== undefined) batch.gauge(frames.percentiles[index]!, value);
    }
    return outcome;
  }

  #make(series: Series): StatsdSeries | DropCause {
    const { metric } = series;
    const name = this.#prefix + metric.name;
    const tags = this.#tags(series);
    const isHistogram = metric.kind === 'histogram' || metric.kind === 'exponential';
    const histogram = isHistogram ? histogramFrames(this.#dialect, name, tags) : undefined;
    const frame = isHistogram ? undefined : lineFrame(this.#dialect, name, tags);
    const isCounter = isHistogram || metric.monotonic;
    const gauge = histogram?.max ?? (isCounter ? undefined : frame);
    if (gauge !== undefined) {
      // Counters whose names fall together add up; gauges would overwrite each other, so the first keeps the name.
      const wireName = gauge.head + gauge.tail;
      if (this.#gaugeNames.has(wireName)) return 'name_collision';
      this.#gaugeNames.set(wireName, series.id);
    }
    const slot = isCounter ? this.#store.open() : -1;
    const sumSlot = isHistogram ? this.#store.open() : -1;
    return { series, frame, histogram, slot, sumSlot, pending: 0, queued: false, before: undefined, beforeStart: -1 };
  }

  #tags(series: Series): (readonly [string, AttributeValue])[] {
    const { entries } = series.metric.scope.resource.attributes;
    return [...entries.filter(([key]) => this.#resourceAttributes.includes(key)), ...series.attributes.entries];
  }
}
