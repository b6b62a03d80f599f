import { METRIC_NANOMETER_ALERT_DELIVERY_DURATION } from '@nanometer/semconv';

const BOUNDS: readonly number[] = METRIC_NANOMETER_ALERT_DELIVERY_DURATION.buckets ?? [];

/** A histogram of delivery times with the registry's buckets. */
export class Latencies {
  /** One more than bounds. */
  readonly counts: number[] = Array.from({ length: BOUNDS.length + 1 }, () => 0);
  count = 0;
  sumSeconds = 0;

  record(seconds: number): void {
    const index = BOUNDS.findIndex((bound) => seconds <= bound);
    this.counts[index < 0 ? BOUNDS.length : index]!++;
    this.count++;
    this.sumSeconds += seconds;
  }
}
