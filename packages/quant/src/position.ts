import { type Contract, notionalValue, priceOfUnitValue, unitValue } from './contract.ts';
import type { ContractBook } from './contract-book.ts';
import { NeumaierSum } from './neumaier-sum.ts';
import { type TradeOutcome, TradeStatistics } from './trade-statistics.ts';

/** One position, kept apart by account, strategy, exchange and symbol. A live view: it changes with each event. */
export interface Position {
  /** 0, 1, 2, … in order of opening; stable, so that callers can keep their own state in an array beside. */
  readonly handle: number;
  /** Empty when the fills carry no account. */
  readonly account: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly contract: Contract;
  /** Signed, long positive, in the contract's own units. */
  readonly quantity: number;
  /** Average entry price, harmonic for inverse contracts; undefined when flat. */
  readonly averagePrice: number | undefined;
  /** Since the first fill, before fees, in the settlement currency; over all trades of the position. */
  readonly realizedPnl: number;
  /** At the contract's latest mark; undefined until there is one. */
  readonly unrealizedPnl: number | undefined;
  /** Fees that reduce P&L in the settlement currency: cost positive. Fees in other currencies are not in it. */
  readonly fees: number;
  /** Signed value at the latest mark, in the notional currency of the contract; undefined until there is a mark. */
  readonly notional: number | undefined;
  readonly markPrice: number | undefined;
  readonly lastFillPrice: number;
  readonly fillCount: number;
  /** Closed round trips, flat to flat or flat to flip, after fees. */
  readonly trades: TradeStatistics;
  /** Time of the fill that opened the trade that is open now; undefined when flat. */
  readonly openTimeMs: number | undefined;
  /** {@link unrealizedPnl} at any price. */
  unrealizedPnlAt(price: number): number;
  /** {@link notional} at any price. */
  notionalAt(price: number): number;
}

/**
 * A remainder below this share of the largest size of the trade is rounding, not a position: 0.1 + 0.2 - 0.3 must be
 * flat. One satoshi left of 10,000 bitcoin is still a position.
 */
const DUST = 1e-12;

/** The state behind {@link Position}, written by the ledger only. */
export class PositionState implements Position {
  readonly handle: number;
  readonly account: string;
  readonly strategy: string;
  readonly book: ContractBook;
  readonly trades: TradeStatistics = new TradeStatistics();
  readonly #quantity = new NeumaierSum();
  readonly #realized = new NeumaierSum();
  readonly #fees = new NeumaierSum();
  lastFillPrice = 0;
  #averageUnitValue = 0;
  #fillCount = 0;
  #openTimeMs = 0;
  // Of the trade that is open now.
  #tradeRealized = 0;
  #tradeFees = 0;
  #tradePeakQuantity = 0;
  #tradeFeesKnown = true;
  // Of the trade that the latest fill closed, NaN when it closed none.
  closedNet: number = Number.NaN;
  closedDurationMs: number = Number.NaN;
  closedFeesUnknown = false;
  closedOutcome: TradeOutcome | undefined = undefined;

  constructor(handle: number, account: string, strategy: string, book: ContractBook) {
    this.handle = handle;
    this.account = account;
    this.strategy = strategy;
    this.book = book;
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
    return this.#quantity.value;
  }

