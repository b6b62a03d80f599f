import type { Level, MarketMessage } from '../market/message.ts';
import { type MarketSpec, roundTo } from '../market/market-spec.ts';
import type { SeededRandom } from '../market/seeded-random.ts';
import type { FundamentalPrice } from './fundamental-price.ts';

/** What makes one simulated market differ from another. */
export interface MarketTraits {
  readonly spec: MarketSpec;
  /** Premium over the coin's fundamental price. */
  readonly basis: number;
  readonly quotesPerSecond: number;
  readonly tradesPerSecond: number;
  /** Typical spread, as a share of the price. */
  readonly spread: number;
  /** Mean displayed size at the touch. */
  readonly touchSize: number;
  /** Mean trade size. */
  readonly tradeSize: number;
}

/** How an exchange's messages reach the desk. */
export interface FeedTraits {
  /** Exchange clock minus desk clock, milliseconds; makes the apparent feed delay negative when positive. */
  readonly clockOffsetMs: number;
  readonly pathMs: number;
  readonly jitterMs: number;
  /** The feed is silent between these two market times. */
  readonly stallStartMs: number;
  readonly stallEndMs: number;
}

const DEPTH_PERIOD_MS = 100;
const DEPTH_LEVELS = 5;
const BURST_PROBABILITY = 0.15;
/** Share of trades that sweep the book and leave the touch this far away, in shares of the price. */
const SWEEP_PROBABILITY = 0.012;
const SWEEP_DEPTH = [0.8e-4, 2.5e-4] as const;
/** Share of quote changes that only change sizes. */
const SIZE_ONLY = 0.6;
/** Share of the distance to the fundamental price a quote change covers. */
const CATCH_UP = 0.35;

/**
 * One market that quotes around a fundamental price. The touch lags the fundamental and its sizes lean towards where it
 * goes, and aggressors lean the same way, so book imbalance predicts the next move as it does on real markets.
 */
export class SimulatedMarket {
  readonly spec: MarketSpec;
  readonly #traits: MarketTraits;
  readonly #feed: FeedTraits;
  readonly #random: SeededRandom;
  readonly #fundamental: FundamentalPrice;
  readonly #tick: number;
  #bidTicks: number;
  #askTicks: number;
  #bidQuantity: number;
  #askQuantity: number;
  #nextQuoteMs: number;
  #nextTradeMs: number;
  #nextDepthMs: number;
  #updateId = 0;
  #tradeId = 0;
  #depthId = 0;
  #depthStarted = false;
  #stalled = false;
  #shown: { bids: number[]; asks: number[] } = { bids: [], asks: [] };

