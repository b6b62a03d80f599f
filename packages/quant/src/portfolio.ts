import { isName, isSignedAmount } from './amount.ts';
import { type Contract, notionalCurrency } from './contract.ts';
import { Drawdown } from './drawdown.ts';
import { QuantError } from './errors.ts';
import type { Fill, FillResult, Mark, MarkResult, Rate, RateResult } from './events.ts';
import { ExposureBook } from './exposure-book.ts';
import { NeumaierSum } from './neumaier-sum.ts';
import type { Position } from './position.ts';
import { PositionLedger, type PositionLedgerOptions } from './position-ledger.ts';
import { RateBook } from './rate-book.ts';

/** What a {@link Portfolio} reports in and starts from. */
export interface PortfolioOptions extends Omit<PositionLedgerOptions, 'rates'> {
  /** Currency of exposure, equity and drawdown. */
  readonly reportingCurrency: string;
  /** Equity before the first fill, in the reporting currency. */
  readonly initialCapital: number;
}

/** P&L of one settlement currency, kept running so that equity needs no walk over the positions. */
interface CurrencyPnl {
  readonly currency: string;
  readonly realized: NeumaierSum;
  readonly feeCost: NeumaierSum;
  readonly unrealized: NeumaierSum;
  used: boolean;
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
  readonly #unrealizedOfPosition: number[] = [];
  #equity: number;
  #missingRate = false;

  /** Throws a {@link QuantError} with code `invalid_option`. */
  constructor(options: PortfolioOptions) {
    const { reportingCurrency, initialCapital, ...limits } = options;
    if (!isName(reportingCurrency)) {
      throw new QuantError('invalid_option', 'reportingCurrency must name a currency, such as "USD"');
    }
    if (!isSignedAmount(initialCapital)) {
      throw new QuantError('invalid_option', `initialCapital is ${String(initialCapital)}; it must be a finite number`);
    }
    this.reportingCurrency = reportingCurrency;
    this.#initialCapital = initialCapital;
    this.#equity = initialCapital;
    this.rates = new RateBook(reportingCurrency, limits);
    this.ledger = new PositionLedger({ ...limits, rates: this.rates });
    this.exposure = new ExposureBook(this.rates);
    this.drawdown = new Drawdown(initialCapital);
  }

  /** See {@link PositionLedger.defineContract}. */
  defineContract(contract: Contract): void {
    this.ledger.defineContract(contract);
  }

  applyFill(fill: Fill): FillResult {
    const result = this.ledger.applyFill(fill);
    if (result !== 'applied') return result;
    const effect = this.ledger.effect;
    const position = effect.position as Position;
    if (position.handle === this.#pnlOfPosition.length) this.#open(position);
    const pnl = this.#pnlOfPosition[position.handle] as CurrencyPnl;
    pnl.realized.add(effect.realizedPnl);
    pnl.feeCost.add(effect.feeCost);
    pnl.used = true;
    if (effect.feeCost === 0 && effect.fee !== 0) {
      const fees = this.#pnl(effect.feeCurrency);
      fees.feeCost.add(effect.fee);
      fees.used = true;
    }
    this.#missingRate = false;
    this.#value(position);
    this.#refreshEquity();
    return result;
  }

  applyMark(mark: Mark): MarkResult {
    const result = this.ledger.applyMark(mark);
    if (result !== 'applied') return result;
    this.#missingRate = false;
    const positions = this.ledger.markedPositions;
    for (let at = 0; at < positions.length; at++) this.#value(positions[at] as Position);
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
   * Initial capital plus realized and unrealized P&L less fees, each converted at its latest rate. Currencies without a
   * rate are left out; {@link missingRate} says so.
   */
  get equity(): number {
    return this.#equity;
  }

  /** True when the latest applied event left an amount out of exposure or equity for want of a rate. */
  get missingRate(): boolean {
    return this.#missingRate;
  }

  #open(position: Position): void {
    const { strategy, exchange, symbol, contract } = position;
    this.exposure.open({ strategy, exchange, symbol, currency: notionalCurrency(contract) });
    this.#pnlOfPosition.push(this.#pnl(contract.currency));
    this.#unrealizedOfPosition.push(0);
  }

  #value(position: Position): void {
    const handle = position.handle;
    // Until the first mark the position's own last fill is the best known price: an open position is never worth nothing.
    const price = position.markPrice ?? position.lastFillPrice;
    const unrealized = position.unrealizedPnlAt(price);
    if (!this.exposure.update(handle, position.notionalAt(price))) this.#missingRate = true;
    const last = this.#unrealizedOfPosition[handle] as number;
    if (unrealized === last) return;
    const sum = (this.#pnlOfPosition[handle] as CurrencyPnl).unrealized;
    sum.add(-last);
    sum.add(unrealized);
    this.#unrealizedOfPosition[handle] = unrealized;
  }

  #refreshEquity(): void {
    let equity = this.#initialCapital;
    const pnls = this.#pnls;
    for (let at = 0; at < pnls.length; at++) {
      const pnl = pnls[at] as CurrencyPnl;
      if (!pnl.used) continue;
      const net = pnl.realized.value + pnl.unrealized.value - pnl.feeCost.value;
      if (net === 0) continue;
      const rate = this.rates.rate(pnl.currency);
      if (Number.isNaN(rate)) this.#missingRate = true;
      else equity += net * rate;
    }
    this.#equity = equity;
    this.drawdown.update(equity);
  }

  #pnl(currency: string): CurrencyPnl {
    let pnl = this.#pnlByCurrency.get(currency);
    if (pnl === undefined) {
      pnl = {
        currency,
        realized: new NeumaierSum(),
        feeCost: new NeumaierSum(),
        unrealized: new NeumaierSum(),
        used: false,
      };
      this.#pnlByCurrency.set(currency, pnl);
      this.#pnls.push(pnl);
    }
    return pnl;
  }
}
