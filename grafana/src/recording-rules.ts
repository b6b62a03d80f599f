import { METRICS, type MetricDefinition, prometheusName } from '@nanometer/semconv';

/** A Prometheus recording rule. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

const WINDOW = '1m';

/**
 * What arrives up to this long after its time still counts in its minute. Later arrivals, after an outage, are in the full
 * resolution only: Prometheus never evaluates a rule again for the past (`promtool tsdb create-blocks-from rules` does).
 */
const QUERY_OFFSET = '30s';

/**
 * One-minute forms of every metric in the registry, under `minute:…`. Of a level its lowest, highest, mean and last value; of a
 * total its last value, from which any later rate can be had; of a histogram the rate of its buckets, which stays mergeable.
 */
export const RECORDING_RULES: readonly RecordingRule[] = METRICS.flatMap((metric) => rulesOf(metric));

function rulesOf(metric: MetricDefinition): RecordingRule[] {
  const name = prometheusName(metric);
  const over = (aggregate: string): RecordingRule => ({
    record: `minute:${name}:${aggregate}`,
    expr: `${aggregate}_over_time(${name}[${WINDOW}])`,
  });
  if (metric.kind === 'counter' || metric.kind === 'observablecounter') return [over('last')];
  if (metric.kind === 'histogram') {
    // Explicit buckets are `_bucket` series, exponential ones are one native histogram.
    const series = metric.exponentialMaxSize === undefined ? `${name}_bucket` : name;
    return [{ record: `minute:${series}:rate`, expr: `rate(${series}[${WINDOW}])` }];
  }
  return ['min', 'max', 'avg', 'last'].map((aggregate) => over(aggregate));
}

/** The rule file that prometheus.yaml loads beside the pipeline's alerts. */
export function recordingRuleFile(): object {
  return {
    groups: [{ name: 'minute', interval: WINDOW, query_offset: QUERY_OFFSET, rules: RECORDING_RULES }],
  };
}
