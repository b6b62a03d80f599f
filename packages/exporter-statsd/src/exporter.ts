import { diag, type HrTime } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type {
  AggregationTemporality,
  DataPoint,
  ExponentialHistogram,
  Histogram,
  InstrumentType,
  MetricData,
  PushMetricExporter,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { DeltaStore } from './delta-store.ts';
import { checkedDialect, type TagValue } from './dialect.ts';
import { difference, type Distribution, distributionQuantile, snapshot } from './distribution.ts';
import { checkedInteger, StatsdError } from './errors.ts';
import { HISTOGRAM_PERCENTILES } from './histogram-frames.ts';
import type { StatsdExporterOptions } from './options.ts';
import { DEFAULT_MTU_BYTES } from './packer.ts';
import { type LineOutcome, StatsdBatch } from './statsd-batch.ts';
import { type Stream, type StreamRefusal, type StreamShape, StreamTable } from './stream-table.ts';
import { UdpSender, type UdpSenderStats } from './udp-sender.ts';

/** Why a data point, or a line of it, was not sent. */
export type PointDropCause = StreamRefusal | Exclude<LineOutcome, 'packed' | 'unchanged'>;

/** What an exporter has done since it was made. */
export interface StatsdExporterStats {
  readonly points: number;
  readonly pointsDropped: Readonly<Record<PointDropCause, number>>;
  readonly seriesActive: number;
  readonly sender: UdpSenderStats;
}

// The SDK's enums by value: they are published constants, and spelling them keeps the SDK out of this package's run time.
const CUMULATIVE = 1;
const HISTOGRAM = 0;
const EXPONENTIAL_HISTOGRAM = 1;

/**
 * Exports metrics to a StatsD server over UDP. Monotonic sums become counters (the increment since the last export that
 * was delivered), other sums and gauges become absolute gauges, histograms become `.count` and `.sum` counters with
 * `.min`, `.max` (since start) and percentile gauges (of what was recorded since the last export).
 *
 * An export succeeds when the kernel has taken every datagram and nothing answered that no server listens; StatsD itself
 * acknowledges nothing. What an export could not deliver of counters, the next one carries. Values that are not finite have no StatsD
 * form: dropped and counted.
 */
export class StatsdExporter implements PushMetricExporter {
  readonly #mtuBytes: number;
  readonly #resourceAttributes: readonly string[];
  readonly #store: DeltaStore;
  readonly #streams: StreamTable;
  readonly #sender: UdpSender;
  readonly #pointsDropped: Record<PointDropCause, number> = {
    series_limit: 0,
    name_collision: 0,
    line_too_long: 0,
    non_finite: 0,
  };
  #points = 0;
  #lastError: StatsdError | undefined;
  #tail: Promise<void> = Promise.resolve();
  #shutdown: Promise<void> | undefined;

  /** Opens no socket before the first export. Throws `StatsdError` `INVALID_OPTION`. */
  constructor(options: StatsdExporterOptions = {}) {
    const seriesLimit = checkedInteger('seriesLimit', options.seriesLimit ?? 100_000, 1, 10_000_000);
    this.#mtuBytes = checkedInteger('mtuBytes', options.mtuBytes ?? DEFAULT_MTU_BYTES, 64, 65_507);
    this.#resourceAttributes = options.resourceAttributes ?? [];
    const { initialValue = 'count' } = options;
    // Two slots per histogram.
    this.#store = new DeltaStore({ limit: seriesLimit * 2, initialValue });
    const dialect = checkedDialect(options.dialect ?? 'dogstatsd');
    this.#streams = new StreamTable(dialect, options.prefix ?? '', this.#store, seriesLimit);
    this.#sender = new UdpSender({
      onTrouble: (error) => diag.warn(`nanometer statsd: ${error.message}`),
      ...options,
    });
  }

  /** Exports one collection; exports run one after another. The callback gets FAILED when a datagram was not delivered. */
  export(metrics: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    if (this.#shutdown !== undefined) {
      const error = new StatsdError(
        'CLOSED',
        'the StatsD exporter is shut down; metrics exported after that are not sent',
      );
      resultCallback({ code: ExportResultCode.FAILED, error });
      return;
    }
    this.#tail = this.#exportAfter(this.#tail, metrics, resultCallback);
  }

  /** Resolves when all exports so far are over; rejects with `SEND_FAILED` when the last one was not delivered in full. */
  async forceFlush(): Promise<void> {
    await this.#tail;
    if (this.#lastError) throw this.#lastError;
  }

  /** Ends what is under way, then closes the socket. Rejects like {@link forceFlush}; calling it again gives the same answer. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#closeAfter(this.#tail);
    return this.#shutdown;
  }

  /** Cumulative for every instrument: increments are computed here, against what was delivered. */
  selectAggregationTemporality(_instrumentType: InstrumentType): AggregationTemporality {
    return CUMULATIVE as AggregationTemporality;
  }

  /** Counts since construction. */
  stats(): StatsdExporterStats {
    return {
      points: this.#points,
      pointsDropped: { ...this.#pointsDropped },
      seriesActive: this.#streams.size,
      sender: this.#sender.stats(),
    };
  }

  async #exportAfter(
    before: Promise<void>,
    metrics: ResourceMetrics,
    resultCallback: (result: ExportResult) => void,
  ): Promise<void> {
    await before;
    const error = await this.#exportNow(metrics);
    this.#lastError = error;
    resultCallback(error ? { code: ExportResultCode.FAILED, error } : { code: ExportResultCode.SUCCESS });
  }

  async #closeAfter(before: Promise<void>): Promise<void> {
    await before;
    await this.#sender.close();
    if (this.#lastError) throw this.#lastError;
  }

  async #exportNow({ resource, scopeMetrics }: ResourceMetrics): Promise<StatsdError | undefined> {
    const batch = new StatsdBatch(this.#store, this.#sender, this.#mtuBytes);
    const resourceTags = this.#resourceAttributes.map((key) => [key, resource.attributes[key]] as const);
    for (const { scope, metrics } of scopeMetrics) {
      const scopeKey = JSON.stringify([scope.name, scope.version ?? '', scope.schemaUrl ?? '']);
      for (const metric of metrics) this.#addMetric(batch, scopeKey, metric, resourceTags);
    }
    const { linesFailed, failure } = await batch.send();
    if (failure === undefined) return undefined;
    return new StatsdError(
      'SEND_FAILED',
      `${linesFailed} StatsD lines were not delivered (${failure}); the next export carries them`,
    );
  }

  #addMetric(
    batch: StatsdBatch,
    scopeKey: string,
    metric: MetricData,
    resourceTags: readonly (readonly [string, TagValue])[],
  ): void {
    const shape = shapeOf(metric);
    for (const point of metric.dataPoints) {
      this.#points++;
      const stream = this.#streams.find(scopeKey, metric.descriptor.name, shape, resourceTags, point.attributes);
      if (typeof stream === 'string') this.#pointsDropped[stream]++;
      else this.#addPoint(batch, stream, metric, point);
    }
  }

  #addPoint(batch: StatsdBatch, stream: Stream, metric: MetricData, point: DataPoint<unknown>): void {
    const temporality: number = metric.aggregationTemporality;
    const isDelta = temporality !== CUMULATIVE;
    if (stream.histogram !== undefined) {
      this.#addHistogram(batch, stream, metric, point as DataPoint<Histogram | ExponentialHistogram>, isDelta);
      return;
    }
    let value = point.value as number;
    if (isDelta && 'isMonotonic' in metric) value = stream.total += value;
    if (stream.shape === 'gauge') {
      this.#count(batch.gauge(stream.frame!, value));
      return;
    }
    const [seconds, nanos] = isDelta ? NO_START : point.startTime;
    this.#count(batch.counter(stream.frame!, stream.slot, seconds, nanos, value));
  }

  #addHistogram(
    batch: StatsdBatch,
    stream: Stream,
    metric: MetricData,
    { startTime, value }: DataPoint<Histogram | ExponentialHistogram>,
    isDelta: boolean,
  ): void {
    const frames = stream.histogram!;
    const count = isDelta ? (stream.total += value.count) : value.count;
    const sum = isDelta ? (stream.totalSum += value.sum ?? 0) : value.sum;
    const [seconds, nanos] = isDelta ? NO_START : startTime;
    // A sum of negative values decreases without a reset; the count tells resets apart, by the start time or by falling.
    this.#count(batch.counter(frames.count, stream.slot, seconds, nanos, count));
    if (sum !== undefined) this.#count(batch.counter(frames.sum, stream.sumSlot, seconds, nanos, sum, false));
    const recent = recentOf(stream, distributionOf(metric, value), startTime, isDelta);
    if (value.min !== undefined && value.count > 0) this.#count(batch.gauge(frames.min, value.min));
    if (value.max !== undefined && value.count > 0) this.#count(batch.gauge(frames.max, value.max));
    for (const [index, { quantile }] of HISTOGRAM_PERCENTILES.entries()) {
      const percentile = distributionQuantile(quantile, recent, value.min, value.max);
      if (percentile !== undefined) this.#count(batch.gauge(frames.percentiles[index]!, percentile));
    }
  }

  #count(outcome: LineOutcome): void {
    if (outcome !== 'packed' && outcome !== 'unchanged') this.#pointsDropped[outcome]++;
  }
}

const NO_START: HrTime = [0, 0];

function shapeOf(metric: MetricData): StreamShape {
  const type: number = metric.dataPointType;
  if (type === HISTOGRAM || type === EXPONENTIAL_HISTOGRAM) return 'histogram';
  return 'isMonotonic' in metric && metric.isMonotonic ? 'counter' : 'gauge';
}

function distributionOf(metric: MetricData, value: Histogram | ExponentialHistogram): Distribution {
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

/** What was recorded since the last export: the difference to the buckets then, or all of it after a reset. */
function recentOf(stream: Stream, now: Distribution, startTime: HrTime, isDelta: boolean): Distribution {
  if (isDelta) return now;
  const start = startTime.join();
  const before = stream.beforeStart === start ? stream.before : undefined;
  stream.before = snapshot(now);
  stream.beforeStart = start;
  return (before && difference(now, before)) ?? now;
}
