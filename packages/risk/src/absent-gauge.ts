import { type BoundGauge, bindGauge } from '@nanometer/metrics';
import type { Attributes, Gauge } from '@opentelemetry/api';

/**
 * One series of a gauge that may lose its value. It is then forgotten, where the SDK can forget a series as ours does;
 * with another SDK it keeps the last value, for which the API has no remedy.
 */
export class AbsentGauge {
  readonly #gauge: Gauge & { readonly remove?: (attributes: Attributes) => void };
  readonly #attributes: Attributes;
  readonly #bound: BoundGauge;
  #isPresent = false;

  constructor(gauge: Gauge, attributes: Attributes) {
    this.#gauge = gauge;
    this.#attributes = attributes;
    this.#bound = bindGauge(gauge, attributes);
  }

  record(value: number): void {
    this.#isPresent = true;
    this.#bound.record(value);
  }

  /** There is no value now; costs nothing while there was none. */
  clear(): void {
    if (!this.#isPresent) return;
    this.#isPresent = false;
    this.#gauge.remove?.(this.#attributes);
  }
}
