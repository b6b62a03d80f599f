import { type MarketSpec, notionalOf, roundTo } from '../market/market-spec.ts';
import type { Side } from '../market/message.ts';
import type { Trader } from './trader.ts';

/** What makes one market-making strategy differ from another. */
export interface MakerStyle {
  readonly name: string;
  /** Distance of the quotes from the fair price in basis points; never inside the touch. */
  readonly halfWidthBps: number;
  /** Shift of the fair price, in basis points, at a full position. */
  readonly skewBps: number;
  /** Shift of the fair price, in basis points, at full conviction of the signal. */
  readonly tiltBps: number;
  /** Value of one order, in the quote currency. */
  readonly clipNotional: number;
  /** Largest position, in clips. */
  readonly maxClips: number;
  /** Shortest time between two quote decisions on a side. */
  readonly requoteMs: number;
  /** Pause of a side after a fill. */
  readonly restMs: number;
  /** A quote is left alone while it is at most this far from where it should be, in basis points. */
  readonly toleranceBps: number;
  /** A full position that lasts this long is halved at market. */
  readonly patienceMs: number;
  /** Account the strategy trades on. */
  readonly account: string;
  /** Distance of the trailing stop-loss from the market's best price, in basis points. */
  readonly stopBps: number;
}

/** Quotes at the touch, leans on the signal, turns over quickly. */
export const TIGHT: MakerStyle = {
  name: 'maker-tight',
  halfWidthBps: 0,
  skewBps: 0.6,
  tiltBps: 0.8,
  clipNotional: 2_000,
  maxClips: 5,
  requoteMs: 500,
  restMs: 1_500,
  toleranceBps: 0.1,
  patienceMs: 30_000,
  account: 'desk-a',
  stopBps: 6,
};

/** Quotes away from the touch and waits for larger moves. */
export const WIDE: MakerStyle = {
  name: 'maker-wide',
  halfWidthBps: 1,
  skewBps: 1,
  tiltBps: 0.3,
  clipNotional: 3_000,
  maxClips: 4,
  requoteMs: 1_000,
  restMs: 3_000,
  toleranceBps: 0.3,
  patienceMs: 60_000,
  account: 'desk-b',
  stopBps: 10,
};

/** The state of a market a decision is made from. */
export interface MarketView {
  readonly bidPrice: number;
  readonly askPrice: number;
  /** Probability that the next move of the mid is up. */
  readonly probabilityUp: number;
  readonly nowMs: number;
}

/** One side's order as the maker sees it. */
export interface WorkingQuote {
  readonly orderId: string;
  readonly price: number;
  canceling: boolean;
}

/** What a maker asks its order manager to do. */
export interface MakerOrders {
  /** `undefined` when risk checks did not let the order through. */
  place(side: Side, quantity: number, price: number): WorkingQuote | undefined;
  cancel(quote: WorkingQuote): void;
  takeMarket(side: Side, quantity: number): void;
}

/** Quotes both sides of one market around a fair price that leans against its inventory and with the signal. */
export class MarketMaker implements Trader {
  readonly style: MakerStyle;
  readonly spec: MarketSpec;
  readonly #orders: MakerOrders;
  readonly #tick: number;
  readonly #pace: number;
  readonly #quotes: Record<Side, WorkingQuote | undefined> = { buy: undefined, sell: undefined };
  readonly #restUntilMs: Record<Side, number> = { buy: 0, sell: 0 };
  #nextDecisionMs = 0;
  #fullSinceMs: number | undefined;
  #halted = false;
  /** Signed position in the contract's units. */
  position = 0;

  /** `pace` stretches the style's times, for markets that move more slowly. */
  constructor(style: MakerStyle, spec: MarketSpec, orders: MakerOrders, pace: number) {
    this.style = style;
    this.spec = spec;
    this.#orders = orders;
    this.#pace = pace;
    this.#tick = 10 ** -spec.priceDecimals;
  }

