import { diag } from '@opentelemetry/api';
import { namedAggregation } from '../aggregation/aggregation.ts';
import type { Arena } from '../arena/arena.ts';
import { type Clock, hrTimeFromMillis } from '../clock.ts';
import {
  type AggregationOption,
  type AggregationTemporality,
  AggregationType,
  type CollectionResult,
  type IMetricReader,
  type InstrumentType,
  type MetricCollectOptions,
} from '../data-types.ts';
import type { MeterState } from '../meter-state.ts';
import type { SyncStream } from '../storage/sync-stream.ts';
import type { Resource } from '@opentelemetry/resources';
import { ChangeWatch } from './change-watch.ts';
import type { ChangeProducer, ChangeVisitor, ChangingMetric } from './changes.ts';

/** The specification's cardinality limit where neither view nor reader states one. */
export const DEFAULT_LIMIT = 2000;

/** Older readers lack the cardinality selector; ours may say that they carry exponential histograms. */
type AnyReader = IMetricReader & {
  selectCardinalityLimit?: IMetricReader['selectCardinalityLimit'];
  readonly acceptsExponentialAdvice?: boolean;
};

export interface CollectorOptions {
  readonly reader: IMetricReader;
  readonly resource: Resource;
  readonly clock: Clock;
  /** Of the series of this thread. */
  readonly arena: Arena;
  readonly callbackTimeoutMillis: number;
  readonly exponentialAdvice: boolean;
  /** Takes in what other threads have announced, and retires what is idle. */
  readonly beforeCollect: (nowMillis: number) => void;
  /** The provider's meters; grows. */
  readonly meters: ReadonlyMap<string, MeterState>;
}

/** Told of every collection: how long it took, and what went wrong in it. */
export type CollectionObserver = (seconds: number, errors: readonly unknown[]) => void;

/** One reader's side of a provider: the producer that the reader collects from. Everything a reader owns hangs here. */
export class Collector implements ChangeProducer {
  readonly reader: AnyReader;
  /** Whether `advice.exponentialMaxSize` decides where this reader asks for the default aggregation. */
  readonly exponentialAdvice: boolean;
  observer: CollectionObserver | undefined = undefined;
  readonly #options: CollectorOptions;
  #watch: ChangeWatch | undefined;
  #select: (metric: ChangingMetric) => boolean = () => false;

  constructor(options: CollectorOptions) {
    this.reader = options.reader;
    this.exponentialAdvice = options.exponentialAdvice || this.reader.acceptsExponentialAdvice === true;
    this.#options = options;
  }

  /** Runs all callbacks of all meters, then reads all streams of this reader. */
  async collect(options?: MetricCollectOptions): Promise<CollectionResult> {
    const { beforeCollect, clock, meters, resource, callbackTimeoutMillis } = this.#options;
    const startMillis = performance.now();
    const millis = clock.now();
    beforeCollect(millis);
    const now = { millis, hrTime: hrTimeFromMillis(millis) };
    const timeoutMillis = options?.timeoutMillis ?? callbackTimeoutMillis;
    const collected = await Promise.all(
      Array.from(meters.values(), async (meter) => meter.collect(this, now, timeoutMillis)),
    );
    const errors = collected.flatMap((part) => part.errors);
    this.observer?.((performance.now() - startMillis) / 1000, errors);
    return {
      resourceMetrics: { resource, scopeMetrics: collected.flatMap(({ scopeMetrics }) => scopeMetrics ?? []) },
      errors,
    };
  }

  get resource(): Resource {
    return this.#options.resource;
  }

  visitChanges(select: (metric: ChangingMetric) => boolean, visit: ChangeVisitor): void {
    this.#select = select;
    this.#watch ??= new ChangeWatch(this.#options.arena, () => this.#selectedStreams());
    this.#watch.visit(visit);
  }

  #selectedStreams(): SyncStream[] {
    return Array.from(this.#options.meters.values()).flatMap((meter) => meter.selectedStreams(this, this.#select));
  }

  /** What the reader wants; the default where what it says makes no sense, because creating instruments never throws. */
  selectAggregation(type: InstrumentType): AggregationOption {
    try {
      const option = this.reader.selectAggregation(type);
      namedAggregation(option);
      return option;
    } catch (error) {
      diag.error(`metrics: a reader asked for an aggregation of ${type} that cannot be; used the default`, error);
      return { type: AggregationType.DEFAULT };
    }
  }

  selectTemporality(type: InstrumentType): AggregationTemporality {
    return this.reader.selectAggregationTemporality(type);
  }

  selectCardinalityLimit(type: InstrumentType): number {
    const limit = this.reader.selectCardinalityLimit?.(type);
    return limit !== undefined && limit >= 1 ? Math.floor(limit) : DEFAULT_LIMIT;
  }
}
