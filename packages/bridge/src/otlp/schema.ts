// The parts of opentelemetry/proto/metrics/v1 and collector/metrics/v1 that carry anything, as field tables: the
// check of untrusted bytes is one loop over them.

/** How a field is encoded; `packed*` fields may also come one value at a time. */
export type FieldType = 'varint' | 'fixed64' | 'fixed32' | 'bytes' | 'packedFixed64' | 'packedVarint' | MessageSchema;

/** Field types by field number; a hole is a field we do not read. */
export interface MessageSchema {
  readonly name: string;
  readonly fields: readonly (FieldType | undefined)[];
  /** Data points are counted while checking. */
  readonly isPoint: boolean;
}

function message(name: string, fields: Record<number, FieldType>, isPoint = false): MessageSchema {
  const table: (FieldType | undefined)[] = Array.from({ length: 15 });
  for (const [number, type] of Object.entries(fields)) table[Number(number)] = type;
  return { name, fields: table, isPoint };
}

const anyValueFields: Record<number, FieldType> = { 1: 'bytes', 2: 'varint', 3: 'varint', 4: 'fixed64', 7: 'bytes' };
const anyValue = message('AnyValue', anyValueFields);
const keyValue = message('KeyValue', { 1: 'bytes', 2: anyValue });
// AnyValue contains itself through arrays and maps.
(anyValue.fields as (FieldType | undefined)[])[5] = message('ArrayValue', { 1: anyValue });
(anyValue.fields as (FieldType | undefined)[])[6] = message('KeyValueList', { 1: keyValue });

const numberPoint = message(
  'NumberDataPoint',
  { 2: 'fixed64', 3: 'fixed64', 4: 'fixed64', 5: 'bytes', 6: 'fixed64', 7: keyValue, 8: 'varint' },
  true,
);
const histogramPoint = message(
  'HistogramDataPoint',
  {
    2: 'fixed64',
    3: 'fixed64',
    4: 'fixed64',
    5: 'fixed64',
    6: 'packedFixed64',
    7: 'packedFixed64',
    8: 'bytes',
    9: keyValue,
    10: 'varint',
    11: 'fixed64',
    12: 'fixed64',
  },
  true,
);
const buckets = message('Buckets', { 1: 'varint', 2: 'packedVarint' });
const exponentialPoint = message(
  'ExponentialHistogramDataPoint',
  {
    1: keyValue,
    2: 'fixed64',
    3: 'fixed64',
    4: 'fixed64',
    5: 'fixed64',
    6: 'varint',
    7: 'fixed64',
    8: buckets,
    9: buckets,
    10: 'varint',
    11: 'bytes',
    12: 'fixed64',
    13: 'fixed64',
    14: 'fixed64',
  },
  true,
);
const summaryPoint = message('SummaryDataPoint', { 2: 'fixed64', 3: 'fixed64', 7: keyValue }, true);

const metric = message('Metric', {
  1: 'bytes',
  2: 'bytes',
  3: 'bytes',
  5: message('Gauge', { 1: numberPoint }),
  7: message('Sum', { 1: numberPoint, 2: 'varint', 3: 'varint' }),
  9: message('Histogram', { 1: histogramPoint, 2: 'varint' }),
  10: message('ExponentialHistogram', { 1: exponentialPoint, 2: 'varint' }),
  11: message('Summary', { 1: summaryPoint }),
});
const scope = message('InstrumentationScope', { 1: 'bytes', 2: 'bytes', 3: keyValue });
const scopeMetrics = message('ScopeMetrics', { 1: scope, 2: metric, 3: 'bytes' });
const resource = message('Resource', { 1: keyValue });
const resourceMetrics = message('ResourceMetrics', { 1: resource, 2: scopeMetrics, 3: 'bytes' });

/** ExportMetricsServiceRequest. */
export const EXPORT_REQUEST: MessageSchema = message('ExportMetricsServiceRequest', { 1: resourceMetrics });
