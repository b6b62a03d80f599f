import { carryCells, type Tape } from '../number/tape.ts';
import { addToSum } from '../number/cell-table.ts';

const VOLUME = 0;
const NOTIONAL = 2;
const INPUT = 4;
/** Cells of a mark that {@link TradedVolume.mark} makes: two compensated sums. */
export const VOLUME_MARK_CELLS = 4;

/**
 * What a market has traded since it was first seen, so that the volume-weighted average price between any two moments
 * is a difference of two marks: O(1) per trade and per interval, whatever its length. The sums are compensated and
 * subtracted part by part, so that a short interval after a long day keeps its digits.
 */
export class TradedVolume {
  readonly #cells = new Float64Array(5);

  /** Takes a market trade. False, and nothing changes, unless price and quantity are positive and finite. */
  add(price: number, quantity: number): boolean {
    if (!(price > 0 && price < Infinity && quantity > 0 && quantity < Infinity)) return false;
    const cells = this.#cells;
    cells[INPUT] = quantity;
    addToSum(cells, VOLUME, cells, INPUT);
    cells[INPUT] = price * quantity;
    addToSum(cells, NOTIONAL, cells, INPUT);
    return true;
  }

  /** Writes this moment into {@link VOLUME_MARK_CELLS} cells. */
  mark(cells: Float64Array, at: number): void {
    for (let cell = 0; cell < VOLUME_MARK_CELLS; cell++) cells[at + cell] = this.#cells[cell] as number;
  }

  /** Average price of the market, weighted by volume, since a mark; undefined when nothing was traded since. */
  vwapSince(cells: Float64Array, at: number): number | undefined {
    const own = this.#cells;
    const difference = (cell: number): number =>
      (own[cell] as number) -
      (cells[at + cell] as number) +
      ((own[cell + 1] as number) - (cells[at + cell + 1] as number));
    const volume = difference(VOLUME);
    const price = difference(NOTIONAL) / volume;
    return volume > 0 && price > 0 && price < Infinity ? price : undefined;
  }

  carry(tape: Tape): void {
    carryCells(tape, this.#cells, 0, VOLUME_MARK_CELLS);
  }
}
