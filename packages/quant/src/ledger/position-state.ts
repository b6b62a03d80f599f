import { type CellTable, sumAt } from '../number/cell-table.ts';
import { type Contract, notionalValue, priceOfUnitValue, unitValue } from './contract.ts';
import type { ContractBook, MarkSource } from './contract-book.ts';
import type { LotPool } from './lot-pool.ts';
import {
  ADVERSE,
  AVERAGE,
  BORROW_SUM,
  CLOSED,
  CONVERTED_FEE_SUM,
  FAVORABLE,
  FEE_SUM,
  FILL_COUNT,
  FUNDING_SUM,
  HELD,
  LAST_FILL_PRICE,
  OPEN_TIME_MS,
  QUANTITY,
  REALIZED_SUM,
  STATISTICS,
  UNCONVERTED,
} from './position-cells.ts';
import type { Lot, Position } from './position.ts';
import { NeumaierSum } from '../number/neumaier-sum.ts';
import { TradeStatistics } from './trade-statistics.ts';

/** Cells that `valueInto` writes. */
export const VALUED_QUANTITY = 0;
export const NOTIONAL = 1;
export const UNREALIZED = 2;

/** The state behind {@link Position}: a view of a record that the ledger's engine writes. */
export class PositionState implements Position {
  readonly handle: number;
  readonly account: string;
  readonly strategy: string;
  readonly book: ContractBook;
  readonly trades: TradeStatistics;
  /** Offset of the record in the table. */
  readonly at: number;
  /** First and last entry in the journal, -1 for none. */
  firstEntry = -1;
  lastEntry = -1;
  /** Fees by currency, of other currencies than the settlement currency; undefined until there is one. */
  foreignFees: Map<string, NeumaierSum> | undefined = undefined;
  /** Value of the fees that were taken out of the position, in the settlement currency: part of `fees`. */
  readonly feesInKind: NeumaierSum = new NeumaierSum();
  readonly #table: CellTable;
  readonly #lots: LotPool | undefined;

  constructor(
    handle: number,
    account: string,
    strategy: string,
    book: ContractBook,
    table: CellTable,
    lots: LotPool | undefined,
  ) {
    this.handle = handle;
    this.account = account;
    this.strategy = strategy;
    this.book = book;
    this.at = table.allocate();
    this.trades = new TradeStatistics(table, this.at + STATISTICS);
    this.#table = table;
    this.#lots = lots;
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
    return this.#sum(QUANTITY);
  }

  get averagePrice(): number | undefined {
    return this.quantity === 0 ? undefined : priceOfUnitValue(this.book.contract, this.#cell(AVERAGE));
  }

  get realizedPnl(): number {
    return this.#sum(REALIZED_SUM);
  }

  get unrealizedPnl(): number | undefined {
    return this.book.hasMark ? this.unrealizedPnlAt(this.book.priceFor(this.quantity)) : undefined;
  }

  get fees(): number {
    return this.#sum(FEE_SUM);
  }

  get convertedFees(): number {
    return this.#sum(CONVERTED_FEE_SUM);
  }

  get funding(): number {
    return this.#sum(FUNDING_SUM);
  }

  get borrow(): number {
    return this.#sum(BORROW_SUM);
  }

  get unconvertedCosts(): number {
    return this.#cell(UNCONVERTED);
  }

  get netPnl(): number | undefined {
    const unrealized = this.quantity === 0 ? 0 : this.unrealizedPnl;
    return unrealized === undefined ? undefined : this.realizedPnl + unrealized - this.costs;
  }

  /** All costs in the settlement currency. */
  get costs(): number {
    return this.fees + this.convertedFees + this.funding + this.borrow;
  }

  get adverseExcursion(): number | undefined {
    // Not -0 where there is none.
    return this.quantity === 0 ? undefined : 0 - this.#cell(ADVERSE);
  }

  get favorableExcursion(): number | undefined {
    return this.quantity === 0 ? undefined : this.#cell(FAVORABLE);
  }

  get heldCostSeconds(): number {
    return this.#cell(HELD);
  }

  get closedCost(): number {
    return this.#cell(CLOSED);
  }

  get notional(): number | undefined {
    return this.book.hasMark ? this.notionalAt(this.book.priceFor(this.quantity)) : undefined;
  }

  get markPrice(): number | undefined {
    return this.book.hasMark ? this.book.priceFor(this.quantity) : undefined;
  }

  get markSource(): MarkSource | undefined {
    return this.book.mark?.source;
  }

  get markTimeMs(): number | undefined {
    return this.book.mark?.timeMs;
  }

  get lastFillPrice(): number {
    return this.#cell(LAST_FILL_PRICE);
  }

  get fillCount(): number {
    return this.#cell(FILL_COUNT);
  }

  get openTimeMs(): number | undefined {
    return this.quantity === 0 ? undefined : this.#cell(OPEN_TIME_MS);
  }

  /** quantity × average unit value: what the open position cost, in the settlement currency. */
  get cost(): number {
    return this.quantity * this.#cell(AVERAGE);
  }

  lots(): readonly Lot[] {
    const pool = this.#lots;
    const lots: Lot[] = [];
    if (pool === undefined) return lots;
    for (let lot = pool.oldest(this.#table.cells, this.at); lot !== 0; lot = pool.newer(lot)) {
      const price = priceOfUnitValue(this.book.contract, pool.value(lot));
      lots.push({ quantity: pool.quantity(lot), price, timeMs: pool.openTimeMs(lot) });
    }
    return lots;
  }

  feeCurrencies(): readonly string[] {
    const foreign = [...(this.foreignFees?.keys() ?? [])];
    return this.fees === this.feesInKind.value ? foreign : [this.book.contract.currency, ...foreign];
  }

  feesIn(currency: string): number {
    if (currency === this.book.contract.currency) return this.fees - this.feesInKind.value;
    return this.foreignFees?.get(currency)?.value ?? 0;
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
    const quantity = sumAt(cells, this.at + QUANTITY);
    const marked = book.hasMark;
    output[VALUED_QUANTITY] = quantity;
    output[NOTIONAL] = 0;
    output[UNREALIZED] = 0;
    if (quantity !== 0) {
      const price = marked ? book.priceFor(quantity) : (cells[this.at + LAST_FILL_PRICE] as number);
      output[NOTIONAL] = notionalValue(book.contract, quantity, price);
      output[UNREALIZED] = quantity * (unitValue(book.contract, price) - (cells[this.at + AVERAGE] as number));
    }
    return marked;
  }

  netInto(values: Float64Array, from: number): void {
    const cells = this.#table.cells;
    const at = this.at;
    values[from + 1] =
      sumAt(cells, at + REALIZED_SUM) +
      (values[from] as number) -
      sumAt(cells, at + FEE_SUM) -
      sumAt(cells, at + CONVERTED_FEE_SUM) -
      sumAt(cells, at + FUNDING_SUM) -
      sumAt(cells, at + BORROW_SUM);
  }

  /** The sum of the fees of a currency that is not the settlement currency. */
  foreignFee(currency: string): NeumaierSum {
    this.foreignFees ??= new Map();
    let fees = this.foreignFees.get(currency);
    if (fees === undefined) this.foreignFees.set(currency, (fees = new NeumaierSum()));
    return fees;
  }

  #cell(index: number): number {
    return this.#table.cells[this.at + index] as number;
  }

  #sum(index: number): number {
    return sumAt(this.#table.cells, this.at + index);
  }
}
