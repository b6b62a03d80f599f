import {
  ATTR_ERROR_TYPE,
  ATTR_EXCHANGE_NAME,
  METRIC_EXCHANGE_CONNECTION_LOST,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_MESSAGE_GAP,
  METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION,
} from '@nanometer/semconv';
import type { PanelSpec } from '../panel.ts';
import { ageNow, legend, maxBy, orZero, quantile, rate, series, sumBy } from '../promql.ts';
import { BY_EXCHANGE } from './filters.ts';

/** The feed age panel; its alert links to it. */
export const FEED_AGE_PANEL = 30;

/** What arrives from the exchanges, and how late. */
export const EXCHANGES: readonly PanelSpec[] = [
  {
    id: FEED_AGE_PANEL,
    title: 'Feed age',
    description:
      'Time since the last message of each exchange; it keeps growing when the desk itself is gone. The alert fires at ' +
      '5 s: pull the quotes of that exchange at once, then reconnect.',
    queries: [
      {
        expression: maxBy([ATTR_EXCHANGE_NAME], ageNow(series(METRIC_EXCHANGE_FEED_AGE, BY_EXCHANGE))),
        legend: legend(ATTR_EXCHANGE_NAME),
      },
    ],
    unit: 's',
    min: 0,
    thresholds: { amber: 2, red: 5 },
  },
  {
    id: 31,
    title: 'Messages per second',
    description:
      'Event rate per exchange. A step down on one exchange with no gap counted is a lost subscription: resubscribe. ' +
      'A burst on all of them is the market: watch the handling time.',
    queries: [
      {
        expression: sumBy([ATTR_EXCHANGE_NAME], rate(series(METRIC_EXCHANGE_MESSAGE_COUNT, BY_EXCHANGE))),
        legend: legend(ATTR_EXCHANGE_NAME),
      },
    ],
    unit: 'cps',
    min: 0,
  },
  {
    id: 32,
    title: 'Feed delay above its floor, p99',
    description:
      'Delay of messages above the smallest of the last minute, so that clock offsets cancel out. It rises when the ' +
      'exchange or the network queues, or when the desk reads too slowly: compare with the handling time.',
    queries: [
      {
        expression: quantile(0.99, METRIC_EXCHANGE_FEED_DELAY_EXCESS, [ATTR_EXCHANGE_NAME], BY_EXCHANGE),
        legend: legend(ATTR_EXCHANGE_NAME),
      },
    ],
    unit: 's',
    min: 0,
  },
  {
    id: 33,
    title: 'Event handling time, p99',
    description:
      'Time to decode and handle one message. Times the message rate it must stay well below 1 s per second; near ' +
      'that the desk falls behind: shed channels or give it a core.',
    queries: [
      {
        expression: quantile(0.99, METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION, [ATTR_EXCHANGE_NAME], BY_EXCHANGE),
        legend: legend(ATTR_EXCHANGE_NAME),
      },
    ],
    unit: 's',
    min: 0,
  },
  {
    id: 34,
    title: 'Gaps and lost connections',
    description:
      "Messages missed by the exchange's own sequence numbers, and connections lost, per second. After any gap the " +
      'book is wrong until a snapshot: check that the desk resynchronised.',
    queries: [
      {
        expression: orZero(sumBy([ATTR_EXCHANGE_NAME], rate(series(METRIC_EXCHANGE_MESSAGE_GAP, BY_EXCHANGE)))),
        legend: `missed ${legend(ATTR_EXCHANGE_NAME)}`,
      },
      {
        expression: orZero(
          sumBy([ATTR_EXCHANGE_NAME, ATTR_ERROR_TYPE], rate(series(METRIC_EXCHANGE_CONNECTION_LOST, BY_EXCHANGE))),
        ),
        legend: `lost ${legend(ATTR_EXCHANGE_NAME, ATTR_ERROR_TYPE)}`,
      },
    ],
    unit: 'cps',
    min: 0,
  },
];
