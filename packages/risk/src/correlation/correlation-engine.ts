import {
  CorrelationMatrix,
  type CovarianceSource,
  EwmaCovariance,
  HayashiYoshidaMatrix,
  heaviestPairs,
  ShrunkCovariance,
  WindowedCovariance,
} from '@nanometer/quant';
import type { CorrelationSettings } from './correlation-options.ts';

/** An exported pair: indices of two instruments and their correlation. */
export type CorrelatedPair = readonly [first: number, second: number, correlation: number];

/** Computes correlations step by step; pure, it runs in the worker and in tests alike. */
export class CorrelationEngine {
  readonly matrix: CorrelationMatrix;
  readonly #settings: CorrelationSettings;
  readonly #grid: EwmaCovariance | WindowedCovariance | ShrunkCovariance | undefined;
  readonly #ticks: HayashiYoshidaMatrix | undefined;
  readonly #previous: Float64Array;
  readonly #returns: Float64Array;

  constructor(settings: CorrelationSettings) {
    const { method, symbolLimit, lambda, windowSteps, minimumSteps } = settings;
    this.#settings = settings;
    this.#previous = new Float64Array(symbolLimit).fill(Number.NaN);
    this.#returns = new Float64Array(symbolLimit);
    if (method === 'ewma') this.#grid = new EwmaCovariance(symbolLimit, lambda, minimumSteps);
    else if (method === 'windowed') this.#grid = new WindowedCovariance(symbolLimit, windowSteps);
    else if (method === 'ledoit_wolf') this.#grid = new ShrunkCovariance(symbolLimit, windowSteps);
    else this.#ticks = new HayashiYoshidaMatrix(symbolLimit, minimumSteps);
    const source: CovarianceSource | undefined = this.#grid;
    this.matrix = new CorrelationMatrix(symbolLimit, source?.memory);
  }

  /** Takes the prices of all instruments at a grid point, from `start` on in an array; NaN for those without one. */
  row(prices: Float64Array, start: number): void {
    const previous = this.#previous;
    const returns = this.#returns;
    for (let i = 0; i < returns.length; i++) {
      const price = prices[start + i]!;
      // Most instruments have not moved since the last step, and a logarithm is dear.
      returns[i] = price === previous[i] ? 0 : Math.log(price / previous[i]!);
      previous[i] = price;
    }
    this.#grid?.add(returns);
    this.#update();
  }

  /** Takes one price, for the method that needs no grid. */
  tick(index: number, price: number): void {
    this.#ticks?.tick(index, price);
  }

  /** Ends a step of that method: the past fades, and the matrix is that of now. */
  step(): void {
    this.#ticks?.fade(this.#settings.lambda);
    this.#update();
  }

  /** Correlations of the pairs with the most exposure. */
  pairs(exposures: Float64Array): readonly CorrelatedPair[] {
    const { matrix } = this;
    return heaviestPairs(exposures, this.#settings.pairLimit, (index) => matrix.isKnown(index)).map(
      ([first, second]) => [first, second, matrix.correlation(first, second)!] as const,
    );
  }

  #update(): void {
    if (this.#grid !== undefined) this.matrix.update(this.#grid);
    else if (this.#ticks !== undefined) this.matrix.update(this.#ticks);
  }
}
