import { COLLECTOR_QUEUE_CAPACITY, COLLECTOR_QUEUE_SIZE } from './collector-metrics.ts';
import { DROPS_LAST_MINUTE } from './desk/drops.ts';
import { selector, sumBy } from './promql.ts';

/** A Prometheus alerting rule; it fires while `expression comparison` has a result. */
export interface PipelineRule {
  readonly alert: string;
  readonly expression: string;
  readonly comparison: string;
  readonly for: string;
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
  readonly description: string;
}

/** Share of its disk queue that each of the collector's exporters uses. */
export const QUEUE_USE: string = `${sumBy(['exporter'], selector(COLLECTOR_QUEUE_SIZE))} / ${sumBy(['exporter'], selector(COLLECTOR_QUEUE_CAPACITY))}`;

/**
 * Alerts about the pipeline itself. Prometheus evaluates them, so that they also work when Grafana does not; the desk's
 * own alerts are Grafana's.
 */
export const PIPELINE_RULES: readonly PipelineRule[] = [
  {
    alert: 'PipelineLosesData',
    expression: `(${DROPS_LAST_MINUTE})`,
    comparison: '> 0',
    for: '0s',
    severity: 'critical',
    summary: '{{ printf "%.0f" $value }} events, measurements or points were lost within a minute',
    description: 'Totals are too low from here on. "Drops by hop" on the Desk board names the hop.',
  },
  {
    alert: 'CollectorQueueFilling',
    expression: QUEUE_USE,
    comparison: '> 0.5',
    for: '0s',
    severity: 'warning',
    summary: 'The queue of {{ $labels.exporter }} is {{ $value | humanizePercentage }} full',
    description: 'Its target is down or too slow. When the queue is full, senders wait and then lose data.',
  },
  {
    alert: 'PipelineTargetDown',
    expression: 'up',
    comparison: '< 1',
    for: '30s',
    severity: 'warning',
    summary: '{{ $labels.job }} at {{ $labels.instance }} does not answer',
    description: 'Start it again. The collector keeps the data of the meantime.',
  },
];

/** The rule file that prometheus.yaml loads. */
export function pipelineRuleFile(): object {
  return {
    groups: [
      {
        name: 'pipeline',
        interval: '5s',
        rules: PIPELINE_RULES.map((rule) => ({
          alert: rule.alert,
          expr: `${rule.expression} ${rule.comparison}`,
          for: rule.for,
          labels: { severity: rule.severity },
          annotations: { summary: rule.summary, description: rule.description },
        })),
      },
    ],
  };
}
