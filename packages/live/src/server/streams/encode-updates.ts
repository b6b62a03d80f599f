import { openFrame } from '../../protocol/encode-frame.ts';
import { FRAME_ROWS_LIMIT } from '../../protocol/frame.ts';
import { SPAN_LIMIT_MS, sealBatch } from './encode-rows.ts';
import type { BatchHeader } from './encode-rows.ts';
import { MESSAGE_ROOM } from './binary-message.ts';
import type { EncodedFrame } from './encoded-frame.ts';
import type { FrameTexts } from './frame-texts.ts';
import type { UpdateRows } from './update-rows.ts';

/** Encodes updates in the order they came, in as few frames as row limit and time span allow; none when there are none. */
export function encodeUpdates(rows: UpdateRows, header: BatchHeader, texts: FrameTexts): EncodedFrame[] {
  const { ids, times, values, size } = rows;
  const frames: EncodedFrame[] = [];
  for (let start = 0; start < size;) {
    const { end, earliest } = segmentFrom(times, start, size);
    const frame = openFrame(end - start, MESSAGE_ROOM);
    frame.ids.set(ids.subarray(start, end));
    frame.values.set(values.subarray(start, end));
    // Never negative and never above 2³² − 1, so truncating after adding a half rounds.
    for (let row = start; row < end; row++) frame.dt[row - start] = (times[row]! - earliest) * 1_000 + 0.5;
    frames.push(sealBatch(frame, header, earliest, frames.length, end === size, texts));
    start = end;
  }
  return frames;
}

/** The longest run from `start` that fits into one frame, and its earliest time. */
function segmentFrom(times: Float64Array, start: number, size: number): { end: number; earliest: number } {
  const limit = Math.min(size, start + FRAME_ROWS_LIMIT);
  let earliest = times[start]!;
  let latest = earliest;
  let end = start + 1;
  for (; end < limit; end++) {
    const time = times[end]!;
    const least = Math.min(earliest, time);
    const most = Math.max(latest, time);
    if (most - least > SPAN_LIMIT_MS) break;
    earliest = least;
    latest = most;
  }
  return { end, earliest };
}