  get averagePrice(): number | undefined {
    return this.quantity === 0 ? undefined : priceOfUnitValue(this.book.contract, this.#averageUnitValue);
  }

  get realizedPnl(): number {
    return this.#realized.value;
  }

  get unrealizedPnl(): number | undefined {
    const mark = this.book.markPrice;
    return mark === undefined ? undefined : this.unrealizedPnlAt(mark);
  }

  get fees(): number {
    return this.#fees.value;
  }

  get notional(): number | undefined {
    const mark = this.book.markPrice;
    return mark === undefined ? undefined : this.notionalAt(mark);
  }

  get markPrice(): number | undefined {
    return this.book.markPrice;
  }

  get fillCount(): number {
    return this.#fillCount;
  }

  get openTimeMs(): number | undefined {
    return this.quantity === 0 ? undefined : this.#openTimeMs;
  }

  unrealizedPnlAt(price: number): number {
    const quantity = this.quantity;
    return quantity === 0 ? 0 : quantity * (unitValue(this.book.contract, price) - this.#averageUnitValue);
  }

  notionalAt(price: number): number {
    return notionalValue(this.book.contract, this.quantity, price);
  }

  /** quantity × average unit value: what the open position cost, in the settlement currency. */
  get cost(): number {
    return this.quantity * this.#averageUnitValue;
  }

  /**
   * Changes the quantity by `delta` at `value` per unit and returns the realized P&L before fees. `feeCost` is the fee
   * in the settlement currency, `foreignFeeCost` a fee in another currency converted to it, NaN if there is no rate.
   */
  apply(delta: number, value: number, feeCost: number, foreignFeeCost: number, timeMs: number): number {
    const before = this.#quantity.value;
    this.#fillCount++;
    this.#fees.add(feeCost);
    this.closedNet = Number.NaN;
    this.closedDurationMs = Number.NaN;
    this.closedFeesUnknown = false;
    this.closedOutcome = undefined;
    const reduces = before !== 0 && before > 0 !== delta > 0 && delta !== 0;
    this.#quantity.add(delta);
    const after = this.#settle(reduces);
    if (!reduces) {
      if (before === 0) this.#open(after, value, timeMs);
      else if (delta !== 0) {
        // The incremental form cannot overflow and leaves the average alone when the price equals it.
        this.#averageUnitValue += (value - this.#averageUnitValue) * (delta / after);
        this.#tradePeakQuantity = Math.max(this.#tradePeakQuantity, Math.abs(after));
      }
      this.#chargeTrade(feeCost, foreignFeeCost, 1);
      return 0;
    }
    const closes = after === 0 || after > 0 !== before > 0;
    const closed = closes ? -before : delta;
    const realized = closed * (this.#averageUnitValue - value);
    this.#realized.add(realized);
    this.#tradeRealized += realized;
    // The part of a flipping fill that closes carries its share of the fee.
    const share = closes && after !== 0 ? before / (before - after) : 1;
    this.#chargeTrade(feeCost, foreignFeeCost, share);
    if (closes) {
      this.#close(value, timeMs);
      this.#open(after, value, timeMs);
      if (after !== 0) this.#chargeTrade(feeCost, foreignFeeCost, 1 - share);
    }
    return realized;
  }

  #settle(reduces: boolean): number {
    const after = this.#quantity.value;
    if (!reduces || after === 0 || Math.abs(after) > DUST * this.#tradePeakQuantity) return after;
    this.#quantity.reset();
    return 0;
  }

  #open(quantity: number, value: number, timeMs: number): void {
    this.#averageUnitValue = quantity === 0 ? 0 : value;
    this.#tradePeakQuantity = Math.abs(quantity);
    this.#tradeRealized = 0;
    this.#tradeFees = 0;
    this.#tradeFeesKnown = true;
    this.#openTimeMs = timeMs;
  }

  #chargeTrade(feeCost: number, foreignFeeCost: number, share: number): void {
    if (Number.isNaN(foreignFeeCost)) this.#tradeFeesKnown = false;
    else this.#tradeFees += (feeCost + foreignFeeCost) * share;
  }

  #close(value: number, timeMs: number): void {
    if (timeMs >= this.#openTimeMs) this.closedDurationMs = timeMs - this.#openTimeMs;
    if (!this.#tradeFeesKnown) {
      this.closedFeesUnknown = true;
      return;
    }
    this.closedNet = this.#tradeRealized - this.#tradeFees;
    // A result within the rounding of the traded value is neither gain nor loss.
    this.closedOutcome = this.trades.add(this.closedNet, DUST * this.#tradePeakQuantity * Math.abs(value));
  }
}
