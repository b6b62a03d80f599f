import { addToSum, type CellTable, clearSum, sumAt } from '../number/cell-table.ts';
import { type Contract, notionalValue, priceOfUnitValue, unitValue } from './contract.ts';
import type { ContractBook } from './contract-book.ts';
import {
  BEFORE,
  DELTA,
  FEE_COST,
  FEE_SHARE,
  type FillScratch,
  FOREIGN_FEE_COST,
  PRICE,
  REALIZED,
  TIME_MS,
  TRADE_DURATION,
  TRADE_NET,
  TRADE_NOISE,
  UNIT_VALUE,
} from './fill-effect.ts';
import type { Position } from './position.ts';
import { TradeStatistics } from './trade-statistics.ts';

/**
 * A remainder below this share of the largest size of the trade is rounding, not a position: 0.1 + 0.2 - 0.3 must be
 * flat. One satoshi left of 10,000 bitcoin is still a position.
 */
const DUST = 1e-12;

// Cells of a position. Sums take two: see `addToSum`.
const QUANTITY = 0;
const REALIZED_SUM = 2;
const FEE_SUM = 4;
const AVERAGE = 6;
const LAST_FILL_PRICE = 7;
const OPEN_TIME_MS = 8;
// Of the trade that is open now; its fees are NaN once one of them could not be converted.
const TRADE_REALIZED = 9;
const TRADE_FEES = 10;
const TRADE_PEAK = 11;
/** Cells per position. */
export const POSITION_STRIDE = 12;

/** Cells that `valueInto` writes. */
export const VALUED_QUANTITY = 0;
export const NOTIONAL = 1;
export const UNREALIZED = 2;

/** The state behind {@link Position}, written by the ledger only. */
export class PositionState implements Position {
  readonly handle: number;
  readonly account: string;
  readonly strategy: string;
  readonly book: ContractBook;
  readonly trades: TradeStatistics = new TradeStatistics();
  readonly #table: CellTable;
  readonly #at: number;
  #fillCount = 0;

  constructor(handle: number, account: string, strategy: string, book: ContractBook, table: CellTable) {
    this.handle = handle;
    this.account = account;
    this.strategy = strategy;
    this.book = book;
    this.#table = table;
    this.#at = table.allocate();
  }

  get exchange(): string {
    return this.book.contract.exchange;
  }

  get symbol(): string {
    return this.book.contract.symbol;
  }

  get contract(): Contract {
    return this.book.contract;
  }

