import {
  ATTR_TRADING_CURRENCY,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_EQUITY,
  METRIC_TRADING_FILL_COUNT,
} from '@nanometer/semconv';
import type { PanelSpec } from '../panel.ts';
import { legend, maxBy, selector, series, sumBy } from '../promql.ts';
import { DROPS_TOTAL } from './drops.ts';
import { BY_JOB, BY_STRATEGY } from './filters.ts';

/** Resource attribute of the desk: `replay` or `simulated`. prometheus.yaml makes it a label. */
const MARKET_MODE = 'nanometer.market.mode';

/** For the first glance. */
export const NOW: readonly PanelSpec[] = [
  {
    id: 5,
    title: 'Market',
    kind: 'stat',
    shows: 'legend',
    width: 4,
    description:
      'Where the prices come from: a recording or a simulation. Neither is a live market: no number here is money.',
    queries: [
      {
        expression: sumBy([MARKET_MODE], selector('target_info', { ...BY_JOB, [MARKET_MODE]: '.+' })),
        legend: legend(MARKET_MODE),
      },
    ],
  },
  {
    id: 1,
    title: 'Equity',
    kind: 'stat',
    description: 'Equity in the reporting currency. No value means that the desk is not running or not exporting.',
    queries: [
      {
        expression: sumBy([ATTR_TRADING_CURRENCY], series(METRIC_RISK_EQUITY, BY_JOB)),
        legend: legend(ATTR_TRADING_CURRENCY),
      },
    ],
    unit: 'short',
  },
  {
    id: 2,
    title: 'Drawdown now',
    kind: 'stat',
    description: 'Fall of equity from its peak. Red is the alert level: see Drawdown for what to do.',
    queries: [
      {
        expression: maxBy([ATTR_TRADING_CURRENCY], series(METRIC_RISK_DRAWDOWN_RATIO, BY_JOB)),
        legend: legend(ATTR_TRADING_CURRENCY),
      },
    ],
    unit: 'percentunit',
    thresholds: { amber: 0.025, red: 0.05 },
  },
  {
    id: 3,
    title: 'Fills since start',
    kind: 'stat',
    description: 'Fills of the selected strategies. Compare with the exchange statement at the end of the day.',
    queries: [{ expression: sumBy([], series(METRIC_TRADING_FILL_COUNT, BY_STRATEGY)), legend: 'fills' }],
    unit: 'none',
  },
  {
    id: 4,
    title: 'Lost since start',
    kind: 'stat',
    description:
      'Measurements, events and points lost anywhere on the way to this board. Zero, or the other numbers are too low: ' +
      'see Drops by hop.',
    queries: [{ expression: DROPS_TOTAL, legend: 'lost' }],
    unit: 'none',
    thresholds: { amber: 1, red: 1 },
  },
];
