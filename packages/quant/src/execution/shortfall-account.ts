import { type Contract, priceOfUnitValue, unitValue } from '../ledger/contract.ts';
import { addToSum, sumAt } from '../number/cell-table.ts';
import type { Direction } from './fill-spread.ts';
import type { Shortfall } from './implementation-shortfall.ts';

// Compensated sums of quantity, of quantity × unit value and of fees, and the scratch they are fed from.
const QUANTITY = 0;
const VALUE = 2;
const FEES = 4;
const INPUT = 6;

/**
 * Implementation shortfall of one order while it is filled, in constant memory and for linear and inverse contracts
 * alike: money is quantity × the difference of unit values (see {@link unitValue}), so the identity
 * total = delay + trading + opportunity + fees holds in the settlement currency of both.
 */
export class ShortfallAccount {
  readonly #cells = new Float64Array(7);

  /** Starts anew. */
  reset(): void {
    this.#cells.fill(0);
  }

  /** Takes a fill; quantity and price positive, the fee in the settlement currency, cost positive. */
  filledAt(contract: Contract, quantity: number, price: number, fee: number): void {
    const cells = this.#cells;
    cells[INPUT] = quantity;
    addToSum(cells, QUANTITY, cells, INPUT);
    cells[INPUT] = quantity * unitValue(contract, price);
    addToSum(cells, VALUE, cells, INPUT);
    cells[INPUT] = fee;
    addToSum(cells, FEES, cells, INPUT);
  }

  /** Quantity filled so far. */
  get filled(): number {
    return sumAt(this.#cells, QUANTITY);
  }

  /** Average price of the fills, harmonic for an inverse contract; undefined without any. */
  averagePrice(contract: Contract): number | undefined {
    const { filled } = this;
    return filled > 0 ? priceOfUnitValue(contract, sumAt(this.#cells, VALUE) / filled) : undefined;
  }

  /**
   * Shortfall of an order of `quantity`, decided at one price, sent at another and ended at a third. What was filled
   * beyond the quantity counts as ordered. Undefined when a price is not positive and finite, or a sum is not finite.
   */
  shortfall(
    contract: Contract,
    direction: Direction,
    quantity: number,
    decisionPrice: number,
    arrivalPrice: number,
    endPrice: number,
  ): Shortfall | undefined {
    const isPrice = (price: number): boolean => price > 0 && price < Infinity;
    if (!isPrice(decisionPrice) || !isPrice(arrivalPrice) || !isPrice(endPrice) || !(quantity > 0)) return undefined;
    const { filled } = this;
    const paid = sumAt(this.#cells, VALUE);
    const fees = sumAt(this.#cells, FEES);
    const target = Math.max(quantity, filled);
    const open = target - filled;
    const decision = unitValue(contract, decisionPrice);
    const arrival = unitValue(contract, arrivalPrice);
    const end = unitValue(contract, endPrice);
    const total = direction * (paid - filled * decision + open * (end - decision)) + fees;
    if (!Number.isFinite(total)) return undefined;
    return {
      total,
      delay: direction * target * (arrival - decision),
      trading: direction * (paid - filled * arrival),
      opportunity: direction * open * (end - arrival),
      fees,
    };
  }
}
