import { NeumaierSum } from '../number/neumaier-sum.ts';

/** Money of one currency over all positions. Gain positive, cost positive. */
export interface CurrencyTotals {
  readonly currency: string;
  /** Before fees. */
  readonly realizedPnl: number;
  /** Of the positions that have a mark. */
  readonly unrealizedPnl: number;
  /** Open positions without a mark, left out of `unrealizedPnl`. */
  readonly unmarkedPositions: number;
  /** Fees that the fills named in this currency: cost positive, rebate negative. */
  readonly fees: number;
  /**
   * Fees as they reduce P&L in this currency. Differs from `fees` only where a fee was taken out of a spot position:
   * then `fees` of the base currency has the amount, and `feeCost` of the settlement currency its value at the fill.
   */
  readonly feeCost: number;
  /** Funding paid on open positions: cost positive, received negative. */
  readonly funding: number;
  /** Interest paid on what was borrowed: cost positive. */
  readonly borrow: number;
  /** Cash flow after all costs: -Σ signed quantity × unit value - fees - funding - borrow. */
  readonly cash: number;
  /** realizedPnl + unrealizedPnl - feeCost - funding - borrow. */
  readonly netPnl: number;
}

/** Running sums of one currency. */
export class CurrencyAccount {
  readonly currency: string;
  /** 0, 1, 2, … in order of appearance. */
  readonly index: number;
  readonly realized: NeumaierSum = new NeumaierSum();
  readonly fees: NeumaierSum = new NeumaierSum();
  readonly feeCost: NeumaierSum = new NeumaierSum();
  readonly funding: NeumaierSum = new NeumaierSum();
  readonly borrow: NeumaierSum = new NeumaierSum();
  /** -Σ signed quantity × unit value, before fees. */
  readonly cash: NeumaierSum = new NeumaierSum();
  /** Σ |quantity × unit value| of all that was ever booked or taken back: the scale of the identity's rounding error. */
  readonly turnover: NeumaierSum = new NeumaierSum();

  constructor(currency: string, index: number) {
    this.currency = currency;
    this.index = index;
  }
}

/** The sums of an account, in the order they are written to a snapshot. */
export function sumsOf(account: CurrencyAccount): readonly NeumaierSum[] {
  const { realized, fees, feeCost, funding, borrow, cash, turnover } = account;
  return [realized, fees, feeCost, funding, borrow, cash, turnover];
}
