import type { BayesianChangePointOptions, Regime, RegimeTrackerOptions, RuleGridOptions } from '@nanometer/quant';

/** A regime of a fitted model. */
export interface NamedRegime extends Regime {
  readonly name: string;
}

/** A hidden Markov model fitted beforehand, as `fitHiddenMarkov` does, of returns on the same bars. */
export interface RegimeModel {
  readonly name: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly regimes: readonly NamedRegime[];
  /** `transitions[i][j]`: probability that regime i is followed by regime j. */
  readonly transitions: readonly (readonly number[])[];
  /** Probability from which a regime counts as observed, 0.5 to 1; 0.7 by default. */
  readonly confidence?: number | undefined;
}

/** How the regimes of markets are told. */
export interface RegimeOptions {
  /** Length of a bar in milliseconds. */
  readonly periodMs: number;
  readonly rule?: RuleGridOptions | undefined;
  readonly models?: readonly RegimeModel[] | undefined;
  /** Hysteresis and minimum dwell, of the rule and of every model. */
  readonly tracker?: RegimeTrackerOptions | undefined;
  /** Of Page-Hinkley, in units of the volatility per bar; 0.25 and 15 by default. */
  readonly tolerance?: number | undefined;
  readonly threshold?: number | undefined;
  /** Of the Bayesian detector; its prior is the variance of the first 30 bars. */
  readonly changePoint?: Omit<BayesianChangePointOptions, 'priorVariance' | 'priorMean'> | undefined;
  /** Most markets; 256 by default. Prices of one more are counted as `market_limit`. */
  readonly marketLimit?: number | undefined;
}
