import { difference, type Distribution, isExponential, snapshot } from '@nanometer/exporter-statsd';
import { extentOf } from '../rollup/extent.ts';
import { greatest, least, MINUTE_MS, Rollup } from '../rollup/rollup.ts';
import type { HistorySeries } from './history-series.ts';

/** The latest running state of a stream: what the next one is compared with, also by the next life of the process. */
export interface StreamState {
  /** Unix milliseconds at which the stream began; 0 when the producer did not say. */
  readonly startMs: number;
  /** Unix milliseconds of the latest point. */
  readonly timeMs: number;
  /** Counter: running total; histogram: running count; else the latest value. */
  readonly total: number;
  /** Of a histogram that has one. */
  readonly totalSum: number | undefined;
  readonly buckets: Distribution | undefined;
}

/** A histogram's running state. Counts are whole numbers from 0. */
export interface HistogramTotals {
  readonly count: number;
  readonly sum: number;
  readonly hasSum: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly distribution: Distribution;
}

/** Why a point is not in the history; `already_kept` is a repetition of one that is. */
export type PointRefusal = 'non_finite' | 'stale_point' | 'already_kept' | 'too_old' | 'too_new';

/** A part of a minute, to be written, with the state of its stream after it. */
export interface Part {
  readonly recorder: SeriesRecorder;
  readonly minute: number;
  readonly rollup: Rollup;
  readonly state: StreamState;
  /** Points in it whose fate the caller wants to know. */
  points: number;
}

/** Where recorders put what is to be written. */
export interface PartSink {
  /** Oldest and newest minute, since 1970, that is taken. */
  readonly minuteLeast: number;
  readonly minuteMost: number;
  /** Streams that began before are only compared with themselves: what they counted then is of a time nobody saw. */
  readonly knownSinceMs: number;
  /** Looks at the clock, and returns the newest minute that is taken by now. */
  moveWindow(): number;
  /** A recorder has its first point since it was last taken. */
  changed(recorder: SeriesRecorder): void;
  /** A part is complete, as a point of another minute has come. */
  closed(part: Part): void;
}

/**
 * Turns one series' points into parts of minutes. A point costs a comparison and a few additions; buckets are only compared
 * when a part is taken, or the stream begins anew.
 */
export class SeriesRecorder {
  readonly id: number;
  readonly series: HistorySeries;
  /** Whether the caller wants to know the fate of its points. */
  isAccounted: boolean;
  /** Its description is on the disk. */
  isWritten: boolean;
  readonly #sink: PartSink;
  /** Points until then are on the disk, by an earlier life. */
  readonly #keptUntilMs: number;
  #rollup: Rollup | undefined = undefined;
  #minute = 0;
  #points = 0;
  #isSeen: boolean;
  #startMs = 0;
  #timeMs = Number.NEGATIVE_INFINITY;
  #total = 0;
  #totalSum: number | undefined = undefined;
  #min: number | undefined = undefined;
  #max: number | undefined = undefined;
  /** Of histograms: the state that the open part begins with, and the latest. */
  #base: Distribution | undefined = undefined;
  #latest: Distribution | undefined = undefined;

  constructor(id: number, series: HistorySeries, sink: PartSink, kept: StreamState | undefined, isAccounted: boolean) {
    this.id = id;
    this.series = series;
    this.isAccounted = isAccounted;
    this.#sink = sink;
    this.isWritten = kept !== undefined;
    this.#isSeen = kept !== undefined;
    this.#keptUntilMs = kept?.timeMs ?? Number.NEGATIVE_INFINITY;
    if (kept === undefined) return;
    this.#startMs = kept.startMs;
    this.#timeMs = kept.timeMs;
    this.#total = kept.total;
    this.#totalSum = kept.totalSum;
    this.#base = kept.buckets;
    this.#latest = kept.buckets;
  }

  /** Takes a value of a gauge or updowncounter; also one that is older than the latest. */
  gauge(timeMs: number, value: number): PointRefusal | undefined {
    if (!Number.isFinite(value)) return 'non_finite';
    const rollup = this.#open(timeMs);
    if (typeof rollup === 'string') return rollup;
    if (timeMs >= this.#timeMs) {
      this.#timeMs = timeMs;
      this.#total = value;
    }
    this.#isSeen = true;
    rollup.add(value, timeMs, value);
    return undefined;
  }

