import { carryCells, type Tape } from '../number/tape.ts';
import { type Contract, priceOfUnitValue, unitValue } from '../ledger/contract.ts';
import { addToSum, sumAt } from '../number/cell-table.ts';
import type { Direction } from './fill-spread.ts';
import type { Shortfall } from './implementation-shortfall.ts';

// Compensated sums of quantity, of quantity × unit value and of fees, and the scratch they are fed from.
const QUANTITY = 0;
const VALUE = 2;
const FEES = 4;
const INPUT = 6;
/** Cells of a {@link ShortfallAccount}. */
export const SHORTFALL_CELLS = 7;

/**
 * Implementation shortfall of one order while it is filled, in constant memory and for linear and inverse contracts
 * alike: money is quantity × the difference of unit values (see {@link unitValue}), so the identity
 * total = delay + trading + opportunity + fees holds in the settlement currency of both.
 */
export class ShortfallAccount {
  readonly #table: { readonly cells: Float64Array };
  readonly #at: number;

  /** In {@link SHORTFALL_CELLS} cells of a list that holds other things too, from `at` on; in one of its own by default. */
  constructor(table: { readonly cells: Float64Array } = { cells: new Float64Array(SHORTFALL_CELLS) }, at = 0) {
    this.#table = table;
    this.#at = at;
  }

  /** Starts anew. */
  reset(): void {
    const { cells } = this.#table;
    for (let cell = 0; cell < SHORTFALL_CELLS; cell++) cells[this.#at + cell] = 0;
  }

  carry(tape: Tape): void {
    carryCells(tape, this.#table.cells, this.#at, SHORTFALL_CELLS);
  }

  /** Takes a fill; quantity and price positive, the fee in the settlement currency, cost positive. */
  filledAt(contract: Contract, quantity: number, price: number, fee: number): void {
    const { cells } = this.#table;
    const at = this.#at;
    cells[at + INPUT] = quantity;
    addToSum(cells, at + QUANTITY, cells, at + INPUT);
    cells[at + INPUT] = quantity * unitValue(contract, price);
    addToSum(cells, at + VALUE, cells, at + INPUT);
    cells[at + INPUT] = fee;
    addToSum(cells, at + FEES, cells, at + INPUT);
  }

  /** Quantity filled so far. */
  get filled(): number {
    return sumAt(this.#table.cells, this.#at + QUANTITY);
  }

  /** Average price of the fills, harmonic for an inverse contract; undefined without any. */
  averagePrice(contract: Contract): number | undefined {
    const { filled } = this;
    return filled > 0 ? priceOfUnitValue(contract, sumAt(this.#table.cells, this.#at + VALUE) / filled) : undefined;
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
    const paid = sumAt(this.#table.cells, this.#at + VALUE);
    const fees = sumAt(this.#table.cells, this.#at + FEES);
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
