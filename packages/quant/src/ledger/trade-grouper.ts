import {
  BEFORE,
  CLOSING,
  FEE_COST,
  FEE_SHARE,
  type FillScratch,
  FOREIGN_FEE_COST,
  LEFT,
  MATCHED,
  REALIZED,
  TIME_MS,
  TRADE_DURATION,
  TRADE_NET,
  TRADE_NOISE,
  UNIT_VALUE,
} from './fill-effect.ts';
import type { LotPool } from './lot-pool.ts';
import {
  ADVERSE,
  CLOSED,
  DUST,
  FAVORABLE,
  HELD,
  OPEN_TIME_MS,
  STATISTICS,
  TRADE_CLOSED,
  TRADE_COSTS,
  TRADE_HELD,
  TRADE_PEAK,
  TRADE_PEAK_COST,
  TRADE_REALIZED,
} from './position-cells.ts';
import { addTrade } from './trade-statistics.ts';

/**
 * What counts as one trade.
 *
 * - `flat-to-flat`: from the fill that opens a flat position to the one that makes it flat again or flips it.
 * - `flat-to-reduced`: every fill that reduces the position closes one, with the share of the costs so far that belongs to
 *   the quantity it closes.
 * - `fill-to-fill`: every lot that a reducing fill matches, wholly or in part, is one, from the lot's fill to that one.
 */
export type TradeGrouping = 'flat-to-flat' | 'flat-to-reduced' | 'fill-to-fill';

/** Forms trades out of what reducing fills close. Σ net results of a flat position = its realized P&L less all costs. */
export class TradeGrouper {
  readonly #grouping: TradeGrouping;
  readonly #lots: LotPool | undefined;

  constructor(grouping: TradeGrouping, lots: LotPool | undefined) {
    this.#grouping = grouping;
    this.#lots = lots;
  }

  /** Takes the closed quantity out of the lots and writes their cost into the scratch. */
  match(cells: Float64Array, at: number, entry: FillScratch, closes: boolean): void {
    const lots = this.#lots as LotPool;
    const input = entry.cells;
    // Where the position ends, its lots are taken to the last, whatever their rounding.
    let remaining = closes ? Number.POSITIVE_INFINITY : (input[CLOSING] as number);
    const dust = DUST * (cells[at + TRADE_PEAK] as number);
    input[MATCHED] = 0;
    for (let lot = lots.first(cells, at); lot !== 0 && remaining > 0; lot = lots.first(cells, at)) {
      const quantity = lots.quantity(lot);
      // What is left of a lot is not left behind as rounding.
      const wholly = quantity - remaining <= dust;
      const taken = wholly ? quantity : remaining;
      input[MATCHED] = (input[MATCHED] as number) + taken * lots.value(lot);
      if (this.#grouping === 'fill-to-fill') this.#pair(cells, at, entry, lot, taken);
      lots.take(cells, at, lot, taken, wholly);
      remaining -= taken;
    }
  }

  /** After realized P&L is known: forms the trade that a reduction, or the end of the position, closes. */
  reduced(cells: Float64Array, at: number, entry: FillScratch, closes: boolean): void {
    if (this.#grouping === 'flat-to-flat') this.#whole(cells, at, entry, closes);
    else if (this.#grouping === 'flat-to-reduced') this.#part(cells, at, entry);
    if (!closes) return;
    cells[at + HELD] = (cells[at + HELD] as number) + (cells[at + TRADE_HELD] as number);
    cells[at + CLOSED] = (cells[at + CLOSED] as number) + (cells[at + TRADE_CLOSED] as number);
  }

  #whole(cells: Float64Array, at: number, entry: FillScratch, closes: boolean): void {
    const input = entry.cells;
    const costs = (cells[at + TRADE_COSTS] as number) + costOf(input) * (input[FEE_SHARE] as number);
    cells[at + TRADE_COSTS] = costs;
    if (!closes) return;
    input[TRADE_NET] = (cells[at + TRADE_REALIZED] as number) - costs;
    input[TRADE_NOISE] = noiseOf(cells[at + TRADE_PEAK] as number, input);
    input[TRADE_DURATION] = durationOf(cells[at + OPEN_TIME_MS] as number, input);
    if (close(cells, at, entry)) entry.closedTrades.describe(cells, at + ADVERSE, at + FAVORABLE, at + TRADE_PEAK_COST);
  }

  #part(cells: Float64Array, at: number, entry: FillScratch): void {
    const input = entry.cells;
    const share = this.#takeCosts(cells, at, input, input[CLOSING] as number);
    input[TRADE_NET] = (input[REALIZED] as number) - share - costOf(input) * (input[FEE_SHARE] as number);
    input[TRADE_NOISE] = noiseOf(input[CLOSING] as number, input);
    input[TRADE_DURATION] = durationOf(cells[at + OPEN_TIME_MS] as number, input);
    close(cells, at, entry);
  }

  #pair(cells: Float64Array, at: number, entry: FillScratch, lot: number, taken: number): void {
    const lots = this.#lots as LotPool;
    const input = entry.cells;
    const sign = (input[BEFORE] as number) > 0 ? 1 : -1;
    const closingShare = (taken / (input[CLOSING] as number)) * (input[FEE_SHARE] as number);
    const opening = lots.costs(lot) * (taken / lots.quantity(lot));
    const carried = this.#takeCosts(cells, at, input, taken);
    const gross = sign * taken * ((input[UNIT_VALUE] as number) - lots.value(lot));
    input[TRADE_NET] = gross - opening - carried - costOf(input) * closingShare;
    input[TRADE_NOISE] = noiseOf(taken, input);
    input[TRADE_DURATION] = durationOf(lots.openTimeMs(lot), input);
    close(cells, at, entry);
  }

  /** Takes the share of the pooled costs that belongs to a quantity of the position before the fill. */
  #takeCosts(cells: Float64Array, at: number, input: Float64Array, quantity: number): number {
    const pooled = cells[at + TRADE_COSTS] as number;
    if (pooled === 0) return 0;
    const left = input[LEFT] as number;
    const share = quantity >= left ? pooled : pooled * (quantity / left);
    cells[at + TRADE_COSTS] = pooled - share;
    // Of one fill's several parts, each takes its share of what the others have left.
    input[LEFT] = left - quantity;
    return share;
  }
}

/** Adds the trade in the scratch to the statistics of the position; false when its costs are unknown. */
function close(cells: Float64Array, at: number, entry: FillScratch): boolean {
  const input = entry.cells;
  const outcome = addTrade(cells, at + STATISTICS, input, TRADE_NET);
  if (outcome === undefined) {
    entry.tradeFeesUnknown = true;
    return false;
  }
  entry.closedTrades.push(input, TRADE_NET, outcome);
  return true;
}

function costOf(input: Float64Array): number {
  return (input[FEE_COST] as number) + (input[FOREIGN_FEE_COST] as number);
}

/** A result within the rounding of the traded value is neither gain nor loss. */
function noiseOf(quantity: number, input: Float64Array): number {
  return DUST * quantity * Math.abs(input[UNIT_VALUE] as number);
}

function durationOf(openTimeMs: number, input: Float64Array): number {
  const durationMs = (input[TIME_MS] as number) - openTimeMs;
  return durationMs >= 0 ? durationMs : Number.NaN;
}
