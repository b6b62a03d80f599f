import { EwmaVariance } from './ewma-variance.ts';

const SEED_COUNT = 250;

/**
 * Past returns as they would be today: each divided by the deviation forecast for its day and multiplied with the one
 * forecast for the next (Hull and White 1998; Barone-Adesi et al. 1999). The variance fades with `lambda` and begins
 * with the mean square of the first 250 returns. The order of days is kept, so that instruments stay correlated.
 *
 * Oldest first; all must be finite. Where nothing moved for so long that a forecast is 0, the return stays as it is.
 */
export function filteredScenarios(returns: ArrayLike<number>, lambda = 0.94): Float64Array {
  const scenarios = Float64Array.from(returns);
  const seedCount = Math.min(SEED_COUNT, scenarios.length);
  let squares = 0;
  for (let i = 0; i < seedCount; i++) squares += scenarios[i]! * scenarios[i]!;
  const variance = new EwmaVariance(lambda, seedCount === 0 ? 0 : squares / seedCount);
  for (let i = 0; i < scenarios.length; i++) {
    const value = scenarios[i]!;
    const deviation = variance.deviation ?? 0;
    if (deviation > 0) scenarios[i] = value / deviation;
    variance.add(value);
  }
  const today = variance.deviation ?? 0;
  if (today > 0) for (let i = 0; i < scenarios.length; i++) scenarios[i]! *= today;
  return scenarios;
}
