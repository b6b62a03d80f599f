import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';
import { Moments } from '../statistics/moments.ts';
import { PairMoments } from '../statistics/pair-moments.ts';

/** State of a {@link BenchmarkComparison}, plain data. */
export interface BenchmarkComparisonSnapshot {
  readonly pair: readonly number[];
  readonly active: readonly number[];
  readonly growths: readonly number[];
}

/** Returns of a strategy beside those of a benchmark, period by period: beta, Jensen's alpha, information ratio. */
export class BenchmarkComparison {
  readonly #periodsPerYear: number;
  readonly #riskless: number;
  readonly #pair = new PairMoments();
  readonly #active = new Moments();
  #growth = 1;
  #benchmarkGrowth = 1;

  /** `periodsPerYear` above 0; `risklessReturn` per period. Throws {@link QuantError} `invalid_option`. */
  constructor(periodsPerYear: number, risklessReturn = 0) {
    if (!(periodsPerYear > 0)) {
      throw new QuantError('invalid_option', `periodsPerYear is ${periodsPerYear}; it must be above 0`);
    }
    this.#periodsPerYear = periodsPerYear;
    this.#riskless = risklessReturn;
  }

  /** Takes one period's returns, as fractions. A pair with NaN or ±Infinity is ignored; returns whether it was taken. */
  add(simpleReturn: number, benchmarkReturn: number): boolean {
    if (!this.#pair.add(benchmarkReturn - this.#riskless, simpleReturn - this.#riskless)) return false;
    this.#active.add(simpleReturn - benchmarkReturn);
    this.#growth *= 1 + simpleReturn;
    this.#benchmarkGrowth *= 1 + benchmarkReturn;
    return true;
  }

  snapshot(): BenchmarkComparisonSnapshot {
    return {
      pair: this.#pair.snapshot(),
      active: this.#active.snapshot(),
      growths: [this.#growth, this.#benchmarkGrowth],
    };
  }

  /** Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: BenchmarkComparisonSnapshot): void {
    this.#pair.restore(snapshot.pair);
    this.#active.restore(snapshot.active);
    const growths = restoredNumbers('BenchmarkComparison', snapshot.growths, 2);
    [this.#growth, this.#benchmarkGrowth] = growths as [number, number];
  }

  /** {@link alphaPerPeriod} times the periods of a year, not compounded. */
  get alphaAnnual(): number | undefined {
    const { alphaPerPeriod } = this;
    return alphaPerPeriod === undefined ? undefined : alphaPerPeriod * this.#periodsPerYear;
  }

  get count(): number {
    return this.#pair.count;
  }

  get beta(): number | undefined {
    return this.#pair.slope;
  }

  get rSquared(): number | undefined {
    return this.#pair.rSquared;
  }

  /** Mean excess return that the benchmark does not explain, per period. */
  get alphaPerPeriod(): number | undefined {
    return this.#pair.intercept;
  }

  /** {@link alphaPerPeriod} compounded over a year. */
  get alphaCompounded(): number | undefined {
    const { alphaPerPeriod } = this;
    return alphaPerPeriod === undefined ? undefined : (1 + alphaPerPeriod) ** this.#periodsPerYear - 1;
  }

  /** Sample deviation of the difference of returns, annualised. */
  get trackingError(): number | undefined {
    const { deviation } = this.#active;
    return deviation === undefined ? undefined : deviation * Math.sqrt(this.#periodsPerYear);
  }

  /** Mean difference of returns over the tracking error, annualised. */
  get informationRatio(): number | undefined {
    const { mean, deviation } = this.#active;
    if (mean === undefined || !(deviation !== undefined && deviation > 0)) return undefined;
    return (mean / deviation) * Math.sqrt(this.#periodsPerYear);
  }

  /** Difference of the compounded annual returns over the tracking error. */
  get informationRatioGeometric(): number | undefined {
    const { trackingError } = this;
    if (!(trackingError !== undefined && trackingError > 0)) return undefined;
    const years = this.count / this.#periodsPerYear;
    return (this.#growth ** (1 / years) - this.#benchmarkGrowth ** (1 / years)) / trackingError;
  }
}
