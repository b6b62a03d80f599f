import { diag } from '@opentelemetry/api';
import { namedAggregation } from '../aggregation/aggregation.ts';
import type { Arena } from '../arena/arena.ts';
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
import { Collection, type CollectionOptions } from './collection.ts';
import { ReadingLane } from './reading-lane.ts';
import type { Turns } from './turns.ts';

/** The specification's cardinality limit where neither view nor reader states one. */
export const DEFAULT_LIMIT = 2000;

/** Older readers lack the cardinality selector; ours may say that they carry exponential histograms. */
type AnyReader = IMetricReader & {
  selectCardinalityLimit?: IMetricReader['selectCardinalityLimit'];
  readonly acceptsExponentialAdvice?: boolean;
};

export interface CollectorOptions extends Omit<CollectionOptions, 'serial' | 'timeoutMillis'> {
  readonly reader: IMetricReader;
  readonly resource: Resource;
  /** Of the series of this thread. */
  readonly arena: Arena;
  readonly callbackTimeoutMillis: number;
  readonly exponentialAdvice: boolean;
  readonly turns: Turns;
  /** Takes in what other threads have announced. */
  readonly beforeCollect: () => void;
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
  readonly lane: ReadingLane;
  readonly #options: CollectorOptions;
  #watch: ChangeWatch | undefined;
  #select: (metric: ChangingMetric) => boolean = () => false;
  #collectionCount = 0;
  /** Of the collections that have begun to read, the one that began last. */
  #latestSerial = 0;

  constructor(options: CollectorOptions) {
    this.reader = options.reader;
    this.exponentialAdvice = options.exponentialAdvice || this.reader.acceptsExponentialAdvice === true;
    this.lane = new ReadingLane(options.turns);
    this.#options = options;
  }

  /**
   * Runs all callbacks of all meters, then reads all streams of this reader, in slices. A second collection meanwhile runs
   * its callbacks and waits with its readings until the first has ended those it began.
   */
  async collect(options?: MetricCollectOptions): Promise<CollectionResult> {
    const { beforeCollect, meters, resource, callbackTimeoutMillis } = this.#options;
    const startMillis = performance.now();
    const timeoutMillis = options?.timeoutMillis ?? callbackTimeoutMillis;
    const collection = new Collection({ ...this.#options, serial: ++this.#collectionCount, timeoutMillis });
    beforeCollect();
    const collected = await Promise.all(Array.from(meters.values(), async (meter) => meter.collect(this, collection)));
    const errors = collected.flatMap((part) => part.errors);
    this.observer?.((performance.now() - startMillis) / 1000, errors);
    return {
      resourceMetrics: { resource, scopeMetrics: collected.flatMap(({ scopeMetrics }) => scopeMetrics ?? []) },
      errors,
    };
  }

  /** A reading begins. Its time is now if a later collection was faster than this one's callbacks: else it would end before it begins. */
  beginReading(collection: Collection): void {
    if (collection.serial < this.#latestSerial) collection.renewTime();
    else this.#latestSerial = collection.serial;
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
