// OTLP metrics requests made by hand: what an SDK would never send can be sent too.

export type AttributeInput =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | null
  | readonly AttributeInput[]
  | { readonly [key: string]: AttributeInput };
export type Attributes = Readonly<Record<string, AttributeInput>>;

export interface NumberInput {
  readonly attributes?: Attributes | undefined;
  /** Unix nanoseconds. */
  readonly start?: bigint | undefined;
  readonly time?: bigint | undefined;
  readonly flags?: number;
  /** A number is sent as a double, a bigint as an integer, `undefined` not at all. */
  readonly value?: number | bigint | undefined;
}

export interface HistogramInput extends Omit<NumberInput, 'value'> {
  readonly count: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly bounds?: readonly number[];
  readonly counts?: readonly number[];
}

export interface RangeInput {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface ExponentialInput extends Omit<HistogramInput, 'bounds' | 'counts'> {
  readonly scale: number;
  readonly zeroCount?: number;
  readonly zeroThreshold?: number;
  readonly positive?: RangeInput;
  readonly negative?: RangeInput;
}

export interface MetricInput {
  readonly name: string;
  readonly unit?: string;
  readonly description?: string;
  readonly gauge?: readonly NumberInput[];
  readonly sum?: readonly NumberInput[];
  readonly histogram?: readonly HistogramInput[];
  readonly exponential?: readonly ExponentialInput[];
  /** Number of points. */
  readonly summary?: number;
  readonly monotonic?: boolean;
  /** 1 delta, 2 cumulative (default). */
  readonly temporality?: number;
}

export interface ScopeInput {
  readonly name?: string;
  readonly version?: string;
  readonly attributes?: Attributes;
}

/** Bytes of a request with one resource and one scope. */
export function request(metrics: readonly MetricInput[], resource: Attributes = {}, scope: ScopeInput = {}): Buffer {
  const scopeBytes = join(
    text(1, scope.name ?? ''),
    text(2, scope.version ?? ''),
    keyValues(3, scope.attributes ?? {}),
  );
  const scopeMetrics = join(message(1, scopeBytes), ...metrics.map((metric) => message(2, metricBytes(metric))));
  return message(1, join(message(1, keyValues(1, resource)), message(2, scopeMetrics)));
}

/** Bytes of a Metric. */
export function metricBytes(metric: MetricInput): Buffer {
  const { temporality = 2, monotonic = false } = metric;
  const points = <P>(list: readonly P[], bytes: (point: P) => Buffer): Buffer =>
    join(...list.map((point) => message(1, bytes(point))));
  return join(
    text(1, metric.name),
    text(2, metric.description ?? ''),
    text(3, metric.unit ?? ''),
    metric.gauge ? message(5, points(metric.gauge, numberPoint)) : NOTHING,
    metric.sum
      ? message(7, join(points(metric.sum, numberPoint), integer(2, temporality), integer(3, monotonic ? 1 : 0)))
      : NOTHING,
    metric.histogram ? message(9, join(points(metric.histogram, histogramPoint), integer(2, temporality))) : NOTHING,
    metric.exponential
      ? message(10, join(points(metric.exponential, exponentialPoint), integer(2, temporality)))
      : NOTHING,
    metric.summary === undefined
      ? NOTHING
      : message(11, join(...Array.from({ length: metric.summary }, () => message(1, fixed64(3, 1n))))),
  );
}

function numberPoint({ attributes = {}, start = 1n, time = 2n, flags = 0, value }: NumberInput): Buffer {
  return join(
    keyValues(7, attributes),
    fixed64(2, start),
    fixed64(3, time),
    typeof value === 'number' ? double(4, value) : NOTHING,
    typeof value === 'bigint' ? fixed64(6, BigInt.asUintN(64, value)) : NOTHING,
    integer(8, flags),
  );
}

function histogramPoint(point: HistogramInput): Buffer {
  const { attributes = {}, start = 1n, time = 2n, flags = 0, count, sum, min, max, bounds = [], counts = [] } = point;
  return join(
    keyValues(9, attributes),
    fixed64(2, start),
    fixed64(3, time),
    fixed64(4, BigInt(count)),
    optional(5, sum),
    message(6, join(...counts.map((value) => eight((view) => view.setBigUint64(0, BigInt(value), true))))),
    message(7, join(...bounds.map((value) => eight((view) => view.setFloat64(0, value, true))))),
    integer(10, flags),
    optional(11, min),
    optional(12, max),
  );
}

function exponentialPoint(point: ExponentialInput): Buffer {
  const { attributes = {}, start = 1n, time = 2n, flags = 0, count, sum, min, max } = point;
  const range = ({ offset, counts }: RangeInput): Buffer =>
    join(integer(1, zigzag(offset)), message(2, join(...counts.map((value) => varint(value)))));
  return join(
    keyValues(1, attributes),
    fixed64(2, start),
    fixed64(3, time),
    fixed64(4, BigInt(count)),
    optional(5, sum),
    integer(6, zigzag(point.scale)),
    fixed64(7, BigInt(point.zeroCount ?? 0)),
    point.positive ? message(8, range(point.positive)) : NOTHING,
    point.negative ? message(9, range(point.negative)) : NOTHING,
    integer(10, flags),
    optional(12, min),
    optional(13, max),
    optional(14, point.zeroThreshold),
  );
}

function keyValues(field: number, attributes: Attributes): Buffer {
  return join(...Object.entries(attributes).map(([key, value]) => message(field, keyValue(key, value))));
}

function keyValue(key: string, value: AttributeInput): Buffer {
  return join(text(1, key), message(2, anyValue(value)));
}

function anyValue(value: AttributeInput): Buffer {
  if (value === null) return NOTHING;
  if (typeof value === 'string') return message(1, Buffer.from(value));
  if (typeof value === 'boolean') return join(tag(2, 0), varint(value ? 1 : 0));
  if (typeof value === 'bigint') return join(tag(3, 0), varint(BigInt.asUintN(64, value)));
  if (typeof value === 'number') return double(4, value);
  if (value instanceof Uint8Array) return message(7, value);
  if (Array.isArray(value)) {
    return message(5, join(...(value as readonly AttributeInput[]).map((item) => message(1, anyValue(item)))));
  }
  return message(6, keyValues(1, value as Attributes));
}

const NOTHING = Buffer.alloc(0);

export function join(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts);
}

/** A length-delimited field. */
export function message(field: number, bytes: Uint8Array): Buffer {
  return join(tag(field, 2), varint(bytes.length), bytes);
}

function text(field: number, value: string): Buffer {
  return value === '' ? NOTHING : message(field, Buffer.from(value));
}

function integer(field: number, value: number): Buffer {
  return value === 0 ? NOTHING : join(tag(field, 0), varint(value));
}

function double(field: number, value: number): Buffer {
  return join(
    tag(field, 1),
    eight((view) => view.setFloat64(0, value, true)),
  );
}

function optional(field: number, value: number | undefined): Buffer {
  return value === undefined ? NOTHING : double(field, value);
}

function fixed64(field: number, value: bigint): Buffer {
  return join(
    tag(field, 1),
    eight((view) => view.setBigUint64(0, value, true)),
  );
}

function eight(write: (view: DataView) => void): Buffer {
  const bytes = Buffer.alloc(8);
  write(new DataView(bytes.buffer, bytes.byteOffset, 8));
  return bytes;
}

function tag(field: number, wireType: number): Buffer {
  return varint(field * 8 + wireType);
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** A base-128 varint. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
