import type { ChangeProducer, ChangingMetric, IMetricReader } from '@nanometer/metrics';
import type { Attributes } from '@opentelemetry/api';
import type { AggregationOption, CollectionResult, InstrumentType, MetricProducer } from '@opentelemetry/sdk-metrics';
import { LiveError } from '../protocol/errors.ts';
import { globMatches } from '../protocol/glob.ts';
import type { SeriesAttributes } from '../protocol/series.ts';
import type { PushSeries } from '../push/messages.ts';
import { LaneStamp } from './lane-stamp.ts';
import { LivePublisher, type PublisherStats } from './live-publisher.ts';
import type { LivePublisherOptions } from './publisher-options.ts';

/** What goes by the fast lane when nothing else is said: risk, positions, profit and loss. */
export const LANE_NAMES: readonly string[] = ['risk.*', 'trading.position*', '*.pnl*'];

/** Options of {@link LaneReader}. */
export interface LaneReaderOptions extends LivePublisherOptions {
  /** Names of metrics, or globs. Default {@link LANE_NAMES}. */
  readonly names?: readonly string[];
  /** Milliseconds between two looks at what changed without a `flush` (default 100). */
  readonly bulkIntervalMillis?: number;
  /** Most series of one instrument; the same as that of the other readers, or the lane gets series of its own. Default 2,000. */
  readonly cardinalityLimit?: number;
  /** Unix milliseconds (default `Date.now`): that of the provider, since both tell times of the same points. */
  readonly now?: () => number;
}

interface LaneSeries {
  readonly id: number;
  readonly startTimeMillis: number;
}

// Values of the SDK's enums, which the package that a service records with loads, and this one does not.
const DEFAULT_AGGREGATION = { type: 0 } as unknown as AggregationOption;
const DROP_AGGREGATION = { type: 1 } as unknown as AggregationOption;
const NUMBERS: readonly string[] = ['COUNTER', 'UP_DOWN_COUNTER', 'GAUGE'];
const CUMULATIVE = 1;

/**
 * The fast lane: a reader of `MeterProvider` of `@nanometer/metrics` that pushes the selected sums and gauges of synchronous
 * instruments to a bridge, beside whatever exports them. Call {@link flush} after what must be seen at once, such as a fill:
 * it reads the changed series and sends them before it returns. Histograms and observable instruments are left to the
 * exporter.
 */
export class LaneReader implements IMetricReader {
  readonly publisher: LivePublisher;
  readonly #names: readonly string[];
  readonly #bulkIntervalMs: number;
  readonly #cardinalityLimit: number;
  readonly #stamp: LaneStamp;
  readonly #series = new Map<ChangingMetric, Map<Attributes, LaneSeries>>();
  #producer: ChangeProducer | undefined;
  #resource: SeriesAttributes | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timeMs = 0;
  #unsupported = 0;

  /** @throws LiveError `invalid_option`. */
  constructor(options: LaneReaderOptions) {
    const { names = LANE_NAMES, bulkIntervalMillis = 100, cardinalityLimit = 2_000, now = Date.now } = options;
    if (!(bulkIntervalMillis >= 1 && bulkIntervalMillis <= 0x7fff_ffff)) {
      throw new LiveError('invalid_option', `bulkIntervalMillis is ${bulkIntervalMillis}, expected 1 to 2147483647`);
    }
    this.publisher = new LivePublisher(options);
    this.#names = names;
    this.#bulkIntervalMs = bulkIntervalMillis;
    this.#cardinalityLimit = cardinalityLimit;
    this.#stamp = new LaneStamp(now);
  }

