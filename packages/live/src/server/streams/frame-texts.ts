import { decodeFrame } from '../../protocol/decode-frame.ts';
import type { SeriesTable } from '../series-table.ts';

/**
 * JSON forms of frames. Only the last one is kept: the consumers of a stream are served one after the other, and a ring
 * full of texts would be ten times its limit.
 */
export class FrameTexts {
  readonly #table: SeriesTable;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #text = '';

  constructor(table: SeriesTable) {
    this.#table = table;
  }

  of(bytes: Uint8Array<ArrayBuffer>): string {
    if (this.#bytes !== bytes) {
      this.#text = frameText(this.#table, bytes);
      this.#bytes = bytes;
    }
    return this.#text;
  }
}

function frameText(table: SeriesTable, bytes: Uint8Array<ArrayBuffer>): string {
  const frame = decodeFrame(bytes);
  const { type, stream, epoch, sequence, conflated, final, backfill, baseTimeMs, count, ids, dt, values } = frame;
  const head = JSON.stringify({ type, stream, epoch, sequence, conflated, final, backfill });
  let rows = '';
  for (let row = 0; row < count; row++) {
    const timeMs = baseTimeMs + dt[row]! / 1_000;
    rows += `${row === 0 ? '' : ','}${table.rowText(ids[row]!)},"timeMs":${timeMs},"value":${jsonNumber(values[row]!)}}`;
  }
  return `${head.slice(0, -1)},"rows":[${rows}]}`;
}

/** JSON has no NaN and no infinities; it has −0, which JSON.stringify forgets. */
function jsonNumber(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}