  /** Decides on a new state of the market. */
  onMarket(view: MarketView): void {
    if (this.#halted || view.nowMs < this.#nextDecisionMs) return;
    this.#nextDecisionMs = view.nowMs + this.style.requoteMs * this.#pace;
    const mid = (view.bidPrice + view.askPrice) / 2;
    const clip = this.#clip(mid);
    const limit = clip * this.style.maxClips;
    const inventory = Math.max(-1, Math.min(1, this.position / limit));
    this.#watchInventory(view, inventory, clip);

    const { skewBps, tiltBps, halfWidthBps } = this.style;
    const conviction = 2 * view.probabilityUp - 1;
    const fair = mid * (1 + (tiltBps * conviction - skewBps * inventory) / 1e4);
    const halfWidth = Math.max((view.askPrice - view.bidPrice) / 2, (mid * halfWidthBps) / 1e4);
    const room = clip / 2;
    const bid = this.position + room < limit ? this.#floor(Math.min(view.bidPrice, fair - halfWidth)) : undefined;
    const ask = this.position - room > -limit ? this.#ceil(Math.max(view.askPrice, fair + halfWidth)) : undefined;
    this.#quote('buy', bid, clip, mid, view.nowMs);
    this.#quote('sell', ask, clip, mid, view.nowMs);
  }

  /** A quote has ended: filled, cancelled, rejected. */
  onQuoteEnd(side: Side, orderId: string): void {
    if (this.#quotes[side]?.orderId === orderId) this.#quotes[side] = undefined;
  }

  /** A fill changed the position. */
  onFill(side: Side, nowMs: number): void {
    this.#restUntilMs[side] = nowMs + this.style.restMs * this.#pace;
  }

  /** Stops quoting and cancels what is open. */
  halt(): void {
    this.#halted = true;
    for (const quote of [this.#quotes.buy, this.#quotes.sell]) if (quote && !quote.canceling) this.#cancel(quote);
  }

  #quote(side: Side, price: number | undefined, quantity: number, mid: number, nowMs: number): void {
    const quote = this.#quotes[side];
    if (quote) {
      const off = price === undefined || Math.abs(price - quote.price) > (mid * this.style.toleranceBps) / 1e4;
      // The replacement follows when the cancel is confirmed, so that a side never has two orders.
      if (off && !quote.canceling) this.#cancel(quote);
      return;
    }
    if (price === undefined || !(price > 0) || nowMs < this.#restUntilMs[side]) return;
    this.#quotes[side] = this.#orders.place(side, quantity, price);
  }

  #cancel(quote: WorkingQuote): void {
    quote.canceling = true;
    this.#orders.cancel(quote);
  }

  /** Making cannot get out of a position that the market runs away from: after a while half of it is sold at market. */
  #watchInventory(view: MarketView, inventory: number, clip: number): void {
    if (Math.abs(inventory) < 1 - 1 / this.style.maxClips) {
      this.#fullSinceMs = undefined;
      return;
    }
    this.#fullSinceMs ??= view.nowMs;
    if (view.nowMs - this.#fullSinceMs < this.style.patienceMs * this.#pace) return;
    this.#fullSinceMs = undefined;
    const quantity = roundTo(Math.abs(this.position) / 2, this.spec.quantityDecimals);
    if (quantity >= clip / 2) this.#orders.takeMarket(this.position > 0 ? 'sell' : 'buy', quantity);
  }

  #clip(price: number): number {
    const { spec } = this;
    const smallest = 10 ** -spec.quantityDecimals;
    const quantity = this.style.clipNotional / notionalOf(spec, price, 1);
    return Math.max(smallest, roundTo(quantity, spec.quantityDecimals));
  }

  #floor(price: number): number {
    return roundTo(Math.floor(price / this.#tick + 1e-6) * this.#tick, this.spec.priceDecimals);
  }

  #ceil(price: number): number {
    return roundTo(Math.ceil(price / this.#tick - 1e-6) * this.#tick, this.spec.priceDecimals);
  }
}
