/**
 * A quantile of a histogram by linear interpolation within the bucket it falls into.
 *
 * `bounds` are the upper-inclusive bounds, `counts` one longer (the last bucket is open). `min` and `max`, when known,
 * close the open buckets and clamp the result; without them the first bucket starts at 0 (or at its own bound when that
 * is not above 0) and the last bucket gives its lower bound. `undefined` when the histogram is empty.
 */
export function bucketQuantile(
  q: number,
  bounds: ArrayLike<number>,
  counts: ArrayLike<number>,
  min?: number,
  max?: number,
): number | undefined {
  let total = 0;
  for (let index = 0; index < counts.length; index++) total += counts[index]!;
  if (!(total > 0)) return undefined;
  const rank = q * total;
  let below = 0;
  let index = 0;
  while (index < counts.length - 1 && (counts[index] === 0 || below + counts[index]! < rank)) below += counts[index++]!;
  // Rounding of `rank` can run past the last occupied bucket: step back onto it.
  while (index > 0 && counts[index] === 0) below -= counts[--index]!;
  const lower = clamp(lowerEdge(index, bounds, min), min, max);
  const upper = clamp(index < bounds.length ? bounds[index]! : (max ?? lower), min, max);
  const inside = counts[index]! > 0 ? Math.min(1, Math.max(0, (rank - below) / counts[index]!)) : 1;
  const value = lower + (upper - lower) * inside;
  if (Number.isFinite(value)) return value;
  return Number.isFinite(upper) ? upper : lower;
}

function lowerEdge(index: number, bounds: ArrayLike<number>, min: number | undefined): number {
  if (index > 0) return bounds[index - 1]!;
  if (min !== undefined) return min;
  const first = bounds.length > 0 ? bounds[0]! : 0;
  return first > 0 ? 0 : first;
}

function clamp(value: number, min: number | undefined, max: number | undefined): number {
  if (min !== undefined && value < min) return min;
  if (max !== undefined && value > max) return max;
  return value;
}
