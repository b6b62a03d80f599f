import {
  ATTR_ML_MODEL_NAME,
  ATTR_ML_PREDICTION_OUTCOME,
  ATTR_PIPELINE_STAGE,
  METRIC_ML_INFERENCE_DURATION,
  METRIC_ML_PREDICTION_RESOLVED,
  METRIC_PIPELINE_PROCESS_COUNT,
  METRIC_PIPELINE_PROCESS_DURATION,
  METRIC_PIPELINE_QUEUE_SIZE,
} from '@nanometer/semconv';
import { COLLECTOR_ACCEPTED, COLLECTOR_SENT } from '../collector-metrics.ts';
import type { PanelSpec } from '../panel.ts';
import { QUEUE_USE } from '../pipeline-rules.ts';
import { legend, type Matchers, quantile, rate, selector, series, sumBy } from '../promql.ts';
import { DROPS_PER_HOP } from './drops.ts';
import { BY_JOB } from './filters.ts';

const resolved = (matchers: Matchers): string =>
  sumBy([ATTR_ML_MODEL_NAME], rate(series(METRIC_ML_PREDICTION_RESOLVED, { ...BY_JOB, ...matchers })));

/** The models' work, and the way of the numbers themselves. */
export const MODELS_AND_PIPELINE: readonly PanelSpec[] = [
  {
    id: 40,
    title: 'Model inference time',
    description:
      'Median and 99th percentile of one model call. A tail that comes with garbage collection or a bigger batch delays ' +
      'every quote behind it: move the model off the trading thread or shrink it.',
    queries: [0.5, 0.99].map((q) => ({
      expression: quantile(q, METRIC_ML_INFERENCE_DURATION, [ATTR_ML_MODEL_NAME], BY_JOB),
      legend: `p${q * 100} ${legend(ATTR_ML_MODEL_NAME)}`,
    })),
    unit: 's',
    min: 0,
  },
  {
    id: 41,
    title: 'Model accuracy',
    description:
      'Share of predictions that proved correct, of those whose outcome is known. Near 50 % the signal is noise: ' +
      'take it out of the quotes until it is retrained.',
    queries: [
      {
        expression: `${resolved({ [ATTR_ML_PREDICTION_OUTCOME]: 'correct' })} / ${resolved({})}`,
        legend: legend(ATTR_ML_MODEL_NAME),
      },
    ],
    unit: 'percentunit',
    min: 0,
  },
  {
    id: 42,
    title: 'Pipeline throughput',
    description:
      'Records each stage finished per second. A stage that stays below the one before it is where the queue grows.',
    queries: [
      {
        expression: sumBy([ATTR_PIPELINE_STAGE], rate(series(METRIC_PIPELINE_PROCESS_COUNT, BY_JOB))),
        legend: legend(ATTR_PIPELINE_STAGE),
      },
    ],
    unit: 'cps',
    min: 0,
  },
  {
    id: 43,
    title: 'Queues',
    description:
      'Records waiting in front of each stage of the desk. A queue that does not return to zero between bursts means ' +
      'that the desk trades on old data: find the stage in Pipeline processing time.',
    queries: [
      {
        expression: sumBy([ATTR_PIPELINE_STAGE], series(METRIC_PIPELINE_QUEUE_SIZE, BY_JOB)),
        legend: legend(ATTR_PIPELINE_STAGE),
      },
    ],
    min: 0,
  },
  {
    id: 44,
    title: 'Pipeline processing time, p99',
    description: 'Time a stage needs for one batch. The slowest stage bounds the whole desk: optimise that one first.',
    queries: [
      {
        expression: quantile(0.99, METRIC_PIPELINE_PROCESS_DURATION, [ATTR_PIPELINE_STAGE], BY_JOB),
        legend: legend(ATTR_PIPELINE_STAGE),
      },
    ],
    unit: 's',
    min: 0,
  },
  {
    id: 45,
    title: 'Drops by hop',
    description:
      'Measurements, events and points that were not passed on, per second, wherever they were lost. Anything but zero ' +
      'means that numbers on this board are too low; the hop in the legend says where to look.',
    queries: DROPS_PER_HOP,
    unit: 'cps',
    min: 0,
  },
  {
    id: 46,
    title: 'Collector: points in and out',
    description:
      'Points the collector accepted and each of its exporters delivered, per second. An exporter below the accepted ' +
      'rate is building a backlog: see Collector queue, and whether its target is up.',
    queries: [
      { expression: sumBy([], rate(selector(COLLECTOR_ACCEPTED))), legend: 'accepted' },
      { expression: sumBy(['exporter'], rate(selector(COLLECTOR_SENT))), legend: `sent ${legend('exporter')}` },
    ],
    unit: 'cps',
    min: 0,
  },
  {
    id: 47,
    title: 'Collector queue',
    description:
      'Share of its disk queue that each exporter uses. Full, it makes the senders wait and then lose what their own ' +
      'buffers cannot hold: bring the target back, or raise NANOMETER_QUEUE_BYTES before that.',
    queries: [
      {
        expression: QUEUE_USE,
        legend: legend('exporter'),
      },
    ],
    unit: 'percentunit',
    min: 0,
    thresholds: { amber: 0.5, red: 0.9 },
  },
];
