import { isSignedAmount } from '../number/amount.ts';
import { type Contract, isSpot, notionalCurrency } from '../ledger/contract.ts';
import { Drawdown } from './drawdown.ts';
import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';
import type {
  Correction,
  CorrectionResult,
  Fill,
  FillResult,
  Mark,
  MarkResult,
  Payment,
  PaymentResult,
  Rate,
  RateResult,
} from '../ledger/events.ts';
import type { CorrectionEffect } from '../ledger/fill-correction.ts';
import { ExposureBook } from './exposure-book.ts';
import { NOTIONAL, type PositionState, UNREALIZED } from '../ledger/position-state.ts';
import { addToSum, CellTable, sumAt, takeFromSum } from '../number/cell-table.ts';
import { FEE, FEE_COST, type FillScratch, REALIZED } from '../ledger/fill-effect.ts';
import type { Position } from '../ledger/position.ts';
import type { PositionLedgerOptions } from '../ledger/ledger-options.ts';
import { PositionLedger } from '../ledger/position-ledger.ts';
import { RateBook, type RateCell } from '../ledger/rate-book.ts';

/** What a {@link Portfolio} reports in and starts from. */
export interface PortfolioOptions extends Omit<PositionLedgerOptions, 'rates'> {
  /** Currency of exposure, equity and drawdown. */
  readonly reportingCurrency: string;
  /** Equity before the first fill, in the reporting currency. */
  readonly initialCapital: number;
  /** What {@link Portfolio.snapshot} returned: everything goes on from there. */
  readonly state?: PortfolioSnapshot | undefined;
}

/** State of a {@link Portfolio}, as its option takes it back. */
export interface PortfolioSnapshot {
  readonly ledger: Uint8Array;
  /** In order of appearance, which the rounding of equity depends on. */
  readonly currencies: readonly string[];
  /** Sums of each currency, one after the other. */
  readonly sums: readonly number[];
  readonly drawdown: readonly number[];
}

// Sums of a currency, two cells each.
const REALIZED_SUM = 0;
const FEE_SUM = 2;
const UNREALIZED_SUM = 4;
const CURRENCY_CELLS = 6;

/** P&L of one currency, kept running so that equity needs no walk over the positions. */
class CurrencyPnl {
  readonly rate: RateCell;
  readonly sums: Float64Array = new Float64Array(CURRENCY_CELLS);

  constructor(rate: RateCell) {
    this.rate = rate;
  }
}

/**
 * Ledger, exposure, equity and drawdown of all positions in one reporting currency, current when an event method
 * returns. An event costs time in proportion to the positions of its symbol and the number of currencies, not to the
 * number of positions.
 */
export class Portfolio {
  readonly reportingCurrency: string;
  readonly ledger: PositionLedger;
  readonly rates: RateBook;
  readonly exposure: ExposureBook;
  readonly drawdown: Drawdown;
  readonly #initialCapital: number;
  readonly #pnlByCurrency = new Map<string, CurrencyPnl>();
  readonly #pnls: CurrencyPnl[] = [];
  /** By position handle: exposure slots have the same numbers, because both are opened together. */
  readonly #pnlOfPosition: CurrencyPnl[] = [];
  /** By position handle: unrealized P&L as it is in the sum of its currency. */
  readonly #unrealized = new CellTable(1);
  readonly #valuation = new Float64Array(3);
  /** One cell, so that it can be passed on without being boxed. */
  readonly #equity = new Float64Array(1);
  #missingRate = false;

