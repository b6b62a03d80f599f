// OTLP's JSON names with their protobuf numbers and types: what the protobuf side reads, and nothing else. Fields
// that are not here are passed over, as the OTLP specification demands of a receiver.

/** How a JSON value is encoded; `packed*` fields are arrays. */
export type JsonType =
  | 'string'
  | 'base64'
  | 'bool'
  | 'enum'
  | 'int64'
  | 'uint32'
  | 'sint32'
  | 'uint64'
  | 'fixed64'
  | 'sfixed64'
  | 'double'
  | 'packedFixed64'
  | 'packedUint64'
  | 'packedDouble'
  | JsonMessage;

/** One field of a message. */
export interface JsonField {
  readonly number: number;
  readonly type: JsonType;
  readonly repeated: boolean;
}

/** A message's fields by JSON name, in the order they are written. */
export interface JsonMessage {
  readonly name: string;
  readonly fields: Map<string, JsonField>;
}

type FieldInput = readonly [number: number, type: JsonType, repeated?: 'repeated'];

function message(name: string, fields: Readonly<Record<string, FieldInput>>): JsonMessage {
  const entries = Object.entries(fields).map(([key, [number, type, repeated]]): [string, JsonField] => [
    key,
    { number, type, repeated: repeated !== undefined },
  ]);
  return { name, fields: new Map(entries) };
}

const anyValue = message('AnyValue', {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
  bytesValue: [7, 'base64'],
});
const keyValue = message('KeyValue', { key: [1, 'string'], value: [2, anyValue] });
// AnyValue contains itself through arrays and maps.
const repeatedOf = (name: string, type: JsonType): JsonMessage => message(name, { values: [1, type, 'repeated'] });
anyValue.fields.set('arrayValue', { number: 5, type: repeatedOf('ArrayValue', anyValue), repeated: false });
anyValue.fields.set('kvlistValue', { number: 6, type: repeatedOf('KeyValueList', keyValue), repeated: false });

const times = { startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'] } as const;

const numberPoint = message('NumberDataPoint', {
  ...times,
  asDouble: [4, 'double'],
  asInt: [6, 'sfixed64'],
  attributes: [7, keyValue, 'repeated'],
  flags: [8, 'uint32'],
});
const histogramPoint = message('HistogramDataPoint', {
  ...times,
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'packedFixed64'],
  explicitBounds: [7, 'packedDouble'],
  attributes: [9, keyValue, 'repeated'],
  flags: [10, 'uint32'],
  min: [11, 'double'],
  max: [12, 'double'],
});
const buckets = message('Buckets', { offset: [1, 'sint32'], bucketCounts: [2, 'packedUint64'] });
const exponentialPoint = message('ExponentialHistogramDataPoint', {
  attributes: [1, keyValue, 'repeated'],
  ...times,
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  scale: [6, 'sint32'],
  zeroCount: [7, 'fixed64'],
  positive: [8, buckets],
  negative: [9, buckets],
  flags: [10, 'uint32'],
  min: [12, 'double'],
  max: [13, 'double'],
  zeroThreshold: [14, 'double'],
});
// Counted and refused as such; what it holds is not read.
const summaryPoint = message('SummaryDataPoint', { timeUnixNano: [3, 'fixed64'] });

const metric = message('Metric', {
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, message('Gauge', { dataPoints: [1, numberPoint, 'repeated'] })],
  sum: [
    7,
    message('Sum', {
      dataPoints: [1, numberPoint, 'repeated'],
      aggregationTemporality: [2, 'enum'],
      isMonotonic: [3, 'bool'],
    }),
  ],
  histogram: [
    9,
    message('Histogram', { dataPoints: [1, histogramPoint, 'repeated'], aggregationTemporality: [2, 'enum'] }),
  ],
  exponentialHistogram: [
    10,
    message('ExponentialHistogram', {
      dataPoints: [1, exponentialPoint, 'repeated'],
      aggregationTemporality: [2, 'enum'],
    }),
  ],
  summary: [11, message('Summary', { dataPoints: [1, summaryPoint, 'repeated'] })],
});
const scope = message('InstrumentationScope', {
  name: [1, 'string'],
  version: [2, 'string'],
  attributes: [3, keyValue, 'repeated'],
});
const scopeMetrics = message('ScopeMetrics', { scope: [1, scope], metrics: [2, metric, 'repeated'] });
const resource = message('Resource', { attributes: [1, keyValue, 'repeated'] });
const resourceMetrics = message('ResourceMetrics', {
  resource: [1, resource],
  scopeMetrics: [2, scopeMetrics, 'repeated'],
});

/** ExportMetricsServiceRequest. */
export const JSON_EXPORT_REQUEST: JsonMessage = message('ExportMetricsServiceRequest', {
  resourceMetrics: [1, resourceMetrics, 'repeated'],
});
