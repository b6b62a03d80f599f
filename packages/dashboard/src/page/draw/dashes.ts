/**
 * Whether a place along a dashed line is drawn.
 *
 * @param dash - lengths that are drawn and left out in turns, an even number of them; none, or all zero, is a solid line.
 * @param place - distance from where a dash begins, ≥ 0, in the unit of the lengths.
 */
export function isInDash(dash: readonly number[], place: number): boolean {
  let period = 0;
  for (const length of dash) period += length;
  if (period === 0) return true;
  let rest = place % period;
  for (let index = 0; index < dash.length; index++) {
    rest -= dash[index] as number;
    if (rest < 0) return index % 2 === 0;
  }
  return false;
}
