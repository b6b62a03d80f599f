import { Ingest, type Output } from '../../src/ingest.ts';
import { Account } from '../../src/ledger.ts';
import { PrometheusOutput } from '../../src/outputs/prometheus-output.ts';
import type { Series } from '../../src/store/series.ts';
import { SeriesStore } from '../../src/store/series-store.ts';
import { type Attributes, type MetricInput, request, type ScopeInput } from './otlp.ts';

/** Store, ingest and the Prometheus output without a socket, and an output that notes what it is given. */
export class Pipeline {
  readonly store: SeriesStore;
  readonly prometheus: PrometheusOutput;
  readonly ingest: Ingest;
  readonly accepted: Series[] = [];
  readonly #nowMs: number;

  constructor({ seriesLimit = 1000, nowMs = 5000 } = {}) {
    this.store = new SeriesStore(seriesLimit);
    this.prometheus = new PrometheusOutput(this.store, ['reserved_total']);
    const noting: Output = {
      account: new Account(),
      accept: (series) => void this.accepted.push(series),
      forget: () => {},
    };
    this.ingest = new Ingest(this.store, [this.prometheus, noting]);
    this.#nowMs = nowMs;
  }

  send(metrics: readonly MetricInput[], resource?: Attributes, scope?: ScopeInput): string {
    return this.ingest.request(request(metrics, resource, scope), 'http', this.#nowMs).refusals;
  }

  /** Values of all series in the order of their first point. */
  values(): number[] {
    return [...new Set(this.accepted)].map(({ value }) => value);
  }

  get dropped(): Readonly<Record<string, number>> {
    return this.prometheus.account.ledger(0).dropped;
  }
}
