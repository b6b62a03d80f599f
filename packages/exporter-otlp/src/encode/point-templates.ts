import type { DataPoint, Histogram, MetricData } from '@opentelemetry/sdk-metrics';
import type { AttributeCache } from './attribute-cache.ts';
import { hasExtras, HistogramTemplate, NumberTemplate, type PointTemplate } from './point-template.ts';
import { histogramAttributes, numberAttributes, writeHistograms, writeNumbers } from './points.ts';
import type { ProtoWriter } from './proto-writer.ts';
import { allInSteps, inSteps, type Steps } from './slices.ts';

/** What is known of a metric's points. */
interface Known {
  /** Of what kind the template is: 'i' and 'd' integers and doubles, 'h' histograms. */
  kind: 'i' | 'd' | 'h';
  /** Points at the encoding before: a metric gets a template when it has kept their number. */
  pointCount: number;
  template: PointTemplate<never> | undefined;
  round: number;
}

/** Writes the points of metrics, by templates of those whose series stay the same. Forgets metrics that an encoding lacks. */
export class PointTemplates {
  readonly #known = new Map<object, Known>();
  readonly #limit: number;
  #bytes = 0;
  #round = 0;

  /** Templates take at most `limitBytes`; what is beyond is encoded anew each time. */
  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** Bytes that templates take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** An encoding begins. */
  begin(): void {
    this.#round++;
  }

  /** An encoding ends. */
  end(): void {
    for (const [descriptor, known] of this.#known) {
      if (known.round === this.#round) continue;
      this.#drop(known);
      this.#known.delete(descriptor);
    }
  }

  *numbers(writer: ProtoWriter, { descriptor, dataPoints }: MetricData, isInteger: boolean): Steps<void> {
    const points = dataPoints as readonly DataPoint<number>[];
    const known = this.#knownOf(descriptor, isInteger ? 'i' : 'd');
    if (yield* this.#wrote(writer, known, points)) return;
    const from = writer.at;
    yield* inSteps(points.length, (at, to) => writeNumbers(writer, points, isInteger, at, to));
    const suits = yield* this.#suits(known, points, numberAttributes);
    if (suits) this.#keep(known, writer, from, (bytes) => new NumberTemplate(points, bytes, isInteger));
    known.pointCount = points.length;
  }

  *histograms(writer: ProtoWriter, { descriptor, dataPoints }: MetricData): Steps<void> {
    const points = dataPoints as readonly DataPoint<Histogram>[];
    const known = this.#knownOf(descriptor, 'h');
    if (yield* this.#wrote(writer, known, points)) return;
    const from = writer.at;
    yield* inSteps(points.length, (at, to) => writeHistograms(writer, points, at, to));
    const suits =
      (yield* this.#suits(known, points, histogramAttributes)) &&
      (yield* allInSteps(points.length, (at, to) => HistogramTemplate.suits(points, at, to)));
    if (suits) this.#keep(known, writer, from, (bytes) => new HistogramTemplate(points, bytes));
    known.pointCount = points.length;
  }

  #knownOf(descriptor: object, kind: Known['kind']): Known {
    let known = this.#known.get(descriptor);
    if (known === undefined) {
      known = { kind, pointCount: 0, template: undefined, round: 0 };
      this.#known.set(descriptor, known);
    }
    if (known.kind !== kind) {
      this.#drop(known);
      known.kind = kind;
    }
    known.round = this.#round;
    return known;
  }

  *#wrote(writer: ProtoWriter, known: Known, points: readonly DataPoint<unknown>[]): Steps<boolean> {
    const { template } = known;
    if (template === undefined) return false;
    const isRefreshed =
      points.length === template.pointCount &&
      (yield* allInSteps(points.length, (at, to) => template.refresh(points as readonly DataPoint<never>[], at, to)));
    if (isRefreshed) {
      writer.reserve(template.bytes.length);
      writer.raw(template.bytes);
      return true;
    }
    this.#drop(known);
    return false;
  }

  *#suits(known: Known, points: readonly DataPoint<unknown>[], cache: AttributeCache): Steps<boolean> {
    if (points.length === 0 || points.length !== known.pointCount) return false;
    return yield* allInSteps(points.length, (at, to) => {
      for (let i = at; i < to; i++) if (!isKept(cache, points[i]!) || hasExtras(points[i] as never)) return false;
      return true;
    });
  }

  #keep(known: Known, writer: ProtoWriter, from: number, make: (bytes: Uint8Array) => PointTemplate<never>): void {
    if (this.#bytes + writer.at - from > this.#limit) return;
    known.template = make(writer.bytes.slice(from, writer.at));
    this.#bytes += known.template.bytes.length;
  }

  #drop(known: Known): void {
    this.#bytes -= known.template?.bytes.length ?? 0;
    known.template = undefined;
  }
}

function isKept(cache: AttributeCache, { attributes }: DataPoint<unknown>): boolean {
  return attributes !== undefined && attributes !== null && cache.keeps(attributes);
}
