import type { MarkoutPoint } from './markout-curve.ts';

/** M(h) = limit + (start - limit)·exp(-h/timeConstant), fitted to a markout curve. */
export interface EdgeDecay {
  readonly start: number;
  readonly limit: number;
  readonly timeConstant: number;
  /** Time in which half of the edge is gone: timeConstant·ln 2. */
  readonly halfLife: number;
  /** Standard error of {@link halfLife} (delta method); undefined with as many parameters as points. */
  readonly halfLifeError: number | undefined;
}

/** Time constants tried before the refinement: about a tenth of an e-fold apart for the default horizons. */
const GRID = 64;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

interface Line {
  readonly start: number;
  readonly limit: number;
  readonly residual: number;
}

/** Corrected information criterion of Akaike for a weighted fit with known variances. */
function informationCriterion(residual: number, parameters: number, count: number): number {
  return residual + 2 * parameters + (2 * parameters * (parameters + 1)) / Math.max(1e-9, count - parameters - 1);
}

/**
 * Fits an exponential decay to the notional-weighted means of a markout curve, each weighted by n/var, the inverse of
 * its squared error: a grid over the time constant, a line in exp(-h/τ) for each, then a golden-section search around
 * the best. Undefined below `minimumCount` fills at the shortest horizon, below five usable points, where a constant
 * explains the curve as well (AICc), and where the time constant lies outside a quarter of the shortest to four times
 * the longest horizon. About 120 evaluations of a line: some 20 µs, for an export and not for a fill.
 */
export function fitEdgeDecay(points: readonly MarkoutPoint[], minimumCount = 100): EdgeDecay | undefined {
  const usable = points.filter(({ error }) => error !== undefined && error > 0 && Number.isFinite(error));
  if (usable.length < 5 || (usable[0]?.count ?? 0) < minimumCount) return undefined;
  const positive = usable.map(({ horizon }) => horizon).filter((horizon) => horizon > 0);
  const shortest = Math.min(...positive) / 4;
  const longest = Math.max(...positive) * 4;
  const timeConstant = bestTimeConstant(usable, Math.log(shortest), Math.log(longest));
  const line = lineOf(usable, timeConstant);
  if (line === undefined) return undefined;
  const withDecay = informationCriterion(line.residual, 3, usable.length);
  if (!(withDecay < informationCriterion(constantResidual(usable), 1, usable.length))) return undefined;
  // At the edge of the grid the curve says that the decay is slower or faster than anything it covers.
  if (timeConstant <= shortest * 1.01 || timeConstant >= longest / 1.01) return undefined;
  const error = timeConstantError(usable, line, timeConstant);
  return {
    start: line.start,
    limit: line.limit,
    timeConstant,
    halfLife: timeConstant * Math.LN2,
    halfLifeError: error === undefined ? undefined : error * Math.LN2,
  };
}

/** The time constant of least residual, searched on the logarithm: on a grid, then by golden section around its best. */
function bestTimeConstant(points: readonly MarkoutPoint[], low: number, high: number): number {
  const residualAt = (place: number): number => lineOf(points, Math.exp(place))?.residual ?? Infinity;
  const step = (high - low) / GRID;
  let best = low;
  let least = Infinity;
  for (let at = 0; at <= GRID; at++) {
    const residual = residualAt(low + at * step);
    if (residual < least) [best, least] = [low + at * step, residual];
  }
  let left = best - step;
  let right = best + step;
  let inner = right - GOLDEN * (right - left);
  let outer = left + GOLDEN * (right - left);
  let [atInner, atOuter] = [residualAt(inner), residualAt(outer)];
  // A minimum is only found to the root of a double's precision; further steps would follow rounding.
  while (right - left > 1e-9) {
    if (atInner < atOuter) {
      [right, outer, atOuter] = [outer, inner, atInner];
      inner = right - GOLDEN * (right - left);
      atInner = residualAt(inner);
    } else {
      [left, inner, atInner] = [inner, outer, atOuter];
      outer = left + GOLDEN * (right - left);
      atOuter = residualAt(outer);
    }
  }
  return Math.exp((left + right) / 2);
}

function weightOf({ error }: MarkoutPoint): number {
  return 1 / (error! * error!);
}

/** Weighted least squares of the curve on exp(-h/τ). */
function lineOf(points: readonly MarkoutPoint[], timeConstant: number): Line | undefined {
  let weight = 0;
  let sumX = 0;
  let sumY = 0;
  for (const point of points) {
    const w = weightOf(point);
    weight += w;
    sumX += w * Math.exp(-point.horizon / timeConstant);
    sumY += w * point.weightedMean;
  }
  const meanX = sumX / weight;
  const meanY = sumY / weight;
  let squares = 0;
  let products = 0;
  for (const point of points) {
    const x = Math.exp(-point.horizon / timeConstant) - meanX;
    squares += weightOf(point) * x * x;
    products += weightOf(point) * x * (point.weightedMean - meanY);
  }
  if (!(squares > 0)) return undefined;
  const slope = products / squares;
  const limit = meanY - slope * meanX;
  let residual = 0;
  for (const point of points) {
    residual += weightOf(point) * (point.weightedMean - limit - slope * Math.exp(-point.horizon / timeConstant)) ** 2;
  }
  return { start: limit + slope, limit, residual };
}

function constantResidual(points: readonly MarkoutPoint[]): number {
  const weight = points.reduce((sum, point) => sum + weightOf(point), 0);
  const mean = points.reduce((sum, point) => sum + weightOf(point) * point.weightedMean, 0) / weight;
  return points.reduce((sum, point) => sum + weightOf(point) * (point.weightedMean - mean) ** 2, 0);
}

/** Square root of τ's entry in the inverse of JᵀWJ, the parameters being start, limit and τ. */
function timeConstantError(points: readonly MarkoutPoint[], line: Line, tau: number): number | undefined {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let f = 0;
  for (const point of points) {
    const w = weightOf(point);
    const decay = Math.exp(-point.horizon / tau);
    const byStart = decay;
    const byLimit = 1 - decay;
    const byTau = ((line.start - line.limit) * decay * point.horizon) / (tau * tau);
    a += w * byStart * byStart;
    b += w * byStart * byLimit;
    c += w * byStart * byTau;
    d += w * byLimit * byLimit;
    e += w * byLimit * byTau;
    f += w * byTau * byTau;
  }
  const determinant = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d);
  const variance = (a * d - b * b) / determinant;
  return variance > 0 && Number.isFinite(variance) ? Math.sqrt(variance) : undefined;
}
