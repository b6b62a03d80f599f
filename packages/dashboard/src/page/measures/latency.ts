import {
  ATTR_EXCHANGE_NAME,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION,
  METRIC_EXCHANGE_ORDER_ACK_DURATION,
  METRIC_EXCHANGE_REQUEST_DURATION,
  METRIC_ML_INFERENCE_DURATION,
  METRIC_RISK_UPDATE_DURATION,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_SIGNAL_ORDER_DURATION,
  type MetricDefinition,
} from '@nanometer/semconv';
import type { Measure } from '../store/measure.ts';
import type { Declare } from './declare.ts';

/** Percentiles that the stream carries of every histogram, with the share of values below. */
export const SPECTRUM_FIELDS = [
  { field: 'p50', share: 0.5 },
  { field: 'p90', share: 0.9 },
  { field: 'p99', share: 0.99 },
  { field: 'p999', share: 0.999 },
] as const;

/** One latency with its percentiles, each with its course. */
export interface Spectrum {
  readonly metric: MetricDefinition;
  readonly label: string;
  /** In the order of {@link SPECTRUM_FIELDS}. */
  readonly percentiles: readonly Measure[];
  readonly count: Measure;
}

/** Latencies of the desk. */
export interface LatencyMeasures {
  readonly spectra: readonly Spectrum[];
  /** Acknowledgements by exchange: seconds. */
  readonly venueAckP99: Measure;
}

const SPECTRA: readonly (readonly [label: string, metric: MetricDefinition])[] = [
  ['order → ack', METRIC_TRADING_ORDER_ACK_DURATION],
  ['signal → order', METRIC_TRADING_SIGNAL_ORDER_DURATION],
  ['feed delay', METRIC_EXCHANGE_FEED_DELAY_EXCESS],
  ['handler', METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION],
  ['REST', METRIC_EXCHANGE_REQUEST_DURATION],
  ['risk', METRIC_RISK_UPDATE_DURATION],
  ['model', METRIC_ML_INFERENCE_DURATION],
];

/** Declares {@link LatencyMeasures}. */
export function latencyMeasures({ sum, worst }: Declare): LatencyMeasures {
  return {
    spectra: SPECTRA.map(([label, metric]) => ({
      metric,
      label,
      percentiles: SPECTRUM_FIELDS.map(({ field }) => worst(metric, [], field, true)),
      count: sum(metric, [], 'count'),
    })),
    venueAckP99: worst(METRIC_EXCHANGE_ORDER_ACK_DURATION, [ATTR_EXCHANGE_NAME], 'p99'),
  };
}
