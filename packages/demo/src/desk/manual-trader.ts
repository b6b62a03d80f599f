import { type MarketSpec, notionalOf, roundTo } from '../market/market-spec.ts';
import type { Side } from '../market/message.ts';
import type { Trader } from './trader.ts';

/** Name of the strategy. */
export const MANUAL = 'manual';
/** Largest gross exposure that the trader may have, in US dollars. */
export const MANUAL_LIMIT = 20_000;
/** What is bought, in US dollars: beyond doubt too much. */
const BOUGHT = 1.2 * MANUAL_LIMIT;
/** Market time for which it is held. */
const HELD_MS = 180_000;

/**
 * Somebody who breaks a limit by hand, so that the alert can be seen: buys more at market than the trader may have, as
 * real orders that are really filled, holds it for three minutes of market time and sells it.
 */
export class ManualTrader implements Trader {
  readonly style: Trader['style'] = { name: MANUAL, account: 'desk-c' };
  readonly spec: MarketSpec;
  position = 0;
  readonly #startMs: number;
  readonly #takeMarket: (side: Side, quantity: number) => string | undefined;
  #isWorking = false;
  #isHalted = false;

  /** Buys from `startMs` on; `takeMarket` sends an order and returns its id, `undefined` when it was not let through. */
  constructor(spec: MarketSpec, startMs: number, takeMarket: (side: Side, quantity: number) => string | undefined) {
    this.spec = spec;
    this.#startMs = startMs;
    this.#takeMarket = takeMarket;
  }

  /** Once a period: what a market order does not get at once, since it takes the touch only, the next one goes for. */
  onPeriod(mid: number, nowMs: number): void {
    if (this.#isWorking || this.#isHalted || !(mid > 0) || nowMs < this.#startMs) return;
    const { spec, position } = this;
    const isHeld = nowMs < this.#startMs + HELD_MS;
    const wanted = isHeld ? BOUGHT / notionalOf(spec, mid, 1) - position : -position;
    const quantity = roundTo(Math.abs(wanted), spec.quantityDecimals);
    // While it is held the price moves; nothing is sold because of that.
    if (quantity === 0 || (isHeld && position * notionalOf(spec, mid, 1) > MANUAL_LIMIT)) return;
    this.#isWorking = this.#takeMarket(wanted > 0 ? 'buy' : 'sell', quantity) !== undefined;
  }

  onFill(): void {
    // The desk's books say what the position is.
  }

  onQuoteEnd(): void {
    this.#isWorking = false;
  }

  /** Sends no more orders. */
  halt(): void {
    this.#isHalted = true;
  }
}
