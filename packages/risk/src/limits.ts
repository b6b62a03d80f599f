import type { BoundGauge } from '@nanometer/metrics';
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

/** Writes what a limit watches into the first cell, NaN where there is no value; a returned double would be boxed. */
type Use = (portfolio: Portfolio, output: Float64Array) => void;

interface LimitKind {
  readonly option: keyof RiskLimits;
  readonly name: string;
  readonly use: Use;
}

export const LIMIT_KINDS: readonly LimitKind[] = [
  {
    option: 'grossExposure',
    name: 'gross_exposure',
    use: ({ exposure }, output) => {
      output[0] = exposure.total.gross;
    },
  },
  {
    option: 'netExposure',
    name: 'net_exposure',
    use: ({ exposure }, output) => {
      output[0] = Math.abs(exposure.total.net);
    },
  },
  {
    option: 'drawdown',
    name: 'drawdown',
    use: ({ drawdown }, output) => {
      output[0] = drawdown.money;
    },
  },
  {
    option: 'drawdownRatio',
    name: 'drawdown_ratio',
    use: ({ drawdown }, output) => {
      output[0] = drawdown.peak > 0 ? drawdown.money / drawdown.peak : Number.NaN;
    },
  },
];

/** Follows one limit. */
export class LimitWatch implements LimitState {
  readonly name: string;
  readonly limit: number;
  readonly #use: Use;
  /** Utilization, NaN where it has no value. */
  readonly #cells = Float64Array.of(Number.NaN);
  #breached = false;
  #breachCount = 0;

  constructor(kind: LimitKind, limit: number) {
    this.name = kind.name;
    this.limit = limit;
    this.#use = kind.use;
  }

  get utilization(): number | undefined {
    const value = this.#cells[0] as number;
    return Number.isNaN(value) ? undefined : value;
  }

  get breached(): boolean {
    return this.#breached;
  }

  get breachCount(): number {
    return this.#breachCount;
  }

  /** Reads the portfolio; returns true when the limit was crossed from below just now. */
  update(portfolio: Portfolio): boolean {
    const cells = this.#cells;
    this.#use(portfolio, cells);
    cells[0] = (cells[0] as number) / this.limit;
    const breached = cells[0] > 1;
    const crossed = breached && !this.#breached;
    this.#breached = breached;
    if (crossed) this.#breachCount++;
    return crossed;
  }

  /** Writes the utilization to a gauge unless it has no value. */
  recordTo(gauge: BoundGauge): void {
    const value = this.#cells[0] as number;
    if (!Number.isNaN(value)) gauge.record(value);
  }
}
