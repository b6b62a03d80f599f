import { notionalCurrency } from './contract.ts';
import type { ContractBook } from './contract-book.ts';
import type { CurrencyAccount } from './currency-account.ts';
import type { Correction, CorrectionResult } from './events.ts';
import { checkCorrection } from './fill-check.ts';
import {
  DELTA,
  ENTRY_CELLS,
  FEE,
  FEE_COST,
  FOREIGN_FEE_COST,
  KIND,
  NOTIONAL,
  PRICE,
  TIME_MS,
  VOID_ENTRY,
} from './fill-effect.ts';
import { copyEntry, type LedgerState } from './ledger-state.ts';
import type { Position } from './position.ts';
import type { PositionState } from './position-state.ts';

/** An amount in a currency. */
export interface Amount {
  readonly currency: string;
  readonly amount: number;
}

/** What a correction changed: every number is the difference between after and before. */
export interface CorrectionEffect {
  readonly kind: 'bust' | 'correct';
  readonly position: Position;
  /** Of the position. */
  readonly quantity: number;
  /** Before fees, in the settlement currency. */
  readonly realizedPnl: number;
  /** Fees as the fills name them, by currency. */
  readonly fees: readonly Amount[];
  /** Fees that reduce P&L in the settlement currency. */
  readonly feeCost: number;
  /** Traded quantity, as the fill names it. */
  readonly filledQuantity: number;
  readonly notional: number;
  readonly notionalCurrency: string;
  readonly wins: number;
  readonly losses: number;
  readonly breakevens: number;
  readonly grossProfit: number;
  readonly grossLoss: number;
}

/** What of a position can change by a correction. */
interface Figures {
  readonly quantity: number;
  readonly realizedPnl: number;
  readonly wins: number;
  readonly losses: number;
  readonly breakevens: number;
  readonly grossProfit: number;
  readonly grossLoss: number;
}

/**
 * Busts or changes a fill that is still in the journal, and rebuilds its position from there: linear in the entries the
 * journal holds of that position. Returns why nothing changed, or what did.
 */
export function correctFill(
  state: LedgerState,
  correction: Correction,
): Exclude<CorrectionResult, 'applied'> | CorrectionEffect {
  const refusal = checkCorrection(correction);
  if (refusal !== undefined) return refusal as Exclude<CorrectionResult, 'applied'>;
  const book = state.book(correction.exchange, correction.symbol);
  if (book === undefined) return 'unknown_contract';
  const found = find(state, correction, book);
  if (typeof found === 'string') return found;
  const { position, index } = found;

  const old = new Float64Array(ENTRY_CELLS);
  state.journal.read(index, old);
  const paidInBefore = state.accounts[state.journal.currency(index)] as CurrencyAccount;
  const paidIn =
    correction.kind === 'bust' || correction.feeCurrency === undefined
      ? paidInBefore
      : state.feeAccount(correction.feeCurrency, book);
  if (paidIn === undefined) return 'currency_limit';
  const corrected = new Float64Array(ENTRY_CELLS);
  if (correction.kind === 'bust') {
    copyEntry(old, corrected);
    corrected[KIND] = VOID_ENTRY;
  } else writeCorrected(state, correction, book, old, paidInBefore, paidIn, corrected);
  if (paidIn === paidInBefore && old.every((cell, at) => Object.is(cell, corrected[at]))) return 'duplicate';

  const before = figuresOf(position);
  state.bookMoney(position, paidInBefore, old, -1);
  state.bookMoney(position, paidIn, corrected, 1);
  state.journal.write(index, corrected, paidIn.index);
  state.rebuild(position);
  book.account.realized.add(position.realizedPnl - before.realizedPnl);
  return {
    kind: correction.kind,
    position,
    ...differenceOf(position, before),
    ...tradedDifference(state, book, [old, paidInBefore], [corrected, paidIn]),
  };
}

