import type { RiskInstrumentation } from '@nanometer/risk';
import type { Side } from '../market/message.ts';
import type { MarketMaker } from './market-maker.ts';

/** A stop's price follows the market in steps of this many basis points. */
const TRAIL_STEP_BPS = 1;

/** What a stop-loss works with. */
export interface StopLossSettings {
  readonly maker: MarketMaker;
  readonly risk: RiskInstrumentation;
  /** Sends a market order and returns its id; `undefined` when it was not let through. */
  readonly takeMarket: (side: Side, quantity: number) => string | undefined;
}

interface Stop {
  readonly stopId: string;
  readonly side: Side;
  price: number;
  /** The order it has sent. */
  orderId: string | undefined;
  filledQuantity: number;
  filledValue: number;
}

/**
 * The trailing stop-loss of one maker in one market: it stands behind the market's best price since the position was
 * opened, and takes the position off when the mid crosses it.
 */
export class StopLoss {
  readonly #settings: StopLossSettings;
  #stop: Stop | undefined;
  #count = 0;

  constructor(settings: StopLossSettings) {
    this.#settings = settings;
  }

  /** The position changed, by a fill or at the start: a new one gets a stop, a closed one loses it. */
  onPosition(mid: number, timeMs: number): void {
    const { maker, risk } = this.#settings;
    const side = maker.position > 0 ? 'sell' : 'buy';
    const stop = this.#stop;
    if (stop?.orderId !== undefined) return;
    if (stop !== undefined && (maker.position === 0 || stop.side !== side)) {
      risk.onStopCancelled(stop.stopId);
      this.#stop = undefined;
    }
    if (maker.position === 0 || this.#stop !== undefined || !(mid > 0)) return;
    const { exchange, symbol } = maker.spec;
    const stopId = `${maker.style.name}:${exchange}:${symbol}:${++this.#count}`;
    this.#stop = { stopId, side, price: NaN, orderId: undefined, filledQuantity: 0, filledValue: 0 };
    this.#move(this.#stop, this.#behind(mid, side), timeMs);
  }

  /** The mid moved: the stop follows it, or is crossed. */
  onMid(mid: number, timeMs: number): void {
    const stop = this.#stop;
    if (stop === undefined || stop.orderId !== undefined) return;
    if (stop.side === 'sell' ? mid <= stop.price : mid >= stop.price) return this.#trigger(stop, timeMs);
    const behind = this.#behind(mid, stop.side);
    const gain = stop.side === 'sell' ? behind - stop.price : stop.price - behind;
    if (gain > (mid * TRAIL_STEP_BPS) / 1e4) this.#move(stop, behind, timeMs);
  }

  /** An order of the maker was filled, in part or in full. */
  onFill(orderId: string, price: number, quantity: number): void {
    const stop = this.#stop;
    if (stop === undefined || stop.orderId !== orderId) return;
    stop.filledQuantity += quantity;
    stop.filledValue += quantity * price;
  }

  /** An order of the maker has ended; what its stop did not get filled is protected by a new one. */
  onOrderEnd(orderId: string, mid: number, timeMs: number): void {
    const stop = this.#stop;
    if (stop === undefined || stop.orderId !== orderId) return;
    const { risk } = this.#settings;
    const { stopId, filledQuantity, filledValue } = stop;
    if (filledQuantity > 0) risk.onStopFilled({ stopId, price: filledValue / filledQuantity, timeMs });
    else risk.onStopCancelled(stopId);
    this.#stop = undefined;
    this.onPosition(mid, timeMs);
  }

  #trigger(stop: Stop, timeMs: number): void {
    const { maker, risk, takeMarket } = this.#settings;
    const orderId = takeMarket(stop.side, Math.abs(maker.position));
    if (orderId === undefined) return;
    stop.orderId = orderId;
    risk.onStopTriggered({ stopId: stop.stopId, timeMs });
  }

  #move(stop: Stop, price: number, timeMs: number): void {
    const { maker, risk } = this.#settings;
    const { exchange, symbol } = maker.spec;
    const { stopId, side } = stop;
    stop.price = price;
    risk.onStop({ stopId, strategy: maker.style.name, exchange, symbol, side, kind: 'trailing', price, timeMs });
  }

  #behind(mid: number, side: Side): number {
    const distance = this.#settings.maker.style.stopBps / 1e4;
    return mid * (side === 'sell' ? 1 - distance : 1 + distance);
  }
}
