import { DrawdownDepths } from './drawdown-depths.ts';
import { finiteReturns } from './finite-returns.ts';
import { quotient } from './quotient.ts';

/**
 * Returns of the stretches of falling periods, each negative, in order; the one under way included. `compounding` says
 * how much of a return compounds with the next: 1 all of it, 0 nothing (Bacon's book adds them up);
 * PerformanceAnalytics takes returns for percent there, which is 0.01.
 */
export function losingStretches(returns: ArrayLike<number>, compounding = 1): readonly number[] {
  const stretches: number[] = [];
  let stretch = 0;
  for (const value of [...finiteReturns(returns), 0]) {
    if (value < 0) stretch += value * (1 + compounding * stretch);
    else if (stretch !== 0) {
      stretches.push(stretch);
      stretch = 0;
    }
  }
  return stretches;
}

/** Compounded return per year; undefined without returns or when everything was lost. */
export function annualReturnOf(returns: ArrayLike<number>, periodsPerYear: number): number | undefined {
  const values = finiteReturns(returns);
  const growth = values.reduce((product, value) => product * (1 + value), 1);
  return values.length === 0 || !(growth > 0) ? undefined : growth ** (periodsPerYear / values.length) - 1;
}

/** Ratios of the annual return above the riskless one, per year, to what was lost on the way; positive is good. */
export interface LossRatios {
  /** Over the root of the sum of squared {@link losingStretches} (Burke 1994). */
  readonly burke: number | undefined;
  /** Burke's times the root of the number of returns. */
  readonly burkeModified: number | undefined;
  /** Over the ulcer index (Martin and McCann 1989). */
  readonly martin: number | undefined;
  /** Over the pain index. */
  readonly pain: number | undefined;
  /** Over the largest drawdown plus `excess` (Sterling, 10 % by tradition). */
  readonly sterling: number | undefined;
}

/** What the ratios of {@link lossRatios} measure from. */
export interface LossTerms {
  readonly periodsPerYear: number;
  /** 0 by default. */
  readonly risklessPerYear?: number;
  /** What Sterling adds to the largest drawdown; 0.1 by default. */
  readonly excess?: number;
  /** As {@link losingStretches} takes it; 1 by default. */
  readonly compounding?: number;
}

/** Loss ratios of returns on a regular clock. Values that are not finite are left out; no losses, no ratio. */
export function lossRatios(
  returns: ArrayLike<number>,
  { periodsPerYear, risklessPerYear = 0, excess = 0.1, compounding = 1 }: LossTerms,
): LossRatios {
  const values = finiteReturns(returns);
  const annual = annualReturnOf(values, periodsPerYear);
  const depths = new DrawdownDepths(Math.max(1, values.length));
  let deepest = 0;
  for (const value of values) {
    depths.add(value);
    deepest = Math.max(deepest, depths.current ?? 0);
  }
  const excessReturn = annual === undefined ? undefined : annual - risklessPerYear;
  const per = (loss: number | undefined): number | undefined => quotient(excessReturn, loss);
  const burke = per(
    Math.sqrt(losingStretches(values, compounding).reduce((sum, stretch) => sum + stretch * stretch, 0)),
  );
  return {
    burke,
    burkeModified: burke === undefined ? undefined : burke * Math.sqrt(values.length),
    martin: per(depths.ulcer),
    pain: per(depths.pain),
    sterling: per(deepest + excess),
  };
}
