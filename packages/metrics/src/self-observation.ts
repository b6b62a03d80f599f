import type { Meter } from '@opentelemetry/api';
import {
  ATTR_NANOMETER_DROP_CAUSE,
  createObservableCounter,
  createObservableUpDownCounter,
  METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED,
  METRIC_NANOMETER_SDK_SERIES_ACTIVE,
} from '@nanometer/semconv';
import { DROP_CAUSES, type DropCounts } from './drop-counts.ts';

/** Exports what the provider dropped and holds as metrics of its own; nothing of it is on a recording path. */
export function observeItself(meter: Meter, drops: DropCounts, seriesActive: () => number): void {
  createObservableCounter(meter, METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED).addCallback((result) => {
    for (const cause of DROP_CAUSES) result.observe(drops.of(cause), { [ATTR_NANOMETER_DROP_CAUSE]: cause });
  });
  createObservableUpDownCounter(meter, METRIC_NANOMETER_SDK_SERIES_ACTIVE).addCallback((result) => {
    result.observe(seriesActive());
  });
}
