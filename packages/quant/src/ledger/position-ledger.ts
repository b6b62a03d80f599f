import { isPositiveAmount } from '../number/amount.ts';
import { CellTable } from '../number/cell-table.ts';
import {
  type Contract,
  checkContract,
  isSpot,
  notionalCurrency,
  notionalValue,
  sameTerms,
  unitValue,
} from './contract.ts';
import { ContractBook } from './contract-book.ts';
import { CurrencyAccount, type CurrencyTotals } from './currency-account.ts';
import { positiveInteger, QuantError, reorderWindow } from '../errors.ts';
import type { Fill, FillResult, Mark, MarkResult } from './events.ts';
import {
  DELTA,
  FEE,
  FEE_COST,
  type FillEffect,
  FillScratch,
  FOREIGN_FEE_COST,
  NOTIONAL,
  PRICE,
  REALIZED,
  TIME_MS,
  UNIT_VALUE,
} from './fill-effect.ts';
import { checkFill } from './fill-check.ts';
import { NeumaierSum } from '../number/neumaier-sum.ts';
import type { Position } from './position.ts';
import { POSITION_STRIDE, PositionState } from './position-state.ts';
import type { RateBook } from './rate-book.ts';
import { RecentIds } from './recent-ids.ts';

/** Limits and collaborators of a {@link PositionLedger}. */
export interface PositionLedgerOptions {
  /** How many of the latest fill ids are remembered to recognise duplicates. Default 65,536. */
  readonly fillIdLimit?: number;
  /** Most positions ever opened; a fill that would open one more is refused. Default 65,536. */
  readonly positionLimit?: number;
  /** Most currencies, fee currencies included. Default 1,024. */
  readonly currencyLimit?: number;
  /**
   * A mark older than the contract's latest by at most this is out of order and refused; one that is older still means
   * that a clock was set back, and is taken. Default 10,000.
   */
  readonly reorderWindowMs?: number;
  /**
   * Converts fees in a third currency (BNB, KCS) for the outcome of trades. Without a rate such a trade has no outcome;
   * totals per currency are exact either way.
   */
  readonly rates?: RateBook;
}

/** Names one position; no account is the account ''. */
export interface PositionKey {
  readonly account?: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
}

/**
 * Turns fills and marks into positions and P&L at average cost, for linear and inverse contracts.
 *
 * Event methods never throw and never half-apply: they return `applied`, or the reason why nothing changed. A fill of a
 * known position does not allocate. Amounts in different currencies are never added up.
 */
export class PositionLedger {
  readonly #books = new Map<string, Map<string, ContractBook>>();
  readonly #positions: PositionState[] = [];
  readonly #table = new CellTable(POSITION_STRIDE);
  readonly #accounts = new Map<string, CurrencyAccount>();
  readonly #recentFills: RecentIds;
  readonly #positionLimit: number;
  readonly #currencyLimit: number;
  readonly #reorderWindowMs: number;
  readonly #rates: RateBook | undefined;
  readonly #effect = new FillScratch();
  #markedPositions: readonly Position[] = [];
  #fillCount = 0;

  constructor(options: PositionLedgerOptions = {}) {
    this.#recentFills = new RecentIds(options.fillIdLimit ?? 65_536);
    this.#positionLimit = positiveInteger('positionLimit', options.positionLimit ?? 65_536);
    this.#currencyLimit = positiveInteger('currencyLimit', options.currencyLimit ?? 1024);
    this.#reorderWindowMs = reorderWindow(options.reorderWindowMs ?? 10_000);
    this.#rates = options.rates;
  }

