import { Moments } from '../statistics/moments.ts';
import { PairMoments } from '../statistics/pair-moments.ts';
import { annualReturnOf } from './losing-stretches.ts';
import { quotient } from './quotient.ts';

/** Periods in which the benchmark rose, or fell. */
export type MarketSide = 'up' | 'down';

interface Fit {
  readonly beta: number;
  readonly alpha: number;
}

/**
 * A strategy's returns explained by a benchmark's (the single-index model), with the figures that Bacon's book and
 * PerformanceAnalytics derive from it. Risks are annualised deviations, over n as in the
 * book or over n - 1, returns compounded per year. Pairs
 * with a value that is not finite are left out; what is not determined is undefined.
 */
export class MarketModel {
  readonly #returns: readonly number[];
  readonly #benchmark: readonly number[];
  readonly #periodsPerYear: number;
  readonly #isSample: boolean;
  readonly #riskless: number;
  readonly #risklessPerYear: number;
  readonly #fit: Fit | undefined;

  /** `risklessReturn` is per period; the one per year is compounded from it. */
  constructor(
    returns: ArrayLike<number>,
    benchmark: ArrayLike<number>,
    periodsPerYear: number,
    risklessReturn = 0,
    isSample = false,
  ) {
    const pairs = Array.from(returns, (value, at) => [value, benchmark[at] ?? Number.NaN] as const).filter(
      (pair) => Number.isFinite(pair[0]) && Number.isFinite(pair[1]),
    );
    this.#returns = pairs.map(([value]) => value - risklessReturn);
    this.#benchmark = pairs.map(([, value]) => value - risklessReturn);
    this.#periodsPerYear = periodsPerYear;
    this.#risklessPerYear = (1 + risklessReturn) ** periodsPerYear - 1;
    this.#fit = fitOf(this.#returns, this.#benchmark);
    this.#riskless = risklessReturn;
    this.#isSample = isSample;
  }

  get beta(): number | undefined {
    return this.#fit?.beta;
  }

  /** Intercept and slope on the periods in which the benchmark rose, or fell; with `countsZero` also where it stood still. */
  on(side: MarketSide, countsZero = false): { readonly alpha: number; readonly beta: number } | undefined {
    const belongs = this.#isOn(side, countsZero);
    return fitOf(
      this.#returns.filter((_, at) => belongs(this.#benchmark[at]!)),
      this.#benchmark.filter(belongs),
    );
  }

  /** Compounded return per year. */
  get annualReturn(): number | undefined {
    return this.#annual(this.#returns);
  }

  get annualBenchmarkReturn(): number | undefined {
    return this.#annual(this.#benchmark);
  }

  /** Difference of the two compounded returns per year (active premium). */
  get activePremium(): number | undefined {
    return difference(this.annualReturn, this.annualBenchmarkReturn);
  }

  /** Annual return that beta does not explain: `rp - rf - beta·(b - rf)` (Jensen 1968); Fama's selectivity. */
  get jensenAlpha(): number | undefined {
    const { annualReturn, annualBenchmarkReturn, beta } = this;
    if (annualReturn === undefined || annualBenchmarkReturn === undefined || beta === undefined) return undefined;
    return annualReturn - this.#risklessPerYear - beta * (annualBenchmarkReturn - this.#risklessPerYear);
  }

