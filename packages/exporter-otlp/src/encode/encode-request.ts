import type { InstrumentationScope } from '@opentelemetry/core';
import type {
  DataPoint,
  ExponentialHistogram,
  MetricData,
  ResourceMetrics,
  ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { writeKeyValues } from './any-value.ts';
import { ProtoWriter } from './proto-writer.ts';
import { PointTemplates } from './point-templates.ts';
import { writeExponentials } from './points.ts';
import { inSteps, runInSlices, runWhole, SLICE_MS, type Steps } from './slices.ts';

// The SDK's enums, by value: this package loads without the SDK.
const HISTOGRAM = 0;
const EXPONENTIAL_HISTOGRAM = 1;
const GAUGE = 2;
const SUM = 3;
const VALUE_TYPE_INT = 0;

/** Memory for encoded points where nothing else is said. */
export const DEFAULT_TEMPLATE_LIMIT_BYTES: number = 64 * 1024 * 1024;

/** An ExportMetricsServiceRequest and how many data points it holds. */
export interface EncodedRequest {
  readonly bytes: Uint8Array;
  readonly pointCount: number;
}

/** The scope as newer SDKs describe it. */
type Scope = InstrumentationScope & { attributes?: object; droppedAttributesCount?: number };

/**
 * Encodes collected metrics as OTLP protobuf: the bytes of the stock ProtobufMetricsSerializer, plus exemplars, flags and
 * zero thresholds where points carry them. Keeps encoded attributes of frozen attribute objects, the points of metrics whose
 * series stay the same, and the last lengths of messages, so that a message that has kept its length class is not moved to
 * make room for its length.
 */
export class RequestEncoder {
  readonly #lengths: number[] = [];
  readonly #templates: PointTemplates;
  #messageIndex = 0;
  #capacity = 4096;
  /** An encoding that has not ended, while it pauses. */
  #underWay: Promise<unknown> | undefined = undefined;

  /** Keeps at most `templateLimitBytes` of encoded points; 0 keeps none. 64 MiB by default. */
  constructor(templateLimitBytes: number = DEFAULT_TEMPLATE_LIMIT_BYTES) {
    this.#templates = new PointTemplates(templateLimitBytes);
  }

  /** Bytes kept of encoded points. */
  get templateBytes(): number {
    return this.#templates.bytes;
  }

  /** The bytes are the caller's. Throws only what a getter or proxy of the data throws. */
  encode(metrics: ResourceMetrics): EncodedRequest {
    // What is kept belongs to the encoding that pauses.
    if (this.#underWay !== undefined) return new RequestEncoder(0).encode(metrics);
    return runWhole(this.#encode(metrics));
  }

  /**
   * As `encode`, in slices of `sliceMs` milliseconds (1), between which the event loop turns: 50,000 points that are encoded anew take
   * some 30 ms. Returns the request itself where one slice is enough for it. Encodings run one after the other. The
   * metrics must stay as they are meanwhile.
   */
  encodeInSlices(metrics: ResourceMetrics, sliceMs: number = SLICE_MS): EncodedRequest | Promise<EncodedRequest> {
    if (this.#underWay !== undefined) return this.#encodeAfter(this.#underWay, metrics, sliceMs);
    const encoded = runInSlices(this.#encode(metrics), sliceMs);
    if (encoded instanceof Promise) this.#keepUnderWay(encoded);
    return encoded;
  }

  async #encodeAfter(previous: Promise<unknown>, metrics: ResourceMetrics, sliceMs: number): Promise<EncodedRequest> {
    const encoded = previous.then(() => runInSlices(this.#encode(metrics), sliceMs));
    this.#keepUnderWay(encoded);
    return encoded;
  }

  /** How an encoding ends is told to the one who asked for it; the next begins all the same. */
  #keepUnderWay(encoding: Promise<EncodedRequest>): void {
    const end = (): void => {
      if (this.#underWay === underWay) this.#underWay = undefined;
    };
    const underWay = encoding.then(end, end);
    this.#underWay = underWay;
  }

  *#encode(metrics: ResourceMetrics): Steps<EncodedRequest> {
    const writer = new ProtoWriter(this.#capacity);
    this.#messageIndex = 0;
    this.#templates.begin();
    const pointCount = yield* this.#message(writer, 0x0a, this.#resourceMetrics(writer, metrics));
    this.#templates.end();
    this.#lengths.length = this.#messageIndex;
    // A sixteenth more than the last one, so that a request that grows slowly is not copied.
    this.#capacity = Math.max(4096, writer.at + (writer.at >> 4));
    return { bytes: writer.bytes.subarray(0, writer.at), pointCount };
  }

  *#resourceMetrics(writer: ProtoWriter, { resource, scopeMetrics }: ResourceMetrics): Steps<number> {
    this.#shortMessage(writer, 0x0a, () => {
      if (resource.attributes) writeKeyValues(writer, resource.attributes, 0x0a);
      // dropped_attributes_count; the stock serializer writes its default.
      writer.reserve(2);
      writer.byte(0x10);
      writer.byte(0);
    });
    let pointCount = 0;
    for (const scope of scopeMetrics) {
      pointCount += yield* this.#message(writer, 0x12, this.#scopeMetrics(writer, scope));
    }
    writeText(writer, 0x1a, resource.schemaUrl);
    return pointCount;
  }

  *#scopeMetrics(writer: ProtoWriter, { scope, metrics }: ScopeMetrics): Steps<number> {
    this.#shortMessage(writer, 0x0a, () => writeScope(writer, scope));
    let pointCount = 0;
    for (const metric of metrics) {
      yield* this.#message(writer, 0x12, this.#metric(writer, metric));
      pointCount += metric.dataPoints.length;
    }
    writeText(writer, 0x1a, scope.schemaUrl);
    return pointCount;
  }

  *#metric(writer: ProtoWriter, metric: MetricData): Steps<void> {
    const { name, description, unit, valueType } = metric.descriptor;
    writer.reserve(1);
    writer.byte(0x0a);
    writer.text(name);
    writeText(writer, 0x12, description);
    writeText(writer, 0x1a, unit);
    const isInteger = (valueType as number) === VALUE_TYPE_INT;
    switch (metric.dataPointType as number) {
      case GAUGE:
        yield* this.#message(writer, 0x2a, this.#templates.numbers(writer, metric, isInteger));
        break;
      case SUM:
        yield* this.#message(writer, 0x3a, this.#sum(writer, metric, isInteger));
        break;
      case HISTOGRAM:
        yield* this.#message(writer, 0x4a, this.#histogram(writer, metric));
        break;
      case EXPONENTIAL_HISTOGRAM:
        yield* this.#message(writer, 0x52, exponentialHistogram(writer, metric));
        break;
      // no default: a kind of the future has no bytes here, and the metric goes without points
    }
  }

  *#sum(writer: ProtoWriter, metric: MetricData, isInteger: boolean): Steps<void> {
    yield* this.#templates.numbers(writer, metric, isInteger);
    writeTemporality(writer, metric);
    if (!(metric as { isMonotonic?: boolean }).isMonotonic) return;
    writer.byte(0x18);
    writer.byte(1);
  }

  *#histogram(writer: ProtoWriter, metric: MetricData): Steps<void> {
    yield* this.#templates.histograms(writer, metric);
    writeTemporality(writer, metric);
  }

  /** A message around what `content`, which has not begun, writes. */
  *#message<T>(writer: ProtoWriter, tag: number, content: Steps<T>): Steps<T> {
    const index = this.#messageIndex++;
    const expected = this.#lengths[index] ?? 0;
    writer.reserve(1);
    writer.byte(tag);
    const from = writer.open(expected);
    const result = yield* content;
    writer.close(from, expected);
    this.#lengths[index] = writer.at - from;
    return result;
  }

  #shortMessage(writer: ProtoWriter, tag: number, write: () => void): void {
    const index = this.#messageIndex++;
    const expected = this.#lengths[index] ?? 0;
    writer.reserve(1);
    writer.byte(tag);
    const from = writer.open(expected);
    write();
    writer.close(from, expected);
    this.#lengths[index] = writer.at - from;
  }
}

