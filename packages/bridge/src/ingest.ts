import type { Account, DropCause, Transport } from './ledger.ts';
import { checkExport } from './otlp/check-export.ts';
import { Cursor } from './otlp/cursor.ts';
import type { HistogramPoint } from './otlp/read-histogram.ts';
import {
  ATTRIBUTES_TAG,
  MetricsWalk,
  NumberPoint,
  type PointFields,
  type RequestVisitor,
} from './otlp/read-metrics.ts';
import { type MetricInfo, pointOrder, type ResourceInfo, type ScopeInfo, type Series } from './store/series.ts';
import type { MetricHeader, SeriesStore } from './store/series-store.ts';
import { isValidHistogram, storeHistogram } from './store/store-histogram.ts';

/** Takes the points that were stored; `accept` runs once per point, after its series holds it. */
export interface Output {
  readonly account: Account;
  accept(series: Series): void;
  /** Lets go of a series that has expired. */
  forget(series: Series): void;
  /** Whether points of a series wait here: it does not expire then. */
  holds?(series: Series): boolean;
}

/** What a request came to. `refused` points are told to the sender; duplicates and late points are not its fault. */
export interface IngestResult {
  readonly pointCount: number;
  readonly refusedCount: number;
  /** Points that the store had, or had later ones of. */
  readonly duplicateCount: number;
  /** Points that are not in the store for any other reason. */
  readonly droppedCount: number;
  /** Says which and why; empty when nothing was refused. */
  readonly refusals: string;
}

/** Points of series that are in the store, none of them of increments. */
export interface KnownPoints {
  readonly length: number;
  readonly transport: Transport;
  series(row: number): Series;
  /** Fills in start, time and value. */
  read(row: number, point: NumberPoint): void;
}

/** Causes a sender is told about. */
const TOLD: readonly DropCause[] = ['unsupported_type', 'invalid_point', 'series_limit'];
const NO_RECORDED_VALUE = 1;

/**
 * Most bytes of a point's attributes, and of a metric's name, unit and description together: they stay in memory as long
 * as the series, so the limit on series must be one on bytes too.
 */
const IDENTITY_BYTES_LIMIT = 64 * 1024;

/** Takes OTLP requests into the store and hands each new state to the outputs. */
export class Ingest implements RequestVisitor {
  readonly #store: SeriesStore;
  readonly #outputs: readonly Output[];
  readonly #receivedBy: Record<Transport, number> = { grpc: 0, http: 0, push: 0 };
  readonly #refused = new Map<DropCause, number>();
  readonly #walk = new MetricsWalk(this);
  readonly #point = new NumberPoint();
  #cursor = new Cursor(new Uint8Array(0));
  #found: (Series | undefined)[] | undefined;
  #nowMs = 0;
  #duplicateCount = 0;
  #droppedCount = 0;
  #resource: ResourceInfo | undefined;
  #scope: ScopeInfo | undefined;
  #metric: MetricInfo | undefined;

  constructor(store: SeriesStore, outputs: readonly Output[]) {
    this.#store = store;
    this.#outputs = outputs;
  }

  /** Points of accepted requests, by transport. */
  get receivedBy(): Readonly<Record<Transport, number>> {
    return this.#receivedBy;
  }

  /** See {@link SeriesStore.removals}. */
  get removals(): number {
    return this.#store.removals;
  }

  /**
   * Takes one ExportMetricsServiceRequest that came in at `timeMs`, Unix milliseconds, which also stands in for points without a
   * time. `pointCount` is what `checkExport` has found, where it was asked before. `found` is given the series of each point of
   * a sum or gauge that was read, `undefined` where it was dropped. Throws `MalformedOtlp`, before anything was stored.
   */
  request(
    bytes: Uint8Array,
    transport: Transport,
    timeMs: number,
    pointCount: number = checkExport(bytes),
    found?: (Series | undefined)[],
  ): IngestResult {
    this.#begin(transport, timeMs, pointCount);
    this.#cursor = new Cursor(bytes);
    this.#found = found;
    this.#walk.request(this.#cursor);
    this.#found = undefined;
    return this.#result(pointCount);
  }

