/**
 * Amihud's illiquidity (2002): mean of |return| over traded value, in return per unit of the quote currency, over bars.
 * A bar without trading is left out.
 */
export class AmihudIlliquidity {
  #count = 0;
  #sum = 0;

  /** Takes one bar. Values that are not finite, or without traded value, are ignored; returns whether it was taken. */
  add(simpleReturn: number, tradedValue: number): boolean {
    if (!Number.isFinite(simpleReturn) || !(tradedValue > 0 && tradedValue < Infinity)) return false;
    this.#count++;
    this.#sum += Math.abs(simpleReturn) / tradedValue;
    return true;
  }

  get value(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }
}