  /**
   * Takes a counter's running total of a stream that began at `startMs` (0: not known). A stream that began later than the known
   * one, or whose total has gone down, counts from 0.
   */
  counter(timeMs: number, startMs: number, total: number): PointRefusal | undefined {
    if (!Number.isFinite(total) || total < 0) return 'non_finite';
    const isNewStream = this.#isNewStream(startMs, total);
    if (!isNewStream && this.#isSeen && timeMs <= this.#timeMs) return this.#older(timeMs);
    const rollup = this.#open(timeMs);
    if (typeof rollup === 'string') return rollup;
    const step = this.#isSeen
      ? total - (isNewStream ? 0 : this.#total)
      : this.#isOfOurTime(startMs)
        ? total
        : undefined;
    this.#advance(timeMs, startMs, total);
    if (step === undefined) rollup.add(0, timeMs, total);
    else rollup.add(step, timeMs, total);
    return undefined;
  }

  /** Takes a histogram's running state; see {@link counter}. Explicit counts may be written over by their owner afterwards, exponential buckets not. */
  histogram(timeMs: number, startMs: number, now: HistogramTotals): PointRefusal | undefined {
    if (!Number.isFinite(now.count) || now.count < 0) return 'non_finite';
    const isNewStream = this.#isNewStream(startMs, now.count);
    if (!isNewStream && this.#isSeen && timeMs <= this.#timeMs) return this.#older(timeMs);
    const rollup = this.#open(timeMs);
    if (typeof rollup === 'string') return rollup;
    if (!this.#isSeen && !this.#isOfOurTime(startMs)) this.#base = snapshot(now.distribution);
    else {
      if (isNewStream) this.#endStream(rollup);
      const since = isNewStream || !this.#isSeen ? 0 : this.#total;
      rollup.count += now.count - since;
      const sum = now.hasSum && Number.isFinite(now.sum) ? now.sum : undefined;
      const sumBefore = isNewStream || !this.#isSeen ? 0 : this.#totalSum;
      const grown = sum === undefined || sumBefore === undefined ? undefined : sum - sumBefore;
      rollup.sum = rollup.sum === undefined || grown === undefined ? undefined : rollup.sum + grown;
    }
    this.#advance(timeMs, startMs, now.count);
    this.#totalSum = now.hasSum && Number.isFinite(now.sum) ? now.sum : undefined;
    this.#min = finite(now.min);
    this.#max = finite(now.max);
    this.#keep(now.distribution);
    rollup.last = now.count;
    rollup.lastSum = this.#totalSum;
    rollup.lastMs = timeMs;
    return undefined;
  }

  /** The open part, if there is one: it goes to be written, and what comes later of its minute is another part. */
  take(): Part | undefined {
    const rollup = this.#rollup;
    if (rollup === undefined) return undefined;
    this.#rollup = undefined;
    this.#foldBuckets(rollup);
    const part: Part = {
      recorder: this,
      minute: this.#minute,
      rollup,
      points: this.#points,
      state: {
        startMs: this.#startMs,
        timeMs: this.#timeMs,
        total: this.#total,
        totalSum: this.#totalSum,
        buckets: this.#base,
      },
    };
    this.#points = 0;
    return part;
  }

  /** The part a point belongs to. */
  #open(timeMs: number): Rollup | PointRefusal {
    const minute = Math.floor(timeMs / MINUTE_MS);
    if (!(minute >= this.#sink.minuteLeast)) return 'too_old';
    if (timeMs <= this.#keptUntilMs) return 'already_kept';
    if (minute > this.#sink.minuteMost && !(minute <= this.#sink.moveWindow())) return 'too_new';
    if (this.#rollup !== undefined && minute !== this.#minute) this.#sink.closed(this.take()!);
    if (this.#rollup === undefined) {
      this.#rollup = new Rollup();
      this.#minute = minute;
      this.#sink.changed(this);
    }
    if (this.isAccounted) this.#points++;
    return this.#rollup;
  }

  #older(timeMs: number): PointRefusal {
    return timeMs <= this.#keptUntilMs ? 'already_kept' : 'stale_point';
  }

  #isNewStream(startMs: number, total: number): boolean {
    return this.#isSeen && (startMs > this.#startMs || total < this.#total);
  }

  #isOfOurTime(startMs: number): boolean {
    return startMs > 0 && startMs >= this.#sink.knownSinceMs;
  }

  #advance(timeMs: number, startMs: number, total: number): void {
    this.#isSeen = true;
    this.#startMs = startMs;
    this.#timeMs = timeMs;
    this.#total = total;
  }

  /** Exponential buckets are made anew by their owner for each point, explicit counts are written over: those are copied. */
  #keep(now: Distribution): void {
    const latest = this.#latest;
    const isOwn = latest !== undefined && latest !== this.#base && !isExponential(latest);
    if (isOwn && !isExponential(now) && latest.bounds === now.bounds) (latest.counts as Float64Array).set(now.counts);
    else this.#latest = isExponential(now) ? now : snapshot(now);
  }

  #endStream(rollup: Rollup): void {
    this.#foldBuckets(rollup);
    this.#base = undefined;
    this.#latest = undefined;
    this.#min = undefined;
    this.#max = undefined;
  }

  /** Adds what was counted since the part began. */
  #foldBuckets(rollup: Rollup): void {
    const latest = this.#latest;
    if (latest === undefined || latest === this.#base) return;
    const recorded = (this.#base && difference(latest, this.#base)) ?? latest;
    this.#base = latest;
    const extent = extentOf(recorded, this.#min, this.#max);
    if (extent === undefined) return;
    const isFirst = rollup.buckets === undefined;
    rollup.min = isFirst ? extent.min : least(rollup.min, extent.min);
    rollup.max = isFirst ? extent.max : greatest(rollup.max, extent.max);
    rollup.addBuckets(recorded);
  }
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
