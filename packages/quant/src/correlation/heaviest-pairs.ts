/** Two instruments by index, the one with more exposure first. */
export type Pair = readonly [first: number, second: number];

/**
 * The `count` pairs of instruments with the largest product of absolute exposures, largest first; pairs without
 * exposure on both sides are left out. `isEligible` excludes instruments.
 *
 * The k-th heaviest pair is among the k + 1 heaviest instruments, so only their pairs are looked at.
 */
export function heaviestPairs(
  exposures: Float64Array,
  count: number,
  isEligible: (index: number) => boolean,
): readonly Pair[] {
  const heavy = Array.from(exposures.keys())
    .filter((index) => exposures[index] !== 0 && Number.isFinite(exposures[index]) && isEligible(index))
    .toSorted((a, b) => Math.abs(exposures[b]!) - Math.abs(exposures[a]!) || a - b)
    .slice(0, count + 1);
  const pairs: Pair[] = [];
  for (const [rank, first] of heavy.entries()) for (const second of heavy.slice(rank + 1)) pairs.push([first, second]);
  const weight = ([first, second]: Pair): number => Math.abs(exposures[first]!) * Math.abs(exposures[second]!);
  return pairs.toSorted((a, b) => weight(b) - weight(a)).slice(0, count);
}
