import type { Meter } from '@opentelemetry/api';
import {
  ATTR_NANOMETER_DROP_CAUSE,
  ATTR_NANOMETER_THREAD_KIND,
  createObservableCounter,
  createObservableUpDownCounter,
  METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED,
  METRIC_NANOMETER_SDK_MEASUREMENT_OVERFLOWED,
  METRIC_NANOMETER_SDK_MEMORY_USAGE,
  METRIC_NANOMETER_SDK_SERIES_ACTIVE,
  METRIC_NANOMETER_SDK_SERIES_OVERFLOWED,
} from '@nanometer/semconv';
import { DROP_CAUSES } from '../drop-counts.ts';
import type { MeterProviderStats } from './provider-stats.ts';

/** Exports a provider's statistics as metrics of its own; nothing of it is on a recording path. */
export function observeItself(meter: Meter, stats: () => MeterProviderStats): void {
  const dropped = createObservableCounter(meter, METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED);
  const overflowed = createObservableCounter(meter, METRIC_NANOMETER_SDK_MEASUREMENT_OVERFLOWED);
  const active = createObservableUpDownCounter(meter, METRIC_NANOMETER_SDK_SERIES_ACTIVE);
  const overflowSeries = createObservableUpDownCounter(meter, METRIC_NANOMETER_SDK_SERIES_OVERFLOWED);
  const memory = createObservableUpDownCounter(meter, METRIC_NANOMETER_SDK_MEMORY_USAGE);
  meter.addBatchObservableCallback(
    (result) => {
      const now = stats();
      for (const cause of DROP_CAUSES) {
        result.observe(dropped, now.dropped[cause], { [ATTR_NANOMETER_DROP_CAUSE]: cause });
      }
      result.observe(overflowed, now.measurementsOverflowed);
      result.observe(active, now.seriesActive);
      result.observe(overflowSeries, now.seriesOverflowed);
      result.observe(memory, now.arenaBytes, { [ATTR_NANOMETER_THREAD_KIND]: 'own' });
      result.observe(memory, now.workerArenaBytes, { [ATTR_NANOMETER_THREAD_KIND]: 'worker' });
    },
    [dropped, overflowed, active, overflowSeries, memory],
  );
}
