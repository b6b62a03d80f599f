import type { PointReader } from '../aggregation/aggregator.ts';
import { Column } from '../aggregation/column.ts';
import type { Source } from '../aggregation/source.ts';
import { hrTimeFromMillis } from '../clock.ts';
import type { ChangeVisitor, ChangingMetric } from '../collect/changes.ts';
import type { InstrumentationScope } from '../collect/scope.ts';
import { AggregationTemporality, DataPointType, type MetricData } from '../data-types.ts';
import type { StreamExemplars } from '../exemplar/exemplar-store.ts';
import type { InstrumentDescriptor } from '../instrument/descriptor.ts';
import { type CollectionTime, type MetricStream, type Point, toMetricData } from './metric-stream.ts';
import type { Witness } from './departures.ts';
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

  collect(now: CollectionTime): MetricData | undefined {
    const { aggregator } = this.storage;
    const temporality = (this.#temporality ??= this.#selectTemporality());
    const delta = temporality === AggregationTemporality.DELTA;
    const reader = (this.#points ??= aggregator.createPointReader(delta));
    const points: Point[] = [];
    for (let position = 0; position < this.storage.end; position++) {
      const attributes = this.storage.attributesAt(position);
      if (attributes === undefined) continue;
      const source = this.storage.sourceAt(position);
      const value = reader.read(source);
      if (value === undefined) continue;
      const startMillis = delta ? this.#deltaStart(source) : source.startTimeMillis;
      const startTime = hrTimeFromMillis(startMillis);
      const point = { attributes, startTime, endTime: now.hrTime, value };
      const exemplars = this.#exemplars.collect(position, temporality);
      points.push(exemplars === undefined ? point : { ...point, exemplars });
    }
    this.#previousMillis = now.millis;
    this.storage.reported(this);
    return points.length === 0 ? undefined : toMetricData(this.#descriptor, aggregator, temporality, points);
  }

  /** All points of a delta metric begin where the previous collection ended (specification, start timestamps). */
  #deltaStart(source: Source<unknown>): number {
    return this.#deltaStarts?.of(source, this.#previousMillis) ?? this.#previousMillis;
  }
}
