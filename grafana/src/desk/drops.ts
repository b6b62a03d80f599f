import {
  ATTR_NANOMETER_DROP_CAUSE,
  METRIC_EXCHANGE_EVENT_DROPPED,
  METRIC_ML_EVENT_DROPPED,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_NANOMETER_OTLP_POINT_DROPPED,
  METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED,
  METRIC_PIPELINE_EVENT_DROPPED,
  METRIC_RISK_EVENT_DROPPED,
  METRIC_TRADING_EVENT_DROPPED,
} from '@nanometer/semconv';
import { COLLECTOR_ENQUEUE_FAILED, COLLECTOR_SEND_FAILED } from '../collector-metrics.ts';
import type { Query } from '../panel.ts';
import { orZero, rate, selector, series, sumBy } from '../promql.ts';

/** Every hop between an event and a stored number, with the counter that stays at zero while nothing is lost there. */
const HOPS: readonly { readonly hop: string; readonly selected: string }[] = [
  { hop: 'trading events', selected: series(METRIC_TRADING_EVENT_DROPPED) },
  { hop: 'risk events', selected: series(METRIC_RISK_EVENT_DROPPED) },
  { hop: 'exchange events', selected: series(METRIC_EXCHANGE_EVENT_DROPPED) },
  { hop: 'ML events', selected: series(METRIC_ML_EVENT_DROPPED) },
  { hop: 'pipeline events', selected: series(METRIC_PIPELINE_EVENT_DROPPED) },
  { hop: 'SDK measurements', selected: series(METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED) },
  { hop: 'OTLP exporter', selected: series(METRIC_NANOMETER_OTLP_POINT_DROPPED) },
  { hop: 'collector, not queued', selected: selector(COLLECTOR_ENQUEUE_FAILED) },
  // Temporary failures are retried; only a permanent one is a loss.
  { hop: 'collector, refused by target', selected: selector(COLLECTOR_SEND_FAILED, { error_permanent: 'true' }) },
  // A point that the bridge already had, sent again after a lost answer, is no loss.
  {
    hop: 'bridge',
    selected: series(METRIC_NANOMETER_BRIDGE_POINT_DROPPED, {
      [ATTR_NANOMETER_DROP_CAUSE]: { not: 'duplicate_point' },
    }),
  },
];

/** One query per hop: what it loses per second. */
export const DROPS_PER_HOP: readonly Query[] = HOPS.map(({ hop, selected }) => ({
  expression: orZero(sumBy([], rate(selected))),
  legend: hop,
}));

/** Everything lost since the programs started. */
export const DROPS_TOTAL: string = sumOfHops((selected) => selected);

/** Everything lost within the last minute. */
export const DROPS_LAST_MINUTE: string = sumOfHops((selected) => `increase(${selected}[1m])`);

function sumOfHops(apply: (selected: string) => string): string {
  return HOPS.map(({ selected }) => `(${orZero(sumBy([], apply(selected)))})`).join(' + ');
}
