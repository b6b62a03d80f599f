import { normalDensity, normalQuantile } from '../statistics/normal.ts';

/** A quantity that depends on skewness and excess kurtosis, with its two slopes. */
export interface BentQuantity {
  readonly value: number;
  readonly bySkewness: number;
  readonly byExcess: number;
}

/**
 * Quantile of standardised returns at tail probability `p`, bent by skewness and excess kurtosis (Cornish and Fisher
 * 1937; population moments). Undefined where the bend folds back between the two tails of probability `p`, so that it
 * orders returns no more (Maillard 2012).
 */
export function bentQuantile(skewness: number, excess: number, p: number): BentQuantity | undefined {
  if (!risesWithin(Math.abs(normalQuantile(p)), skewness, excess)) return undefined;
  return bentQuantileAnywhere(skewness, excess, p);
}

/** {@link bentQuantile} without its guard: the bare expansion, as most libraries print it. */
export function bentQuantileAnywhere(skewness: number, excess: number, p: number): BentQuantity {
  const z = normalQuantile(p);
  const first = (z * z - 1) / 6;
  const fourth = (z ** 3 - 3 * z) / 24;
  const square = -(2 * z ** 3 - 5 * z) / 36;
  return {
    value: z + first * skewness + fourth * excess + square * skewness * skewness,
    bySkewness: first + 2 * square * skewness,
    byExcess: fourth,
  };
}

/**
 * Mean of standardised returns below {@link bentQuantile}: its integral over the tail in closed form (Boudt, Peterson
 * and Croux 2008; Maillard 2012). The integral runs to the end of the tail, so it is undefined unless the bend rises
 * everywhere ({@link risesEverywhere}).
 */
export function bentTailMean(skewness: number, excess: number, p: number): BentQuantity | undefined {
  if (!risesEverywhere(skewness, excess)) return undefined;
  const z = normalQuantile(p);
  const scale = -normalDensity(z) / p;
  const first = z / 6;
  const fourth = (z * z - 1) / 24;
  const square = -(2 * z * z - 1) / 36;
  return {
    value: scale * (1 + first * skewness + fourth * excess + square * skewness * skewness),
    bySkewness: scale * (first + 2 * square * skewness),
    byExcess: scale * fourth,
  };
}

/** Derivative of the expansion in z: a parabola square·z² + linear·z + constant. */
function slopeOf(skewness: number, excess: number): { square: number; linear: number; constant: number } {
  return {
    square: excess / 8 - (skewness * skewness) / 6,
    linear: skewness / 3,
    constant: 1 - excess / 8 + (5 * skewness * skewness) / 36,
  };
}

/** Whether the expansion is an increasing function on the whole line: the domain of validity of Maillard (2012). */
export function risesEverywhere(skewness: number, excess: number): boolean {
  const { square, linear, constant } = slopeOf(skewness, excess);
  if (square === 0 && linear === 0) return constant > 0;
  return square > 0 && linear * linear - 4 * square * constant <= 0;
}

/** Whether it is one from -bound to bound. */
function risesWithin(bound: number, skewness: number, excess: number): boolean {
  const { square, linear, constant } = slopeOf(skewness, excess);
  const slope = (z: number): number => (square * z + linear) * z + constant;
  const vertex = -linear / (2 * square);
  const lowest = Math.abs(vertex) < bound ? slope(vertex) : Infinity;
  return slope(-bound) > 0 && slope(bound) > 0 && lowest > 0;
}
