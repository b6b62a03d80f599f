import type { InstrumentationScope } from '@opentelemetry/core';
import type { MetricData, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { writeKeyValues } from './any-value.ts';
import { ProtoWriter } from './proto-writer.ts';
import { PointTemplates } from './point-templates.ts';
import { writeExponentials } from './points.ts';

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
    const writer = new ProtoWriter(this.#capacity);
    this.#messageIndex = 0;
    let pointCount = 0;
    this.#templates.begin();
    this.#message(writer, 0x0a, () => {
      pointCount = this.#resourceMetrics(writer, metrics);
    });
    this.#templates.end();
    this.#lengths.length = this.#messageIndex;
    // A sixteenth more than the last one, so that a request that grows slowly is not copied.
    this.#capacity = Math.max(4096, writer.at + (writer.at >> 4));
    return { bytes: writer.bytes.subarray(0, writer.at), pointCount };
  }

  #resourceMetrics(writer: ProtoWriter, { resource, scopeMetrics }: ResourceMetrics): number {
    this.#message(writer, 0x0a, () => {
      if (resource.attributes) writeKeyValues(writer, resource.attributes, 0x0a);
      // dropped_attributes_count; the stock serializer writes its default.
      writer.reserve(2);
      writer.byte(0x10);
      writer.byte(0);
    });
    let pointCount = 0;
    for (const scope of scopeMetrics) {
      this.#message(writer, 0x12, () => {
        pointCount += this.#scopeMetrics(writer, scope);
      });
    }
    writeText(writer, 0x1a, resource.schemaUrl);
    return pointCount;
  }

  #scopeMetrics(writer: ProtoWriter, { scope, metrics }: ScopeMetrics): number {
    this.#message(writer, 0x0a, () => writeScope(writer, scope));
    let pointCount = 0;
    for (const metric of metrics) {
      this.#message(writer, 0x12, () => this.#metric(writer, metric));
      pointCount += metric.dataPoints.length;
    }
    writeText(writer, 0x1a, scope.schemaUrl);
    return pointCount;
  }

  #metric(writer: ProtoWriter, metric: MetricData): void {
    const { name, description, unit, valueType } = metric.descriptor;
    writer.reserve(1);
    writer.byte(0x0a);
    writer.text(name);
    writeText(writer, 0x12, description);
    writeText(writer, 0x1a, unit);
    const isInteger = (valueType as number) === VALUE_TYPE_INT;
    switch (metric.dataPointType as number) {
      case GAUGE:
        this.#message(writer, 0x2a, () => this.#templates.numbers(writer, metric, isInteger));
        break;
      case SUM:
        this.#message(writer, 0x3a, () => {
          this.#templates.numbers(writer, metric, isInteger);
          writeTemporality(writer, metric);
          if ((metric as { isMonotonic?: boolean }).isMonotonic) {
            writer.byte(0x18);
            writer.byte(1);
          }
        });
        break;
      case HISTOGRAM:
        this.#message(writer, 0x4a, () => {
          this.#templates.histograms(writer, metric);
          writeTemporality(writer, metric);
        });
        break;
      case EXPONENTIAL_HISTOGRAM:
        this.#message(writer, 0x52, () => {
          writeExponentials(writer, metric.dataPoints as never);
          writeTemporality(writer, metric);
        });
        break;
      // no default: a kind of the future has no bytes here, and the metric goes without points
    }
  }

  #message(writer: ProtoWriter, tag: number, write: () => void): void {
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
