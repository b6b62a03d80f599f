import { SlidingAggregate } from '../statistics/sliding-aggregate.ts';
import { Moments } from '../statistics/moments.ts';
import { normalQuantile } from '../statistics/normal.ts';
import { EwmaVariance } from './ewma-variance.ts';
import { HistoricalRisk } from './historical-risk.ts';
import { normalValueAtRisk } from './parametric-risk.ts';

/** How a one-period value at risk is forecast from past returns. */
export type ForecastMethod = 'historical' | 'normal' | 'ewma' | 'filtered-historical';

/**
 * One-period value-at-risk forecasts of a return series by four methods, each from the returns seen so far: ask, then
 * add the return that came. Losses are positive.
 *
 * - `historical`: type 7 quantile of the window.
 * - `normal`: mean and sample deviation of the window.
 * - `ewma`: zero mean, fading variance seeded with the mean square of the first window.
 * - `filtered-historical`: quantile of returns over their forecast deviation, times today's (Barone-Adesi, Hull-White);
 *   it follows changes of volatility and keeps the tails, and is the default of the risk package.
 */
export class ValueAtRiskForecast {
  readonly #window: number;
  readonly #lambda: number;
  readonly #historical: HistoricalRisk;
  readonly #standardised: HistoricalRisk;
  readonly #moments: SlidingAggregate<Moments>;
  #seedSquares = 0;
  #ewma: EwmaVariance | undefined = undefined;

  /** `window` returns; `lambda` of the fading variance. Throws {@link QuantError} `invalid_option`. */
  constructor(window = 250, lambda = 0.94) {
    this.#window = window;
    this.#lambda = lambda;
    this.#historical = new HistoricalRisk(window);
    this.#standardised = new HistoricalRisk(window);
    this.#moments = new SlidingAggregate(window, joinMoments);
  }

  /** Takes the return that came. NaN and ±Infinity are ignored; returns whether it was taken. */
  add(simpleReturn: number): boolean {
    if (!this.#historical.add(simpleReturn)) return false;
    const single = new Moments();
    single.add(simpleReturn);
    this.#moments.push(single);
    if (this.#ewma === undefined) {
      this.#seedSquares += simpleReturn * simpleReturn;
      if (this.#historical.isFull) this.#ewma = new EwmaVariance(this.#lambda, this.#seedSquares / this.#window);
      return true;
    }
    const deviation = this.#ewma.deviation!;
    if (deviation > 0) this.#standardised.add(simpleReturn / deviation);
    this.#ewma.add(simpleReturn);
    return true;
  }

  /** Forecast of the next period's loss with tail probability `p`; undefined until the method has its window. */
  valueAtRisk(method: ForecastMethod, p: number): number | undefined {
    switch (method) {
      case 'historical':
        return this.#historical.isFull ? this.#historical.valueAtRisk(p) : undefined;
      case 'normal':
        return this.#normal(p);
      case 'ewma':
        return this.#scaled(-normalQuantile(p));
      case 'filtered-historical':
        return this.#standardised.isFull ? this.#scaled(this.#standardised.valueAtRisk(p)) : undefined;
      default:
        // Only callers without types come here.
        return undefined;
    }
  }

  #normal(p: number): number | undefined {
    const { mean, deviation } = (this.#moments.isFull ? this.#moments.summary : undefined) ?? {};
    return mean === undefined || deviation === undefined ? undefined : normalValueAtRisk({ mean, deviation }, p);
  }

  /** A quantile of standardised losses times today's deviation. */
  #scaled(quantile: number | undefined): number | undefined {
    const deviation = this.#ewma?.deviation;
    return deviation === undefined || quantile === undefined ? undefined : quantile * deviation;
  }
}

function joinMoments(earlier: Moments, later: Moments): Moments {
  const joined = new Moments();
  joined.merge(earlier);
  joined.merge(later);
  return joined;
}
