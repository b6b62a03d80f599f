import { type BoundCounter, bindCounter } from '@nanometer/metrics';
import {
  CURVE_CELLS,
  type EdgeDecay,
  fitEdgeDecay,
  type Liquidity,
  LifetimeEdge,
  MARKOUT_DUE,
  MARKOUT_MID,
  MARKOUT_NOTIONAL,
  MARKOUT_PRICE,
  MARKOUT_QUANTITY,
  MarkoutCurve,
  NeumaierSum,
  P2Quantile,
  type Tape,
} from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_EDGE_DIRECTION,
  ATTR_TRADING_LIQUIDITY,
  ATTR_TRADING_MARKOUT_HORIZON,
  ATTR_TRADING_STRATEGY,
} from '@nanometer/semconv';
import type { Attributes, Counter } from '@opentelemetry/api';
import type { ExecutionSettings } from './execution-options.ts';

const HOUR_MS = 3_600_000;

/** What fills are grouped by; the currency is that of the notional that weighs them. */
export interface MarkoutKey {
  readonly strategy: string;
  readonly exchange: string;
  readonly liquidity: Liquidity;
  readonly currency: string;
}

/** Spreads, markouts and the lifetime of the edge of one group of fills. */
export class MarkoutGroup {
  readonly key: MarkoutKey;
  readonly attributes: Attributes;
  /** By horizon. */
  readonly atHorizon: readonly Attributes[];
  readonly curve: MarkoutCurve;
  readonly lifetime: LifetimeEdge;
  /** Where a sink puts what it adds to {@link curve}. */
  readonly values: Float64Array = new Float64Array(CURVE_CELLS);
  readonly #alarms: Counter;
  readonly #spreadWeight = new NeumaierSum();
  readonly #spreadWeighted = new NeumaierSum();
  readonly #spreadMedian = new P2Quantile(0.5);
  #alarmUp: BoundCounter | undefined = undefined;
  #alarmDown: BoundCounter | undefined = undefined;
  #decay: EdgeDecay | undefined = undefined;
  #decayCount = 0;

  constructor(key: MarkoutKey, settings: ExecutionSettings, alarms: Counter) {
    const { strategy, exchange, liquidity, currency } = key;
    this.key = key;
    this.attributes = {
      [ATTR_TRADING_STRATEGY]: strategy,
      [ATTR_EXCHANGE_NAME]: exchange,
      [ATTR_TRADING_LIQUIDITY]: liquidity,
      [ATTR_TRADING_CURRENCY]: currency,
    };
    this.atHorizon = settings.horizonsSeconds.map((seconds) => ({
      ...this.attributes,
      [ATTR_TRADING_MARKOUT_HORIZON]: String(seconds),
    }));
    this.curve = new MarkoutCurve(settings.horizonsSeconds);
    this.lifetime = new LifetimeEdge(settings.lifetime);
    this.#alarms = alarms;
  }

  /** Takes the effective spread of a fill that was queued. */
  filled(fill: Float64Array): void {
    const mid = fill[MARKOUT_MID] as number;
    const distance = (fill[MARKOUT_PRICE] as number) - mid;
    const spread = (((fill[MARKOUT_QUANTITY] as number) > 0 ? 2 * distance : -2 * distance) / mid) * 10_000;
    const weight = fill[MARKOUT_NOTIONAL] as number;
    this.#spreadWeight.add(weight);
    this.#spreadWeighted.add(weight * spread);
    this.#spreadMedian.add(spread);
  }

  /** Takes the net edge of a fill at the holding horizon. */
  held(edgeBps: number, fill: Float64Array): void {
    const change = this.lifetime.add(edgeBps, (fill[MARKOUT_DUE] as number) / HOUR_MS);
    if (change === 'up') (this.#alarmUp ??= this.#alarm(change)).add(1);
    else if (change === 'down') (this.#alarmDown ??= this.#alarm(change)).add(1);
  }

  /** Notional-weighted mean and median of the effective spread in basis points; undefined before the first fill. */
  get effectiveSpread(): { readonly mean: number; readonly median: number } | undefined {
    const median = this.#spreadMedian.value;
    if (median === undefined) return undefined;
    return { mean: this.#spreadWeighted.value / this.#spreadWeight.value, median };
  }

  /** The fit of the markout curve, made anew when fills have come: it costs more than all the rest of an export. */
  get decay(): EdgeDecay | undefined {
    const last = this.curve.horizons.length - 1;
    const count = this.curve.countAt(0) + this.curve.countAt(last);
    if (count !== this.#decayCount) {
      this.#decayCount = count;
      this.#decay = fitEdgeDecay(this.curve.points);
    }
    return this.#decay;
  }

  carry(tape: Tape): void {
    this.curve.carry(tape);
    this.lifetime.carry(tape);
    for (const part of [this.#spreadWeight, this.#spreadWeighted, this.#spreadMedian]) part.carry(tape);
  }

  #alarm(direction: string): BoundCounter {
    return bindCounter(this.#alarms, { ...this.attributes, [ATTR_TRADING_EDGE_DIRECTION]: direction });
  }
}