function find(
  state: LedgerState,
  { fillId, strategy, account }: Correction,
  book: ContractBook,
): { position: PositionState; index: number } | 'unknown_fill' | 'ambiguous_fill' {
  let found: { position: PositionState; index: number } | undefined;
  for (const position of book.positions) {
    if (strategy !== undefined && position.strategy !== strategy) continue;
    if (account !== undefined && position.account !== account) continue;
    const index = state.journal.ids.find(position.handle, fillId);
    if (index < 0) continue;
    if (found !== undefined) return 'ambiguous_fill';
    found = { position, index };
  }
  return found ?? 'unknown_fill';
}

function writeCorrected(
  state: LedgerState,
  { side, quantity, price, fee }: Correction,
  book: ContractBook,
  old: Float64Array,
  paidInBefore: CurrencyAccount,
  paidIn: CurrencyAccount,
  cells: Float64Array,
): void {
  const bought = tradedOf(state, book, old, paidInBefore);
  const terms = {
    side: side ?? (bought < 0 ? 'sell' : 'buy'),
    quantity: quantity ?? Math.abs(bought),
    price: price ?? (old[PRICE] as number),
    fee: fee ?? (old[FEE] as number),
    timeMs: old[TIME_MS] as number,
  } as const;
  state.writeFill(terms, book, paidIn, cells);
  // What was said before and is not said anew keeps its every digit, and a fee that stays the rate of its own moment.
  if (side === undefined && quantity === undefined && fee === undefined && paidIn === paidInBefore) {
    cells[DELTA] = old[DELTA] as number;
    if (price === undefined) cells[NOTIONAL] = old[NOTIONAL] as number;
  }
  if (paidIn === paidInBefore && cells[FEE] === old[FEE]) cells[FOREIGN_FEE_COST] = old[FOREIGN_FEE_COST] as number;
}

/** Signed quantity that a fill traded, before a fee in kind. */
function tradedOf(state: LedgerState, book: ContractBook, cells: Float64Array, paidIn: CurrencyAccount): number {
  const delta = cells[DELTA] as number;
  return state.isInKind(book, paidIn) ? delta + (cells[FEE] as number) : delta;
}

function figuresOf({ quantity, realizedPnl, trades }: PositionState): Figures {
  const { wins, losses, breakevens, grossProfit, grossLoss } = trades;
  return { quantity, realizedPnl, wins, losses, breakevens, grossProfit, grossLoss };
}

function differenceOf(position: PositionState, before: Figures): Figures {
  const after = figuresOf(position);
  return {
    quantity: after.quantity - before.quantity,
    realizedPnl: after.realizedPnl - before.realizedPnl,
    wins: after.wins - before.wins,
    losses: after.losses - before.losses,
    breakevens: after.breakevens - before.breakevens,
    grossProfit: after.grossProfit - before.grossProfit,
    grossLoss: after.grossLoss - before.grossLoss,
  };
}

type Entry = readonly [cells: Float64Array, paidIn: CurrencyAccount];

function tradedDifference(
  state: LedgerState,
  book: ContractBook,
  old: Entry,
  corrected: Entry,
): Pick<CorrectionEffect, 'fees' | 'feeCost' | 'filledQuantity' | 'notional' | 'notionalCurrency'> {
  const of = ([cells, paidIn]: Entry, cell: number): number => {
    if (cells[KIND] === VOID_ENTRY) return 0;
    return cell === DELTA ? Math.abs(tradedOf(state, book, cells, paidIn)) : (cells[cell] as number);
  };
  const difference = (cell: number): number => of(corrected, cell) - of(old, cell);
  const fees =
    old[1] === corrected[1]
      ? [{ currency: old[1].currency, amount: difference(FEE) }]
      : [
          { currency: old[1].currency, amount: -of(old, FEE) },
          { currency: corrected[1].currency, amount: of(corrected, FEE) },
        ];
  return {
    fees,
    feeCost: difference(FEE_COST),
    filledQuantity: difference(DELTA),
    notional: difference(NOTIONAL),
    notionalCurrency: notionalCurrency(book.contract),
  };
}
