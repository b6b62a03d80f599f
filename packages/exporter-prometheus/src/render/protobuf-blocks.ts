import type { Attributes, HrTime } from '@opentelemetry/api';
import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';
import type { Label, LabelNaming } from '../labels/label-set.ts';
import { BucketLines, cumulate } from './bucket-lines.ts';
import type { Chunks } from './chunks.ts';
import type { SeriesBlock } from './encoding.ts';
import { nativeBuckets, type Spans } from './native-buckets.ts';
import { type Exemplar, isExponential, type Point } from './point.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { histogramOf, numberOf } from './text-blocks.ts';
import { exemplarLabels, exemplarsByBucket, latestExemplar } from './text-exemplar.ts';

// Fields of io.prometheus.client.MetricFamily, Metric, LabelPair, Gauge, Counter, Histogram, Bucket, BucketSpan, Exemplar
// and google.protobuf.Timestamp.
export const FAMILY = { name: 1, help: 2, type: 3, metric: 4, unit: 5 } as const;
const METRIC = { label: 1, gauge: 2, counter: 3, histogram: 7 } as const;
const LABEL = { name: 1, value: 2 } as const;
const NUMBER = { value: 1, exemplar: 2, createdTimestamp: 3 } as const;
const HISTOGRAM = {
  sampleCount: 1,
  sampleSum: 2,
  bucket: 3,
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  negativeSpan: 9,
  negativeDelta: 10,
  positiveSpan: 12,
  positiveDelta: 13,
  createdTimestamp: 15,
  exemplars: 16,
} as const;
const BUCKET = { cumulativeCount: 1, upperBound: 2, exemplar: 3 } as const;
const SPAN = { offset: 1, length: 2 } as const;
const EXEMPLAR = { label: 1, value: 2, timestamp: 3 } as const;
const TIMESTAMP = { seconds: 1, nanos: 2 } as const;

/** Width of the zero bucket where the SDK has none (specification): what is recorded as 0 is 0. */
const ZERO_THRESHOLD = 1e-128;

/** A double in the wire format has a tag of one byte before it. */
const DOUBLE_FIELD_BYTES = 9;

// One rendering at a time, and no pause within a series: all blocks share this memory while they are written.
const value = new ProtobufWriter();
const part = new ProtobufWriter();
const inner = new ProtobufWriter();

/** Labels as fields of a Metric message. */
export function labelFields(labels: readonly Label[], field: number = METRIC.label): Uint8Array {
  part.clear();
  for (const [name, text] of labels) {
    inner.clear();
    inner.string(LABEL.name, name);
    inner.string(LABEL.value, text);
    part.message(field, inner.bytes);
  }
  return part.bytes.slice();
}

/** Labels and one value message as a field of the family. */
function metricField(labels: Uint8Array, field: number, valueBytes: Uint8Array): Uint8Array {
  inner.clear();
  inner.message(field, valueBytes);
  part.clear();
  part.messageHead(FAMILY.metric, labels.length + inner.length);
  part.raw(labels);
  part.raw(inner.bytes);
  return part.bytes.slice();
}

abstract class ProtobufBlock implements SeriesBlock {
  readonly attributes: Attributes;
  readonly key: string;
  isRepeat = false;
  protected readonly labels: Uint8Array;
  bytes: Uint8Array = new Uint8Array(0);

  constructor(attributes: Attributes, labels: readonly Label[]) {
    this.attributes = attributes;
    this.labels = labelFields(labels);
    this.key = JSON.stringify(labels);
  }

  abstract update(point: Point): boolean;

  get length(): number {
    return this.bytes.length;
  }

  appendTo(chunks: Chunks): void {
    chunks.append(this.bytes);
  }
}

/** A gauge, or the value of `target_info`. */
export class GaugeBlock extends ProtobufBlock {
  constructor(attributes: Attributes, labels: readonly Label[], initial: number) {
    super(attributes, labels);
    value.clear();
    value.double(NUMBER.value, initial);
    this.bytes = metricField(this.labels, METRIC.gauge, value.bytes);
  }

  update(point: Point): boolean {
    // The value is the last field of the last field.
    setDouble(this.bytes, this.bytes.length - DOUBLE_FIELD_BYTES + 1, numberOf(point));
    return true;
  }
}

/** A counter. */
export class CounterBlock extends ProtobufBlock {
  readonly #naming: LabelNaming;
  #started: HrTime = [0, 0];
  #hasExemplar = false;

  constructor(labels: readonly Label[], point: Point, naming: LabelNaming) {
    super(point.attributes, labels);
    this.#naming = naming;
    this.#write(point, undefined);
    this.update(point);
  }