  /** Takes points that came in at `timeMs` as {@link request} would take their bytes. */
  points(points: KnownPoints, timeMs: number): IngestResult {
    const { length } = points;
    this.#begin(points.transport, timeMs, length);
    const point = this.#point;
    for (let row = 0; row < length; row++) {
      const series = points.series(row);
      points.read(row, point);
      if (!this.#isNewer(series, point)) continue;
      series.value = point.value;
      this.#stored(series, point);
    }
    return this.#result(length);
  }

  #begin(transport: Transport, timeMs: number, pointCount: number): void {
    this.#receivedBy[transport] += pointCount;
    for (const output of this.#outputs) output.account.received += pointCount;
    this.#nowMs = timeMs;
    this.#refused.clear();
    this.#duplicateCount = this.#droppedCount = 0;
  }

  #result(pointCount: number): IngestResult {
    let refusedCount = 0;
    for (const count of this.#refused.values()) refusedCount += count;
    const refusals =
      refusedCount === 0 ? '' : [...this.#refused].map(([cause, count]) => `${count} ${cause}`).join(', ');
    const [duplicateCount, droppedCount] = [this.#duplicateCount, this.#droppedCount];
    return { pointCount, refusedCount, refusals, duplicateCount, droppedCount };
  }

  /** Goes on from what an earlier life had received. */
  restore(receivedBy: Readonly<Record<Transport, number>>): void {
    Object.assign(this.#receivedBy, receivedBy);
  }

  /** Whether {@link expire} would find anything. */
  hasIdle(beforeMs: number): boolean {
    for (const series of this.#store.series) if (this.#isIdle(series, beforeMs)) return true;
    return false;
  }

  #isIdle(series: Series, beforeMs: number): boolean {
    return series.seenMs < beforeMs && !this.#outputs.some((output) => output.holds?.(series));
  }

  /** Forgets the series that got no point since a time, Unix milliseconds, and returns how many. */
  expire(beforeMs: number): number {
    const expired: Series[] = [];
    for (const series of this.#store.series) if (this.#isIdle(series, beforeMs)) expired.push(series);
    if (expired.length === 0) return 0;
    for (const series of expired) for (const output of this.#outputs) output.forget(series);
    this.#store.remove(expired);
    return expired.length;
  }

  resource(from: number, to: number): void {
    this.#resource = this.#store.resource(this.#cursor, from, to);
  }

  scope(from: number, to: number): void {
    this.#scope = this.#resource && this.#store.scope(this.#resource, this.#cursor, from, to);
  }

  metric(header: MetricHeader): DropCause | undefined {
    const { nameFrom, nameTo, unitFrom, unitTo, descriptionFrom, descriptionTo } = header;
    if (nameFrom === nameTo) return 'invalid_point';
    if (nameTo - nameFrom + unitTo - unitFrom + descriptionTo - descriptionFrom > IDENTITY_BYTES_LIMIT) {
      return 'invalid_point';
    }
    this.#metric = this.#scope && this.#store.metric(this.#scope, this.#cursor, header);
    return this.#metric === undefined ? 'series_limit' : undefined;
  }

  skipped(count: number, cause: DropCause): void {
    this.#drop(cause, count);
  }

  number(point: NumberPoint): void {
    const { delta, monotonic } = this.#metric!;
    // One NaN added would stay for good, and a sum that only grows has no negative increments.
    const valid = point.hasValue && (!delta || (Number.isFinite(point.value) && !(monotonic && point.value < 0)));
    const series = this.#admit(point, valid);
    this.#found?.push(series);
    if (series === undefined) return;
    series.value = delta && series.written ? series.value + point.value : point.value;
    this.#stored(series, point);
  }

  histogram(point: HistogramPoint, fields: PointFields): void {
    const series = this.#admit(fields, isValidHistogram(point, this.#metric!));
    if (series === undefined) return;
    storeHistogram(series, point);
    this.#stored(series, fields);
  }

  /** The series a point belongs to, or `undefined` when the point is dropped. */
  #admit(point: PointFields, valid: boolean): Series | undefined {
    if ((point.flags & NO_RECORDED_VALUE) !== 0) return this.#drop('no_recorded_value');
    if (!valid || point.attributesTo - point.attributesFrom > IDENTITY_BYTES_LIMIT) return this.#drop('invalid_point');
    const metric = this.#metric!;
    const tag = ATTRIBUTES_TAG[metric.kind];
    const series = this.#store.find(metric, this.#cursor, point.attributesFrom, point.attributesTo, tag);
    if (series === undefined) return this.#drop('series_limit');
    return this.#isNewer(series, point) ? series : undefined;
  }

  /** Whether a point is newer than what its series holds; else it is dropped. */
  #isNewer(series: Series, point: PointFields): boolean {
    if (point.timeHigh === 0 && point.timeLow === 0) stampTime(point, this.#nowMs);
    const order = pointOrder(series, point);
    if (order === 'newer') return true;
    // A later point stands for an older one of a running total, but not for an increment.
    this.#drop(order === 'stale_point' && series.metric.delta ? 'late_increment' : order);
    return false;
  }

  #stored(series: Series, point: PointFields): void {
    // Of increments, the first start is the start of their sum.
    if (!series.metric.delta || !series.written) {
      series.startHigh = point.startHigh;
      series.startLow = point.startLow;
    }
    series.timeHigh = point.timeHigh;
    series.timeLow = point.timeLow;
    series.seenMs = this.#nowMs;
    series.written = true;
    for (const output of this.#outputs) output.accept(series);
  }

  #drop(cause: DropCause, count = 1): undefined {
    for (const output of this.#outputs) output.account.drop(cause, count);
    if (cause === 'duplicate_point' || cause === 'stale_point') this.#duplicateCount += count;
    else this.#droppedCount += count;
    if (TOLD.includes(cause)) this.#refused.set(cause, (this.#refused.get(cause) ?? 0) + count);
    return undefined;
  }
}

function stampTime(point: PointFields, nowMs: number): void {
  const nanos = nowMs * 1e6;
  point.timeHigh = Math.floor(nanos / 4294967296);
  point.timeLow = (nanos % 4294967296) >>> 0;
}
