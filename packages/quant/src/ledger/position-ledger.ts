import { isPositiveAmount } from '../number/amount.ts';
import { type Contract, checkContract, notionalCurrency, sameTerms, unitValue } from './contract.ts';
import type { ContractBook, MarkPrice } from './contract-book.ts';
import type { CurrencyAccount, CurrencyTotals } from './currency-account.ts';
import { QuantError } from '../errors.ts';
import type {
  Correction,
  CorrectionResult,
  Fill,
  FillResult,
  Mark,
  MarkResult,
  Payment,
  PaymentResult,
  Touch,
} from './events.ts';
import { checkFill, checkPayment } from './fill-check.ts';
import { type CorrectionEffect, correctFill } from './fill-correction.ts';
import {
  BORROW_ENTRY,
  DELTA,
  FEE,
  type FillEffect,
  FillScratch,
  FUNDING_ENTRY,
  KIND,
  NOTIONAL,
  PRICE,
  TIME_MS,
  UNIT_VALUE,
} from './fill-effect.ts';
import { ledgerSettings, type PositionLedgerOptions } from './ledger-options.ts';
import { restoreState } from './ledger-restore.ts';
import { snapshotOf } from './ledger-snapshot.ts';
import { LedgerState } from './ledger-state.ts';
import { identityErrorOf, totalsOf } from './ledger-totals.ts';
import type { Position } from './position.ts';
import type { PositionState } from './position-state.ts';
import { TradeStatistics } from './trade-statistics.ts';

/** Names one position; no account is the account ''. */
export interface PositionKey {
  readonly account?: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
}

// Cells of a price on its way in: a double in an array crosses a call without being boxed.
/** Unit value of a long and of a short position at the price in use, where `PositionEngine.excurse` looks for them. */
const LONG_VALUE = 0;
const SHORT_VALUE = 1;
const BID = 2;
const ASK = 3;
const AT_MS = 4;

const NO_POSITIONS: readonly Position[] = [];

/**
 * Turns fills, payments and prices into positions and P&L, for linear and inverse contracts.
 *
 * Event methods never throw and never half-apply: they return `applied`, or the reason why nothing changed. A fill of a
 * known position does not allocate. Amounts in different currencies are never added up.
 */
export class PositionLedger {
  readonly #state: LedgerState;
  readonly #effect = new FillScratch();
  readonly #values = new Float64Array(5);
  #correction: CorrectionEffect | undefined = undefined;
  #markedPositions: readonly Position[] = NO_POSITIONS;

  /** Throws a {@link QuantError} with code `invalid_option`. */
  constructor(options: PositionLedgerOptions = {}, state: LedgerState = new LedgerState(ledgerSettings(options))) {
    this.#state = state;
  }

  /**
   * The ledger that {@link snapshot} was taken of, which goes on as that one would have. The rates of `options.rates` are
   * restored with it. Throws a {@link QuantError}: `snapshot_damaged`, `snapshot_version` or `snapshot_conflict`.
   */
  static restore(bytes: Uint8Array, options: PositionLedgerOptions = {}): PositionLedger {
    return new PositionLedger(options, restoreState(bytes, ledgerSettings(options)));
  }

