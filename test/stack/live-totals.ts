import { ATTR_TRADING_CURRENCY } from '@nanometer/semconv';
import { LiveClient } from '@nanometer/live/client';
import { TOTAL_METRICS, type Totals, TotalsSum } from './totals.ts';

/** A subscriber of the live stream that remembers the latest value of every series it saw. */
export class LiveTotals {
  readonly #client: LiveClient;

  /** Connects as soon as the server is there, and keeps trying until then. */
  constructor(url: string) {
    this.#client = new LiveClient({ url, backoffMaxMs: 200 });
    this.#client.subscribe({ names: TOTAL_METRICS.map(({ name }) => name) });
    this.#client.connect().catch(() => undefined);
  }

  /** Frames received. */
  get frames(): number {
    return this.#client.stats.frames;
  }

  /** What the subscriber ended with. */
  get totals(): Totals {
    const { store } = this.#client;
    const sum = new TotalsSum();
    for (const series of store.all()) {
      if (!store.hasValue(series.id)) continue;
      const currency = series.attributes[ATTR_TRADING_CURRENCY];
      sum.add(series.name, typeof currency === 'string' ? currency : '', store.values[series.id] ?? Number.NaN);
    }
    return sum.totals;
  }

  /** Stops; the totals stay. */
  close(): void {
    this.#client.close();
  }
}
