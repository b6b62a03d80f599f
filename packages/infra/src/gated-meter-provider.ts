import type { BatchObservableCallback, Meter, MeterProvider, Observable } from '@opentelemetry/api';

/**
 * A provider whose batch callbacks run only while `open` is true. It stands between an instrumentation that can only
 * start, and the real provider, so that stopping and starting again neither leaves callbacks at work nor registers them twice.
 */
export class GatedMeterProvider implements MeterProvider {
  open = false;
  readonly #provider: MeterProvider;

  constructor(provider: MeterProvider) {
    this.#provider = provider;
  }

  getMeter(...scope: Parameters<MeterProvider['getMeter']>): Meter {
    return new Proxy(this.#provider.getMeter(...scope), {
      get: (meter, key) => {
        if (key === 'addBatchObservableCallback') return this.#addGated.bind(this, meter);
        const member: unknown = Reflect.get(meter, key, meter);
        // Methods run on the meter itself: private fields are out of a proxy's reach.
        return typeof member === 'function' ? (member.bind(meter) as unknown) : member;
      },
    });
  }

  #addGated(meter: Meter, callback: BatchObservableCallback, observables: Observable[]): void {
    meter.addBatchObservableCallback((result) => (this.open ? callback(result) : undefined), observables);
  }
}
