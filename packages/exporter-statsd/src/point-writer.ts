import type { HrTime } from '@opentelemetry/api';
import type { DataPoint, ExponentialHistogram, Histogram, MetricData } from '@opentelemetry/sdk-metrics';
import type { DeltaStore } from './delta-store.ts';
import { difference, type Distribution, distributionQuantile, isExponential, snapshot } from './distribution.ts';
import { HISTOGRAM_PERCENTILES } from './histogram-frames.ts';
import type { SampleOutcome } from './histogram-samples.ts';
import type { LineOutcome, StatsdBatch } from './statsd-batch.ts';
import type { Stream, StreamShape } from './stream-table.ts';

/** What became of a point: `stale_point` when it is one from before the last one of its series. */
export type PointOutcome = SampleOutcome | 'stale_point';

// The SDK's enums by value: they are published constants, and spelling them keeps the SDK out of this package's run time.
const CUMULATIVE = 1;
const HISTOGRAM = 0;
const EXPONENTIAL_HISTOGRAM = 1;
const NO_TIME: HrTime = [0, 0];

/** The shape of a metric's streams. */
export function shapeOf(metric: MetricData, histograms: 'summary' | 'samples'): StreamShape {
  const type: number = metric.dataPointType;
  if (type === HISTOGRAM || type === EXPONENTIAL_HISTOGRAM) return histograms === 'samples' ? 'samples' : 'histogram';
  return 'isMonotonic' in metric && metric.isMonotonic ? 'counter' : 'gauge';
}

/** Writes points into a batch. The outcome is that of the point's leading line; `onLine` hears of the others. */
export class PointWriter {
  readonly #store: DeltaStore;
  readonly #timestamps: boolean;
  readonly #onLine: (outcome: LineOutcome) => void;

  constructor(store: DeltaStore, timestamps: boolean, onLine: (outcome: LineOutcome) => void) {
    this.#store = store;
    this.#timestamps = timestamps;
    this.#onLine = onLine;
  }

  /** Writes what changed with a point. */
  write(batch: StatsdBatch, stream: Stream, metric: MetricData, point: DataPoint<unknown>): PointOutcome {
    const isDelta = (metric.aggregationTemporality as number) !== CUMULATIVE;
    if (this.#timestamps) batch.suffix(`|T${point.endTime[0]}`);
    if (stream.shape === 'histogram' || stream.shape === 'samples') {
      return this.#histogram(batch, stream, metric, point as DataPoint<Histogram | ExponentialHistogram>, isDelta);
    }
    let value = point.value as number;
    if (isDelta && 'isMonotonic' in metric) value = stream.total += value;
    if (stream.shape === 'gauge') {
      stream.value = value;
      return batch.gauge(stream.frame!, value);
    }
    const start = isDelta ? NO_TIME : point.startTime;
    if (!isDelta && this.#isStale(stream.slot, start, value, point.endTime)) return 'stale_point';
    return batch.counter(stream.frame!, stream.slot, start[0], start[1], value);
  }

  /** Writes what is due of a stream without a new point. */
  writeDue(batch: StatsdBatch, stream: Stream): SampleOutcome {
    batch.suffix('');
    if (stream.shape === 'gauge') return batch.gauge(stream.frame!, stream.value);
    if (stream.samples !== undefined) {
      batch.announce(stream.slot, this.#store.sent(stream.slot) - stream.backlog.total);
      return stream.backlog.write(batch, stream.samples);
    }
    if (stream.histogram === undefined) return batch.pending(stream.frame!, stream.slot);
    this.#onLine(batch.pending(stream.histogram.sum, stream.sumSlot, false));
    return batch.pending(stream.histogram.count, stream.slot);
  }

  #histogram(
    batch: StatsdBatch,
    stream: Stream,
    metric: MetricData,
    { startTime, endTime, value }: DataPoint<Histogram | ExponentialHistogram>,
    isDelta: boolean,
  ): PointOutcome {
    const count = isDelta ? (stream.total += value.count) : value.count;
    const start = isDelta ? NO_TIME : startTime;
    if (!isDelta && this.#isStale(stream.slot, start, count, endTime)) return 'stale_point';
    if (stream.samples !== undefined) {
      batch.announce(stream.slot, this.#store.sent(stream.slot) - stream.backlog.total);
      const due = this.#store.advance(stream.slot, start[0], start[1], count);
      const now = distributionOf(value);
      const recent = recentOf(stream, now, startTime, isDelta);
      // After a restart of this exporter the buckets of the recordings that are due are not known, only how many they are.
      if (countOf(recent) === due) stream.backlog.add(recent, value.min, value.max);
      else if (due > 0) stream.backlog.put(distributionQuantile(0.5, now, value.min, value.max) ?? 0, due);
      return stream.backlog.write(batch, stream.samples);
    }
    const frames = stream.histogram!;
    const sum = isDelta ? (stream.totalSum += value.sum ?? 0) : value.sum;
    // A sum of negative values decreases without a reset: only the count, or another start, tells one.
    if (count < this.#store.last(stream.slot)) this.#store.restart(stream.sumSlot);
    const outcome = batch.counter(frames.count, stream.slot, start[0], start[1], count);
    if (sum !== undefined) this.#onLine(batch.counter(frames.sum, stream.sumSlot, start[0], start[1], sum, false));
    const recent = recentOf(stream, distributionOf(value), startTime, isDelta);
    if (value.min !== undefined && value.count > 0) this.#onLine(batch.gauge(frames.min, value.min));
    if (value.max !== undefined && value.count > 0) this.#onLine(batch.gauge(frames.max, value.max));
    for (const [index, { quantile }] of HISTOGRAM_PERCENTILES.entries()) {
      const percentile = distributionQuantile(quantile, recent, value.min, value.max);
      if (percentile !== undefined) this.#onLine(batch.gauge(frames.percentiles[index]!, percentile));
    }
    return outcome;
  }

  #isStale(slot: number, [startSeconds, startNanos]: HrTime, value: number, [seconds, nanos]: HrTime): boolean {
    if (this.#store.isStale(slot, startSeconds, startNanos, value, seconds, nanos)) return true;
    this.#store.taken(slot, seconds, nanos);
    return false;
  }
}

function distributionOf(value: Histogram | ExponentialHistogram): Distribution {
  if ('buckets' in value) return { bounds: value.buckets.boundaries, counts: value.buckets.counts };
  const range = ({ offset, bucketCounts }: ExponentialHistogram['positive']): { offset: number; counts: number[] } => ({
    offset,
    counts: bucketCounts,
  });
  return {
    scale: value.scale,
    zeroCount: value.zeroCount,
    zeroThreshold: 0,
    positive: range(value.positive),
    negative: range(value.negative),
  };
}

function countOf(distribution: Distribution): number {
  const total = (counts: ArrayLike<number>): number => {
    let sum = 0;
    for (let index = 0; index < counts.length; index++) sum += counts[index]!;
    return sum;
  };
  if (!isExponential(distribution)) return total(distribution.counts);
  return distribution.zeroCount + total(distribution.positive.counts) + total(distribution.negative.counts);
}

/** What was recorded since the last export: the difference to the buckets then, or all of it after a reset. */
function recentOf(stream: Stream, now: Distribution, startTime: HrTime, isDelta: boolean): Distribution {
  if (isDelta) return now;
  const start = startTime.join();
  const before = stream.beforeStart === start ? stream.before : undefined;
  stream.before = snapshot(now);
  stream.beforeStart = start;
  return (before && difference(now, before)) ?? now;
}
