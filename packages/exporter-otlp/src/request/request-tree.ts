import { type Field, fieldsOf, MalformedMessage } from './fields.ts';

const RESOURCE_METRICS = 1;
const SCOPE_METRICS = 2;
const METRIC = 2;
const DATA_POINT = 1;
/** Gauge, Sum, Histogram, ExponentialHistogram, Summary. */
const DATA_FIELDS: readonly number[] = [5, 7, 9, 10, 11];

/** A message whose repeated children can be dealt out to copies of it that keep everything else. */
export interface Container {
  /** Field number it is written under. */
  readonly number: number;
  /** All other fields, as they were. */
  readonly rest: Uint8Array;
}

/** A data point's own bytes (tag and length included) and the messages around it, outermost first. */
export interface PlacedPoint {
  readonly path: readonly Container[];
  readonly bytes: Uint8Array;
}

/** Every data point of an ExportMetricsServiceRequest, in order. Throws `MalformedMessage`. */
export function* pointsOf(request: Uint8Array): Generator<PlacedPoint> {
  for (const resource of fieldsOf(request, 0, request.length)) {
    if (!isMessageOf(resource, RESOURCE_METRICS)) continue;
    const resourcePart = container(request, resource, (field) => isMessageOf(field, SCOPE_METRICS));
    for (const scope of resourcePart.children) {
      const scopePart = container(request, scope, (field) => isMessageOf(field, METRIC));
      for (const metric of scopePart.children) {
        const isData = (field: Field): boolean => field.isMessage && DATA_FIELDS.includes(field.number);
        const metricPart = container(request, metric, isData);
        for (const data of metricPart.children) {
          const dataPart = container(request, data, (field) => isMessageOf(field, DATA_POINT));
          const path = [resourcePart.self, scopePart.self, metricPart.self, dataPart.self];
          for (const point of dataPart.children) yield { path, bytes: request.subarray(point.from, point.to) };
        }
      }
    }
  }
}

/** Data points of a request; 0 for bytes that are no request. */
export function countPoints(request: Uint8Array): number {
  try {
    let count = 0;
    for (const point of pointsOf(request)) count += point.bytes.length > 0 ? 1 : 0;
    return count;
  } catch (error) {
    if (error instanceof MalformedMessage) return 0;
    throw error;
  }
}

function isMessageOf(field: Field, number: number): boolean {
  return field.isMessage && field.number === number;
}

function container(
  request: Uint8Array,
  { number, valueFrom, to }: Field,
  isChild: (field: Field) => boolean,
): { self: Container; children: Field[] } {
  const children: Field[] = [];
  const rest: Uint8Array[] = [];
  for (const field of fieldsOf(request, valueFrom, to)) {
    if (isChild(field)) children.push(field);
    else rest.push(request.subarray(field.from, field.to));
  }
  return { self: { number, rest: Buffer.concat(rest) }, children };
}
