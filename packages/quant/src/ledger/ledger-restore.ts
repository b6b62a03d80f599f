import { damaged, readState } from '../binary/state-file.ts';
import { isName } from '../number/amount.ts';
import type { NeumaierSum } from '../number/neumaier-sum.ts';
import { checkContract } from './contract.ts';
import type { ContractBook } from './contract-book.ts';
import { sumsOf } from './currency-account.ts';
import { QuantError } from '../errors.ts';
import { ENTRY_CELLS, FillScratch } from './fill-effect.ts';
import type { LedgerSettings } from './ledger-options.ts';
import { LEDGER_MAGIC, LEDGER_VERSION, type LedgerHead, type PositionHead, pricesOf } from './ledger-snapshot.ts';
import { LedgerState } from './ledger-state.ts';
import { LOT_COUNT, POSITION_STRIDE } from './position-cells.ts';
import { LOT_CELLS } from './lot-pool.ts';

/**
 * Builds the state that a snapshot was taken of. A smaller `fillIdLimit` than then keeps the latest entries.
 * Throws a {@link QuantError}: `snapshot_damaged`, `snapshot_version`, or `snapshot_conflict` where the settings cannot
 * hold the state or would go on differently with it.
 */
export function restoreState(bytes: Uint8Array, settings: LedgerSettings): LedgerState {
  const { head, numbers } = readState(LEDGER_MAGIC, LEDGER_VERSION, bytes);
  const known = checkHead(head);
  checkSettings(known, settings);
  const state = new LedgerState(settings);
  const from = new Numbers(numbers);
  for (const currency of known.currencies) {
    if (!isName(currency)) damaged('a currency has no name');
    const account = state.account(currency);
    if (account === undefined) conflict(`it has ${known.currencies.length} currencies`, 'currencyLimit');
    else for (const sum of sumsOf(account)) from.sum(sum);
  }
  const books = known.contracts.map((contract) => {
    checkContract(contract);
    const book = state.addBook(contract) ?? damaged(`the currency of ${contract.symbol} is not among its currencies`);
    for (const price of pricesOf(book)) {
      price.bid = from.next();
      price.ask = from.next();
      price.timeMs = from.next();
      book.choose(price);
    }
    return book;
  });
  for (const position of known.positions) readPosition(state, position, books, from);
  readJournal(state, known, from);
  for (const currency of known.rates) settings.rates?.resume(currency, from.next(), from.next());
  if (settings.rates !== undefined) from.end();
  state.fillCount = known.fillCount;
  if (state.engine.lots !== undefined) state.engine.lots.merged = known.mergedLots;
  return state;
}

/** The numbers of a snapshot, read one after the other. */
class Numbers {
  readonly #numbers: Float64Array;
  #at = 0;

  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  next(): number {
    return this.take(1)[0] as number;
  }

  take(count: number): Float64Array {
    const from = this.#at;
    this.#at += count;
    if (!(count >= 0) || this.#at > this.#numbers.length) damaged('it has fewer numbers than its head calls for');
    return this.#numbers.subarray(from, this.#at);
  }

  sum(into: NeumaierSum): void {
    into.reset(this.next(), this.next());
  }

  end(): void {
    if (this.#at !== this.#numbers.length) damaged('it has more numbers than its head calls for');
  }
}

function readPosition(
  state: LedgerState,
  { account, strategy, contract, feeCurrencies }: PositionHead,
  books: readonly ContractBook[],
  from: Numbers,
): void {
  const book = books[contract] ?? damaged('a position is in no contract');
  const position = state.openPosition(account, strategy, book);
  for (const table of [state.live, state.settled]) {
    const cells = table.cells;
    cells.set(from.take(POSITION_STRIDE), position.at);
    const lots = cells[position.at + LOT_COUNT] as number;
    const values = from.take(lots * LOT_CELLS);
    if (lots > 0 && state.engine.lots === undefined) damaged('a position has lots where none are kept');
    state.engine.lots?.read(cells, position.at, values, 0, lots);
  }
  from.sum(position.feesInKind);
  for (const currency of feeCurrencies) from.sum(position.foreignFee(currency));
}

function readJournal(state: LedgerState, { entries }: LedgerHead, from: Numbers): void {
  const entry = new FillScratch();
  for (const [scope, id] of entries) {
    const position = state.positions[scope < 0 ? ~scope : scope] ?? damaged('an entry belongs to no position');
    entry.cells.set(from.take(ENTRY_CELLS));
    const paidIn = state.accounts[from.next()] ?? damaged('an entry was paid in no currency');
    state.remember(scope, id, position, entry, paidIn);
  }
}

function checkHead(head: unknown): LedgerHead {
  const known = head as LedgerHead;
  if (typeof head !== 'object' || head === null) damaged('its head is no object');
  for (const list of ['currencies', 'contracts', 'positions', 'entries', 'rates'] as const) {
    if (!Array.isArray(known[list])) damaged(`its head has no ${list}`);
  }
  return known;
}

function checkSettings(head: LedgerHead, settings: LedgerSettings): void {
  for (const name of ['costMethod', 'tradeGrouping'] as const) {
    if (head[name] !== settings[name]) conflict(`its ${name} is ${head[name]}`, name);
  }
  if (head.positions.length > settings.positionLimit) {
    conflict(`it has ${head.positions.length} positions`, 'positionLimit');
  }
}

function conflict(what: string, option: keyof LedgerSettings): never {
  throw new QuantError('snapshot_conflict', `the snapshot does not fit the options: ${what}; set ${option} to suit it`);
}