  get quantity(): number {
    return sumAt(this.#table.cells, this.#at + QUANTITY);
  }

  get averagePrice(): number | undefined {
    return this.quantity === 0 ? undefined : priceOfUnitValue(this.book.contract, this.#cell(AVERAGE));
  }

  get realizedPnl(): number {
    return sumAt(this.#table.cells, this.#at + REALIZED_SUM);
  }

  get unrealizedPnl(): number | undefined {
    return this.book.hasMark ? this.unrealizedPnlAt(this.book.mark) : undefined;
  }

  get fees(): number {
    return sumAt(this.#table.cells, this.#at + FEE_SUM);
  }

  get notional(): number | undefined {
    return this.book.hasMark ? this.notionalAt(this.book.mark) : undefined;
  }

  get markPrice(): number | undefined {
    return this.book.hasMark ? this.book.mark : undefined;
  }

  get lastFillPrice(): number {
    return this.#cell(LAST_FILL_PRICE);
  }

  get fillCount(): number {
    return this.#fillCount;
  }

  get openTimeMs(): number | undefined {
    return this.quantity === 0 ? undefined : this.#cell(OPEN_TIME_MS);
  }

  /** quantity × average unit value: what the open position cost, in the settlement currency. */
  get cost(): number {
    return this.quantity * this.#cell(AVERAGE);
  }

  unrealizedPnlAt(price: number): number {
    const quantity = this.quantity;
    return quantity === 0 ? 0 : quantity * (unitValue(this.book.contract, price) - this.#cell(AVERAGE));
  }

  notionalAt(price: number): number {
    return notionalValue(this.book.contract, this.quantity, price);
  }

  valueInto(output: Float64Array): boolean {
    const { book } = this;
    const cells = this.#table.cells;
    const price = book.hasMark ? book.mark : (cells[this.#at + LAST_FILL_PRICE] as number);
    const quantity = sumAt(cells, this.#at + QUANTITY);
    output[VALUED_QUANTITY] = quantity;
    output[NOTIONAL] = notionalValue(book.contract, quantity, price);
    output[UNREALIZED] =
      quantity === 0 ? 0 : quantity * (unitValue(book.contract, price) - (cells[this.#at + AVERAGE] as number));
    return book.hasMark;
  }

  /** Applies the change that the scratch describes and writes realized P&L and the closed trade into it. */
  apply(fill: FillScratch): void {
    const cells = this.#table.cells;
    const at = this.#at;
    const input = fill.cells;
    const delta = input[DELTA] as number;
    const before = sumAt(cells, at + QUANTITY);
    input[BEFORE] = before;
    input[REALIZED] = 0;
    input[TRADE_NET] = Number.NaN;
    input[TRADE_DURATION] = Number.NaN;
    fill.outcome = undefined;
    fill.tradeFeesUnknown = false;
    this.#fillCount++;
    cells[at + LAST_FILL_PRICE] = input[PRICE] as number;
    addToSum(cells, at + FEE_SUM, input, FEE_COST);
    addToSum(cells, at + QUANTITY, input, DELTA);
    if (before !== 0 && delta !== 0 && before > 0 !== delta > 0) this.#reduce(fill);
    else {
      if (before === 0) this.#open(input);
      else if (delta !== 0) this.#increase(input);
      input[FEE_SHARE] = 1;
      this.#charge(input);
    }
  }

  #increase(input: Float64Array): void {
    const cells = this.#table.cells;
    const at = this.#at;
    const after = sumAt(cells, at + QUANTITY);
    const average = cells[at + AVERAGE] as number;
    const value = input[UNIT_VALUE] as number;
    // Both products have one sign, so nothing cancels, however far the prices are apart. An equal price changes nothing.
    if (value !== average)
      cells[at + AVERAGE] = (average * (input[BEFORE] as number) + value * (input[DELTA] as number)) / after;
    cells[at + TRADE_PEAK] = Math.max(cells[at + TRADE_PEAK] as number, Math.abs(after));
  }

  #reduce(fill: FillScratch): void {
    const cells = this.#table.cells;
    const at = this.#at;
    const input = fill.cells;
    const before = input[BEFORE] as number;
    let after = sumAt(cells, at + QUANTITY);
    if (Math.abs(after) <= DUST * (cells[at + TRADE_PEAK] as number)) {
      clearSum(cells, at + QUANTITY);
      after = 0;
    }
    const closes = after === 0 || after > 0 !== before > 0;
    const closed = closes ? -before : (input[DELTA] as number);
    const realized = closed * ((cells[at + AVERAGE] as number) - (input[UNIT_VALUE] as number));
    input[REALIZED] = realized;
    addToSum(cells, at + REALIZED_SUM, input, REALIZED);
    cells[at + TRADE_REALIZED] = (cells[at + TRADE_REALIZED] as number) + realized;
    // The part of a flipping fill that closes carries its share of the fee, the part that opens the rest.
    input[FEE_SHARE] = closes && after !== 0 ? before / (before - after) : 1;
    this.#charge(input);
    if (!closes) return;
    this.#close(fill);
    this.#open(input);
    input[FEE_SHARE] = after === 0 ? 0 : 1 - (input[FEE_SHARE] as number);
    this.#charge(input);
  }

  #open(input: Float64Array): void {
    const cells = this.#table.cells;
    const at = this.#at;
    const quantity = sumAt(cells, at + QUANTITY);
    cells[at + AVERAGE] = quantity === 0 ? 0 : (input[UNIT_VALUE] as number);
    cells[at + OPEN_TIME_MS] = input[TIME_MS] as number;
    cells[at + TRADE_PEAK] = Math.abs(quantity);
    cells[at + TRADE_REALIZED] = 0;
    cells[at + TRADE_FEES] = 0;
  }

  /** Adds the part of the fee that the scratch names to the open trade. */
  #charge(input: Float64Array): void {
    const at = this.#at + TRADE_FEES;
    const cells = this.#table.cells;
    const fee = (input[FEE_COST] as number) + (input[FOREIGN_FEE_COST] as number);
    cells[at] = (cells[at] as number) + fee * (input[FEE_SHARE] as number);
  }

  #close(fill: FillScratch): void {
    const cells = this.#table.cells;
    const at = this.#at;
    const output = fill.cells;
    const durationMs = (output[TIME_MS] as number) - (cells[at + OPEN_TIME_MS] as number);
    if (durationMs >= 0) output[TRADE_DURATION] = durationMs;
    const net = (cells[at + TRADE_REALIZED] as number) - (cells[at + TRADE_FEES] as number);
    fill.tradeFeesUnknown = Number.isNaN(net);
    if (fill.tradeFeesUnknown) return;
    output[TRADE_NET] = net;
    // A result within the rounding of the traded value is neither gain nor loss.
    output[TRADE_NOISE] = DUST * (cells[at + TRADE_PEAK] as number) * Math.abs(output[UNIT_VALUE] as number);
    fill.outcome = this.trades.addFrom(output, TRADE_NET);
  }

  #cell(index: number): number {
    return this.#table.cells[this.#at + index] as number;
  }
}
