import type { OwnerFate } from '@nanometer/exporter-statsd';
import type { FailedSeries, StatsdOutcome } from '../outputs/statsd-outcome.ts';
import type { Transport } from '../ledger.ts';
import type { Entry } from './journal.ts';

// An entry's bytes, numbers little-endian:
//
//   0         1            9               10
//   │ kind u8 │ number f64 │ void ranges u8 │ (from f64, to f64) … │ …
//
// `number` ascends. The void ranges are numbers of earlier entries that were refused: should any of them be in the log
// all the same, because its disk failed in the act, it does not count.
//   1 request  │ transport u8 │ time f64 ms │ ExportMetricsServiceRequest …
//   2 expire   │ before f64 ms
//   3 take     │ series u32
//   4 outcome  │ unconfirmed u8 │ (index u24, fate u8, sent f64, sent sum f64) …

const HEADER_BYTES = 10;
const RANGE_BYTES = 16;
/** Most void ranges one entry tells of. */
export const VOID_RANGES_LIMIT = 255;
const FAILED_BYTES = 20;
const KINDS = ['', 'request', 'expire', 'statsdTake', 'statsdOutcome'];
const FATE_BYTES: Readonly<Record<OwnerFate, number>> = {
  held: 0,
  queue_full: 1,
  resolve_failed: 2,
  send_failed: 3,
  refused: 4,
  unconfirmed: 5,
  closed: 6,
};
/** By their bytes, which are their places above. */
const FATES = Object.keys(FATE_BYTES) as readonly OwnerFate[];
/** By their bytes. */
const TRANSPORTS: readonly Transport[] = ['grpc', 'http', 'push'];

/** Numbers from one to another, both included. */
export interface VoidRange {
  readonly from: number;
  readonly to: number;
}

/** An entry with what the log needs to know of it. */
export interface NumberedEntry {
  readonly number: number;
  readonly voided: readonly VoidRange[];
  readonly entry: Entry;
}

/** Bytes of an entry. */
export function encodeEntry({ number, voided, entry }: NumberedEntry): Buffer {
  const body = encodeBody(entry);
  const header = Buffer.alloc(HEADER_BYTES + voided.length * RANGE_BYTES);
  header[0] = KINDS.indexOf(entry.kind);
  header.writeDoubleLE(number, 1);
  header[9] = voided.length;
  for (const [index, { from, to }] of voided.entries()) {
    header.writeDoubleLE(from, HEADER_BYTES + index * RANGE_BYTES);
    header.writeDoubleLE(to, HEADER_BYTES + index * RANGE_BYTES + 8);
  }
  return Buffer.concat([header, ...body]);
}

function encodeBody(entry: Entry): Uint8Array[] {
  if (entry.kind === 'statsdOutcome') return [encodeOutcome(entry.outcome)];
  const head = Buffer.alloc(entry.kind === 'request' ? 9 : entry.kind === 'expire' ? 8 : 4);
  if (entry.kind === 'expire') head.writeDoubleLE(entry.beforeMs);
  else if (entry.kind === 'statsdTake') head.writeUInt32LE(entry.seriesCount);
  else {
    head[0] = TRANSPORTS.indexOf(entry.transport);
    head.writeDoubleLE(entry.timeMs, 1);
    return [head, entry.bytes];
  }
  return [head];
}

function encodeOutcome({ failed, unconfirmed }: StatsdOutcome): Buffer {
  const body = Buffer.alloc(1 + failed.length * FAILED_BYTES);
  body[0] = unconfirmed ? 1 : 0;
  for (const [place, { index, fate, sent, sentSum }] of failed.entries()) {
    const at = 1 + place * FAILED_BYTES;
    body.writeUIntLE(index, at, 3);
    body[at + 3] = FATE_BYTES[fate];
    body.writeDoubleLE(sent, at + 4);
    body.writeDoubleLE(sentSum, at + 12);
  }
  return body;
}

/** The entry that bytes are; `undefined` when they are none that this version knows. */
export function decodeEntry(payload: Uint8Array): NumberedEntry | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const bodyAt = HEADER_BYTES + (bytes[9] ?? 0) * RANGE_BYTES;
  if (bytes.length < bodyAt) return undefined;
  const entry = decodeBody(KINDS[bytes[0]!] ?? '', bytes.subarray(bodyAt));
  if (entry === undefined) return undefined;
  const voided: VoidRange[] = [];
  for (let at = HEADER_BYTES; at < bodyAt; at += RANGE_BYTES) {
    voided.push({ from: bytes.readDoubleLE(at), to: bytes.readDoubleLE(at + 8) });
  }
  return { number: bytes.readDoubleLE(1), voided, entry };
}

function decodeBody(kind: string, body: Buffer): Entry | undefined {
  if (kind === 'request' && body.length >= 9) {
    const transport = TRANSPORTS[body[0]!];
    return transport && { kind, transport, timeMs: body.readDoubleLE(1), bytes: body.subarray(9) };
  }
  if (kind === 'expire' && body.length === 8) return { kind, beforeMs: body.readDoubleLE() };
  if (kind === 'statsdTake' && body.length === 4) return { kind, seriesCount: body.readUInt32LE() };
  if (kind === 'statsdOutcome' && body.length % FAILED_BYTES === 1) {
    const outcome = decodeOutcome(body);
    return outcome && { kind, outcome };
  }
  return undefined;
}

function decodeOutcome(body: Buffer): StatsdOutcome | undefined {
  const failed: FailedSeries[] = [];
  for (let at = 1; at < body.length; at += FAILED_BYTES) {
    const fate = FATES[body[at + 3]!];
    if (fate === undefined) return undefined;
    const [sent, sentSum] = [body.readDoubleLE(at + 4), body.readDoubleLE(at + 12)];
    failed.push({ index: body.readUIntLE(at, 3), fate, sent, sentSum });
  }
  return { unconfirmed: body[0] === 1, failed };
}
