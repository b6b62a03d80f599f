import type { BatchObservableResult, MeterProvider, Observable } from '@opentelemetry/api';
import {
  ATTR_NANOMETER_DROP_CAUSE,
  createObservableCounter,
  createObservableUpDownCounter,
  METRIC_NANOMETER_STATSD_POINT_DROPPED,
  METRIC_NANOMETER_STATSD_POINT_FORWARDED,
  METRIC_NANOMETER_STATSD_POINT_HELD,
  METRIC_NANOMETER_STATSD_POINT_RECEIVED,
} from '@nanometer/semconv';
import type { StatsdExporterStats } from './stats.ts';

/** Registers an exporter's own account with a meter; the function returned ends that. */
export function observeExporter(meterProvider: MeterProvider, stats: () => StatsdExporterStats): () => void {
  const meter = meterProvider.getMeter('@nanometer/exporter-statsd');
  const received = createObservableCounter(meter, METRIC_NANOMETER_STATSD_POINT_RECEIVED);
  const forwarded = createObservableCounter(meter, METRIC_NANOMETER_STATSD_POINT_FORWARDED);
  const held = createObservableUpDownCounter(meter, METRIC_NANOMETER_STATSD_POINT_HELD);
  const dropped = createObservableCounter(meter, METRIC_NANOMETER_STATSD_POINT_DROPPED);
  const observables: Observable[] = [received, forwarded, held, dropped];
  const observe = (result: BatchObservableResult): void => {
    const now = stats();
    result.observe(received, now.points);
    result.observe(forwarded, now.pointsForwarded);
    result.observe(held, now.pointsHeld);
    for (const [cause, count] of Object.entries(now.pointsDropped)) {
      if (count > 0) result.observe(dropped, count, { [ATTR_NANOMETER_DROP_CAUSE]: cause });
    }
  };
  meter.addBatchObservableCallback(observe, observables);
  return () => meter.removeBatchObservableCallback(observe, observables);
}
