import { QuantError } from '../errors.ts';
import { Autocorrelation } from '../statistics/autocorrelation.ts';
import { SlidingAggregate } from '../statistics/sliding-aggregate.ts';
import { ReturnRatios } from './return-ratios.ts';
import { ReturnSummary } from './return-summary.ts';
import { loFactor } from './sharpe.ts';

/** Options of {@link ReturnSeries}. */
export interface ReturnSeriesOptions {
  /** Periods of the clock in a year: 365 for crypto days, 252 for US equity days. Never guessed. */
  readonly periodsPerYear: number;
  /** Riskless return per period; 0 by default. */
  readonly risklessReturn?: number;
  /** Return per period that Sortino, Omega and the downside measure from; 0 by default. */
  readonly targetReturn?: number;
  /** Below as many returns nothing is annualised; 30 by default. */
  readonly minimumCount?: number;
  /** Returns in the rolling window; none by default. */
  readonly window?: number;
  /** Lags of the autocorrelation behind Lo's correction; none by default. */
  readonly maxLag?: number;
}

function requirePositive(name: string, value: number): number {
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new QuantError('invalid_option', `${name} is ${value}; it must be a finite number above 0`);
  }
  return value;
}

/**
 * Returns of one strategy on a regular clock, and their ratios since the start and over a rolling window. Feed it every
 * period, quiet ones with 0: a ratio of busy days alone says nothing.
 */
export class ReturnSeries {
  readonly #periodsPerYear: number;
  readonly #riskless: number;
  readonly #target: number;
  readonly #minimum: number;
  readonly #all = new ReturnSummary();
  readonly #window: SlidingAggregate<ReturnSummary> | undefined;
  readonly #autocorrelation: Autocorrelation | undefined;

  /** Throws {@link QuantError} `invalid_option`. */
  constructor(options: ReturnSeriesOptions) {
    this.#periodsPerYear = requirePositive('periodsPerYear', options.periodsPerYear);
    this.#riskless = options.risklessReturn ?? 0;
    this.#target = options.targetReturn ?? 0;
    this.#minimum = requirePositive('minimumCount', options.minimumCount ?? 30);
    this.#window =
      options.window === undefined
        ? undefined
        : new SlidingAggregate<ReturnSummary>(options.window, (earlier, later) => ReturnSummary.join(earlier, later));
    this.#autocorrelation = options.maxLag === undefined ? undefined : new Autocorrelation(options.maxLag);
  }

  /** Takes the return of the next period, as a fraction. NaN and ±Infinity are ignored; returns whether it was taken. */
  add(simpleReturn: number): boolean {
    if (!Number.isFinite(simpleReturn)) return false;
    const part = ReturnSummary.of(simpleReturn, this.#riskless, this.#target);
    this.#all.append(part);
    this.#window?.push(part);
    this.#autocorrelation?.add(simpleReturn);
    return true;
  }

  /** Ratios since the start. */
  get total(): ReturnRatios {
    return new ReturnRatios(this.#all, this.#periodsPerYear, this.#minimum);
  }

  /** Ratios of the rolling window; undefined without one, or before it is full. */
  get rolling(): ReturnRatios | undefined {
    const window = this.#window;
    const summary = window?.isFull === true ? window.summary : undefined;
    return summary && new ReturnRatios(summary, this.#periodsPerYear, Math.min(this.#minimum, summary.count));
  }

  /** Sharpe ratio since the start, annualised with Lo's correction; undefined without `maxLag`. */
  get sharpeCorrected(): number | undefined {
    const autocorrelation = this.#autocorrelation;
    const perPeriod = this.total.sharpePerPeriod;
    if (autocorrelation === undefined || perPeriod === undefined || this.#all.count < this.#minimum) return undefined;
    const factor = loFactor(this.#periodsPerYear, (lag) => autocorrelation.at(lag), autocorrelation.maxLag);
    return factor === undefined ? undefined : perPeriod * factor;
  }
}