  /** Beta that would explain all risk: deviation of the strategy over that of the benchmark. */
  get famaBeta(): number | undefined {
    return quotient(this.#risk(this.#returns), this.#risk(this.#benchmark));
  }

  /** {@link jensenAlpha} less what the risk that is not diversified away ought to earn. */
  get netSelectivity(): number | undefined {
    const { jensenAlpha, famaBeta, beta, annualBenchmarkReturn } = this;
    if (jensenAlpha === undefined || famaBeta === undefined || beta === undefined) return undefined;
    return jensenAlpha - (famaBeta - beta) * ((annualBenchmarkReturn ?? Number.NaN) - this.#risklessPerYear);
  }

  /** Risk that comes from the benchmark. */
  get systematicRisk(): number | undefined {
    const market = this.#risk(this.#benchmark);
    return this.beta === undefined || market === undefined ? undefined : this.beta * market;
  }

  /** Risk of what the benchmark leaves unexplained. */
  get specificRisk(): number | undefined {
    const fit = this.#fit;
    if (fit === undefined) return undefined;
    return this.#risk(this.#returns.map((value, at) => value - fit.alpha - fit.beta * this.#benchmark[at]!));
  }

  /** Root of the squares of both. */
  get totalRisk(): number | undefined {
    const { systematicRisk, specificRisk } = this;
    if (systematicRisk === undefined || specificRisk === undefined) return undefined;
    return Math.hypot(systematicRisk, specificRisk);
  }

  /** {@link jensenAlpha} over {@link specificRisk} (appraisal ratio, Treynor and Black 1973). */
  get appraisal(): number | undefined {
    return quotient(this.jensenAlpha, this.specificRisk);
  }

  /** Annual excess return over beta (Treynor 1965). */
  get treynor(): number | undefined {
    return quotient(annualReturnOf(this.#returns, this.#periodsPerYear), this.beta);
  }

  /** Annual excess return over the systematic risk. */
  get treynorModified(): number | undefined {
    return quotient(annualReturnOf(this.#returns, this.#periodsPerYear), this.systematicRisk);
  }

  /** Annual return at the benchmark's risk (Modigliani and Modigliani 1997). */
  get mSquared(): number | undefined {
    const { famaBeta, annualReturn } = this;
    if (famaBeta === undefined || famaBeta === 0 || annualReturn === undefined) return undefined;
    return (annualReturn - this.#risklessPerYear) / famaBeta + this.#risklessPerYear;
  }

  /** {@link mSquared} beyond the benchmark, geometric or as a difference. */
  mSquaredExcess(isGeometric = true): number | undefined {
    const { mSquared, annualBenchmarkReturn } = this;
    if (mSquared === undefined || annualBenchmarkReturn === undefined) return undefined;
    return isGeometric ? (1 + mSquared) / (1 + annualBenchmarkReturn) - 1 : mSquared - annualBenchmarkReturn;
  }

  /** Return over the benchmark's on its rising or falling periods: compounded per year, or sums of returns. */
  capture(side: MarketSide, isCompounded = true): number | undefined {
    const belongs = this.#isOn(side, false);
    const own = this.#returns.filter((_, at) => belongs(this.#benchmark[at]!));
    const market = this.#benchmark.filter(belongs);
    return isCompounded ? quotient(this.#annual(own), this.#annual(market)) : quotient(sumOf(own), sumOf(market));
  }

  #isOn(side: MarketSide, countsZero: boolean): (market: number) => boolean {
    const riskless = this.#riskless;
    return (market) => {
      const raw = market + riskless;
      if (raw === 0) return countsZero;
      return side === 'up' ? raw > 0 : raw < 0;
    };
  }

  #annual(excess: readonly number[]): number | undefined {
    return annualReturnOf(
      excess.map((value) => value + this.#riskless),
      this.#periodsPerYear,
    );
  }

  #risk(values: readonly number[]): number | undefined {
    const moments = new Moments();
    for (const value of values) moments.add(value);
    const deviation = this.#isSample ? moments.deviation : moments.populationDeviation;
    return deviation === undefined ? undefined : deviation * Math.sqrt(this.#periodsPerYear);
  }
}

function fitOf(returns: readonly number[], benchmark: readonly number[]): Fit | undefined {
  const pair = new PairMoments();
  returns.forEach((value, at) => pair.add(benchmark[at]!, value));
  const { slope, intercept } = pair;
  return slope === undefined || intercept === undefined ? undefined : { beta: slope, alpha: intercept };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function difference(value: number | undefined, from: number | undefined): number | undefined {
  return value === undefined || from === undefined ? undefined : value - from;
}
