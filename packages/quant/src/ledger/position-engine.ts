import { addToSum, clearSum, sumAt } from '../number/cell-table.ts';
import {
  BEFORE,
  CLOSING,
  DELTA,
  FEE_COST,
  FEE_SHARE,
  FILL_ENTRY,
  type FillScratch,
  FOREIGN_FEE_COST,
  FUNDING_ENTRY,
  KIND,
  LEFT,
  MATCHED,
  PRICE,
  REALIZED,
  TIME_MS,
  UNIT_VALUE,
} from './fill-effect.ts';
import type { CostMethod } from './ledger-options.ts';
import { LotPool } from './lot-pool.ts';
import {
  ADVERSE,
  AVERAGE,
  BORROW_SUM,
  CONVERTED_FEE_SUM,
  DUST,
  FAVORABLE,
  FEE_SUM,
  FILL_COUNT,
  FUNDING_SUM,
  HELD_UNTIL_MS,
  LAST_FILL_PRICE,
  LOT_COUNT,
  OPEN_TIME_MS,
  QUANTITY,
  REALIZED_SUM,
  TRADE_CLOSED,
  TRADE_COSTS,
  TRADE_HELD,
  TRADE_PEAK,
  TRADE_PEAK_COST,
  TRADE_REALIZED,
  UNCONVERTED,
} from './position-cells.ts';
import { TradeGrouper, type TradeGrouping } from './trade-grouper.ts';

const MILLISECONDS = 1000;

/**
 * The arithmetic of one position: applies an entry to the cells of a record. It holds no state of a position itself, so
 * that the live record and the settled one behind the journal go through the same code.
 */
export class PositionEngine {
  readonly method: CostMethod;
  readonly grouping: TradeGrouping;
  readonly lots: LotPool | undefined;
  readonly #trades: TradeGrouper;
  readonly #averages: boolean;
  /** A lot on its way into the pool: quantity, unit value, time, costs. */
  readonly #lot = new Float64Array(4);

  constructor(method: CostMethod, grouping: TradeGrouping, lotLimit: number) {
    this.method = method;
    this.grouping = grouping;
    this.#averages = method === 'average';
    // Trades that go fill to fill match lots, first in first out, also where P&L is at average cost.
    if (!this.#averages || grouping === 'fill-to-fill') this.lots = new LotPool(lotLimit, method !== 'lifo');
    this.#trades = new TradeGrouper(grouping, this.lots);
  }

  /** Applies what the first cells of the scratch say; the others then say what came of it. */
  apply(cells: Float64Array, at: number, entry: FillScratch): void {
    const input = entry.cells;
    const delta = input[DELTA] as number;
    const before = sumAt(cells, at + QUANTITY);
    input[BEFORE] = before;
    input[REALIZED] = 0;
    entry.closedTrades.clear();
    entry.tradeFeesUnknown = false;
    if (input[KIND] === FILL_ENTRY) {
      cells[at + FILL_COUNT] = (cells[at + FILL_COUNT] as number) + 1;
      cells[at + LAST_FILL_PRICE] = input[PRICE] as number;
    }
    this.#hold(cells, at, input);
    this.#cost(cells, at, input);
    if (delta !== 0) addToSum(cells, at + QUANTITY, input, DELTA);
    if (before !== 0 && delta !== 0 && before > 0 !== delta > 0) this.#reduce(cells, at, entry);
    else {
      if (before === 0) this.#open(cells, at, input);
      else if (delta !== 0) this.#increase(cells, at, input);
      input[FEE_SHARE] = 1;
      this.#charge(cells, at, input);
    }
  }

  /**
   * Takes unrealized P&L into the excursions of the open trade. `values` has the unit value of a long position and that
   * of a short one.
   */
  excurse(cells: Float64Array, at: number, values: Float64Array): void {
    const quantity = sumAt(cells, at + QUANTITY);
    if (quantity === 0) return;
    const value = (quantity < 0 ? values[1] : values[0]) as number;
    const unrealized = quantity * (value - (cells[at + AVERAGE] as number));
    if (unrealized < (cells[at + ADVERSE] as number)) cells[at + ADVERSE] = unrealized;
    if (unrealized > (cells[at + FAVORABLE] as number)) cells[at + FAVORABLE] = unrealized;
  }

  // What the position has cost so far × the time it was held; an entry stamped before an earlier one adds none.
  #hold(cells: Float64Array, at: number, input: Float64Array): void {
    const timeMs = input[TIME_MS] as number;
    const before = input[BEFORE] as number;
    const heldMs = timeMs - (cells[at + HELD_UNTIL_MS] as number);
    if (before === 0) cells[at + HELD_UNTIL_MS] = timeMs;
    else if (heldMs > 0) {
      const cost = Math.abs(before * (cells[at + AVERAGE] as number));
      cells[at + TRADE_HELD] = (cells[at + TRADE_HELD] as number) + (cost * heldMs) / MILLISECONDS;
      cells[at + HELD_UNTIL_MS] = timeMs;
    }
  }

