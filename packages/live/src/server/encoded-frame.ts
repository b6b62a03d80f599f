import { decodeFrame } from '../protocol/decode-frame.ts';
import { FRAME_HEADER_BYTES } from '../protocol/frame.ts';

/** A frame as it goes out, shared by all connections that get it. */
export class EncodedFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rows: number;
  #text: string | undefined;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
    this.rows = (bytes.byteLength - FRAME_HEADER_BYTES) >> 4;
  }

  /** The JSON form, made when the first connection wants it. */
  get text(): string {
    return (this.#text ??= frameText(this.bytes));
  }
}

function frameText(bytes: Uint8Array<ArrayBuffer>): string {
  const { ids, dt, values, count: _count, ...header } = decodeFrame(bytes);
  const timesMs = Array.from(dt, (micros) => header.baseTimeMs + micros / 1_000);
  const { type, stream, epoch, sequence, conflated, final } = header;
  const head = JSON.stringify({ type, stream, epoch, sequence, conflated, final });
  const columns = `"ids":[${ids.join()}],"timesMs":[${timesMs.join()}],"values":[${Array.from(values, jsonNumber).join()}]`;
  return `${head.slice(0, -1)},${columns}}`;
}

function jsonNumber(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}
