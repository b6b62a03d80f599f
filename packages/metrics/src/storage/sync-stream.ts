import type { HrTime } from '@opentelemetry/api';
import type { PointReader } from '../aggregation/aggregator.ts';
import { Column } from '../aggregation/column.ts';
import type { Source } from '../aggregation/source.ts';
import { hrTimeFromMillis } from '../clock.ts';
import type { ChangeVisitor, ChangingMetric } from '../collect/changes.ts';
import type { InstrumentationScope } from '../collect/scope.ts';
import { SERIES_PER_STEP, type Steps } from '../collect/steps.ts';
import { AggregationTemporality, DataPointType, type MetricData } from '../data-types.ts';
import type { StreamExemplars } from '../exemplar/exemplar-store.ts';
import type { InstrumentDescriptor } from '../instrument/descriptor.ts';
import { type CollectionTime, type MetricStream, type Point, toMetricData } from './metric-stream.ts';
import type { Witness } from './departures.ts';
import type { Reading } from './readings.ts';
import type { SyncStorage } from './sync-storage.ts';

/** Decides where delta points begin that do not begin at the previous collection. */
export interface DeltaStarts {
  /** Unix milliseconds. */
  of(source: Source<unknown>, previousMillis: number): number;
  forget(ordinal: number): void;
}

export interface SyncStreamOptions {
  readonly descriptor: InstrumentDescriptor;
  readonly storage: SyncStorage;
  /** Asked of the reader at the first collection, as the stock SDK does. */
  readonly selectTemporality: () => AggregationTemporality;
  /** Unix milliseconds at which the instrument was created. */
  readonly createdMillis: number;
  /** All at the previous collection when absent. */
  readonly deltaStarts?: DeltaStarts | undefined;
}

/** A synchronous instrument's metric as one reader sees it, with that reader's baselines and start times. */
export class SyncStream implements MetricStream, Witness {
  readonly storage: SyncStorage;
  readonly #descriptor: InstrumentDescriptor;
  readonly #selectTemporality: () => AggregationTemporality;
  readonly #exemplars: StreamExemplars;
  readonly #deltaStarts: DeltaStarts | undefined;
  #previousMillis: number;
  #temporality: AggregationTemporality | undefined = undefined;
  #points: PointReader<unknown, unknown> | undefined = undefined;
  /** What its changes are visited as; `undefined` as long as nobody asked, `false` when they are not wanted. */
  #changing: ChangingMetric | false | undefined = undefined;
  /** Records each series had when its changes were last visited. */
  readonly #visitedUpdates: Column = new Column(0);

  constructor(options: SyncStreamOptions) {
    this.storage = options.storage;
    this.#descriptor = options.descriptor;
    this.#selectTemporality = options.selectTemporality;
    this.#previousMillis = options.createdMillis;
    this.#deltaStarts = options.deltaStarts;
    this.storage.addWitness(this);
    this.#exemplars = this.storage.exemplars.addStream();
  }

  get hasCollected(): boolean {
    return this.#points !== undefined;
  }

  forget(ordinal: number): void {
    this.#points?.forget(ordinal);
    this.#exemplars.forget(ordinal);
    this.#deltaStarts?.forget(ordinal);
    this.#visitedUpdates.set(ordinal, 0);
  }

  /** Whether its changes are to be visited; `select` is asked once. */
  isSelected(scope: InstrumentationScope, select: (metric: ChangingMetric) => boolean): boolean {
    return (this.#changing ??= this.#selected(scope, select)) !== false;
  }

  /** Visits the number series of a selected stream that were recorded into since the last visit. */
  visitChanges(visit: ChangeVisitor): void {
    const { storage } = this;
    for (let position = 0; position < storage.end; position++) {
      if (storage.attributesAt(position) === undefined) continue;
      if (storage.sourceAt(position).updates !== this.visitedUpdates(position)) this.visitAt(position, visit);
    }
  }

  /** Visits one series of a selected stream. */
  visitAt(position: number, visit: ChangeVisitor): void {
    const metric = this.#changing;
    const attributes = this.storage.attributesAt(position);
    if (attributes === undefined || metric === undefined || metric === false) return;
    const source = this.storage.sourceAt(position);
    this.#visitedUpdates.set(position, source.updates);
    visit(metric, attributes, source.startTimeMillis, source.snapshot() as number);
  }

  /** Records the series at a position had when it was last visited. */
  visitedUpdates(position: number): number {
    return this.#visitedUpdates.get(position);
  }

  #selected(scope: InstrumentationScope, select: (metric: ChangingMetric) => boolean): ChangingMetric | false {
    const { dataPointType, isMonotonic } = this.storage.aggregator;
    const isSum = dataPointType === DataPointType.SUM;
    if (!isSum && dataPointType !== DataPointType.GAUGE) return false;
    const metric = { scope, descriptor: this.#descriptor, isSum, isMonotonic };
    return select(metric) && metric;
  }

  /**
   * Each series is read whole, baseline included, between two pauses: what is recorded at a pause is in this collection or
   * in the next, never in both. All points end at the time of the collection, so that those of the next can begin there.
   */
  *collect(now: CollectionTime): Steps<MetricData | undefined> {
    const { storage } = this;
    const temporality = (this.#temporality ??= this.#selectTemporality());
    this.#points ??= storage.aggregator.createPointReader(temporality === AggregationTemporality.DELTA);
    const points: Point[] = [];
    const reading = storage.beginReading();
    try {
      for (let from = 0; from < reading.end; from += SERIES_PER_STEP) {
        const to = Math.min(from + SERIES_PER_STEP, reading.end);
        this.#read(reading, from, to, now.hrTime, points);
        yield to - from;
      }
    } finally {
      storage.endReading(reading);
    }
    this.#previousMillis = now.millis;
    yield* storage.reported(this, reading);
    return points.length === 0 ? undefined : toMetricData(this.#descriptor, storage.aggregator, temporality, points);
  }

  #read(reading: Reading, from: number, to: number, endTime: HrTime, points: Point[]): void {
    const { storage } = this;
    const temporality = this.#temporality!;
    const reader = this.#points!;
    const delta = temporality === AggregationTemporality.DELTA;
    for (let position = from; position < to; position++) {
      const attributes = storage.attributesAt(position);
      if (attributes === undefined || !reading.includes(position)) continue;
      const source = storage.sourceAt(position);
      const value = reader.read(source);
      if (value === undefined) continue;
      const startMillis = delta ? this.#deltaStart(source) : source.startTimeMillis;
      const startTime = hrTimeFromMillis(startMillis);
      const point = { attributes, startTime, endTime, value };
      const exemplars = this.#exemplars.collect(position, temporality);
      points.push(exemplars === undefined ? point : { ...point, exemplars });
    }
  }

  /** All points of a delta metric begin where the previous collection ended (specification, start timestamps). */
  #deltaStart(source: Source<unknown>): number {
    return this.#deltaStarts?.of(source, this.#previousMillis) ?? this.#previousMillis;
  }
}