  /** Throws a {@link QuantError}: `invalid_option`, and for a state what `PositionLedger.restore` throws. */
  constructor(options: PortfolioOptions) {
    const { reportingCurrency, initialCapital, state, ...limits } = options;
    if (!isSignedAmount(initialCapital)) {
      throw new QuantError('invalid_option', `initialCapital is ${String(initialCapital)}; it must be a finite number`);
    }
    this.reportingCurrency = reportingCurrency;
    this.#initialCapital = initialCapital;
    this.#equity[0] = initialCapital;
    this.rates = new RateBook(reportingCurrency, limits);
    const ledgerOptions = { ...limits, rates: this.rates };
    this.ledger =
      state === undefined ? new PositionLedger(ledgerOptions) : PositionLedger.restore(state.ledger, ledgerOptions);
    this.exposure = new ExposureBook(this.rates);
    this.drawdown = new Drawdown(initialCapital);
    if (state !== undefined) this.#restore(state);
  }

  /** The whole state. Linear in positions and remembered fills: call it between events, not in them. */
  snapshot(): PortfolioSnapshot {
    return {
      ledger: this.ledger.snapshot(),
      currencies: [...this.#pnlByCurrency.keys()],
      sums: this.#pnls.flatMap(({ sums }) => Array.from(sums)),
      drawdown: this.drawdown.snapshot(),
    };
  }

  /** See {@link PositionLedger.defineContract}. */
  defineContract(contract: Contract): void {
    this.ledger.defineContract(contract);
  }

  applyFill(fill: Fill): FillResult {
    const result = this.ledger.applyFill(fill);
    if (result === 'applied') this.#entered();
    return result;
  }

  /** Takes funding of a position: a cost, or income when it is negative. */
  applyFunding(payment: Payment): PaymentResult {
    const result = this.ledger.applyFunding(payment);
    if (result === 'applied') this.#entered();
    return result;
  }

  /** Takes interest on what was borrowed for a position. */
  applyBorrow(payment: Payment): PaymentResult {
    const result = this.ledger.applyBorrow(payment);
    if (result === 'applied') this.#entered();
    return result;
  }

  /**
   * Busts or changes a fill: exposure and equity are then those of the corrected fills. The path of equity is not told
   * anew: a peak, or a fall, that a busted fill made stays in the drawdown.
   */
  applyCorrection(correction: Correction): CorrectionResult {
    const result = this.ledger.applyCorrection(correction);
    if (result === 'applied') this.#corrected(this.ledger.correction as CorrectionEffect);
    return result;
  }

  applyMark(mark: Mark): MarkResult {
    const result = this.ledger.applyMark(mark);
    if (result !== 'applied') return result;
    this.#missingRate = false;
    const positions = this.ledger.markedPositions;
    for (let at = 0; at < positions.length; at++) this.#value(positions[at] as PositionState);
    if (positions.length > 0) this.#refreshEquity();
    return result;
  }

  applyRate(rate: Rate): RateResult {
    const result = this.rates.applyRate(rate);
    if (result !== 'applied') return result;
    this.#missingRate = false;
    this.exposure.revalue(rate.currency);
    this.#refreshEquity();
    return result;
  }

  /**
   * Initial capital plus realized and unrealized P&L less fees, funding and borrow, each converted at its latest rate. Currencies without a
   * rate are left out; {@link missingRate} says so.
   */
  get equity(): number {
    return this.#equity[0] as number;
  }

  /** Gross exposure over equity; undefined while equity is not positive. */
  get leverage(): number | undefined {
    return this.equity > 0 ? this.exposure.total.gross / this.equity : undefined;
  }

  /** True when the latest applied event left an amount out of exposure or equity for want of a rate. */
  get missingRate(): boolean {
    return this.#missingRate;
  }

  #corrected({ position, realizedPnl, feeCost, fees }: CorrectionEffect): void {
    const { contract, handle } = position;
    const { sums } = this.#pnlOfPosition[handle] as CurrencyPnl;
    addToSum(sums, REALIZED_SUM, Float64Array.of(realizedPnl), 0);
    addToSum(sums, FEE_SUM, Float64Array.of(feeCost), 0);
    for (const { currency, amount } of fees) {
      const isInKind = currency === contract.baseCurrency && isSpot(contract);
      // Those are in the cost already.
      if (currency === contract.currency || isInKind) continue;
      addToSum(this.#pnl(currency).sums, FEE_SUM, Float64Array.of(amount), 0);
    }
    this.#missingRate = false;
    this.#value(position as PositionState);
    this.#refreshEquity();
  }

  /** Takes in what the latest fill or payment of the ledger changed. */
  #entered(): void {
    const effect = this.ledger.effect as FillScratch;
    const cells = effect.cells;
    const position = effect.position as PositionState;
    if (position.handle === this.#pnlOfPosition.length) this.#open(position);
    const sums = (this.#pnlOfPosition[position.handle] as CurrencyPnl).sums;
    addToSum(sums, REALIZED_SUM, cells, REALIZED);
    addToSum(sums, FEE_SUM, cells, FEE_COST);
    // A fee that is no cost in the settlement currency was charged in a third one.
    if (cells[FEE_COST] === 0 && cells[FEE] !== 0) addToSum(this.#pnl(effect.feeCurrency).sums, FEE_SUM, cells, FEE);
    this.#missingRate = false;
    this.#value(position);
    this.#refreshEquity();
  }

  /** P&L sums and drawdown are as they were to the last bit; sums of exposures are made anew. */
  #restore({ currencies, sums, drawdown }: PortfolioSnapshot): void {
    const numbers = restoredNumbers('Portfolio', sums, currencies.length * CURRENCY_CELLS);
    for (const currency of currencies) this.#pnl(currency);
    for (const position of this.ledger.positions()) {
      this.#open(position);
      this.#value(position as PositionState);
    }
    this.#pnls.forEach((pnl, at) => {
      const from = at * CURRENCY_CELLS;
      pnl.sums.set(numbers.slice(from, from + CURRENCY_CELLS));
    });
    this.#sumEquity();
    this.drawdown.restore(drawdown);
  }

