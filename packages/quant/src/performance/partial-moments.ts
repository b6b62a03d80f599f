import { finiteReturns } from './finite-returns.ts';
import { quotient } from './quotient.ts';

/** Which returns a partial moment is over: all of them, or those beyond the target alone. */
export type MomentBase = 'all' | 'beyond';

/**
 * Mean of `max(target - r, 0)^order`: order 1 is the downside potential, 2 the downside variance. `order` 0 is the share
 * of returns below the target. Returns that are not finite are left out; undefined without any that counts.
 */
export function lowerPartialMoment(
  returns: ArrayLike<number>,
  target: number,
  order: number,
  base: MomentBase = 'all',
): number | undefined {
  return partialMoment(
    finiteReturns(returns).map((value) => target - value),
    order,
    base,
  );
}

/** {@link lowerPartialMoment} of the other side: mean of `max(r - target, 0)^order`. */
export function upperPartialMoment(
  returns: ArrayLike<number>,
  target: number,
  order: number,
  base: MomentBase = 'all',
): number | undefined {
  return partialMoment(
    finiteReturns(returns).map((value) => value - target),
    order,
    base,
  );
}

function partialMoment(distances: readonly number[], order: number, base: MomentBase): number | undefined {
  const beyond = distances.filter((distance) => distance > 0);
  const count = base === 'all' ? distances.length : beyond.length;
  if (count === 0) return undefined;
  return beyond.reduce((sum, distance) => sum + distance ** order, 0) / count;
}

function meanOf(returns: ArrayLike<number>): number | undefined {
  const values = finiteReturns(returns);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Mean return above the target over the `order`-th root of the lower partial moment of that order (Kaplan and Knowles
 * 2004); order 2 is the Sortino ratio per period. Undefined without a return below the target.
 */
export function kappa(returns: ArrayLike<number>, target: number, order: number): number | undefined {
  const mean = meanOf(returns);
  const moment = lowerPartialMoment(returns, target, order);
  return mean === undefined || moment === undefined ? undefined : quotient(mean - target, moment ** (1 / order));
}

/** Mean gain over the target per unit of downside deviation (Sortino, van der Meer and Plantinga 1999). */
export function upsidePotentialRatio(
  returns: ArrayLike<number>,
  target: number,
  base: MomentBase = 'all',
): number | undefined {
  const downside = lowerPartialMoment(returns, target, 2, base);
  return quotient(
    upperPartialMoment(returns, target, 1, base),
    downside === undefined ? undefined : Math.sqrt(downside),
  );
}

/** Omega less 1: mean return above the target over the mean shortfall below it. */
export function omegaSharpeRatio(returns: ArrayLike<number>, target: number): number | undefined {
  const gains = upperPartialMoment(returns, target, 1);
  const losses = lowerPartialMoment(returns, target, 1);
  return gains === undefined || losses === undefined ? undefined : quotient(gains - losses, losses);
}

/** Upside variance over downside variance around the target. */
export function volatilitySkewness(returns: ArrayLike<number>, target: number): number | undefined {
  return quotient(upperPartialMoment(returns, target, 2), lowerPartialMoment(returns, target, 2));
}

/** Count of losses times their sum, over count of gains times theirs: 0 is best (Bacon 2008, d ratio). */
export function lossGainRatio(returns: ArrayLike<number>): number | undefined {
  const values = finiteReturns(returns);
  const gains = values.filter((value) => value > 0);
  const losses = values.filter((value) => value < 0);
  const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);
  return quotient(losses.length * -total(losses), gains.length * total(gains));
}

/** Weight of a loss against a gain of the same size (Tversky and Kahneman 1992). */
const LOSS_AVERSION = 2.25;

/** Mean return with losses weighing 2.25, above the target, over the downside deviation (Watanabe 2006). */
export function prospectRatio(returns: ArrayLike<number>, target: number): number | undefined {
  const weighed = meanOf(finiteReturns(returns).map((value) => (value < 0 ? LOSS_AVERSION * value : value)));
  const downside = lowerPartialMoment(returns, target, 2);
  if (weighed === undefined || downside === undefined) return undefined;
  return quotient(weighed - target, Math.sqrt(downside));
}

/** Mean distance from the mean. */
export function meanAbsoluteDeviation(returns: ArrayLike<number>): number | undefined {
  const mean = meanOf(returns);
  return mean === undefined ? undefined : meanOf(finiteReturns(returns).map((value) => Math.abs(value - mean)));
}

/** Share of capital that grows it fastest: mean excess return over its sample variance (Kelly 1956, continuous form). */
export function kellyShare(returns: ArrayLike<number>, risklessReturn = 0): number | undefined {
  const values = finiteReturns(returns);
  const mean = meanOf(values);
  if (mean === undefined || values.length < 2) return undefined;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return quotient(mean - risklessReturn, squares / (values.length - 1));
}