  /**
   * Makes a symbol of an exchange known. Defining the same terms again changes nothing.
   * Throws a {@link QuantError}: `invalid_contract`, or `contract_conflict` if the symbol is known with other terms.
   */
  defineContract(contract: Contract): void {
    checkContract(contract);
    const known = this.#books.get(contract.exchange)?.get(contract.symbol);
    if (known !== undefined) {
      if (sameTerms(known.contract, contract)) return;
      throw new QuantError(
        'contract_conflict',
        `contract "${contract.symbol}" of "${contract.exchange}" is already defined with other terms; ` +
          'a changed contract needs a symbol of its own',
      );
    }
    const account = this.#account(contract.currency);
    if (account === undefined) {
      throw new QuantError(
        'invalid_contract',
        `${contract.currency} is beyond the limit of ${this.#currencyLimit} currencies`,
      );
    }
    let symbols = this.#books.get(contract.exchange);
    if (symbols === undefined) this.#books.set(contract.exchange, (symbols = new Map()));
    symbols.set(contract.symbol, new ContractBook({ ...contract }, account, isSpot(contract)));
  }

  /** The terms a symbol was defined with. */
  contract(exchange: string, symbol: string): Contract | undefined {
    return this.#books.get(exchange)?.get(symbol)?.contract;
  }

