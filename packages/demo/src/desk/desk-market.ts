import { AverageTrueRange } from '@nanometer/quant';
import { DepthBook } from '../market/depth-book.ts';
import type { MarketSpec } from '../market/market-spec.ts';
import type { MarketMaker } from './market-maker.ts';
import { Signal } from './signal.ts';
import type { StopLoss } from './stop-loss.ts';

/** Shares trade a tenth as often as coins; their makers take their time. */
const SLOW_EXCHANGES: Readonly<Record<string, number>> = { 'us-equity': 20 };

/** Share of a price step below which an average true range is the fading of older ones. */
const RANGE_LEAST = 0.01;

/** One strategy in one market. */
export interface Arm {
  readonly maker: MarketMaker;
  readonly stop: StopLoss;
}

/** What the desk knows of one market. */
export class DeskMarket {
  readonly spec: MarketSpec;
  readonly signal: Signal = new Signal();
  readonly book: DepthBook = new DepthBook();
  arms: readonly Arm[] = [];
  /** Latest mid; NaN before the first quote. */
  mid: number = NaN;
  /** The mid at the end of the last period. */
  closeMid: number = NaN;
  /** True when the exchange has sent depth since the last period. */
  depthChanged: boolean = false;
  readonly #range: AverageTrueRange = new AverageTrueRange(14);
  readonly #leastRange: number;
  #open = NaN;
  #high = NaN;
  #low = NaN;

  constructor(spec: MarketSpec) {
    this.spec = spec;
    this.#leastRange = RANGE_LEAST * 10 ** -spec.priceDecimals;
  }

  /** How much more slowly than coins the market moves. */
  get pace(): number {
    return SLOW_EXCHANGES[this.spec.exchange] ?? 1;
  }

  /** A new mid of the period under way. */
  move(mid: number): void {
    this.mid = mid;
    if (Number.isNaN(this.#open)) this.#open = this.#high = this.#low = mid;
    else if (mid > this.#high) this.#high = mid;
    else if (mid < this.#low) this.#low = mid;
  }

  /**
   * Ends a period and returns the average true range of the periods so far, where there is one. In a quiet market it
   * fades and never ends; what is left of it below a share of a price step is no range.
   */
  closePeriod(): number | undefined {
    const close = this.mid;
    this.closeMid = close;
    if (Number.isNaN(close)) return undefined;
    const bar = { open: this.#open, high: this.#high, low: this.#low, close, volume: 0 };
    this.#open = this.#high = this.#low = close;
    const range = this.#range.add(bar);
    return range !== undefined && range >= this.#leastRange ? range : undefined;
  }
}