  /**
   * Called once by the provider the reader is given to; connects.
   *
   * @throws LiveError `invalid_option` for a provider of another SDK, which cannot tell what has changed.
   */
  setMetricProducer(producer: MetricProducer): void {
    if (this.#producer !== undefined) throw new LiveError('invalid_option', 'a reader belongs to one MeterProvider');
    if (!('visitChanges' in producer)) {
      throw new LiveError(
        'invalid_option',
        'the fast lane reads a MeterProvider of @nanometer/metrics, and this is another',
      );
    }
    this.#producer = producer as ChangeProducer;
    this.publisher.connect();
    this.#timer = setInterval(() => this.flush(), this.#bulkIntervalMs);
    this.#timer.unref();
  }

  selectAggregation(type: InstrumentType): AggregationOption {
    // Dropped here, they have no series on this reader's behalf, and cost nothing to record.
    return NUMBERS.includes(type) ? DEFAULT_AGGREGATION : DROP_AGGREGATION;
  }

  selectAggregationTemporality(): typeof CUMULATIVE {
    return CUMULATIVE;
  }

  selectCardinalityLimit(): number {
    return this.#cardinalityLimit;
  }

  async collect(): Promise<CollectionResult> {
    if (this.#producer === undefined) {
      throw new LiveError('invalid_option', 'the reader was given to no MeterProvider');
    }
    return this.#producer.collect();
  }

  /** Sends what has changed since the last time, now. Never throws. */
  flush(): void {
    const producer = this.#producer;
    if (producer === undefined) return;
    this.#timeMs = this.#stamp.next();
    producer.visitChanges(this.#select, this.#visit);
    this.publisher.flush();
  }

  async forceFlush(): Promise<void> {
    this.flush();
  }

  /** Sends what has changed and ends. */
  async shutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.flush();
    this.#producer = undefined;
    await this.publisher.close();
  }

  /** `seriesUnsupported` are those with attributes that have no form here (maps, bytes, null, NaN): the exporter has them. */
  stats(): PublisherStats & { readonly seriesUnsupported: number } {
    return { ...this.publisher.stats(), seriesUnsupported: this.#unsupported };
  }

  readonly #select = ({ descriptor }: ChangingMetric): boolean =>
    this.#names.some((pattern) => globMatches(pattern, descriptor.name));

  readonly #visit = (metric: ChangingMetric, attributes: Attributes, startTimeMillis: number, value: number): void => {
    let ofMetric = this.#series.get(metric);
    if (ofMetric === undefined) this.#series.set(metric, (ofMetric = new Map()));
    let series = ofMetric.get(attributes);
    if (series === undefined || series.startTimeMillis !== startTimeMillis) {
      if (series === undefined) this.#forgetGone(ofMetric);
      else this.publisher.unregister(series.id);
      series = { id: this.#register(metric, attributes, startTimeMillis), startTimeMillis };
      ofMetric.set(attributes, series);
    }
    this.publisher.update(series.id, this.#timeMs, value);
  };

  /** Series come and go; those here are as many as may be at a time, so the oldest has gone. */
  #forgetGone(ofMetric: Map<Attributes, LaneSeries>): void {
    if (ofMetric.size <= this.#cardinalityLimit) return;
    for (const [attributes, { id }] of ofMetric) {
      this.publisher.unregister(id);
      ofMetric.delete(attributes);
      return;
    }
  }

  #register(metric: ChangingMetric, attributes: Attributes, startTimeMillis: number): number {
    const { descriptor, scope, isSum, isMonotonic } = metric;
    this.#resource ??= this.#producer!.resource.attributes as SeriesAttributes;
    if (!isSupported(attributes) || !isSupported(this.#resource)) {
      this.#unsupported += 1;
      return -1;
    }
    const { name, unit, description } = descriptor;
    const series: PushSeries = {
      name,
      unit,
      ...(description === '' ? {} : { description }),
      kind: !isSum ? 'gauge' : isMonotonic ? 'counter' : 'updowncounter',
      attributes: attributes as SeriesAttributes,
      resource: this.#resource,
      scope: { name: scope.name, version: scope.version },
      startTimeUnixNano: nanosOf(startTimeMillis),
    };
    return this.publisher.register(series);
  }
}

function isSupported(attributes: object): boolean {
  return Object.values(attributes).every((value: unknown) =>
    Array.isArray(value) ? value.every(isScalar) : isScalar(value),
  );
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/** As the SDK splits times into seconds and nanoseconds, so that both paths tell the same start. */
function nanosOf(millis: number): string {
  const seconds = BigInt(Math.trunc(millis / 1000));
  return String(seconds * 1_000_000_000n + BigInt(Math.round((millis % 1000) * 1e6)));
}
