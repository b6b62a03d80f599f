import { type BoundCounter, type BoundHistogram, bindCounter, bindHistogram } from '@nanometer/metrics';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_RISK_STOP_KIND,
  ATTR_TRADING_SLIPPAGE_DIRECTION,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
} from '@nanometer/semconv';
import { AbsentGauge } from '../absent-gauge.ts';
import type { Instruments } from '../instruments.ts';

const BASIS_POINTS = 10_000;
const MILLISECONDS = 1000;

/** Series of all stops of one strategy, symbol and kind, bound once. */
export class StopSeries {
  readonly strategy: string;
  readonly kind: string;
  readonly triggers: BoundCounter;
  readonly missed: BoundCounter;
  readonly #distance: AbsentGauge;
  readonly #distanceAtr: AbsentGauge;
  readonly #fillDuration: BoundHistogram;
  readonly #cost: BoundHistogram;
  readonly #improvement: BoundHistogram;
  /** Distance of the nearest stop in the price's unit, Infinity without one. */
  nearest: number = Number.POSITIVE_INFINITY;

  constructor(instruments: Instruments, strategy: string, exchange: string, symbol: string, kind: string) {
    this.strategy = strategy;
    this.kind = kind;
    const owner = { [ATTR_TRADING_STRATEGY]: strategy, [ATTR_RISK_STOP_KIND]: kind };
    const all = { ...owner, [ATTR_EXCHANGE_NAME]: exchange, [ATTR_TRADING_SYMBOL]: symbol };
    this.triggers = bindCounter(instruments.stopTriggerCount, all);
    this.missed = bindCounter(instruments.stopMissedCount, all);
    this.#distance = new AbsentGauge(instruments.stopDistance, all);
    this.#distanceAtr = new AbsentGauge(instruments.stopDistanceAtr, all);
    this.#fillDuration = bindHistogram(instruments.stopFillDuration, owner);
    const slippage = (direction: string): BoundHistogram =>
      bindHistogram(instruments.stopSlippage, { ...owner, [ATTR_TRADING_SLIPPAGE_DIRECTION]: direction });
    this.#cost = slippage('cost');
    this.#improvement = slippage('improvement');
  }

  /** Writes the distance of the nearest stop from the market; without a stop there is none. */
  recordDistance(markPrice: number, averageTrueRange: number): void {
    const { nearest } = this;
    if (!Number.isFinite(nearest)) {
      this.#distance.clear();
      this.#distanceAtr.clear();
      return;
    }
    this.#distance.record((nearest / markPrice) * BASIS_POINTS);
    if (averageTrueRange > 0) this.#distanceAtr.record(nearest / averageTrueRange);
  }

  /** Writes how a stop was filled: `beyond` is the distance from its price that was lost, as a share of it. */
  recordFill(durationMs: number, beyond: number): void {
    // A fill told before its trigger, or a clock that went back, has no duration.
    if (durationMs >= 0) this.#fillDuration.record(durationMs / MILLISECONDS);
    if (beyond > 0) this.#cost.record(beyond * BASIS_POINTS);
    else this.#improvement.record(-beyond * BASIS_POINTS);
  }
}
