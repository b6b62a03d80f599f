import { carryCells, type Tape } from '../number/tape.ts';
import { QuantError } from '../errors.ts';

/**
 * Least squares of y on k regressors and a constant in which each older row counts `forgetting` times less, updated with
 * every row: what recursive least squares with that forgetting factor converges to, without a prior and its bias.
 *
 * It keeps weighted means and the products of deviations from them (West 1979) instead of an inverse: that stays
 * symmetric and positive however long it runs, and costs O(k²) per row; the k equations are solved when asked.
 */
export class ForgettingRegression {
  readonly #size: number;
  readonly #forgetting: number;
  /** Regressors first, y last. */
  readonly #means: Float64Array;
  /** Row-major products of deviations, symmetric. */
  readonly #products: Float64Array;
  readonly #deltas: Float64Array;
  #count = 0;
  #weight = 0;
  #squaredWeights = 0;

  /** `forgetting` above 0 and at most 1, 1 being ordinary least squares. Throws {@link QuantError} `invalid_option`. */
  constructor(regressors: number, forgetting = 0.99) {
    if (!Number.isInteger(regressors) || regressors < 1 || regressors > 32) {
      throw new QuantError('invalid_option', `regressors is ${regressors}; it must be a whole number from 1 to 32`);
    }
    if (!(forgetting > 0 && forgetting <= 1)) {
      throw new QuantError('invalid_option', `forgetting is ${forgetting}; it must lie above 0 and not above 1`);
    }
    this.#size = regressors;
    this.#forgetting = forgetting;
    this.#means = new Float64Array(regressors + 1);
    this.#products = new Float64Array((regressors + 1) ** 2);
    this.#deltas = new Float64Array(regressors + 1);
  }

  /**
   * Takes one row: the regressors and, behind them, y. A row with NaN or ±Infinity is ignored; returns whether it was
   * taken. Does not allocate.
   */
  add(row: ArrayLike<number>): boolean {
    const width = this.#size + 1;
    for (let at = 0; at < width; at++) if (!Number.isFinite(row[at])) return false;
    const forgetting = this.#forgetting;
    const before = forgetting * this.#weight;
    const weight = before + 1;
    const share = before / weight;
    const deltas = this.#deltas;
    for (let at = 0; at < width; at++) {
      const delta = (row[at] as number) - (this.#means[at] as number);
      deltas[at] = delta;
      this.#means[at] = (this.#means[at] as number) + delta / weight;
    }
    const products = this.#products;
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) {
        const at = i * width + j;
        products[at] = forgetting * (products[at] as number) + share * (deltas[i] as number) * (deltas[j] as number);
      }
    }
    this.#weight = weight;
    this.#squaredWeights = forgetting * forgetting * this.#squaredWeights + 1;
    this.#count++;
    return true;
  }

  carry(tape: Tape): void {
    this.#count = tape.count(this.#count);
    this.#weight = tape.number(this.#weight);
    this.#squaredWeights = tape.number(this.#squaredWeights);
    carryCells(tape, this.#means);
    carryCells(tape, this.#products);
  }

  /** Rows taken. */
  get count(): number {
    return this.#count;
  }

  /** Kish's effective sample size, (Σw)²/Σw²: the count without forgetting, at most (1 + f)/(1 - f) with it. */
  get effectiveCount(): number {
    return this.#count === 0 ? 0 : (this.#weight * this.#weight) / this.#squaredWeights;
  }

  /**
   * The coefficients as they are now; undefined with fewer rows than k + 1 or regressors that depend on each other
   * (or do not vary).
   */
  fit(): RegressionFit | undefined {
    const size = this.#size;
    if (this.#count < size + 1) return undefined;
    const width = size + 1;
    const products = this.#products;
    const factor = choleskyOf(products, size, width);
    if (factor === undefined) return undefined;
    const right = Float64Array.from({ length: size }, (_, at) => products[at * width + size] as number);
    const slopes = solved(factor, size, right);
    let intercept = this.#means[size] as number;
    let explained = 0;
    for (let at = 0; at < size; at++) {
      intercept -= (slopes[at] as number) * (this.#means[at] as number);
      explained += (slopes[at] as number) * (right[at] as number);
    }
    const total = products[width * width - 1] as number;
    const residual = Math.max(0, total - explained);
    const freedom = this.effectiveCount - size - 1;
    const isTestable = freedom > 0 && residual > 0;
    // Residual variance per effective row over the spread of the regressor, in the same weights.
    const variance = (residual / this.#weight) * (this.effectiveCount / freedom);
    const slopeT = Array.from(slopes, (slope, at) => {
      if (!isTestable) return undefined;
      const unit = new Float64Array(size);
      unit[at] = 1;
      const inverse = solved(factor, size, unit)[at] as number;
      return slope / Math.sqrt((variance * inverse * this.#weight) / this.effectiveCount);
    });
    return {
      intercept,
      slopes: [...slopes],
      rSquared: total > 0 ? Math.min(1, Math.max(0, explained / total)) : undefined,
      slopeT,
    };
  }
}

/** What a {@link ForgettingRegression} has found. */
export interface RegressionFit {
  /** Value of the plane where every regressor is 0. */
  readonly intercept: number;
  readonly slopes: readonly number[];
  /** Share of y's weighted variance that is explained, 0 to 1; undefined without any. */
  readonly rSquared: number | undefined;
  /** Slopes over their standard errors on {@link ForgettingRegression.effectiveCount} rows; undefined for a perfect fit. */
  readonly slopeT: readonly (number | undefined)[];
}

/** Pivots smaller than this share of their own variance say that a regressor depends on the others. */
const PIVOT_MIN = 1e-12;

/** Lower factor of the leading `size` block of a symmetric matrix of rows of `width`. */
function choleskyOf(matrix: Float64Array, size: number, width: number): Float64Array | undefined {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * width + j] as number;
      for (let k = 0; k < j; k++) sum -= (factor[i * size + k] as number) * (factor[j * size + k] as number);
      if (i !== j) {
        factor[i * size + j] = sum / (factor[j * size + j] as number);
        continue;
      }
      const own = matrix[i * width + i] as number;
      if (!(sum > own * PIVOT_MIN) || !(sum > 0)) return undefined;
      factor[i * size + i] = Math.sqrt(sum);
    }
  }
  return factor;
}

function solved(factor: Float64Array, size: number, right: Float64Array): Float64Array {
  const answer = Float64Array.from(right);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) {
      answer[i] = (answer[i] as number) - (factor[i * size + k] as number) * (answer[k] as number);
    }
    answer[i] = (answer[i] as number) / (factor[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) {
      answer[i] = (answer[i] as number) - (factor[k * size + i] as number) * (answer[k] as number);
    }
    answer[i] = (answer[i] as number) / (factor[i * size + i] as number);
  }
  return answer;
}
