import type { ExposureDimension } from '@nanometer/quant';

/** Levels of one limit. */
export interface LimitLevels {
  /** A warning: crossing it is counted and told, nothing else. Below `hard`. */
  readonly soft?: number | undefined;
  /** Utilization 1. */
  readonly hard: number;
  /** Whether a breach of the hard level trips the kill switch. Default false. */
  readonly kill?: boolean | undefined;
}

/** A hard level alone, or {@link LimitLevels}. */
export type Limit = number | LimitLevels;

/** Limit of the exposure of one group, such as one strategy or one symbol. */
export interface GroupLimit {
  readonly dimension: ExposureDimension;
  readonly group: string;
  /** Sum of the group's absolute exposures. */
  readonly grossExposure?: Limit | undefined;
  /** Absolute value of the sum of its signed exposures. */
  readonly netExposure?: Limit | undefined;
}

/** Upper bounds, in the reporting currency unless it says otherwise; only those given are watched. */
export interface RiskLimits {
  /** Sum of absolute exposures. */
  readonly grossExposure?: Limit | undefined;
  /** Absolute value of the sum of signed exposures. */
  readonly netExposure?: Limit | undefined;
  /** Gross exposure over equity: 3 is three times. Infinite when exposure stands on no equity. */
  readonly leverage?: Limit | undefined;
  /** Herfindahl-Hirschman index of gross exposure by symbol, 0 to 1. */
  readonly concentration?: Limit | undefined;
  /** Present fall of equity from its peak. */
  readonly drawdown?: Limit | undefined;
  /** The same as a share of the peak: 0.1 is 10 %. */
  readonly drawdownRatio?: Limit | undefined;
  /** Value at risk by the first of the methods, at the first of the confidences. */
  readonly valueAtRisk?: Limit | undefined;
  /** Expected shortfall by the first of the methods, at the first of the confidences. */
  readonly expectedShortfall?: Limit | undefined;
  readonly groups?: readonly GroupLimit[] | undefined;
}

/** State of one limit. */
export interface LimitState {
  /** Value of the attribute `risk.limit.name`. */
  readonly name: string;
  /** Dimension and group that it bounds; undefined of a limit of the whole portfolio. */
  readonly dimension: ExposureDimension | undefined;
  readonly group: string | undefined;
  readonly soft: number | undefined;
  /** The hard level. */
  readonly limit: number;
  /** used / limit, 1 = at the limit; undefined while what it watches is undefined. */
  readonly utilization: number | undefined;
  /** True while used is above the soft level. */
  readonly softBreached: boolean;
  /** True while used is above the hard level. */
  readonly breached: boolean;
  readonly softBreachCount: number;
  /** Crossings of the hard level. */
  readonly breachCount: number;
}

/** What `onLimitBreach` is told, once per crossing of a level from below. */
export interface LimitBreach {
  readonly name: string;
  readonly level: 'soft' | 'hard';
  readonly used: number;
  /** The level that was crossed. */
  readonly limit: number;
}
