import type { Tape } from '../number/tape.ts';
import { QuantError } from '../errors.ts';
import { ForgettingRegression } from '../statistics/forgetting-regression.ts';

/** Options of a {@link JensenAttribution}. */
export interface JensenOptions {
  /** Number of benchmarks, 1 by default. */
  readonly benchmarks?: number;
  /** How much less each older period counts; 0.99 by default. */
  readonly forgetting?: number;
  /** Length of a period in hours. */
  readonly periodHours: number;
  /** Periods per year, by the market's calendar. */
  readonly periodsPerYear: number;
  /** Fewest periods for an answer; 30 by default, at least two more than benchmarks. */
  readonly minimumCount?: number;
}

/** What of a strategy's return its benchmarks do not explain. */
export interface Attribution {
  /** Per period. */
  readonly alpha: number;
  /** alpha × periods per year. */
  readonly alphaPerYear: number;
  /** alpha / hours of a period: times the capital it is money per hour. */
  readonly alphaPerHour: number;
  /** Sensitivity to each benchmark, in their order. */
  readonly betas: readonly number[];
  /** Share of the strategy's variance that the benchmarks explain, 0 to 1; undefined when the strategy has none. */
  readonly rSquared: number | undefined;
}

/**
 * Jensen's alpha (1968) of a strategy on chosen benchmarks, r = alpha + Σ beta·rb, by least squares that forget (see
 * {@link ForgettingRegression}). Returns in excess of the risk-free rate give Jensen's own; on a regular clock either
 * way.
 */
export class JensenAttribution {
  readonly #regression: ForgettingRegression;
  readonly #row: Float64Array;
  readonly #periodHours: number;
  readonly #periodsPerYear: number;
  readonly #minimumCount: number;

  /** Throws {@link QuantError} `invalid_option`. */
  constructor(options: JensenOptions) {
    const { benchmarks = 1, forgetting = 0.99, periodHours, periodsPerYear, minimumCount = 30 } = options;
    this.#regression = new ForgettingRegression(benchmarks, forgetting);
    for (const [name, value] of Object.entries({ periodHours, periodsPerYear })) {
      if (value > 0 && value < Infinity) continue;
      throw new QuantError('invalid_option', `${name} is ${value}; it must be a finite number above 0`);
    }
    if (!Number.isSafeInteger(minimumCount) || minimumCount < benchmarks + 2) {
      throw new QuantError(
        'invalid_option',
        `minimumCount is ${minimumCount}; with ${benchmarks} benchmarks it must be a whole number from ${benchmarks + 2}`,
      );
    }
    this.#row = new Float64Array(benchmarks + 1);
    this.#periodHours = periodHours;
    this.#periodsPerYear = periodsPerYear;
    this.#minimumCount = minimumCount;
  }

  /**
   * Takes the returns of one period, one for each benchmark. False, and the period is left out, when there are fewer or
   * more of them, or one is not finite.
   */
  add(strategyReturn: number, benchmarkReturns: readonly number[]): boolean {
    const benchmarks = this.#row.length - 1;
    if (benchmarkReturns.length !== benchmarks) return false;
    for (let at = 0; at < benchmarks; at++) this.#row[at] = benchmarkReturns[at] as number;
    this.#row[benchmarks] = strategyReturn;
    return this.#regression.add(this.#row);
  }

  /** Periods taken. */
  get count(): number {
    return this.#regression.count;
  }

  /** Undefined below the minimum count, and while the benchmarks do not vary or depend on each other. */
  get attribution(): Attribution | undefined {
    if (this.count < this.#minimumCount) return undefined;
    const fit = this.#regression.fit();
    if (fit === undefined) return undefined;
    return {
      alpha: fit.intercept,
      alphaPerYear: fit.intercept * this.#periodsPerYear,
      alphaPerHour: fit.intercept / this.#periodHours,
      betas: fit.slopes,
      rSquared: fit.rSquared,
    };
  }

  carry(tape: Tape): void {
    this.#regression.carry(tape);
  }
}
