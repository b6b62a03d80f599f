import { QuantError } from '../errors.ts';
import { EfficiencyRatio } from '../indicator/efficiency-ratio.ts';
import { requireLength } from '../indicator/window.ts';
import { EwmaVariance } from '../risk/ewma-variance.ts';
import { SortedWindow } from '../statistics/sorted-window.ts';

/** Options of a {@link RuleGrid}. */
export interface RuleGridOptions {
  /** Fading of the volatility, 0 to 1; 0.94 by default. */
  readonly lambda?: number;
  /** Periods whose volatilities the terciles are of; 500 by default. */
  readonly window?: number;
  /** Periods of them needed at least; 60 by default. */
  readonly minimumCount?: number;
  /** Periods of the trend; 20 by default. */
  readonly trendLength?: number;
  /** Efficiency ratio from which a move is a trend, 0 to 1; 0.3 by default. */
  readonly trendThreshold?: number;
}

/** The nine regimes, by index: volatility first, then trend. */
export const RULE_REGIMES: readonly string[] = ['low', 'middle', 'high'].flatMap((volatility) =>
  ['down', 'flat', 'up'].map((trend) => `${volatility}_${trend}`),
);

/**
 * A regime by rule, without anything fitted: the tercile of the present EWMA volatility among those of the past, and
 * whether the latest moves went one way. It looks back only, so that what it says was knowable at the time.
 */
export class RuleGrid {
  readonly #variance: EwmaVariance;
  readonly #volatilities: SortedWindow;
  readonly #trend: EfficiencyRatio;
  readonly #minimum: number;
  readonly #threshold: number;
  /** Latest returns, for the snapshot of the trend. */
  readonly #returns: number[] = [];
  readonly #trendLength: number;

  /** Throws {@link QuantError} `invalid_option`. */
  constructor(options: RuleGridOptions = {}) {
    const { lambda = 0.94, window = 500, minimumCount = 60, trendLength = 20, trendThreshold = 0.3 } = options;
    if (!(trendThreshold > 0 && trendThreshold < 1)) {
      throw new QuantError('invalid_option', `trendThreshold is ${trendThreshold}; it must lie between 0 and 1`);
    }
    if (!Number.isInteger(minimumCount) || minimumCount < 3 || minimumCount > window) {
      throw new QuantError(
        'invalid_option',
        `minimumCount is ${minimumCount}; it must be from 3 to the window, ${window}`,
      );
    }
    this.#variance = new EwmaVariance(lambda);
    this.#volatilities = new SortedWindow(window);
    this.#trend = new EfficiencyRatio(trendLength);
    this.#trendLength = requireLength(trendLength);
    this.#minimum = minimumCount;
    this.#threshold = trendThreshold;
  }

  /** Takes the next return; returns the index into {@link RULE_REGIMES}, undefined while there are too few. */
  add(change: number): number | undefined {
    if (!Number.isFinite(change)) return undefined;
    this.#variance.add(change);
    const efficiency = this.#efficiency(change);
    const volatility = this.#variance.deviation!;
    const low = this.#volatilities.quantile(1 / 3);
    const high = this.#volatilities.quantile(2 / 3);
    const isEnough = this.#volatilities.count >= this.#minimum;
    this.#volatilities.add(volatility);
    if (!isEnough || efficiency === undefined || low === undefined || high === undefined) return undefined;
    const tercile = volatility <= low ? 0 : volatility <= high ? 1 : 2;
    const trend = efficiency >= this.#threshold ? 2 : efficiency <= -this.#threshold ? 0 : 1;
    return tercile * 3 + trend;
  }

  /** Volatility per period now; undefined before the first return. */
  get volatility(): number | undefined {
    return this.#variance.deviation;
  }

  snapshot(): RuleGridSnapshot {
    return {
      variance: this.#variance.snapshot(),
      volatilities: this.#volatilities.snapshot(),
      returns: [...this.#returns],
    };
  }

  /** Takes back the state of a grid with the same options, into one that has taken nothing yet. */
  restore(snapshot: RuleGridSnapshot): void {
    this.#variance.restore(snapshot.variance);
    this.#volatilities.restore(snapshot.volatilities);
    for (const change of snapshot.returns) this.#efficiency(change);
  }

  #efficiency(change: number): number | undefined {
    if (this.#returns.length === this.#trendLength) this.#returns.shift();
    this.#returns.push(change);
    return this.#trend.add(change);
  }
}

/** State of a {@link RuleGrid}, plain data. */
export interface RuleGridSnapshot {
  readonly variance: readonly number[];
  readonly volatilities: readonly number[];
  readonly returns: readonly number[];
}
