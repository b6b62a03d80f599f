import {
  createCounter,
  createGauge,
  createHistogram,
  METRIC_PIPELINE_ERROR_COUNT,
  METRIC_PIPELINE_EVENT_DROPPED,
  METRIC_PIPELINE_INGEST_COUNT,
  METRIC_PIPELINE_PROCESS_COUNT,
  METRIC_PIPELINE_PROCESS_DURATION,
  METRIC_PIPELINE_QUEUE_SIZE,
} from '@nanometer/semconv';
import type { Counter, Gauge, Histogram, Meter } from '@opentelemetry/api';

/** Every instrument of the package, made once per instrumentation. */
export class Instruments {
  readonly ingestCount: Counter;
  readonly processCount: Counter;
  readonly processDuration: Histogram;
  readonly queueSize: Gauge;
  readonly errorCount: Counter;
  readonly eventDropped: Counter;

  constructor(meter: Meter) {
    this.ingestCount = createCounter(meter, METRIC_PIPELINE_INGEST_COUNT);
    this.processCount = createCounter(meter, METRIC_PIPELINE_PROCESS_COUNT);
    this.processDuration = createHistogram(meter, METRIC_PIPELINE_PROCESS_DURATION);
    this.queueSize = createGauge(meter, METRIC_PIPELINE_QUEUE_SIZE);
    this.errorCount = createCounter(meter, METRIC_PIPELINE_ERROR_COUNT);
    this.eventDropped = createCounter(meter, METRIC_PIPELINE_EVENT_DROPPED);
  }
}
