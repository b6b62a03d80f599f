import type { BucketRing } from '../store/bucket-ring.ts';

/** One pair of extremes per pixel column, plus where the line enters and leaves the column. `NaN` = nothing there. */
export interface Columns {
  count: number;
  first: Float64Array;
  min: Float64Array;
  max: Float64Array;
  last: Float64Array;
}

/** Columns for up to `width` pixels; reuse one per chart. */
export function createColumns(width: number): Columns {
  return {
    count: 0,
    first: new Float64Array(width),
    min: new Float64Array(width),
    max: new Float64Array(width),
    last: new Float64Array(width),
  };
}

/** Extremes of what a decimation saw, for the axis. */
export interface Extent {
  min: number;
  max: number;
}

/**
 * Reduces the buckets between two times to one minimum and maximum per pixel column, so a spike of one sample is
 * never lost however many buckets share the column. Widens `extent` to what it saw.
 *
 * @param width - number of columns, ≥ 1; `columns` grows when it is too small.
 */
export function decimate(
  ring: BucketRing,
  fromMs: number,
  toMs: number,
  width: number,
  columns: Columns,
  extent: Extent,
): void {
  if (columns.first.length < width) Object.assign(columns, createColumns(width));
  columns.count = width;
  columns.first.fill(NaN, 0, width);
  const perMs = width / (toMs - fromMs);
  const from = Math.max(0, ring.bucketOf(fromMs), ring.newest - ring.capacity + 1);
  const to = Math.min(ring.bucketOf(toMs), ring.newest);
  for (let bucket = from; bucket <= to; bucket++) {
    const slot = ring.slotOf(bucket);
    if (slot < 0) continue;
    // The middle of a bucket stands for it; the newest may lie half a bucket beyond the edge.
    const at = Math.floor(((bucket + 0.5) * ring.bucketMs - fromMs) * perMs);
    const column = at < 0 ? 0 : at >= width ? width - 1 : at;
    addToColumn(columns, column, ring.minAt(slot), ring.maxAt(slot), ring.lastAt(slot));
    if (ring.minAt(slot) < extent.min) extent.min = ring.minAt(slot);
    if (ring.maxAt(slot) > extent.max) extent.max = ring.maxAt(slot);
  }
}

function addToColumn(columns: Columns, column: number, min: number, max: number, last: number): void {
  if (Number.isNaN(columns.first[column])) {
    // A bucket does not know its first value; the extreme farther from the last is where the line came from.
    columns.first[column] = last - min > max - last ? min : max;
    columns.min[column] = min;
    columns.max[column] = max;
  } else {
    if (min < (columns.min[column] as number)) columns.min[column] = min;
    if (max > (columns.max[column] as number)) columns.max[column] = max;
  }
  columns.last[column] = last;
}