  #cost(cells: Float64Array, at: number, input: Float64Array): void {
    const kind = input[KIND];
    const sum = kind === FILL_ENTRY ? FEE_SUM : kind === FUNDING_ENTRY ? FUNDING_SUM : BORROW_SUM;
    addToSum(cells, at + sum, input, FEE_COST);
    const foreign = input[FOREIGN_FEE_COST] as number;
    if (foreign === 0) return;
    if (foreign !== foreign) cells[at + UNCONVERTED] = (cells[at + UNCONVERTED] as number) + 1;
    else addToSum(cells, at + (kind === FILL_ENTRY ? CONVERTED_FEE_SUM : sum), input, FOREIGN_FEE_COST);
  }

  #increase(cells: Float64Array, at: number, input: Float64Array): void {
    const after = sumAt(cells, at + QUANTITY);
    const average = cells[at + AVERAGE] as number;
    const value = input[UNIT_VALUE] as number;
    this.#excurseBefore(cells, at, input);
    this.#openLot(cells, at, input, Math.abs(input[DELTA] as number), 1);
    // Both products have one sign, so nothing cancels, however far the prices are apart. An equal price changes nothing.
    if (value !== average) {
      cells[at + AVERAGE] = (average * (input[BEFORE] as number) + value * (input[DELTA] as number)) / after;
    }
    this.#peak(cells, at, after);
  }

  #reduce(cells: Float64Array, at: number, entry: FillScratch): void {
    const input = entry.cells;
    const before = input[BEFORE] as number;
    let after = sumAt(cells, at + QUANTITY);
    if (Math.abs(after) <= DUST * (cells[at + TRADE_PEAK] as number)) {
      clearSum(cells, at + QUANTITY);
      after = 0;
    }
    const closes = after === 0 || after > 0 !== before > 0;
    const closed = closes ? -before : (input[DELTA] as number);
    const value = input[UNIT_VALUE] as number;
    const average = cells[at + AVERAGE] as number;
    this.#excurseBefore(cells, at, input);
    // The part of a flipping fill that closes carries its share of the fee, the part that opens the rest.
    input[FEE_SHARE] = closes && after !== 0 ? before / (before - after) : 1;
    input[CLOSING] = Math.abs(closed);
    input[LEFT] = Math.abs(before);
    if (this.lots !== undefined) this.#trades.match(cells, at, entry, closes);
    input[REALIZED] = this.#averages
      ? closed * (average - value)
      : Math.sign(before) * (Math.abs(closed) * value - (input[MATCHED] as number));
    addToSum(cells, at + REALIZED_SUM, input, REALIZED);
    cells[at + TRADE_REALIZED] = (cells[at + TRADE_REALIZED] as number) + (input[REALIZED] as number);
    const cost = this.#averages ? Math.abs(closed * average) : Math.abs(input[MATCHED] as number);
    cells[at + TRADE_CLOSED] = (cells[at + TRADE_CLOSED] as number) + cost;
    this.#trades.reduced(cells, at, entry, closes);
    if (!closes) {
      if (!this.#averages && this.lots !== undefined) this.#averageLots(cells, at, after);
      return;
    }
    this.#open(cells, at, input);
    input[FEE_SHARE] = after === 0 ? 0 : 1 - (input[FEE_SHARE] as number);
    this.#charge(cells, at, input);
  }

  // A fill's own price is one at which the position before it was worth something.
  #excurseBefore(cells: Float64Array, at: number, input: Float64Array): void {
    const value = input[UNIT_VALUE] as number;
    const unrealized = (input[BEFORE] as number) * (value - (cells[at + AVERAGE] as number));
    if (unrealized < (cells[at + ADVERSE] as number)) cells[at + ADVERSE] = unrealized;
    if (unrealized > (cells[at + FAVORABLE] as number)) cells[at + FAVORABLE] = unrealized;
  }

  /** Opens a trade with the quantity that is there now; without one it only clears the last trade. */
  #open(cells: Float64Array, at: number, input: Float64Array): void {
    const quantity = sumAt(cells, at + QUANTITY);
    cells[at + AVERAGE] = quantity === 0 ? 0 : (input[UNIT_VALUE] as number);
    cells[at + OPEN_TIME_MS] = input[TIME_MS] as number;
    cells[at + HELD_UNTIL_MS] = input[TIME_MS] as number;
    cells[at + TRADE_PEAK] = 0;
    cells[at + TRADE_PEAK_COST] = 0;
    cells[at + TRADE_REALIZED] = 0;
    cells[at + TRADE_COSTS] = 0;
    cells[at + TRADE_HELD] = 0;
    cells[at + TRADE_CLOSED] = 0;
    cells[at + ADVERSE] = 0;
    cells[at + FAVORABLE] = 0;
    if (this.lots !== undefined) this.lots.clear(cells, at);
    if (quantity === 0) return;
    this.#peak(cells, at, quantity);
    const share = input[BEFORE] === 0 ? 1 : 1 - (input[FEE_SHARE] as number);
    this.#openLot(cells, at, input, Math.abs(quantity), share);
  }

  #peak(cells: Float64Array, at: number, quantity: number): void {
    const size = Math.abs(quantity);
    const cost = Math.abs(quantity * (cells[at + AVERAGE] as number));
    if (size > (cells[at + TRADE_PEAK] as number)) cells[at + TRADE_PEAK] = size;
    if (cost > (cells[at + TRADE_PEAK_COST] as number)) cells[at + TRADE_PEAK_COST] = cost;
  }

  #openLot(cells: Float64Array, at: number, input: Float64Array, quantity: number, feeShare: number): void {
    if (this.lots === undefined) return;
    const lot = this.#lot;
    lot[0] = quantity;
    lot[1] = input[UNIT_VALUE] as number;
    lot[2] = input[TIME_MS] as number;
    lot[3] = ((input[FEE_COST] as number) + (input[FOREIGN_FEE_COST] as number)) * feeShare;
    this.lots.open(cells, at, lot, 0);
  }

  /** Adds the part of the costs that the scratch names to the open trade; lots carry the fees of their own fills. */
  #charge(cells: Float64Array, at: number, input: Float64Array): void {
    if (this.grouping === 'fill-to-fill' && input[DELTA] !== 0) return;
    const share = input[FEE_SHARE] as number;
    if (share === 0) return;
    const cost = (input[FEE_COST] as number) + (input[FOREIGN_FEE_COST] as number);
    cells[at + TRADE_COSTS] = (cells[at + TRADE_COSTS] as number) + cost * share;
  }

  #averageLots(cells: Float64Array, at: number, after: number): void {
    const lots = this.lots as LotPool;
    // One lot is its own mean, without the rounding of a division.
    cells[at + AVERAGE] =
      cells[at + LOT_COUNT] === 1 ? lots.value(lots.oldest(cells, at)) : lots.cost(cells, at) / Math.abs(after);
  }
}