function* exponentialHistogram(writer: ProtoWriter, metric: MetricData): Steps<void> {
  const points = metric.dataPoints as readonly DataPoint<ExponentialHistogram>[];
  yield* inSteps(points.length, (from, to) => writeExponentials(writer, points, from, to));
  writeTemporality(writer, metric);
}

function writeScope(writer: ProtoWriter, scope: Scope): void {
  writer.reserve(1);
  writer.byte(0x0a);
  writer.text(scope.name);
  writeText(writer, 0x12, scope.version);
  if (scope.attributes) writeKeyValues(writer, scope.attributes, 0x1a);
  if (!scope.droppedAttributesCount) return;
  writer.reserve(12);
  writer.byte(0x20);
  writer.varint(scope.droppedAttributesCount);
}

function writeText(writer: ProtoWriter, tag: number, text: string | undefined): void {
  if (!text) return;
  writer.reserve(1);
  writer.byte(tag);
  writer.text(text);
}

/** OTLP counts from one: 1 is delta, 2 cumulative. Leaves room for the flag of a sum. */
function writeTemporality(writer: ProtoWriter, metric: MetricData): void {
  const temporality: number = metric.aggregationTemporality;
  writer.reserve(8);
  if (temporality !== 0 && temporality !== 1) return;
  writer.byte(0x10);
  writer.byte(temporality + 1);
}
