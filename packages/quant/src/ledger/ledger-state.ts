import { CellTable } from '../number/cell-table.ts';
import type { NeumaierSum } from '../number/neumaier-sum.ts';
import { type Contract, isSpot, notionalValue, unitValue } from './contract.ts';
import { ContractBook } from './contract-book.ts';
import { CurrencyAccount } from './currency-account.ts';
import type { Side } from './events.ts';
import {
  DELTA,
  ENTRY_CELLS,
  FEE,
  FEE_COST,
  FILL_ENTRY,
  FillScratch,
  FOREIGN_FEE_COST,
  FUNDING_ENTRY,
  KIND,
  NOTIONAL,
  PRICE,
  REALIZED,
  TIME_MS,
  UNIT_VALUE,
  VOID_ENTRY,
} from './fill-effect.ts';
import { Journal } from './journal.ts';
import type { LedgerSettings } from './ledger-options.ts';
import { ADVERSE, FAVORABLE, LOT_OLDEST, POSITION_STRIDE } from './position-cells.ts';
import { PositionEngine } from './position-engine.ts';
import { PositionState } from './position-state.ts';

/** The terms of a fill that its entry is made of; a `Fill` is one. */
export interface FillTerms {
  readonly side: Side;
  readonly quantity: number;
  readonly price: number;
  readonly fee: number;
  readonly timeMs: number;
}

/**
 * Everything a ledger remembers. A position is its settled record, which is what happened before the journal begins,
 * followed by its entries in the journal; the live record is kept equal to that.
 */
export class LedgerState {
  readonly settings: LedgerSettings;
  readonly engine: PositionEngine;
  readonly journal: Journal;
  readonly books: Map<string, Map<string, ContractBook>> = new Map();
  readonly positions: PositionState[] = [];
  readonly accounts: CurrencyAccount[] = [];
  readonly live: CellTable = new CellTable(POSITION_STRIDE);
  readonly settled: CellTable = new CellTable(POSITION_STRIDE);
  readonly #accountByCurrency = new Map<string, CurrencyAccount>();
  /** For entries that are not news: those that are settled or replayed. */
  readonly #replayed = new FillScratch();
  fillCount = 0;
  /** Of the latest event: a quote, a mark and fills of one symbol come together. */
  #latest: ContractBook | undefined = undefined;

  constructor(settings: LedgerSettings) {
    this.settings = settings;
    this.engine = new PositionEngine(settings.costMethod, settings.tradeGrouping, settings.lotLimit);
    this.journal = new Journal(settings.fillIdLimit);
  }

  book(exchange: string, symbol: string): ContractBook | undefined {
    const latest = this.#latest;
    if (latest !== undefined && latest.contract.symbol === symbol && latest.contract.exchange === exchange)
      return latest;
    const book = this.books.get(exchange)?.get(symbol);
    if (book !== undefined) this.#latest = book;
    return book;
  }

  *allBooks(): Generator<ContractBook> {
    for (const symbols of this.books.values()) yield* symbols.values();
  }

  /** Undefined beyond the limit of currencies. */
  addBook(contract: Contract): ContractBook | undefined {
    const account = this.account(contract.currency);
    if (account === undefined) return undefined;
    let symbols = this.books.get(contract.exchange);
    if (symbols === undefined) this.books.set(contract.exchange, (symbols = new Map()));
    const book = new ContractBook({ ...contract }, account, isSpot(contract), this.settings.markAgeLimitMs);
    symbols.set(contract.symbol, book);
    return book;
  }

  /** The account of a currency, made if it is new; undefined beyond the limit. */
  account(currency: string): CurrencyAccount | undefined {
    let account = this.#accountByCurrency.get(currency);
    if (account === undefined && this.accounts.length < this.settings.currencyLimit) {
      account = new CurrencyAccount(currency, this.accounts.length);
      this.#accountByCurrency.set(currency, account);
      this.accounts.push(account);
    }
    return account;
  }

  feeAccount(currency: string | undefined, book: ContractBook): CurrencyAccount | undefined {
    if (currency === undefined || currency === book.contract.currency) return book.account;
    return this.account(currency);
  }

  openPosition(account: string, strategy: string, book: ContractBook): PositionState {
    const position = new PositionState(this.positions.length, account, strategy, book, this.live, this.engine.lots);
    this.settled.allocate();
    this.positions.push(position);
    book.add(position);
    return position;
  }

  /** A cost in the base asset of a spot contract is a sale of that much, whose proceeds pay it. */
  isInKind(book: ContractBook, paidIn: CurrencyAccount): boolean {
    return book.spot && paidIn.currency === book.contract.baseCurrency;
  }

  /** Writes the entry of a fill. */
  writeFill(terms: FillTerms, book: ContractBook, paidIn: CurrencyAccount, cells: Float64Array): void {
    const { contract } = book;
    const value = unitValue(contract, terms.price);
    const bought = terms.side === 'buy' ? terms.quantity : -terms.quantity;
    const inKind = this.isInKind(book, paidIn);
    cells[DELTA] = inKind ? bought - terms.fee : bought;
    cells[UNIT_VALUE] = value;
    cells[PRICE] = terms.price;
    cells[FEE] = terms.fee;
    cells[TIME_MS] = terms.timeMs;
    cells[NOTIONAL] = Math.abs(notionalValue(contract, terms.quantity, terms.price));
    cells[KIND] = FILL_ENTRY;
    this.writeCost(book, paidIn, cells);
  }

