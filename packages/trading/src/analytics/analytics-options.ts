import type { CostOptions } from '../cost/cost-options.ts';
import type { ExperimentOptions } from '../experiment/experiment-recorder.ts';
import type { PerformanceOptions } from '../performance/performance-options.ts';
import type { RegimeOptions } from '../regime/regime-options.ts';
import type { IndicatorOptions, SignalOptions } from '../signal/signal-options.ts';

/** What is analysed beside orders, fills and positions; what is left out costs nothing and has no metrics. */
export interface AnalyticsOptions {
  /** Ratios of strategies on a regular clock. */
  readonly performance?: PerformanceOptions | undefined;
  /** A/B tests of strategies; they run on the clock of `performance`. */
  readonly experiments?: readonly ExperimentOptions[] | undefined;
  /**
   * How signals are scored. When it is left out they are taken with the defaults, and prices are kept from the first one
   * on: that one is counted but not scored. `{}` keeps prices from the start.
   */
  readonly signals?: SignalOptions | undefined;
  readonly indicators?: IndicatorOptions | undefined;
  readonly regimes?: RegimeOptions | undefined;
  readonly costs?: CostOptions | undefined;
}
