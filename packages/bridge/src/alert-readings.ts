import {
  ATTR_ERROR_TYPE,
  ATTR_NANOMETER_ALERT_RECEIVER,
  ATTR_NANOMETER_ALERT_SEVERITY,
  ATTR_NANOMETER_ALERT_STATE,
  ATTR_NANOMETER_DROP_CAUSE,
  METRIC_NANOMETER_ALERT_ACTIVE,
  METRIC_NANOMETER_ALERT_DELIVERY_DURATION,
  METRIC_NANOMETER_ALERT_DELIVERY_FAILED,
  METRIC_NANOMETER_ALERT_DELIVERY_THROTTLED,
  METRIC_NANOMETER_ALERT_DROPPED,
  METRIC_NANOMETER_ALERT_NOTIFICATION_DELIVERED,
  METRIC_NANOMETER_ALERT_NOTIFICATION_DROPPED,
  METRIC_NANOMETER_ALERT_NOTIFICATION_HELD,
  METRIC_NANOMETER_ALERT_NOTIFICATION_RECEIVED,
  METRIC_NANOMETER_ALERT_RULE_EVALUATED,
  METRIC_NANOMETER_ALERT_SERIES_ACTIVE,
  type MetricDefinition,
  prometheusLabel,
  prometheusName,
} from '@nanometer/semconv';
import type { ReceiverStats } from '@nanometer/alerting';
import type { AlertStats } from './stats.ts';

/** A number of the bridge's own. */
export interface Reading {
  readonly definition: MetricDefinition;
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Metrics of alerts in the bridge's own exposition. */
export const ALERT_METRICS: readonly MetricDefinition[] = [
  METRIC_NANOMETER_ALERT_ACTIVE,
  METRIC_NANOMETER_ALERT_RULE_EVALUATED,
  METRIC_NANOMETER_ALERT_SERIES_ACTIVE,
  METRIC_NANOMETER_ALERT_DROPPED,
  METRIC_NANOMETER_ALERT_NOTIFICATION_RECEIVED,
  METRIC_NANOMETER_ALERT_NOTIFICATION_DELIVERED,
  METRIC_NANOMETER_ALERT_NOTIFICATION_HELD,
  METRIC_NANOMETER_ALERT_NOTIFICATION_DROPPED,
  METRIC_NANOMETER_ALERT_DELIVERY_FAILED,
  METRIC_NANOMETER_ALERT_DELIVERY_THROTTLED,
  METRIC_NANOMETER_ALERT_DELIVERY_DURATION,
];

/** The numbers of alerts, family by family. */
export function* alertReadings(stats: AlertStats): Generator<Reading> {
  for (const { severity, state, count } of stats.active) {
    const attributes = { [ATTR_NANOMETER_ALERT_SEVERITY]: severity, [ATTR_NANOMETER_ALERT_STATE]: state };
    yield { definition: METRIC_NANOMETER_ALERT_ACTIVE, attributes, value: count };
  }
  yield { definition: METRIC_NANOMETER_ALERT_RULE_EVALUATED, attributes: {}, value: stats.evaluations };
  yield { definition: METRIC_NANOMETER_ALERT_SERIES_ACTIVE, attributes: {}, value: stats.series };
  for (const [cause, value] of [
    ['series_limit', stats.seriesDropped],
    ['alert_limit', stats.alertsDropped],
  ] as const) {
    yield { definition: METRIC_NANOMETER_ALERT_DROPPED, attributes: { [ATTR_NANOMETER_DROP_CAUSE]: cause }, value };
  }
  yield* perReceiver(METRIC_NANOMETER_ALERT_NOTIFICATION_RECEIVED, stats, ({ received }) => received);
  yield* perReceiver(METRIC_NANOMETER_ALERT_NOTIFICATION_DELIVERED, stats, ({ delivered }) => delivered);
  yield* perReceiver(METRIC_NANOMETER_ALERT_NOTIFICATION_HELD, stats, ({ held }) => held);
  yield* perKey(METRIC_NANOMETER_ALERT_NOTIFICATION_DROPPED, ATTR_NANOMETER_DROP_CAUSE, stats, (each) => each.dropped);
  yield* perKey(METRIC_NANOMETER_ALERT_DELIVERY_FAILED, ATTR_ERROR_TYPE, stats, (each) => each.failed);
  yield* perReceiver(METRIC_NANOMETER_ALERT_DELIVERY_THROTTLED, stats, ({ throttled }) => throttled);
}

function* perReceiver(
  definition: MetricDefinition,
  { receivers }: AlertStats,
  valueOf: (stats: ReceiverStats) => number,
): Generator<Reading> {
  for (const [receiver, stats] of Object.entries(receivers)) {
    yield { definition, attributes: { [ATTR_NANOMETER_ALERT_RECEIVER]: receiver }, value: valueOf(stats) };
  }
}

function* perKey(
  definition: MetricDefinition,
  attribute: string,
  { receivers }: AlertStats,
  countsOf: (stats: ReceiverStats) => Readonly<Record<string, number>>,
): Generator<Reading> {
  for (const [receiver, stats] of Object.entries(receivers)) {
    for (const [key, value] of Object.entries(countsOf(stats))) {
      yield { definition, attributes: { [ATTR_NANOMETER_ALERT_RECEIVER]: receiver, [attribute]: key }, value };
    }
  }
}

/** Prometheus lines of the delivery times. */
export function deliveryDurationLines({ receivers }: AlertStats): string[] {
  const definition = METRIC_NANOMETER_ALERT_DELIVERY_DURATION;
  const name = prometheusName(definition);
  const bounds = [...(definition.buckets ?? []).map(String), '+Inf'];
  const lines = [`# HELP ${name} ${definition.description}`, `# TYPE ${name} histogram`];
  for (const [receiver, { latencies }] of Object.entries(receivers)) {
    const label = `${prometheusLabel(ATTR_NANOMETER_ALERT_RECEIVER)}="${receiver}"`;
    let cumulative = 0;
    for (const [index, bound] of bounds.entries()) {
      cumulative += latencies.counts[index] ?? 0;
      lines.push(`${name}_bucket{${label},le="${bound}"} ${cumulative}`);
    }
    lines.push(`${name}_sum{${label}} ${latencies.sumSeconds}`, `${name}_count{${label}} ${latencies.count}`);
  }
  return lines.length > 2 ? lines : [];
}