  update(point: Point): boolean {
    const exemplar = point.exemplars === undefined ? undefined : latestExemplar(point.exemplars);
    const [seconds, nanos] = point.startTime;
    const isSame = seconds === this.#started[0] && nanos === this.#started[1];
    if (exemplar !== undefined || this.#hasExemplar || !isSame) this.#write(point, exemplar);
    else setDouble(this.bytes, this.bytes.length - DOUBLE_FIELD_BYTES + 1, numberOf(point));
    return true;
  }

  #write(point: Point, exemplar: Exemplar | undefined): void {
    const number = numberOf(point);
    value.clear();
    if (exemplar !== undefined) writeExemplar(value, NUMBER.exemplar, exemplar, this.#naming);
    writeTimestamp(value, NUMBER.createdTimestamp, point.startTime);
    value.double(NUMBER.value, number);
    this.bytes = metricField(this.labels, METRIC.counter, value.bytes);
    this.#started = point.startTime;
    this.#hasExemplar = exemplar !== undefined;
  }
}

/** A histogram: native where its buckets are exponential, classic otherwise. */
export class HistogramProtobufBlock extends ProtobufBlock {
  readonly #naming: LabelNaming;
  #lines: BucketLines | undefined = undefined;
  #counts = new Float64Array(0);

  constructor(labels: readonly Label[], point: Point, naming: LabelNaming) {
    super(point.attributes, labels);
    this.#naming = naming;
    this.update(point);
  }

  update(point: Point): boolean {
    const histogram = histogramOf(point);
    value.clear();
    value.uint(HISTOGRAM.sampleCount, histogram.count);
    if (histogram.sum !== undefined) value.double(HISTOGRAM.sampleSum, histogram.sum);
    if (isExponential(histogram)) this.#writeNative(histogram, point);
    else this.#writeClassic(histogram, point);
    writeTimestamp(value, HISTOGRAM.createdTimestamp, point.startTime);
    this.bytes = metricField(this.labels, METRIC.histogram, value.bytes);
    return true;
  }

  #writeNative(histogram: ExponentialHistogram, { exemplars }: Point): void {
    const { schema, negative, positive } = nativeBuckets(histogram);
    value.sint(HISTOGRAM.schema, schema);
    value.double(HISTOGRAM.zeroThreshold, ZERO_THRESHOLD);
    value.uint(HISTOGRAM.zeroCount, histogram.zeroCount);
    writeSpans(HISTOGRAM.negativeSpan, HISTOGRAM.negativeDelta, negative);
    writeSpans(HISTOGRAM.positiveSpan, HISTOGRAM.positiveDelta, positive);
    for (const exemplar of exemplars ?? []) writeExemplar(value, HISTOGRAM.exemplars, exemplar, this.#naming);
  }

  #writeClassic({ buckets, count }: Histogram, { exemplars }: Point): void {
    if (this.#lines?.suit(buckets.boundaries) !== true) {
      this.#lines = new BucketLines(buckets.boundaries);
      this.#counts = new Float64Array(this.#lines.bounds.length + 1);
    }
    const { bounds } = this.#lines;
    const counts = this.#counts;
    cumulate(this.#lines, buckets.counts, count, counts);
    const shown = exemplars === undefined || exemplars.length === 0 ? undefined : exemplarsByBucket(exemplars, bounds);
    for (let line = 0; line < counts.length; line++) {
      part.clear();
      part.uint(BUCKET.cumulativeCount, counts[line]!);
      part.double(BUCKET.upperBound, line < bounds.length ? bounds[line]! : Infinity);
      const exemplar = shown?.[line];
      if (exemplar !== undefined) writeExemplar(part, BUCKET.exemplar, exemplar, this.#naming);
      value.message(HISTOGRAM.bucket, part.bytes);
    }
  }
}

function writeSpans(spanField: number, deltaField: number, { spans, deltas }: Spans): void {
  for (const { offset, length } of spans) {
    inner.clear();
    inner.sint(SPAN.offset, offset);
    inner.uint(SPAN.length, length);
    value.message(spanField, inner.bytes);
  }
  if (deltas.length > 0) value.packedSints(deltaField, deltas);
}

function writeTimestamp(into: ProtobufWriter, field: number, [seconds, nanos]: HrTime): void {
  inner.clear();
  inner.uint(TIMESTAMP.seconds, Math.max(0, seconds));
  inner.uint(TIMESTAMP.nanos, nanos);
  into.message(field, inner.bytes);
}

function writeExemplar(into: ProtobufWriter, field: number, exemplar: Exemplar, naming: LabelNaming): void {
  const message = new ProtobufWriter();
  for (const [name, text] of exemplarLabels(exemplar, naming)) {
    inner.clear();
    inner.string(LABEL.name, name);
    inner.string(LABEL.value, text);
    message.message(EXEMPLAR.label, inner.bytes);
  }
  message.double(EXEMPLAR.value, exemplar.value);
  writeTimestamp(message, EXEMPLAR.timestamp, exemplar.timestamp);
  into.message(field, message.bytes);
}

const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);

function setDouble(bytes: Uint8Array, at: number, number: number): void {
  scratch.setFloat64(0, number, true);
  for (let index = 0; index < 8; index++) bytes[at + index] = scratchBytes[index]!;
}
