import { openFrame, sealFrame } from '../../protocol/encode-frame.ts';
import type { OpenFrame } from '../../protocol/encode-frame.ts';
import { FRAME_ROWS_LIMIT, FRAME_SPAN_MS } from '../../protocol/frame.ts';
import type { FrameHeader } from '../../protocol/frame.ts';
import { MESSAGE_ROOM } from './binary-message.ts';
import { EncodedFrame } from './encoded-frame.ts';
import type { FrameTexts } from './frame-texts.ts';
import type { SeriesTable } from '../series-table.ts';

/** A millisecond below what `dt` can say, so that rounding cannot exceed it. */
export const SPAN_LIMIT_MS: number = FRAME_SPAN_MS - 1;

/** What the frames of one batch have in common; `sequence` is that of the first. */
export interface BatchHeader {
  readonly type: FrameHeader['type'];
  readonly conflated: boolean;
  /** Default false. */
  readonly backfill?: boolean;
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
export function encodeRows(
  table: SeriesTable,
  ids: Uint32Array,
  header: BatchHeader,
  texts: FrameTexts,
): EncodedFrame[] {
  const { times } = table;
  const earliest = ids.length === 0 ? header.nowMs : earliestTime(times, ids);
  const fits = ids.length === 0 || latestTime(times, ids) - earliest <= SPAN_LIMIT_MS;
  if (fits && ids.length <= FRAME_ROWS_LIMIT) return [encodeSegment(table, ids, header, earliest, 0, true, texts)];
  const frames: EncodedFrame[] = [];
  const rows = fits ? ids : ids.slice().sort((a, b) => times[a]! - times[b]!);
  for (let start = 0; start < rows.length;) {
    const baseTimeMs = fits ? earliest : times[rows[start]!]!;
    const end = segmentEnd(times, rows, start, baseTimeMs);
    const segment = rows.subarray(start, end);
    frames.push(encodeSegment(table, segment, header, baseTimeMs, frames.length, end === rows.length, texts));
    start = end;
  }
  return frames;
}

function encodeSegment(
  table: SeriesTable,
  ids: Uint32Array,
  batch: BatchHeader,
  baseTimeMs: number,
  index: number,
  last: boolean,
  texts: FrameTexts,
): EncodedFrame {
  const frame = openFrame(ids.length, MESSAGE_ROOM);
  fillColumns(ids, table.times, table.values, baseTimeMs, frame.ids, frame.dt, frame.values);
  return sealBatch(frame, batch, baseTimeMs, index, last, texts);
}

/** Finishes frame `index` of a batch. */
export function sealBatch(
  frame: OpenFrame,
  batch: BatchHeader,
  baseTimeMs: number,
  index: number,
  last: boolean,
  texts: FrameTexts,
): EncodedFrame {
  const bytes = sealFrame(frame, {
    type: batch.type,
    conflated: batch.conflated,
    final: batch.type === 'snapshot' && batch.backfill !== true && last,
    backfill: batch.backfill === true,
    stream: batch.stream,
    epoch: batch.epoch,
    sequence: batch.sequence + (batch.numbered ? index : 0),
    baseTimeMs,
  });
  return new EncodedFrame(bytes, frame.ids.length, texts);
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
    // Never negative and never above 2³² − 1, so truncating after adding a half rounds.
    toDt[i] = (times[id]! - baseTimeMs) * 1_000 + 0.5;
    toValues[i] = values[id]!;
  }
}

function earliestTime(times: Float64Array, ids: Uint32Array): number {
  let least = Infinity;
  for (let i = 0; i < ids.length; i++) {
    const time = times[ids[i]!]!;
    if (time < least) least = time;
  }
  return least;
}

function latestTime(times: Float64Array, ids: Uint32Array): number {
  let most = -Infinity;
  for (let i = 0; i < ids.length; i++) {
    const time = times[ids[i]!]!;
    if (time > most) most = time;
  }
  return most;
}

/** Where the segment starting at `start` ends. */
function segmentEnd(times: Float64Array, rows: Uint32Array, start: number, baseTimeMs: number): number {
  const limit = Math.min(rows.length, start + FRAME_ROWS_LIMIT);
  let end = start + 1;
  while (end < limit && times[rows[end]!]! - baseTimeMs <= SPAN_LIMIT_MS) end++;
  return end;
}
