import type { Portfolio, TailRisk } from '@nanometer/quant';
import type { GroupLimit, RiskLimits } from './limit-options.ts';

/** What limits look at. */
export interface LimitSubject {
  readonly portfolio: Portfolio;
  /** Tail risk by the first method at the first confidence. */
  readonly tail: () => TailRisk | undefined;
}

/** Writes what a limit watches into the first cell, NaN where there is no value; a returned double would be boxed. */
export type Use = (subject: LimitSubject, output: Float64Array) => void;

/** A kind of limit: the option that sets it, its name and what it watches. */
export interface LimitKind {
  readonly option: Exclude<keyof RiskLimits, 'groups'>;
  readonly name: string;
  readonly use: Use;
}

export const LIMIT_KINDS: readonly LimitKind[] = [
  {
    option: 'grossExposure',
    name: 'gross_exposure',
    use: ({ portfolio }, output) => {
      output[0] = portfolio.exposure.total.gross;
    },
  },
  {
    option: 'netExposure',
    name: 'net_exposure',
    use: ({ portfolio }, output) => {
      output[0] = Math.abs(portfolio.exposure.total.net);
    },
  },
  {
    option: 'leverage',
    name: 'leverage',
    use: ({ portfolio }, output) => {
      const { gross } = portfolio.exposure.total;
      // Exposure on nothing is beyond every limit, not without value.
      output[0] = portfolio.leverage ?? (gross > 0 ? Number.POSITIVE_INFINITY : 0);
    },
  },
  {
    option: 'concentration',
    name: 'concentration',
    use: ({ portfolio }, output) => {
      output[0] = portfolio.exposure.concentration('symbol') ?? Number.NaN;
    },
  },
  {
    option: 'drawdown',
    name: 'drawdown',
    use: ({ portfolio }, output) => {
      output[0] = portfolio.drawdown.money;
    },
  },
  {
    option: 'drawdownRatio',
    name: 'drawdown_ratio',
    use: ({ portfolio }, output) => {
      const { drawdown } = portfolio;
      output[0] = drawdown.peak > 0 ? drawdown.money / drawdown.peak : Number.NaN;
    },
  },
  {
    option: 'valueAtRisk',
    name: 'value_at_risk',
    use: ({ tail }, output) => {
      output[0] = tail()?.valueAtRisk ?? Number.NaN;
    },
  },
  {
    option: 'expectedShortfall',
    name: 'expected_shortfall',
    use: ({ tail }, output) => {
      output[0] = tail()?.expectedShortfall ?? Number.NaN;
    },
  },
];

/** What a limit of one group's gross or net exposure watches; 0 while the group has no position. */
export function groupUse({ dimension, group }: GroupLimit, kind: 'gross' | 'net'): Use {
  return ({ portfolio }, output) => {
    output[0] = Math.abs(portfolio.exposure.groups(dimension).get(group)?.[kind] ?? 0);
  };
}
