import { openFrame, sealFrame } from '../protocol/encode-frame.ts';
import { FRAME_SPAN_MS } from '../protocol/frame.ts';
import type { FrameHeader } from '../protocol/frame.ts';
import { EncodedFrame } from './encoded-frame.ts';
import type { SeriesTable } from './series-table.ts';

/** Rows per frame at most: 256 KiB, so that one frame never holds a connection for long. */
export const FRAME_ROWS_LIMIT = 16_384;

/** What the frames of one batch have in common; `sequence` is that of the first. */
export interface BatchHeader {
  readonly type: FrameHeader['type'];
  readonly conflated: boolean;
  readonly stream: number;
  readonly epoch: number;
  readonly sequence: number;
  /** Whether each further frame takes the next number: not when a batch is for one client only. */
  readonly numbered: boolean;
  /** Base time of a frame without rows. */
  readonly nowMs: number;
}

/**
 * Encodes the latest values of `ids` in as few frames as row limit and time span allow; one frame without rows when
 * there are none. The last frame of a snapshot is marked final.
 */
export function encodeRows(table: SeriesTable, ids: Uint32Array, header: BatchHeader): EncodedFrame[] {
  const frames: EncodedFrame[] = [];
  const rows = spanFits(table.times, ids) ? ids : ids.slice().sort((a, b) => table.times[a]! - table.times[b]!);
  let start = 0;
  do {
    const end = segmentEnd(table.times, rows, start);
    frames.push(encodeSegment(table, rows.subarray(start, end), header, frames.length, end === rows.length));
    start = end;
  } while (start < rows.length);
  return frames;
}

function encodeSegment(
  table: SeriesTable,
  ids: Uint32Array,
  batch: BatchHeader,
  index: number,
  last: boolean,
): EncodedFrame {
  const { values, times } = table;
  const frame = openFrame(ids.length);
  const baseTimeMs = ids.length === 0 ? batch.nowMs : earliest(times, ids);
  fillColumns(ids, times, values, baseTimeMs, frame.ids, frame.dt, frame.values);
  const bytes = sealFrame(frame, {
    type: batch.type,
    conflated: batch.conflated,
    final: batch.type === 'snapshot' && last,
    stream: batch.stream,
    epoch: batch.epoch,
    sequence: batch.sequence + (batch.numbered ? index : 0),
    baseTimeMs,
  });
  return new EncodedFrame(bytes);
}

function fillColumns(
  ids: Uint32Array,
  times: Float64Array,
  values: Float64Array,
  baseTimeMs: number,
  toIds: Uint32Array,
  toDt: Uint32Array,
  toValues: Float64Array,
): void {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    toIds[i] = id;
    toDt[i] = (times[id]! - baseTimeMs) * 1_000 + 0.5;
    toValues[i] = values[id]!;
  }
}

function earliest(times: Float64Array, ids: Uint32Array): number {
  let least = times[ids[0]!]!;
  for (let i = 1; i < ids.length; i++) {
    const time = times[ids[i]!]!;
    if (time < least) least = time;
  }
  return least;
}

function spanFits(times: Float64Array, ids: Uint32Array): boolean {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < ids.length; i++) {
    const time = times[ids[i]!]!;
    if (time < least) least = time;
    if (time > most) most = time;
  }
  return !(most - least > FRAME_SPAN_MS - 1);
}

/** Where the segment starting at `start` ends; the rows are in time order unless all of them fit one span. */
function segmentEnd(times: Float64Array, rows: Uint32Array, start: number): number {
  const limit = Math.min(rows.length, start + FRAME_ROWS_LIMIT);
  if (spanFits(times, rows.subarray(start, limit))) return limit;
  const latest = times[rows[start]!]! + FRAME_SPAN_MS - 1;
  let end = start + 1;
  while (times[rows[end]!]! <= latest) end++;
  return end;
}