  #open(position: Position): void {
    const { account, strategy, exchange, symbol, contract } = position;
    this.exposure.open({ account, strategy, exchange, symbol, currency: notionalCurrency(contract) });
    this.#pnlOfPosition.push(this.#pnl(contract.currency));
    this.#unrealized.allocate();
  }

  #value(position: PositionState): void {
    const handle = position.handle;
    const valuation = this.#valuation;
    position.valueInto(valuation);
    if (!this.exposure.updateFrom(handle, valuation, NOTIONAL)) this.#missingRate = true;
    const last = this.#unrealized.cells;
    if (valuation[UNREALIZED] === last[handle]) return;
    const sums = (this.#pnlOfPosition[handle] as CurrencyPnl).sums;
    takeFromSum(sums, UNREALIZED_SUM, last, handle);
    addToSum(sums, UNREALIZED_SUM, valuation, UNREALIZED);
    last[handle] = valuation[UNREALIZED] as number;
  }

  #refreshEquity(): void {
    this.#sumEquity();
    this.drawdown.updateFrom(this.#equity, 0);
  }

  #sumEquity(): void {
    const equity = this.#equity;
    equity[0] = this.#initialCapital;
    const pnls = this.#pnls;
    for (let at = 0; at < pnls.length; at++) this.#addNet(pnls[at] as CurrencyPnl);
  }

  #addNet({ sums, rate }: CurrencyPnl): void {
    const net = sumAt(sums, REALIZED_SUM) + sumAt(sums, UNREALIZED_SUM) - sumAt(sums, FEE_SUM);
    // Nothing earned needs no rate.
    if (net === 0) return;
    const value = net * rate.rate;
    if (Number.isNaN(value)) this.#missingRate = true;
    else this.#equity[0] = (this.#equity[0] as number) + value;
  }

  #pnl(currency: string): CurrencyPnl {
    let pnl = this.#pnlByCurrency.get(currency);
    if (pnl === undefined) {
      pnl = new CurrencyPnl(this.rates.cell(currency));
      this.#pnlByCurrency.set(currency, pnl);
      this.#pnls.push(pnl);
    }
    return pnl;
  }
}