  /** Writes what an entry's fee or amount costs in the settlement currency, from its cells for fee and unit value. */
  writeCost(book: ContractBook, paidIn: CurrencyAccount, cells: Float64Array): void {
    const fee = cells[FEE] as number;
    cells[FEE_COST] = 0;
    cells[FOREIGN_FEE_COST] = 0;
    if (this.isInKind(book, paidIn)) cells[FEE_COST] = fee * (cells[UNIT_VALUE] as number);
    else if (paidIn === book.account) cells[FEE_COST] = fee;
    else cells[FOREIGN_FEE_COST] = this.#convert(fee, paidIn.currency, book.contract.currency);
  }

  /** Applies the entry in the scratch to its position, books it and remembers it. */
  enter(scope: number, id: string, position: PositionState, entry: FillScratch, paidIn: CurrencyAccount): void {
    this.engine.apply(this.live.cells, position.at, entry);
    position.book.account.realized.add(entry.cells[REALIZED] as number);
    this.bookMoney(position, paidIn, entry.cells, 1);
    this.remember(scope, id, position, entry, paidIn);
  }

  /** Adds an entry to the journal, where the oldest makes room for it. */
  remember(scope: number, id: string, position: PositionState, entry: FillScratch, paidIn: CurrencyAccount): void {
    this.#settleDue();
    this.journal.add(scope, id, position, entry, paidIn.index);
  }

  /** Adds (1) or takes back (-1) the money of an entry, all but realized P&L. */
  bookMoney(position: PositionState, paidIn: CurrencyAccount, cells: Float64Array, sign: number): void {
    const kind = cells[KIND] as number;
    if (kind === VOID_ENTRY) return;
    const { book } = position;
    const { account } = book;
    const fee = sign * (cells[FEE] as number);
    if (kind === FILL_ENTRY) paidIn.fees.add(fee);
    costsOf(account, kind).add(sign * (cells[FEE_COST] as number));
    if (paidIn !== account) this.#bookForeign(position, paidIn, cells, sign);
    const delta = cells[DELTA] as number;
    if (delta === 0) return;
    const money = delta * (cells[UNIT_VALUE] as number);
    account.cash.add(sign * -money);
    // The scale of rounding errors, which what is taken back has caused as well.
    account.turnover.add(Math.abs(money));
  }

  /** Builds the live record of a position anew from its settled one and its entries in the journal. */
  rebuild(position: PositionState): void {
    const { at } = position;
    const { lots } = this.engine;
    const cells = this.live.cells;
    const quantity = position.quantity;
    const adverse = cells[at + ADVERSE] as number;
    const favorable = cells[at + FAVORABLE] as number;
    lots?.clear(cells, at);
    cells.set(this.settled.cells.subarray(at, at + POSITION_STRIDE), at);
    lots?.copy(cells, at, cells[at + LOT_OLDEST] as number);
    for (let index = position.firstEntry; index >= 0; index = this.journal.following(index)) {
      this.#replay(index, cells, at);
    }
    // Marks are not remembered: the open trade keeps the excursions it had.
    if (quantity === 0 || position.quantity === 0) return;
    cells[at + ADVERSE] = Math.min(adverse, cells[at + ADVERSE] as number);
    cells[at + FAVORABLE] = Math.max(favorable, cells[at + FAVORABLE] as number);
  }

  #settleDue(): void {
    const { journal } = this;
    const due = journal.due;
    if (due < 0) return;
    const position = this.positions[journal.handle(due)] as PositionState;
    this.#replay(due, this.settled.cells, position.at);
    journal.drop(due, position);
  }

  #replay(index: number, cells: Float64Array, at: number): void {
    const entry = this.#replayed;
    this.journal.read(index, entry.cells);
    if (entry.cells[KIND] !== VOID_ENTRY) this.engine.apply(cells, at, entry);
  }

  #bookForeign(position: PositionState, paidIn: CurrencyAccount, cells: Float64Array, sign: number): void {
    const kind = cells[KIND] as number;
    const fee = sign * (cells[FEE] as number);
    const inKind = this.isInKind(position.book, paidIn);
    if (!inKind) costsOf(paidIn, kind).add(fee);
    if (kind !== FILL_ENTRY) return;
    position.foreignFee(paidIn.currency).add(fee);
    if (inKind) position.feesInKind.add(sign * (cells[FEE_COST] as number));
  }

  #convert(amount: number, from: string, to: string): number {
    if (amount === 0) return 0;
    const { rates } = this.settings;
    return rates === undefined ? Number.NaN : (amount * rates.rate(from)) / rates.rate(to);
  }
}

function costsOf(account: CurrencyAccount, kind: number): NeumaierSum {
  return kind === FILL_ENTRY ? account.feeCost : kind === FUNDING_ENTRY ? account.funding : account.borrow;
}

/** Copies the cells of an entry that say what happened. */
export function copyEntry(from: Float64Array, to: Float64Array): void {
  for (let cell = 0; cell < ENTRY_CELLS; cell++) to[cell] = from[cell] as number;
}
