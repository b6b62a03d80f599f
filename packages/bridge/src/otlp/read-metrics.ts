import type { MetricKind, PointTimes } from '../store/series.ts';
import type { MetricHeader } from '../store/series-store.ts';
import type { DropCause } from '../ledger.ts';
import { Cursor } from './cursor.ts';
import { HistogramPoint, readExplicitField, readExponentialField } from './read-histogram.ts';

/** What a walk over a request tells; ranges are offsets into the request's bytes. */
export interface RequestVisitor {
  resource(from: number, to: number): void;
  scope(from: number, to: number): void;
  /** Why the points of this metric are not to be read, if so; then `skipped` gets their number. */
  metric(header: MetricHeader): DropCause | undefined;
  /** Points that are not read. */
  skipped(count: number, cause: DropCause): void;
  number(point: NumberPoint): void;
  histogram(point: HistogramPoint, fields: PointFields): void;
}

/** What points of every type have; one object, filled anew for each. */
export class PointFields implements PointTimes {
  startHigh = 0;
  startLow = 0;
  timeHigh = 0;
  timeLow = 0;
  flags = 0;
  attributesFrom = 0;
  attributesTo = 0;

  reset(at: number): void {
    this.startHigh = 0;
    this.startLow = 0;
    this.timeHigh = 0;
    this.timeLow = 0;
    this.flags = 0;
    this.attributesFrom = at;
    this.attributesTo = at;
  }
}

/** A NumberDataPoint; one object, filled anew for each. */
export class NumberPoint extends PointFields {
  value = 0;
  hasValue = false;
}

/** Field tags of attributes by kind of point. */
export const ATTRIBUTES_TAG: Readonly<Record<MetricKind, number>> = {
  gauge: 58,
  sum: 58,
  histogram: 74,
  exponential: 10,
};

const KIND_BY_TAG: Readonly<Record<number, MetricKind>> = {
  42: 'gauge',
  58: 'sum',
  74: 'histogram',
  82: 'exponential',
};
const SUMMARY_TAG = 90;
const DELTA_TEMPORALITY = 1;
const CUMULATIVE_TEMPORALITY = 2;

/** Walks requests that `checkExport` has passed. Keeps one object per kind of point: a visitor copies what it keeps. */
export class MetricsWalk {
  #cursor = new Cursor(new Uint8Array(0));
  readonly #visitor: RequestVisitor;
  readonly #number = new NumberPoint();
  readonly #fields = new PointFields();
  readonly #histogram = new HistogramPoint();

  constructor(visitor: RequestVisitor) {
    this.#visitor = visitor;
  }

  /** Walks the request that a cursor stands at the beginning of. */
  request(cursor: Cursor): void {
    this.#cursor = cursor;
    const end = cursor.bytes.length;
    while (cursor.at < end) {
      const tag = cursor.varint();
      if (tag === 10) this.#resourceMetrics(cursor.end());
      else cursor.skip(tag % 8);
    }
  }

