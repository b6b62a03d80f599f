import { writeState } from '../binary/state-file.ts';
import { sumsOf } from './currency-account.ts';
import type { Contract } from './contract.ts';
import type { ContractBook, MarkPrice } from './contract-book.ts';
import { ENTRY_CELLS } from './fill-effect.ts';
import type { CostMethod } from './ledger-options.ts';
import type { LedgerState } from './ledger-state.ts';
import { LOT_NEWEST, LOT_OLDEST, POSITION_STRIDE } from './position-cells.ts';
import type { PositionState } from './position-state.ts';
import type { TradeGrouping } from './trade-grouper.ts';

export const LEDGER_MAGIC = 'NMLEDGER';
/** Raised with every change of what is written or of the order it is written in. */
export const LEDGER_VERSION = 1;

/** The names of a ledger's state, in the order in which its numbers follow. */
export interface LedgerHead {
  readonly costMethod: CostMethod;
  readonly tradeGrouping: TradeGrouping;
  readonly fillCount: number;
  readonly mergedLots: number;
  readonly currencies: readonly string[];
  readonly contracts: readonly Contract[];
  readonly positions: readonly PositionHead[];
  /** Of the journal, oldest first: scope and id. */
  readonly entries: readonly (readonly [scope: number, id: string])[];
  readonly rates: readonly string[];
}

/** Whose a position is. */
export interface PositionHead {
  readonly account: string;
  readonly strategy: string;
  /** Index into the contracts. */
  readonly contract: number;
  /** Currencies of fees other than the settlement currency. */
  readonly feeCurrencies: readonly string[];
}

/** Writes the whole state of a ledger; its size follows from the limits of the ledger. */
export function snapshotOf(state: LedgerState): Uint8Array {
  const books = [...state.allBooks()];
  const indexOf = new Map(books.map((book, index) => [book, index]));
  const rates = [...(state.settings.rates?.known() ?? [])];
  const entries = [...state.journal.indices()];
  const { ids } = state.journal;
  const head: LedgerHead = {
    costMethod: state.settings.costMethod,
    tradeGrouping: state.settings.tradeGrouping,
    fillCount: state.fillCount,
    mergedLots: state.engine.lots?.merged ?? 0,
    currencies: state.accounts.map(({ currency }) => currency),
    contracts: books.map(({ contract }) => contract),
    positions: state.positions.map((position) => positionHead(position, indexOf)),
    entries: entries.map((index) => [ids.scope(index), ids.id(index)]),
    rates: rates.map(([currency]) => currency),
  };
  const numbers: number[] = [];
  for (const account of state.accounts) for (const sum of sumsOf(account)) numbers.push(...sum.parts);
  for (const book of books) for (const price of pricesOf(book)) numbers.push(price.bid, price.ask, price.timeMs);
  for (const position of state.positions) writePosition(state, position, numbers);
  const cells = new Float64Array(ENTRY_CELLS);
  for (const index of entries) {
    state.journal.read(index, cells);
    for (const cell of cells) numbers.push(cell);
    numbers.push(state.journal.currency(index));
  }
  for (const [, [rate, timeMs]] of rates) numbers.push(rate, timeMs);
  return writeState(LEDGER_MAGIC, LEDGER_VERSION, { head, numbers: Float64Array.from(numbers) });
}

/** The prices of a contract, in the order they are written. */
export function pricesOf({ markPrice, touch, lastTrade }: ContractBook): readonly MarkPrice[] {
  return [markPrice, touch, lastTrade];
}

function positionHead(position: PositionState, indexOf: ReadonlyMap<ContractBook, number>): PositionHead {
  const { account, strategy, book, foreignFees } = position;
  return {
    account,
    strategy,
    contract: indexOf.get(book) as number,
    feeCurrencies: [...(foreignFees?.keys() ?? [])],
  };
}

function writePosition(state: LedgerState, position: PositionState, numbers: number[]): void {
  for (const table of [state.live, state.settled]) {
    for (let cell = 0; cell < POSITION_STRIDE; cell++) {
      // Where a lot lies in the pool is no part of the state.
      const pooled = cell === LOT_OLDEST || cell === LOT_NEWEST;
      numbers.push(pooled ? 0 : (table.cells[position.at + cell] as number));
    }
    state.engine.lots?.write(table.cells, position.at, numbers);
  }
  numbers.push(...position.feesInKind.parts);
  for (const fees of position.foreignFees?.values() ?? []) numbers.push(...fees.parts);
}
