import type { Attributes } from '@opentelemetry/api';
import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import type { LabelNaming } from '../labels/label-set.ts';
import { BucketLines, cumulate } from './bucket-lines.ts';
import type { Chunks } from './chunks.ts';
import { type ClassicBuckets, classicBuckets } from './classic-buckets.ts';
import { type SeriesBlock, UnwritablePoint } from './encoding.ts';
import { isExponential, type Point, secondsOf } from './point.ts';
import { exemplarsByBucket, exemplarText, latestExemplar } from './text-exemplar.ts';
import { boundText, samplePrefix, withLabel } from './text-syntax.ts';
import { ValueLines } from './value-lines.ts';

/** What the text formats differ in. */
export interface TextStyle {
  readonly openMetrics: boolean;
  /** Adds `_created` samples. */
  readonly created: boolean;
  readonly naming: LabelNaming;
}

/** What stands behind the value of a line. */
interface Insertion {
  readonly line: number;
  readonly bytes: Uint8Array;
}

const NONE: readonly Insertion[] = [];

abstract class TextBlock implements SeriesBlock {
  readonly attributes: Attributes;
  readonly key: string;
  isRepeat = false;
  protected abstract readonly lines: ValueLines;
  protected insertions: readonly Insertion[] = NONE;

  constructor(attributes: Attributes, labels: string) {
    this.attributes = attributes;
    this.key = labels;
  }

  abstract update(point: Point): boolean;

  get length(): number {
    return this.insertions.reduce((sum, { bytes }) => sum + bytes.length, this.lines.bytes.length);
  }

  appendTo(chunks: Chunks): void {
    const { bytes } = this.lines;
    if (this.insertions === NONE) {
      chunks.append(bytes);
      return;
    }
    let from = 0;
    for (const insertion of this.insertions) {
      const to = this.lines.endOf(insertion.line);
      chunks.append(bytes.subarray(from, to));
      chunks.append(insertion.bytes);
      from = to;
    }
    chunks.append(bytes.subarray(from));
  }
}

/** A counter or gauge. */
export class NumberBlock extends TextBlock {
  protected readonly lines: ValueLines;
  readonly #style: TextStyle;
  readonly #isCounter: boolean;

  /** `createdName` is the name of the sample that says when the counter began; `undefined` for none. */
  constructor(name: string, labels: string, point: Point, style: TextStyle, isCounter: boolean, createdName?: string) {
    super(point.attributes, labels);
    this.#style = style;
    this.#isCounter = isCounter;
    const prefixes = [samplePrefix(name, labels)];
    if (createdName !== undefined) prefixes.push(samplePrefix(createdName, labels));
    this.lines = new ValueLines(prefixes, [numberOf(point), secondsOf(point.startTime)]);
    this.update(point);
  }

  update(point: Point): boolean {
    this.lines.set(0, numberOf(point));
    if (!this.#style.openMetrics || !this.#isCounter) return true;
    if (this.#style.created) this.lines.set(1, secondsOf(point.startTime));
    this.insertions = NONE;
    const exemplar = point.exemplars === undefined ? undefined : latestExemplar(point.exemplars);
    if (exemplar !== undefined) {
      this.insertions = [{ line: 0, bytes: Buffer.from(exemplarText(exemplar, this.#style.naming)) }];
    }
    return true;
  }
}

/** A histogram with classic buckets. */
export class HistogramBlock extends TextBlock {
  protected readonly lines: ValueLines;
  readonly #style: TextStyle;
  readonly #buckets: BucketLines;
  readonly #hasSum: boolean;
  readonly #counts: Float64Array;

  constructor(name: string, labels: string, point: Point, style: TextStyle) {
    super(point.attributes, labels);
    const value = histogramOf(point);
    this.#style = style;
    this.#buckets = new BucketLines(classicOf(value).bounds);
    this.#hasSum = value.sum !== undefined;
    const bounds = [...this.#buckets.bounds, Infinity];
    this.#counts = new Float64Array(bounds.length);
    const prefixes = bounds.map((bound) =>
      samplePrefix(`${name}_bucket`, withLabel(labels, 'le', boundText(bound, style.openMetrics))),
    );
    if (this.#hasSum) prefixes.push(samplePrefix(`${name}_sum`, labels));
    prefixes.push(samplePrefix(`${name}_count`, labels));
    if (style.created) prefixes.push(samplePrefix(`${name}_created`, labels));
    this.lines = new ValueLines(
      prefixes,
      prefixes.map(() => 0),
    );
    this.update(point);
  }

  update(point: Point): boolean {
    const value = histogramOf(point);
    const { bounds, counts } = classicOf(value);
    if ((value.sum !== undefined) !== this.#hasSum || !this.#buckets.suit(bounds)) return false;
    const cumulative = this.#counts;
    const { lines } = this;
    cumulate(this.#buckets, counts, value.count, cumulative);
    let line = 0;
    for (; line < cumulative.length; line++) lines.set(line, cumulative[line]!);
    if (this.#hasSum) lines.set(line++, value.sum!);
    lines.set(line++, value.count);
    if (this.#style.created) lines.set(line, secondsOf(point.startTime));
    if (this.#style.openMetrics) this.#showExemplars(point);
    return true;
  }

  #showExemplars({ exemplars }: Point): void {
    this.insertions = NONE;
    if (exemplars === undefined || exemplars.length === 0) return;
    this.insertions = exemplarsByBucket(exemplars, this.#buckets.bounds).flatMap((exemplar, line) =>
      exemplar === undefined ? [] : [{ line, bytes: Buffer.from(exemplarText(exemplar, this.#style.naming)) }],
    );
  }
}

/** The value of a counter or gauge. */
export function numberOf({ value }: Point): number {
  if (typeof value !== 'number') throw new UnwritablePoint('invalid_point');
  return value;
}

/** The value of a histogram. */
export function histogramOf({ value }: Point): Histogram | ExponentialHistogram {
  const histogram = value as Histogram | ExponentialHistogram;
  if (typeof histogram !== 'object' || histogram === null || typeof histogram.count !== 'number') {
    throw new UnwritablePoint('invalid_point');
  }
  return histogram;
}

/** The buckets of either form of histogram as classic ones. */
export function classicOf(value: Histogram | ExponentialHistogram): ClassicBuckets {
  if (isExponential(value)) return classicBuckets(value);
  return { bounds: value.buckets.boundaries, counts: value.buckets.counts };
}