  #resourceMetrics(end: number): void {
    const begin = this.#cursor.at;
    // The owner may be written behind what it owns: found first, then the rest is read.
    const [from, to] = this.#rangeOf(10, end);
    this.#visitor.resource(from, to);
    this.#each(18, begin, end, (stop) => this.#scopeMetrics(stop));
  }

  #scopeMetrics(end: number): void {
    const begin = this.#cursor.at;
    const [from, to] = this.#rangeOf(10, end);
    this.#visitor.scope(from, to);
    this.#each(18, begin, end, (stop) => this.#metric(stop));
  }

  #each(wantedTag: number, begin: number, end: number, read: (end: number) => void): void {
    const cursor = this.#cursor;
    cursor.at = begin;
    while (cursor.at < end) {
      const tag = cursor.varint();
      if (tag === wantedTag) {
        const stop = cursor.end();
        read(stop);
        cursor.at = stop;
      } else cursor.skip(tag % 8);
    }
  }

  /** The last field of this tag up to `end`; an empty range when there is none. */
  #rangeOf(wantedTag: number, end: number): [number, number] {
    const cursor = this.#cursor;
    let range: [number, number] = [end, end];
    while (cursor.at < end) {
      const tag = cursor.varint();
      if (tag !== wantedTag) {
        cursor.skip(tag % 8);
        continue;
      }
      const stop = cursor.end();
      range = [cursor.at, stop];
      cursor.at = stop;
    }
    return range;
  }

  #metric(end: number): void {
    const cursor = this.#cursor;
    const ranges = { name: cursor.at, nameTo: cursor.at, unit: 0, unitTo: 0, description: 0, descriptionTo: 0 };
    let dataTag = 0;
    let dataFrom = end;
    let dataTo = end;
    while (cursor.at < end) {
      const tag = cursor.varint();
      if (tag % 8 !== 2) {
        cursor.skip(tag % 8);
        continue;
      }
      const stop = cursor.end();
      if (tag === 10) [ranges.name, ranges.nameTo] = [cursor.at, stop];
      else if (tag === 18) [ranges.description, ranges.descriptionTo] = [cursor.at, stop];
      else if (tag === 26) [ranges.unit, ranges.unitTo] = [cursor.at, stop];
      else if (tag in KIND_BY_TAG || tag === SUMMARY_TAG) {
        const from = cursor.at;
        // A metric has one set of data: of several the last one stands, as in any `oneof`, but no point goes uncounted.
        if (dataTag !== 0) this.#skipData(dataFrom, dataTo);
        [dataTag, dataFrom, dataTo] = [tag, from, stop];
      }
      cursor.at = stop;
    }
    const kind = KIND_BY_TAG[dataTag];
    cursor.at = dataFrom;
    const { pointCount, temporality, monotonic } = this.#surveyData(dataTo);
    const unknownTemporality = temporality !== DELTA_TEMPORALITY && temporality !== CUMULATIVE_TEMPORALITY;
    if (kind === undefined || (kind !== 'gauge' && unknownTemporality)) {
      this.#visitor.skipped(pointCount, 'unsupported_type');
      return;
    }
    const header: MetricHeader = {
      kind,
      monotonic: kind === 'sum' && monotonic,
      delta: kind !== 'gauge' && temporality === DELTA_TEMPORALITY,
      nameFrom: ranges.name,
      nameTo: ranges.nameTo,
      unitFrom: ranges.unit,
      unitTo: ranges.unitTo,
      descriptionFrom: ranges.description,
      descriptionTo: ranges.descriptionTo,
    };
    const refusal = this.#visitor.metric(header);
    if (refusal === undefined) this.#points(kind, dataFrom, dataTo);
    else this.#visitor.skipped(pointCount, refusal);
  }

  #skipData(from: number, to: number): void {
    this.#cursor.at = from;
    this.#visitor.skipped(this.#surveyData(to).pointCount, 'invalid_point');
  }

  /** Temporality and monotonicity stand behind the points, or before them: the points are leapt over. */
  #surveyData(end: number): { pointCount: number; temporality: number; monotonic: boolean } {
    const cursor = this.#cursor;
    let pointCount = 0;
    let temporality = 0;
    let monotonic = false;
    while (cursor.at < end) {
      const tag = cursor.varint();
      if (tag === 16) temporality = cursor.varint();
      else if (tag === 24) monotonic = cursor.varint() !== 0;
      else {
        if (tag === 10) pointCount++;
        cursor.skip(tag % 8);
      }
    }
    return { pointCount, temporality, monotonic };
  }

  #points(kind: MetricKind, from: number, to: number): void {
    const cursor = this.#cursor;
    cursor.at = from;
    while (cursor.at < to) {
      const tag = cursor.varint();
      if (tag !== 10) {
        cursor.skip(tag % 8);
        continue;
      }
      const end = cursor.end();
      if (kind === 'gauge' || kind === 'sum') this.#numberPoint(end);
      else this.#histogramPoint(kind, end);
      cursor.at = end;
    }
  }

  #numberPoint(end: number): void {
    const cursor = this.#cursor;
    const point = this.#number;
    point.reset(cursor.at);
    point.hasValue = false;
    point.attributesFrom = point.attributesTo = -1;
    while (cursor.at < end) {
      const at = cursor.at;
      const tag = cursor.varint();
      if (tag === 33) {
        point.value = cursor.double();
        point.hasValue = true;
      } else if (tag === 49) {
        point.value = cursor.sfixed64();
        point.hasValue = true;
      } else if (tag === 58) {
        cursor.at = cursor.end();
        if (point.attributesFrom < 0) point.attributesFrom = at;
        point.attributesTo = cursor.at;
      } else if (tag === 17) readStart(cursor, point);
      else if (tag === 25) readTime(cursor, point);
      else if (tag === 64) point.flags = cursor.varint();
      else cursor.skip(tag % 8);
    }
    if (point.attributesFrom < 0) point.attributesFrom = point.attributesTo = end;
    this.#visitor.number(point);
  }

  #histogramPoint(kind: MetricKind, end: number): void {
    const cursor = this.#cursor;
    const fields = this.#fields;
    const point = this.#histogram;
    const exponential = kind === 'exponential';
    const attributesTag = ATTRIBUTES_TAG[kind];
    fields.reset(-1);
    point.reset();
    while (cursor.at < end) {
      const at = cursor.at;
      const tag = cursor.varint();
      if (tag === attributesTag) {
        cursor.at = cursor.end();
        if (fields.attributesFrom < 0) fields.attributesFrom = at;
        fields.attributesTo = cursor.at;
      } else if (tag === 17) readStart(cursor, fields);
      else if (tag === 25) readTime(cursor, fields);
      else if (tag === 80) fields.flags = cursor.varint();
      else if (!(exponential ? readExponentialField(cursor, tag, point) : readExplicitField(cursor, tag, point))) {
        cursor.skip(tag % 8);
      }
    }
    if (fields.attributesFrom < 0) fields.attributesFrom = fields.attributesTo = end;
    this.#visitor.histogram(point, fields);
  }
}

function readStart(cursor: Cursor, point: PointFields): void {
  point.startLow = cursor.uint32(0);
  point.startHigh = cursor.uint32(4);
  cursor.at += 8;
}

function readTime(cursor: Cursor, point: PointFields): void {
  point.timeLow = cursor.uint32(0);
  point.timeHigh = cursor.uint32(4);
  cursor.at += 8;
}
