import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_LIQUIDITY,
  ATTR_TRADING_STRATEGY,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_ORDER_ACKNOWLEDGED,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_ORDER_CANCELED,
  METRIC_TRADING_ORDER_COUNT,
  METRIC_TRADING_ORDER_OPEN,
  METRIC_TRADING_ORDER_REJECTED,
  METRIC_TRADING_SLIPPAGE,
} from '@nanometer/semconv';
import type { PanelSpec } from '../panel.ts';
import { legend, orZero, quantile, rate, series, sumBy } from '../promql.ts';
import { BY_STRATEGY } from './filters.ts';

const perSecond = (definition: Parameters<typeof series>[0]): string =>
  sumBy([], rate(series(definition, BY_STRATEGY)));

/** Orders, their fills and what they cost. */
export const ORDERS: readonly PanelSpec[] = [
  {
    id: 20,
    title: 'Order to acknowledgement',
    description:
      "Percentiles of the time from sending an order to its acknowledgement, on the desk's own clock. If the median " +
      'moves, look at the exchange or the network; if only the tail moves, look at the desk: event handling time and ' +
      'queues below.',
    queries: [0.5, 0.99, 0.999].map((q) => ({
      expression: quantile(q, METRIC_TRADING_ORDER_ACK_DURATION, [ATTR_EXCHANGE_NAME], BY_STRATEGY),
      legend: `p${q * 100} ${legend(ATTR_EXCHANGE_NAME)}`,
    })),
    unit: 's',
    min: 0,
  },
  {
    id: 21,
    title: 'Fills per second',
    description:
      'Fills by strategy and liquidity. More taker fills than intended means that orders meant to rest are crossing ' +
      'the spread: check the prices against the feed age.',
    queries: [
      {
        expression: sumBy(
          [ATTR_TRADING_STRATEGY, ATTR_TRADING_LIQUIDITY],
          rate(series(METRIC_TRADING_FILL_COUNT, BY_STRATEGY)),
        ),
        legend: legend(ATTR_TRADING_STRATEGY, ATTR_TRADING_LIQUIDITY),
      },
    ],
    unit: 'cps',
    min: 0,
  },
  {
    id: 22,
    title: 'Orders per second',
    description:
      'Orders sent, acknowledged, cancelled and rejected. Sent above acknowledged plus rejected for longer than the ' +
      'acknowledgement time means that answers are lost; rejects above zero deserve their reason (error_type).',
    queries: [
      { expression: perSecond(METRIC_TRADING_ORDER_COUNT), legend: 'sent' },
      { expression: perSecond(METRIC_TRADING_ORDER_ACKNOWLEDGED), legend: 'acknowledged' },
      { expression: perSecond(METRIC_TRADING_ORDER_CANCELED), legend: 'cancelled' },
      { expression: orZero(perSecond(METRIC_TRADING_ORDER_REJECTED)), legend: 'rejected' },
    ],
    unit: 'cps',
    min: 0,
  },
  {
    id: 23,
    title: 'Open orders',
    description:
      'Orders neither filled in full, cancelled nor rejected. A number that only grows means that ends of orders are ' +
      'not seen: cancel all and reconcile with the exchange.',
    queries: [
      {
        expression: sumBy([ATTR_TRADING_STRATEGY], series(METRIC_TRADING_ORDER_OPEN, BY_STRATEGY)),
        legend: legend(ATTR_TRADING_STRATEGY),
      },
    ],
  },
  {
    id: 24,
    title: 'Slippage',
    description:
      'Fill price against the mid at arrival, cost positive, in basis points: median and 90th percentile. Above half ' +
      'the spread plus fees the strategy pays to trade; compare the strategies before widening both.',
    queries: [0.5, 0.9].map((q) => ({
      expression: quantile(q, METRIC_TRADING_SLIPPAGE, [ATTR_TRADING_STRATEGY], BY_STRATEGY),
      legend: `p${q * 100} ${legend(ATTR_TRADING_STRATEGY)}`,
    })),
  },
];