  /** Applies one fill; {@link effect} then says what it changed. A refused fill changes nothing. */
  applyFill(fill: Fill): FillResult {
    const refusal = checkFill(fill);
    if (refusal !== undefined) return refusal;
    const book = this.#books.get(fill.exchange)?.get(fill.symbol);
    if (book === undefined) return 'unknown_contract';
    const position = book.find(fill.strategy, fill.account ?? '');
    if (position === undefined) {
      if (this.#positions.length >= this.#positionLimit) return 'position_limit';
    } else if (this.#recentFills.has(position.handle, fill.fillId)) return 'duplicate';
    const feeAccount = this.#feeAccount(fill, book);
    if (feeAccount === undefined) return 'currency_limit';
    this.#apply(fill, position ?? this.#openPosition(fill, book), book, feeAccount);
    return 'applied';
  }

  /** Values all positions of a contract at a new price; {@link markedPositions} then lists them. */
  applyMark(mark: Mark): MarkResult {
    if (typeof mark !== 'object' || mark === null) return 'invalid_event';
    if (!isPositiveAmount(mark.price)) return 'invalid_price';
    if (!Number.isFinite(mark.timeMs)) return 'invalid_time';
    const book = this.#books.get(mark.exchange)?.get(mark.symbol);
    if (book === undefined) return 'unknown_contract';
    if (mark.timeMs < book.markTimeMs && book.markTimeMs - mark.timeMs <= this.#reorderWindowMs) return 'out_of_order';
    book.mark = mark.price;
    book.markTimeMs = mark.timeMs;
    this.#markedPositions = book.positions;
    return 'applied';
  }

  /** What the latest applied fill changed. Owned by the ledger and overwritten by the next one. */
  get effect(): FillEffect {
    return this.#effect;
  }

  /** Positions of the contract of the latest applied mark. Owned by the ledger. */
  get markedPositions(): readonly Position[] {
    return this.#markedPositions;
  }

  /** Fills applied so far. */
  get fillCount(): number {
    return this.#fillCount;
  }

  position(key: PositionKey): Position | undefined {
    return this.#books
      .get(key.exchange)
      ?.get(key.symbol)
      ?.find(key.strategy, key.account ?? '');
  }

  /** The position with a handle, in constant time. */
  positionAt(handle: number): Position | undefined {
    return this.#positions[handle];
  }

  /** All positions, flat ones included, in order of their handles. Owned by the ledger; it grows. */
  positions(): readonly Position[] {
    return this.#positions;
  }

  /** Money per currency now, a new snapshot at each call; time is linear in the number of positions. */
  totals(): ReadonlyMap<string, CurrencyTotals> {
    const totals = new Map<string, CurrencyTotals>();
    for (const account of this.#accounts.values()) totals.set(account.currency, this.#totalsOf(account));
    return totals;
  }

  /**
   * Largest deviation, over all currencies and relative to turnover, from cash + cost of the open positions = realized
   * P&L, both before fees. 0 when nothing was traded; anything above about 1e-11 means that the ledger lost money.
   */
  cashIdentityError(): number {
    let worst = 0;
    for (const account of this.#accounts.values()) {
      const turnover = account.turnover.value;
      if (turnover === 0) continue;
      const cost = this.#sumOf(account, (position) => position.cost);
      const error = account.cash.value + cost - account.realized.value;
      worst = Math.max(worst, Math.abs(error) / turnover);
    }
    return worst;
  }

  #apply(fill: Fill, position: PositionState, book: ContractBook, feeAccount: CurrencyAccount): void {
    const { contract, account } = book;
    const effect = this.#effect;
    const cells = effect.cells;
    const value = unitValue(contract, fill.price);
    const bought = fill.side === 'buy' ? fill.quantity : -fill.quantity;
    // A fee in the base asset of a spot fill is a sale of that much at the fill's price, whose proceeds pay the fee.
    const inKind = book.spot && feeAccount.currency === contract.baseCurrency;
    const delta = inKind ? bought - fill.fee : bought;
    let feeCost = 0;
    let foreignFeeCost = 0;
    if (inKind) feeCost = fill.fee * value;
    else if (feeAccount === account) feeCost = fill.fee;
    else foreignFeeCost = this.#convert(fill.fee, feeAccount.currency, contract.currency);
    cells[DELTA] = delta;
    cells[UNIT_VALUE] = value;
    cells[PRICE] = fill.price;
    cells[FEE] = fill.fee;
    cells[FEE_COST] = feeCost;
    cells[FOREIGN_FEE_COST] = foreignFeeCost;
    cells[TIME_MS] = fill.timeMs;
    cells[NOTIONAL] = Math.abs(notionalValue(contract, fill.quantity, fill.price));
    effect.position = position;
    effect.feeCurrency = feeAccount.currency;
    effect.notionalCurrency = notionalCurrency(contract);
    position.apply(effect);

    account.realized.add(cells[REALIZED] as number);
    account.cash.add(-delta * value);
    account.turnover.add(Math.abs(delta * value));
    account.feeCost.add(feeCost);
    feeAccount.fees.add(fill.fee);
    if (!inKind && feeAccount !== account) feeAccount.feeCost.add(fill.fee);
    this.#recentFills.add(position.handle, fill.fillId);
    this.#fillCount++;
  }

  #openPosition(fill: Fill, book: ContractBook): PositionState {
    const position = new PositionState(this.#positions.length, fill.account ?? '', fill.strategy, book, this.#table);
    this.#positions.push(position);
    book.add(position);
    return position;
  }

  #feeAccount(fill: Fill, book: ContractBook): CurrencyAccount | undefined {
    const currency = fill.feeCurrency;
    if (currency === undefined || currency === book.contract.currency) return book.account;
    return this.#account(currency);
  }

  #account(currency: string): CurrencyAccount | undefined {
    let account = this.#accounts.get(currency);
    if (account === undefined && this.#accounts.size < this.#currencyLimit) {
      this.#accounts.set(currency, (account = new CurrencyAccount(currency)));
    }
    return account;
  }

  #convert(amount: number, from: string, to: string): number {
    if (amount === 0) return 0;
    if (this.#rates === undefined) return Number.NaN;
    return (amount * this.#rates.rate(from)) / this.#rates.rate(to);
  }

  #totalsOf(account: CurrencyAccount): CurrencyTotals {
    let unmarkedPositions = 0;
    const unrealizedPnl = this.#sumOf(account, (position) => {
      if (position.unrealizedPnl === undefined && position.quantity !== 0) unmarkedPositions++;
      return position.unrealizedPnl ?? 0;
    });
    const realizedPnl = account.realized.value;
    const feeCost = account.feeCost.value;
    return {
      currency: account.currency,
      realizedPnl,
      unrealizedPnl,
      unmarkedPositions,
      fees: account.fees.value,
      feeCost,
      cash: account.cash.value - feeCost,
      netPnl: realizedPnl + unrealizedPnl - feeCost,
    };
  }

  #sumOf(account: CurrencyAccount, amount: (position: PositionState) => number): number {
    const sum = new NeumaierSum();
    for (const position of this.#positions) if (position.book.account === account) sum.add(amount(position));
    return sum.value;
  }
}
