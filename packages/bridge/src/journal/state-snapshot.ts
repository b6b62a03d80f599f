import type { BridgeState } from '../bridge-state.ts';
import type { OutputLedger, OutputName, Transport } from '../ledger.ts';
import type { AttributeSet } from '../otlp/read-attributes.ts';
import type { SavedSend, SavedStatsd } from '../outputs/statsd-output.ts';
import type { HistogramState, MetricFields, MetricInfo, ResourceInfo, ScopeInfo, Series } from '../store/series.ts';

/** Changes when what is saved does. */
export const SNAPSHOT_VERSION = 1;

/** Series saved in one piece: about a millisecond's work. */
const SERIES_PER_PIECE = 1000;

/** A part of a saved state; a state is a row of pieces. References are indices into the lists so far, not ids. */
export type Piece =
  | {
      readonly kind: 'accounts';
      readonly receivedBy: Readonly<Record<Transport, number>>;
      readonly seriesExpired: number;
      readonly outputs: readonly (readonly [OutputName, SavedAccount])[];
    }
  | { readonly kind: 'resources'; readonly resources: readonly AttributeSet[] }
  | { readonly kind: 'scopes'; readonly scopes: readonly SavedScope[] }
  | { readonly kind: 'metrics'; readonly metrics: readonly SavedMetric[] }
  | { readonly kind: 'series'; readonly series: readonly SavedSeries[] }
  | { readonly kind: 'statsd'; readonly changed: readonly number[]; readonly send: SavedSend | undefined };

/** An output's ledger; what is held stands with the series. */
export type SavedAccount = Omit<OutputLedger, 'held'>;

interface SavedScope extends Pick<ScopeInfo, 'name' | 'version' | 'attributes'> {
  readonly resource: number;
}

interface SavedMetric extends MetricFields {
  readonly scope: number;
  readonly key: string;
}

interface SavedSeries extends Pick<
  Series,
  'attributes' | 'startHigh' | 'startLow' | 'timeHigh' | 'timeLow' | 'seenMs' | 'value'
> {
  readonly metric: number;
  readonly histogram: HistogramState | undefined;
  readonly statsd: SavedStatsd | undefined;
}

/** The pieces of a state. Nothing may change in it between the first and the last. */
export function* piecesOf(state: BridgeState): Generator<Piece> {
  const { store, ingest, seriesExpired, statsd } = state;
  yield {
    kind: 'accounts',
    receivedBy: { ...ingest.receivedBy },
    seriesExpired,
    outputs: state.accounts.map(([name, account]) => {
      const { received, forwarded, dropped } = account.ledger(0);
      return [name, { received, forwarded, dropped }];
    }),
  };
  // In the order in which they came: names that collide go to the first.
  const series = [...store.series].sort((a, b) => a.order - b.order);
  const metrics = numbered(series.map(({ metric }) => metric));
  const scopes = numbered([...metrics.keys()].map(({ scope }) => scope));
  const resources = numbered([...scopes.keys()].map(({ resource }) => resource));
  yield { kind: 'resources', resources: [...resources.keys()].map(({ attributes }) => attributes) };
  yield {
    kind: 'scopes',
    scopes: [...scopes.keys()].map(({ resource, name, version, attributes }) => ({
      resource: resources.get(resource)!,
      name,
      version,
      attributes,
    })),
  };
  yield {
    kind: 'metrics',
    metrics: [...metrics.keys()].map(({ scope, key, name, unit, description, kind, monotonic, delta }) => ({
      scope: scopes.get(scope)!,
      key,
      name,
      unit,
      description,
      kind,
      monotonic,
      delta,
    })),
  };
  for (let from = 0; from < series.length; from += SERIES_PER_PIECE) {
    const part = series.slice(from, from + SERIES_PER_PIECE);
    yield {
      kind: 'series',
      series: part.map((each) => {
        const { attributes, startHigh, startLow, timeHigh, timeLow, seenMs, value, histogram } = each;
        return {
          metric: metrics.get(each.metric)!,
          attributes,
          startHigh,
          startLow,
          timeHigh,
          timeLow,
          seenMs,
          value,
          histogram,
          statsd: statsd?.saved(each),
        };
      }),
    };
  }
  if (statsd) yield { kind: 'statsd', ...statsd.savedQueue(new Map(series.map((each, index) => [each, index]))) };
}

function numbered<T>(items: readonly T[]): Map<T, number> {
  const numbers = new Map<T, number>();
  for (const item of items) if (!numbers.has(item)) numbers.set(item, numbers.size);
  return numbers;
}

/** Puts pieces, in their order, into a state that is empty. */
export class StateRestorer {
  readonly #state: BridgeState;
  readonly #resources: ResourceInfo[] = [];
  readonly #scopes: ScopeInfo[] = [];
  readonly #metrics: MetricInfo[] = [];
  readonly #series: Series[] = [];

  constructor(state: BridgeState) {
    this.#state = state;
  }

  /** Throws when there is no room: limits were lowered. */
  add(piece: Piece): void {
    const { store, ingest, statsd } = this.#state;
    switch (piece.kind) {
      case 'accounts':
        ingest.restore(piece.receivedBy);
        this.#state.seriesExpired = piece.seriesExpired;
        this.#state.restoreAccounts(piece.outputs);
        break;
      case 'resources':
        for (const attributes of piece.resources) this.#resources.push(fits(store.resourceOf(attributes)));
        break;
      case 'scopes':
        for (const { resource, name, version, attributes } of piece.scopes) {
          this.#scopes.push(fits(store.scopeOf(this.#resources[resource]!, name, version, attributes)));
        }
        break;
      case 'metrics':
        for (const { scope, key, ...rest } of piece.metrics) {
          this.#metrics.push(fits(store.metricOf(this.#scopes[scope]!, key, () => rest)));
        }
        break;
      case 'series':
        for (const saved of piece.series) this.#addSeries(saved);
        break;
      case 'statsd':
        statsd?.restoreQueue(piece.changed, piece.send, this.#series);
        break;
    }
  }

  #addSeries({ metric, attributes, statsd, ...fields }: SavedSeries): void {
    const series = fits(this.#state.store.seriesOf(this.#metrics[metric]!, attributes));
    Object.assign(series, fields, { written: true });
    this.#series.push(series);
    this.#state.restoreSeries(series, statsd);
  }
}

function fits<T>(item: T | undefined): T {
  if (item === undefined) throw new Error('seriesLimit is lower than what was saved');
  return item;
}
