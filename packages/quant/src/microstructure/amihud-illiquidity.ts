import { QuantError } from '../errors.ts';

/**
 * Amihud's illiquidity (2002): mean of |return| over traded value, in return per unit of the quote currency, over bars.
 * A bar without trading is left out. With a half-life, in bars, older bars weigh less.
 */
export class AmihudIlliquidity {
  readonly #keep: number;
  #weight = 0;
  #sum = 0;

  /** `halfLife` above 0; Infinity weighs every bar alike. Throws {@link QuantError} `invalid_option`. */
  constructor(halfLife: number = Infinity) {
    if (!(halfLife > 0)) throw new QuantError('invalid_option', `a half-life of ${halfLife} bars; it must be above 0`);
    this.#keep = 2 ** (-1 / halfLife);
  }

  /** Takes one bar. Values that are not finite, or without traded value, are ignored; returns whether it was taken. */
  add(simpleReturn: number, tradedValue: number): boolean {
    if (!Number.isFinite(simpleReturn) || !(tradedValue > 0 && tradedValue < Infinity)) return false;
    this.#weight = this.#weight * this.#keep + 1;
    this.#sum = this.#sum * this.#keep + Math.abs(simpleReturn) / tradedValue;
    return true;
  }

  get value(): number | undefined {
    return this.#weight === 0 ? undefined : this.#sum / this.#weight;
  }
}