  constructor(traits: MarketTraits, feed: FeedTraits, random: SeededRandom, fundamental: FundamentalPrice) {
    this.spec = traits.spec;
    this.#traits = traits;
    this.#feed = feed;
    this.#random = random;
    this.#fundamental = fundamental;
    this.#tick = 10 ** -traits.spec.priceDecimals;
    const mid = fundamental.at(0) * (1 + traits.basis);
    const half = Math.max(0.5, (mid * traits.spread) / this.#tick / 2);
    this.#bidTicks = Math.floor(mid / this.#tick - half);
    this.#askTicks = Math.max(this.#bidTicks + 1, Math.ceil(mid / this.#tick + half));
    this.#bidQuantity = this.#size(traits.touchSize);
    this.#askQuantity = this.#size(traits.touchSize);
    this.#nextQuoteMs = random.exponential(1000 / traits.quotesPerSecond);
    this.#nextTradeMs = random.exponential(1000 / traits.tradesPerSecond);
    this.#nextDepthMs = random.between(0, DEPTH_PERIOD_MS);
  }

  /** Market time of the next event. */
  get nextTimeMs(): number {
    const next = Math.min(this.#nextQuoteMs, this.#nextTradeMs, this.#nextDepthMs);
    return next >= this.#feed.stallStartMs && next < this.#feed.stallEndMs ? this.#feed.stallEndMs : next;
  }

  /** Appends the messages of the next event. */
  emit(out: MarketMessage[]): void {
    const timeMs = this.nextTimeMs;
    if (timeMs >= this.#feed.stallEndMs && !this.#stalled) this.#endStall(timeMs);
    if (this.#nextDepthMs <= this.#nextQuoteMs && this.#nextDepthMs <= this.#nextTradeMs) {
      this.#nextDepthMs = timeMs + DEPTH_PERIOD_MS;
      out.push(this.#depth(timeMs));
    } else if (this.#nextTradeMs <= this.#nextQuoteMs) {
      const gapMs = 1000 / this.#traits.tradesPerSecond;
      const burst = this.#random.uniform() < BURST_PROBABILITY;
      this.#nextTradeMs = timeMs + (burst ? this.#random.exponential(2) : this.#random.exponential(gapMs));
      out.push(this.#trade(timeMs), this.#bbo(timeMs));
    } else {
      this.#nextQuoteMs = timeMs + this.#random.exponential(1000 / this.#traits.quotesPerSecond);
      this.#requote(timeMs);
      out.push(this.#bbo(timeMs));
    }
  }

  /** What was sent during the stall is lost: one depth update is missing from the chain. */
  #endStall(timeMs: number): void {
    this.#stalled = true;
    this.#depthId++;
    this.#nextQuoteMs = Math.max(this.#nextQuoteMs, timeMs);
    this.#nextTradeMs = Math.max(this.#nextTradeMs, timeMs);
    this.#nextDepthMs = Math.max(this.#nextDepthMs, timeMs);
  }

  /** Distance of the fundamental price from the mid in half spreads, squashed to (-1, 1): where the price will go. */
  #lean(timeMs: number): number {
    const target = (this.#fundamental.at(timeMs) * (1 + this.#traits.basis)) / this.#tick;
    const gap = (target - (this.#bidTicks + this.#askTicks) / 2) / ((this.#askTicks - this.#bidTicks) / 2);
    return gap / (1 + Math.abs(gap));
  }

  #requote(timeMs: number): void {
    const { touchSize, spread, basis } = this.#traits;
    if (this.#random.uniform() >= SIZE_ONLY) {
      const target = (this.#fundamental.at(timeMs) * (1 + basis)) / this.#tick;
      const mid = (this.#bidTicks + this.#askTicks) / 2;
      const next = mid + CATCH_UP * (target - mid);
      const half = Math.max(0.5, ((target * spread) / 2) * this.#random.between(0.6, 1.4));
      this.#bidTicks = Math.floor(next - half);
      this.#askTicks = Math.max(this.#bidTicks + 1, Math.ceil(next + half));
    }
    const lean = this.#lean(timeMs);
    this.#bidQuantity = this.#size(touchSize * (1 + 0.7 * lean));
    this.#askQuantity = this.#size(touchSize * (1 - 0.7 * lean));
  }

  #trade(timeMs: number): MarketMessage {
    const buys = this.#random.uniform() < 0.5 + 0.4 * this.#lean(timeMs);
    const shown = buys ? this.#askQuantity : this.#bidQuantity;
    const quantity = Math.min(shown, this.#size(this.#traits.tradeSize));
    if (this.#random.uniform() < SWEEP_PROBABILITY) this.#sweep(buys);
    const ticks = buys ? this.#askTicks : this.#bidTicks;
    const left = roundTo(shown - quantity, this.spec.quantityDecimals);
    const refilled = left > 0 ? left : this.#size(this.#traits.touchSize);
    if (buys) {
      if (left <= 0) this.#askTicks++;
      this.#askQuantity = refilled;
    } else {
      if (left <= 0) this.#bidTicks--;
      this.#bidQuantity = refilled;
    }
    return {
      channel: 'trades',
      ...this.#origin(timeMs),
      tradeId: ++this.#tradeId,
      price: this.#price(ticks),
      quantity,
      takerSide: buys ? 'buy' : 'sell',
    };
  }

  /** An aggressor takes several levels; the price comes back as the quotes follow the fundamental price again. */
  #sweep(up: boolean): void {
    const touch = up ? this.#askTicks : this.#bidTicks;
    const ticks = Math.round(touch * this.#random.between(...SWEEP_DEPTH));
    if (up) this.#askTicks += ticks;
    else this.#bidTicks -= ticks;
  }

  #bbo(timeMs: number): MarketMessage {
    return {
      channel: 'bbo',
      ...this.#origin(timeMs),
      updateId: ++this.#updateId,
      bidPrice: this.#price(this.#bidTicks),
      bidQuantity: this.#bidQuantity,
      askPrice: this.#price(this.#askTicks),
      askQuantity: this.#askQuantity,
    };
  }

  #depth(timeMs: number): MarketMessage {
    const bids: number[] = [];
    const asks: number[] = [];
    for (let i = 0; i < DEPTH_LEVELS; i++) {
      bids.push(this.#bidTicks - i);
      asks.push(this.#askTicks + i);
    }
    const changes = (now: number[], before: number[], touch: number): Level[] => [
      ...now.map((ticks, i): Level => [
        this.#price(ticks),
        i === 0 ? touch : this.#size(this.#traits.touchSize * (1 + i / 2)),
      ]),
      ...before.filter((ticks) => !now.includes(ticks)).map((ticks): Level => [this.#price(ticks), 0]),
    ];
    const previous = this.#depthId++;
    const message: MarketMessage = {
      channel: 'depth',
      ...this.#origin(timeMs),
      snapshot: !this.#depthStarted,
      firstUpdateId: this.#depthId,
      lastUpdateId: this.#depthId,
      // The update lost in the stall came after the one the desk saw last.
      previousUpdateId: this.#depthStarted ? previous : undefined,
      bids: changes(bids, this.#shown.bids, this.#bidQuantity),
      asks: changes(asks, this.#shown.asks, this.#askQuantity),
    };
    this.#depthStarted = true;
    this.#shown = { bids, asks };
    return message;
  }

  #origin(timeMs: number): { exchange: string; symbol: string; timeMs: number; eventOffsetMs: number } {
    const { clockOffsetMs, pathMs, jitterMs } = this.#feed;
    const eventOffsetMs = clockOffsetMs - pathMs - this.#random.exponential(jitterMs);
    return { exchange: this.spec.exchange, symbol: this.spec.symbol, timeMs, eventOffsetMs };
  }

  #price(ticks: number): number {
    return roundTo(ticks * this.#tick, this.spec.priceDecimals);
  }

  #size(mean: number): number {
    const smallest = 10 ** -this.spec.quantityDecimals;
    return Math.max(smallest, roundTo(this.#random.exponential(mean), this.spec.quantityDecimals));
  }
}
