import {
  ATTR_EXCHANGE_NAME,
  ATTR_RISK_LIMIT_NAME,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
  METRIC_RISK_DRAWDOWN_MAX,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_EQUITY,
  METRIC_RISK_EXPOSURE_GROSS,
  METRIC_RISK_EXPOSURE_NET,
  METRIC_RISK_EXPOSURE_NOTIONAL,
  METRIC_RISK_LIMIT_UTILIZATION,
  METRIC_TRADING_FEE,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
} from '@nanometer/semconv';
import type { PanelSpec } from '../panel.ts';
import { legend, maxBy, series, sumBy, sumOf } from '../promql.ts';
import { BY_JOB, BY_STRATEGY } from './filters.ts';

const PER_STRATEGY = [ATTR_TRADING_STRATEGY, ATTR_TRADING_CURRENCY];
const pnl = sumOf([METRIC_TRADING_PNL_REALIZED, METRIC_TRADING_PNL_UNREALIZED], PER_STRATEGY, BY_STRATEGY);
const fees = sumBy(PER_STRATEGY, series(METRIC_TRADING_FEE, BY_STRATEGY));

/** The drawdown panel; its alert links to it. */
export const DRAWDOWN_PANEL = 12;
/** The limits panel; its alert links to it. */
export const LIMITS_PANEL = 13;

/** What the desk earns, and what it risks for it. */
export const PROFIT_AND_RISK: readonly PanelSpec[] = [
  {
    id: 10,
    title: 'P&L by strategy, after fees',
    description:
      'Realized plus unrealized P&L less fees, per settlement currency, since the desk started. A strategy that falls ' +
      'while its realized P&L rises is losing on its inventory: compare with Positions, then with Slippage.',
    queries: [
      // A currency without fees yet must not make the difference vanish.
      {
        expression: `${pnl} - (${fees} or 0 * ${pnl})`,
        legend: legend(ATTR_TRADING_STRATEGY, ATTR_TRADING_CURRENCY),
      },
    ],
    unit: 'short',
  },
  {
    id: 11,
    title: 'Exposure',
    description:
      'Net (long less short) and gross exposure in the reporting currency. Gross that grows while net stays flat is ' +
      'offsetting risk across venues: check that both legs can be closed.',
    queries: [
      { expression: sumBy([ATTR_TRADING_CURRENCY], series(METRIC_RISK_EXPOSURE_NET, BY_JOB)), legend: 'net' },
      { expression: sumBy([ATTR_TRADING_CURRENCY], series(METRIC_RISK_EXPOSURE_GROSS, BY_JOB)), legend: 'gross' },
    ],
    unit: 'short',
  },
  {
    id: DRAWDOWN_PANEL,
    title: 'Drawdown',
    description:
      'Fall of equity from its peak, as a share of the peak. The alert fires at 5 %: stop the strategy that causes it ' +
      '(P&L by strategy) and flatten; do not wait for the peak to come back.',
    queries: [
      { expression: maxBy([ATTR_TRADING_CURRENCY], series(METRIC_RISK_DRAWDOWN_RATIO, BY_JOB)), legend: 'drawdown' },
    ],
    unit: 'percentunit',
    min: 0,
    thresholds: { amber: 0.025, red: 0.05 },
  },
  {
    id: LIMITS_PANEL,
    title: 'Use of limits',
    description:
      'Each configured limit as a share of its maximum; above 100 % the limit is breached and the alert fires. Reduce ' +
      'the position first, raise a limit only afterwards.',
    queries: [
      {
        expression: maxBy([ATTR_RISK_LIMIT_NAME], series(METRIC_RISK_LIMIT_UTILIZATION, BY_JOB)),
        legend: legend(ATTR_RISK_LIMIT_NAME),
      },
    ],
    unit: 'percentunit',
    min: 0,
    thresholds: { amber: 0.8, red: 1 },
  },
  {
    id: 14,
    title: 'Exposure by market',
    description:
      'Signed exposure per exchange and symbol in the reporting currency, long positive. One market far from the ' +
      'others is where the inventory sits: quote away from it or hedge it.',
    queries: [
      {
        expression: sumBy(
          [ATTR_EXCHANGE_NAME, ATTR_TRADING_SYMBOL],
          series(METRIC_RISK_EXPOSURE_NOTIONAL, BY_STRATEGY),
        ),
        legend: legend(ATTR_EXCHANGE_NAME, ATTR_TRADING_SYMBOL),
      },
    ],
    unit: 'short',
  },
  {
    id: 15,
    title: 'Positions',
    description:
      "Signed positions in the contract's own units, long positive; units differ between symbols. A position that no " +
      'longer moves while fills go on means that reports from the exchange are missing.',
    queries: [
      {
        expression: sumBy(
          [ATTR_TRADING_STRATEGY, ATTR_EXCHANGE_NAME, ATTR_TRADING_SYMBOL],
          series(METRIC_TRADING_POSITION_QUANTITY, BY_STRATEGY),
        ),
        legend: legend(ATTR_TRADING_STRATEGY, ATTR_EXCHANGE_NAME, ATTR_TRADING_SYMBOL),
      },
    ],
    unit: 'short',
  },
  {
    id: 16,
    title: 'Fees paid',
    description:
      'Fees since the desk started per strategy and currency, cost positive, rebates negative. Fees that outgrow ' +
      'realized P&L mean the strategy trades too much for its edge: widen it.',
    queries: [{ expression: fees, legend: legend(ATTR_TRADING_STRATEGY, ATTR_TRADING_CURRENCY) }],
    unit: 'short',
  },
  {
    id: 17,
    title: 'Equity and deepest drawdown',
    description:
      'Equity in the reporting currency (initial capital, P&L, less fees) and the largest fall since the start. Equity ' +
      'that disagrees with the exchange statement is a booking error: stop and reconcile.',
    queries: [
      { expression: sumBy([ATTR_TRADING_CURRENCY], series(METRIC_RISK_EQUITY, BY_JOB)), legend: 'equity' },
      {
        expression: maxBy([ATTR_TRADING_CURRENCY], series(METRIC_RISK_DRAWDOWN_MAX, BY_JOB)),
        legend: 'deepest drawdown',
      },
    ],
    unit: 'short',
  },
];
