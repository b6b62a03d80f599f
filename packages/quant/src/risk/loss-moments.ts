const MEAN = 0;
const M2 = 1;
const M3 = 2;
const M4 = 3;

/** Mean and central moments of a list of losses, found in two passes; no allocation. */
export class LossMoments {
  readonly #cells = new Float64Array(4);
  #count = 0;

  /** Takes the whole list anew. */
  update(losses: Float64Array): void {
    const count = (this.#count = losses.length);
    let sum = 0;
    for (let t = 0; t < count; t++) sum += losses[t]!;
    const mean = sum / count;
    let m2 = 0;
    let m3 = 0;
    let m4 = 0;
    for (let t = 0; t < count; t++) {
      const deviation = losses[t]! - mean;
      const square = deviation * deviation;
      m2 += square;
      m3 += square * deviation;
      m4 += square * square;
    }
    const cells = this.#cells;
    cells[MEAN] = mean;
    cells[M2] = m2 / count;
    cells[M3] = m3 / count;
    cells[M4] = m4 / count;
  }

  get mean(): number {
    return this.#cells[MEAN]!;
  }

  /** Variance over n. */
  get populationVariance(): number {
    return this.#cells[M2]!;
  }

  /** Mean cubed deviation. */
  get thirdMoment(): number {
    return this.#cells[M3]!;
  }

  get populationDeviation(): number {
    return Math.sqrt(this.#cells[M2]!);
  }

  /** Standard deviation over n - 1; 0 for a single loss. */
  get deviation(): number {
    return this.#count < 2 ? 0 : Math.sqrt((this.#cells[M2]! * this.#count) / (this.#count - 1));
  }

  /** Population skewness; NaN without variance. */
  get skewness(): number {
    return this.#cells[M3]! / this.#cells[M2]! ** 1.5;
  }

  /** Population kurtosis, 3 for a normal law; NaN without variance. */
  get kurtosis(): number {
    return this.#cells[M4]! / (this.#cells[M2]! * this.#cells[M2]!);
  }
}
