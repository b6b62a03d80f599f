import {
  createCounter,
  createGauge,
  createHistogram,
  createUpDownCounter,
  METRIC_ML_EVENT_DROPPED,
  METRIC_ML_INFERENCE_DURATION,
  METRIC_ML_PREDICTION_COUNT,
  METRIC_ML_PREDICTION_ERROR,
  METRIC_ML_PREDICTION_EXPIRED,
  METRIC_ML_PREDICTION_PENDING,
  METRIC_ML_PREDICTION_RESOLVED,
  METRIC_ML_PREDICTION_VALUE,
} from '@nanometer/semconv';
import type { Counter, Gauge, Histogram, Meter, UpDownCounter } from '@opentelemetry/api';

/** Every instrument of the package, made once per instrumentation. */
export class Instruments {
  readonly inferenceDuration: Histogram;
  readonly predictionCount: Counter;
  readonly predictionResolved: Counter;
  readonly predictionExpired: Counter;
  readonly predictionError: Histogram;
  readonly predictionValue: Gauge;
  readonly predictionPending: UpDownCounter;
  readonly eventDropped: Counter;

  constructor(meter: Meter) {
    this.inferenceDuration = createHistogram(meter, METRIC_ML_INFERENCE_DURATION);
    this.predictionCount = createCounter(meter, METRIC_ML_PREDICTION_COUNT);
    this.predictionResolved = createCounter(meter, METRIC_ML_PREDICTION_RESOLVED);
    this.predictionExpired = createCounter(meter, METRIC_ML_PREDICTION_EXPIRED);
    this.predictionError = createHistogram(meter, METRIC_ML_PREDICTION_ERROR);
    this.predictionValue = createGauge(meter, METRIC_ML_PREDICTION_VALUE);
    this.predictionPending = createUpDownCounter(meter, METRIC_ML_PREDICTION_PENDING);
    this.eventDropped = createCounter(meter, METRIC_ML_EVENT_DROPPED);
  }
}
