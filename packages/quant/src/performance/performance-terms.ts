import { QuantError } from '../errors.ts';

/** How the periods of a strategy are measured. */
export interface PerformanceTerms {
  /** Periods of the clock in a year: 365 for crypto days, 525,600 for crypto minutes. Never guessed. */
  readonly periodsPerYear: number;
  /** Riskless return per period; 0 by default. */
  readonly risklessReturn?: number;
  /** Return per period that Sortino and Omega measure from; 0 by default. */
  readonly targetReturn?: number;
  /** Below as many periods no ratio has a value; 30 by default. */
  readonly minimumCount?: number;
  /** Periods of the rolling window; none by default. */
  readonly window?: number;
  /** Lags of Lo's correction, from 1 to 10,000; 5 by default. */
  readonly maxLag?: number;
  /** Share of the tails, for the tail ratio and the conditional drawdown; 0.05 by default. */
  readonly tail?: number;
  /** Latest returns and depths kept for measures of tails since the start; 10,000 by default. */
  readonly tailLimit?: number;
}

/** {@link PerformanceTerms}, each with a value. */
export type CompleteTerms = Required<Omit<PerformanceTerms, 'window'>>;

function integer(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new QuantError('invalid_option', `${name} is ${value}; it must be a whole number from ${least} to ${most}`);
}

/** Checks terms and fills in what is left out. Throws {@link QuantError} `invalid_option`. */
export function completeTerms(terms: PerformanceTerms): CompleteTerms {
  const { periodsPerYear, risklessReturn = 0, targetReturn = 0, tail = 0.05 } = terms;
  if (!(periodsPerYear > 0 && periodsPerYear < Infinity)) {
    throw new QuantError('invalid_option', `periodsPerYear is ${periodsPerYear}; it must be a finite number above 0`);
  }
  if (!Number.isFinite(risklessReturn) || !Number.isFinite(targetReturn)) {
    throw new QuantError(
      'invalid_option',
      `risklessReturn ${risklessReturn} and targetReturn ${targetReturn} must be finite, per period`,
    );
  }
  if (!(tail > 0 && tail < 0.5)) {
    throw new QuantError('invalid_option', `tail is ${tail}; it must lie between 0 and 0.5`);
  }
  if (terms.window !== undefined) integer('window', terms.window, 2, 1_000_000);
  return {
    periodsPerYear,
    risklessReturn,
    targetReturn,
    tail,
    minimumCount: integer('minimumCount', terms.minimumCount ?? 30, 2, 1_000_000),
    maxLag: integer('maxLag', terms.maxLag ?? 5, 1, 10_000),
    tailLimit: integer('tailLimit', terms.tailLimit ?? 10_000, 1, 1_000_000),
  };
}