  /**
   * The whole state as bytes, bounded by the limits of the options: about 100 bytes per remembered fill and 0.8 KB per
   * position. Takes milliseconds per 10,000 of them; call it between events, not in them.
   */
  snapshot(): Uint8Array {
    return snapshotOf(this.#state);
  }

  /**
   * Makes a symbol of an exchange known. Defining the same terms again changes nothing.
   * Throws a {@link QuantError}: `invalid_contract`, or `contract_conflict` if the symbol is known with other terms.
   */
  defineContract(contract: Contract): void {
    checkContract(contract);
    const known = this.#state.book(contract.exchange, contract.symbol);
    if (known !== undefined) {
      if (sameTerms(known.contract, contract)) return;
      throw new QuantError(
        'contract_conflict',
        `contract "${contract.symbol}" of "${contract.exchange}" is already defined with other terms; ` +
          'a changed contract needs a symbol of its own',
      );
    }
    if (this.#state.addBook(contract) === undefined) {
      throw new QuantError(
        'invalid_contract',
        `${contract.currency} is beyond the limit of ${this.#state.settings.currencyLimit} currencies`,
      );
    }
  }

  /** The terms a symbol was defined with. */
  contract(exchange: string, symbol: string): Contract | undefined {
    return this.#state.book(exchange, symbol)?.contract;
  }

  /**
   * Why {@link applyFill} would refuse a fill, without taking it; undefined when it would not. Only that its fee has one
   * currency too many is not foreseen.
   */
  refusalOf(fill: Fill): FillResult | undefined {
    const refusal = checkFill(fill);
    if (refusal !== undefined) return refusal;
    const state = this.#state;
    const book = state.book(fill.exchange, fill.symbol);
    if (book === undefined) return 'unknown_contract';
    return this.#refusalAt(book.find(fill.strategy, fill.account ?? ''), fill.fillId);
  }

  /** Applies one fill; {@link effect} then says what it changed. A refused fill changes nothing. */
  applyFill(fill: Fill): FillResult {
    const refusal = checkFill(fill);
    if (refusal !== undefined) return refusal;
    const state = this.#state;
    const book = state.book(fill.exchange, fill.symbol);
    if (book === undefined) return 'unknown_contract';
    let position = book.find(fill.strategy, fill.account ?? '');
    const refusedThere = this.#refusalAt(position, fill.fillId);
    if (refusedThere !== undefined) return refusedThere;
    const paidIn = state.feeAccount(fill.feeCurrency, book);
    if (paidIn === undefined) return 'currency_limit';
    position ??= state.openPosition(fill.account ?? '', fill.strategy, book);
    const effect = this.#effect;
    state.writeFill(fill, book, paidIn, effect.cells);
    this.#describe(position, paidIn);
    state.enter(position.handle, fill.fillId, position, effect, paidIn);
    state.fillCount++;
    return 'applied';
  }

  /** Takes funding that an open position paid or received. It is part of the net result of the open trade. */
  applyFunding(payment: Payment): PaymentResult {
    return this.#pay(payment, FUNDING_ENTRY);
  }

  /** Takes interest paid on what was borrowed for a position. It is part of the net result of the open trade. */
  applyBorrow(payment: Payment): PaymentResult {
    return this.#pay(payment, BORROW_ENTRY);
  }

  /** Busts or changes a fill; {@link correction} then says what that changed. */
  applyCorrection(correction: Correction): CorrectionResult {
    const result = correctFill(this.#state, correction);
    if (typeof result === 'string') return result;
    this.#correction = result;
    return 'applied';
  }

  /**
   * Takes the exchange's mark price of a contract, the best price to value positions at; {@link markedPositions} then
   * lists the positions that it values.
   */
  applyMark(mark: Mark): MarkResult {
    const book = this.#priced(mark);
    if (typeof book === 'string') return book;
    if (!isPositiveAmount(mark.price)) return 'invalid_price';
    const values = this.#values;
    values[BID] = mark.price;
    values[ASK] = mark.price;
    values[AT_MS] = mark.timeMs;
    return this.#price(book, book.markPrice);
  }

  /** Takes bid and offer, which value positions while there is no mark price: a long one the bid, a short one the ask. */
  applyTouch(touch: Touch): MarkResult {
    const book = this.#priced(touch);
    if (typeof book === 'string') return book;
    if (!isPositiveAmount(touch.bid) || !isPositiveAmount(touch.ask)) return 'invalid_price';
    const values = this.#values;
    values[BID] = touch.bid;
    values[ASK] = touch.ask;
    values[AT_MS] = touch.timeMs;
    return this.#price(book, book.touch);
  }

  /** Takes the price of a public trade, which values positions while there is neither a mark price nor a touch. */
  applyLastTrade(trade: Mark): MarkResult {
    const book = this.#priced(trade);
    if (typeof book === 'string') return book;
    if (!isPositiveAmount(trade.price)) return 'invalid_price';
    const values = this.#values;
    values[BID] = trade.price;
    values[ASK] = trade.price;
    values[AT_MS] = trade.timeMs;
    return this.#price(book, book.lastTrade);
  }

  /** What the latest applied fill or payment changed. Owned by the ledger and overwritten by the next one. */
  get effect(): FillEffect {
    return this.#effect;
  }

  /** What the latest applied correction changed; undefined before the first. */
  get correction(): CorrectionEffect | undefined {
    return this.#correction;
  }

  /**
   * Positions whose value the latest applied price may have changed; none where a better kind of price is in use. Owned
   * by the ledger.
   */
  get markedPositions(): readonly Position[] {
    return this.#markedPositions;
  }

  /** Fills applied so far, those that were busted later included. */
  get fillCount(): number {
    return this.#state.fillCount;
  }

  /** Lots merged because `lotLimit` was reached: from then on P&L of partial closes is approximate. */
  get mergedLots(): number {
    return this.#state.engine.lots?.merged ?? 0;
  }

  position(key: PositionKey): Position | undefined {
    return this.#state.book(key.exchange, key.symbol)?.find(key.strategy, key.account ?? '');
  }

  /** The position with a handle, in constant time. */
  positionAt(handle: number): Position | undefined {
    return this.#state.positions[handle];
  }

  /** All positions, flat ones included, in order of their handles. Owned by the ledger; it grows. */
  positions(): readonly Position[] {
    return this.#state.positions;
  }

  /** Money per currency now, a new snapshot at each call; time is linear in the number of positions. */
  totals(): ReadonlyMap<string, CurrencyTotals> {
    return totalsOf(this.#state);
  }

  /** Closed trades of all positions that `include` accepts, whose settlement currency should be one. */
  tradeStatistics(include: (position: Position) => boolean): TradeStatistics {
    const statistics = new TradeStatistics();
    for (const position of this.#state.positions) if (include(position)) statistics.merge(position.trades);
    return statistics;
  }

  /**
   * Largest deviation, over all currencies and relative to turnover, of two identities before costs: cash + cost of the
   * open positions = realized P&L = Σ realized P&L of the positions. 0 when nothing was traded; anything above about
   * 1e-11 means that the ledger lost money.
   */
  cashIdentityError(): number {
    return identityErrorOf(this.#state);
  }

  /** Why a fill of a known contract would be refused at its position, which may be new. */
  #refusalAt(position: PositionState | undefined, fillId: string): 'position_limit' | 'duplicate' | undefined {
    const { positions, settings, journal } = this.#state;
    if (position === undefined) return positions.length >= settings.positionLimit ? 'position_limit' : undefined;
    return journal.ids.has(position.handle, fillId) ? 'duplicate' : undefined;
  }

  #describe(position: PositionState, paidIn: CurrencyAccount): void {
    const effect = this.#effect;
    effect.position = position;
    effect.feeCurrency = paidIn.currency;
    effect.notionalCurrency = notionalCurrency(position.book.contract);
  }

  #pay(payment: Payment, kind: number): PaymentResult {
    const refusal = checkPayment(payment);
    if (refusal !== undefined) return refusal;
    const state = this.#state;
    const book = state.book(payment.exchange, payment.symbol);
    if (book === undefined) return 'unknown_contract';
    let position = book.find(payment.strategy, payment.account ?? '');
    if (position === undefined) {
      if (state.positions.length >= state.settings.positionLimit) return 'position_limit';
    } else if (state.journal.ids.has(~position.handle, payment.paymentId)) return 'duplicate';
    const paidIn = state.feeAccount(payment.currency, book);
    if (paidIn === undefined) return 'currency_limit';
    const inKind = state.isInKind(book, paidIn);
    const price = book.hasMark ? book.priceFor(position?.quantity ?? 0) : (position?.lastFillPrice ?? 0);
    if (inKind && price === 0) return 'missing_price';
    position ??= state.openPosition(payment.account ?? '', payment.strategy, book);
    const { cells } = this.#effect;
    cells[DELTA] = inKind ? 0 - payment.amount : 0;
    cells[UNIT_VALUE] = inKind ? unitValue(book.contract, price) : 0;
    cells[PRICE] = inKind ? price : 0;
    cells[FEE] = payment.amount;
    cells[TIME_MS] = payment.timeMs;
    cells[NOTIONAL] = 0;
    cells[KIND] = kind;
    state.writeCost(book, paidIn, cells);
    this.#describe(position, paidIn);
    // Ids of payments and of fills are apart: handles are 0 or more, their complements negative.
    state.enter(~position.handle, payment.paymentId, position, this.#effect, paidIn);
    return 'applied';
  }

  #priced(event: {
    readonly exchange: string;
    readonly symbol: string;
    readonly timeMs: number;
  }): ContractBook | Exclude<MarkResult, 'applied'> {
    if (typeof event !== 'object' || event === null) return 'invalid_event';
    if (!Number.isFinite(event.timeMs)) return 'invalid_time';
    return this.#state.book(event.exchange, event.symbol) ?? 'unknown_contract';
  }

  #price(book: ContractBook, price: MarkPrice): MarkResult {
    const values = this.#values;
    const earlierMs = price.timeMs - (values[AT_MS] as number);
    if (earlierMs > 0 && earlierMs <= this.#state.settings.reorderWindowMs) return 'out_of_order';
    price.bid = values[BID] as number;
    price.ask = values[ASK] as number;
    price.timeMs = values[AT_MS] as number;
    const changed = book.choose(price);
    this.#markedPositions = changed ? book.positions : NO_POSITIONS;
    if (changed && book.hasMark && book.positions.length > 0) this.#excurse(book);
    return 'applied';
  }

  #excurse(book: ContractBook): void {
    const { engine, live } = this.#state;
    const values = this.#values;
    const positions = book.positions;
    const { bid, ask } = book.mark as MarkPrice;
    values[LONG_VALUE] = unitValue(book.contract, bid);
    values[SHORT_VALUE] = bid === ask ? values[LONG_VALUE] : unitValue(book.contract, ask);
    for (let at = 0; at < positions.length; at++) {
      engine.excurse(live.cells, (positions[at] as PositionState).at, values);
    }
  }
}
