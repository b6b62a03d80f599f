import type { Portfolio } from '@nanometer/quant';

/** Upper bounds, in the reporting currency unless it says ratio; only those given are watched. */
export interface RiskLimits {
  /** Sum of absolute exposures. */
  readonly grossExposure?: number | undefined;
  /** Absolute value of the sum of signed exposures. */
  readonly netExposure?: number | undefined;
  /** Present fall of equity from its peak. */
  readonly drawdown?: number | undefined;
  /** The same as a share of the peak: 0.1 is 10 %. */
  readonly drawdownRatio?: number | undefined;
}

/** State of one limit. */
export interface LimitState {
  /** Value of the attribute `risk.limit.name`. */
  readonly name: string;
  readonly limit: number;
  /** used / limit, 1 = at the limit; undefined while what it watches is undefined. */
  readonly utilization: number | undefined;
  /** True while utilization is above 1. */
  readonly breached: boolean;
  readonly breachCount: number;
}

/** What a limit watches, undefined where there is no value. */
type Use = (portfolio: Portfolio) => number | undefined;

interface LimitKind {
  readonly option: keyof RiskLimits;
  readonly name: string;
  readonly use: Use;
}

export const LIMIT_KINDS: readonly LimitKind[] = [
  { option: 'grossExposure', name: 'gross_exposure', use: (portfolio) => portfolio.exposure.total.gross },
  { option: 'netExposure', name: 'net_exposure', use: (portfolio) => Math.abs(portfolio.exposure.total.net) },
  { option: 'drawdown', name: 'drawdown', use: (portfolio) => portfolio.drawdown.money },
  { option: 'drawdownRatio', name: 'drawdown_ratio', use: (portfolio) => portfolio.drawdown.ratio },
];

/** Follows one limit. */
export class LimitWatch implements LimitState {
  readonly name: string;
  readonly limit: number;
  readonly #use: Use;
  #utilization: number | undefined = undefined;
  #breached = false;
  #breachCount = 0;

  constructor(kind: LimitKind, limit: number) {
    this.name = kind.name;
    this.limit = limit;
    this.#use = kind.use;
  }

  get utilization(): number | undefined {
    return this.#utilization;
  }

  get breached(): boolean {
    return this.#breached;
  }

  get breachCount(): number {
    return this.#breachCount;
  }

  /** Reads the portfolio; returns true when the limit was crossed from below just now. */
  update(portfolio: Portfolio): boolean {
    const used = this.#use(portfolio);
    this.#utilization = used === undefined ? undefined : used / this.limit;
    const breached = this.#utilization !== undefined && this.#utilization > 1;
    const crossed = breached && !this.#breached;
    this.#breached = breached;
    if (crossed) this.#breachCount++;
    return crossed;
  }
}
