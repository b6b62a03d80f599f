/** Side that took in a trade: 1 bought, -1 sold, 0 unknown. */
export type TradeSign = 1 | -1 | 0;

/**
 * Side of trades that carry none (Lee and Ready 1991): above the mid before the trade a buy, below it a sell (quote
 * test); at the mid, or without one, by the latest price that differed (tick test). Use the exchange's own flag where
 * there is one: this is wrong for roughly one trade in seven.
 */
export class LeeReady {
  #price = Number.NaN;
  #tick: TradeSign = 0;

  /** Takes a trade's price and the mid before it, NaN when there is none; 0 before the first difference of prices. */
  sign(price: number, mid: number): TradeSign {
    if (price > this.#price) this.#tick = 1;
    else if (price < this.#price) this.#tick = -1;
    this.#price = price;
    if (price > mid) return 1;
    return price < mid ? -1 : this.#tick;
  }
}
