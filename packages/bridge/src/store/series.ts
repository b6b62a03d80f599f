import type { Distribution } from '@nanometer/exporter-statsd';
import type { AttributeSet } from '../otlp/read-attributes.ts';

/** What the points of a metric are. */
export type MetricKind = 'gauge' | 'sum' | 'histogram' | 'exponential';

/** Who produces metrics, with the labels Prometheus derives from it. */
export interface ResourceInfo {
  readonly id: number;
  readonly attributes: AttributeSet;
}

/** An instrumentation scope of one resource. */
export interface ScopeInfo {
  readonly id: number;
  readonly resource: ResourceInfo;
  readonly name: string;
  readonly version: string;
  readonly attributes: AttributeSet;
}

/** One metric stream of a scope: all that OpenTelemetry calls identifying, and a description. */
export interface MetricInfo extends MetricFields {
  readonly id: number;
  readonly scope: ScopeInfo;
  /** Bytes that identify it within its scope, one per character. */
  readonly key: string;
}

/** What a metric's header says. */
export interface MetricFields {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly kind: MetricKind;
  /** Of a sum: it never decreases. */
  readonly monotonic: boolean;
  /** Points are increments, accumulated here. */
  readonly delta: boolean;
}

/** The state of a histogram series, cumulative. */
export interface HistogramState {
  count: number;
  sum: number;
  /** A histogram of values that can be negative has no sum when its producer leaves it out. */
  hasSum: boolean;
  /** Least and greatest value, `undefined` when the producer leaves them out. */
  min: number | undefined;
  max: number | undefined;
  distribution: Distribution;
}

/**
 * One series with its latest cumulative state. A class with all fields set in the constructor: the hot path reads and writes them
 * tens of thousands of times a second.
 */
export class Series {
  /** Its place; given again once it has expired. */
  readonly id: number;
  /** Ascends with each new series and is never given again. */
  readonly order: number;
  readonly metric: MetricInfo;
  readonly attributes: AttributeSet;
  /** Times of the latest point, as halves of its 64-bit nanoseconds: exact without a bigint. */
  startHigh = 0;
  startLow = 0;
  timeHigh = 0;
  timeLow = 0;
  /** When its latest point came in, Unix milliseconds. */
  seenMs = 0;
  /** A point has been stored. */
  written = false;
  /** Of gauges and sums. */
  value = 0;
  /** Of histograms. */
  histogram: HistogramState | undefined = undefined;

  constructor(id: number, order: number, metric: MetricInfo, attributes: AttributeSet) {
    this.id = id;
    this.order = order;
    this.metric = metric;
    this.attributes = attributes;
  }

  /** Time of the latest point, Unix milliseconds. */
  get timeMs(): number {
    return (this.timeHigh * 4294967296 + this.timeLow) / 1e6;
  }

  /** Start of the latest point's stream, Unix seconds; 0 when the producer did not say. */
  get startSeconds(): number {
    return (this.startHigh * 4294967296 + this.startLow) / 1e9;
  }
}

/** What tells two points of a series apart. */
export interface PointTimes {
  readonly startHigh: number;
  readonly startLow: number;
  readonly timeHigh: number;
  readonly timeLow: number;
}

/** How a point relates to what its series holds. */
export type PointOrder = 'newer' | 'duplicate_point' | 'stale_point';

/**
 * A point is newer when its stream started later, or it is later in the same stream. A gauge has no stream to start, and
 * an increment starts anew with each point: for those only the time counts.
 */
export function pointOrder(series: Series, point: PointTimes): PointOrder {
  if (!series.written) return 'newer';
  const { metric } = series;
  if (metric.kind !== 'gauge' && !metric.delta) {
    const started = compare(point.startHigh, point.startLow, series.startHigh, series.startLow);
    if (started !== 0) return started > 0 ? 'newer' : 'stale_point';
  }
  const order = compare(point.timeHigh, point.timeLow, series.timeHigh, series.timeLow);
  if (order > 0) return 'newer';
  return order === 0 ? 'duplicate_point' : 'stale_point';
}

function compare(aHigh: number, aLow: number, bHigh: number, bLow: number): number {
  return aHigh === bHigh ? aLow - bLow : aHigh - bHigh;
}
