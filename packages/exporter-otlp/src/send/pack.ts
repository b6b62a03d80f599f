import type { LogRecord } from '../log/record-format.ts';
import { type RequestPart, splitRequest } from '../request/split-request.ts';

/** A request to send, and the records it was made of. */
export interface Packed extends RequestPart {
  readonly records: readonly LogRecord[];
}

/**
 * The requests of a batch: one when it fits, because protobuf messages merge by standing one after the other; otherwise
 * its only record, split between data points.
 */
export function pack(records: readonly LogRecord[], maxRequestBytes: number): Packed[] {
  if (records.length !== 1) return [merged(records)];
  const [record] = records;
  const { payload, points } = record!;
  if (payload.length <= maxRequestBytes) return [{ bytes: payload, pointCount: points, records }];
  return splitRequest(payload, maxRequestBytes).map((part) => Object.assign(part, { records }));
}

/** One request per record. */
export function unpack({ records }: Packed): Packed[] {
  return records.map((record) => ({ bytes: record.payload, pointCount: record.points, records: [record] }));
}

function merged(records: readonly LogRecord[]): Packed {
  const bytes = Buffer.concat(records.map(({ payload }) => payload));
  return { bytes, pointCount: records.reduce((sum, { points }) => sum + points, 0), records };
}
