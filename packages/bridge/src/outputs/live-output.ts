import { distributionQuantile, isExponential, toExplicit } from '@nanometer/exporter-statsd';
import type { LiveServer, SeriesAttributes, SeriesDescriptor, SeriesField, SeriesKind } from '@nanometer/live';
import type { Output } from '../ingest.ts';
import { Account, type DropCause } from '../ledger.ts';
import type { AttributeSet } from '../otlp/read-attributes.ts';
import type { MetricInfo, Series } from '../store/series.ts';
import { RecentBuckets } from './recent-buckets.ts';

const PERCENTILES: readonly { readonly field: SeriesField; readonly quantile: number }[] = [
  { field: 'p50', quantile: 0.5 },
  { field: 'p90', quantile: 0.9 },
  { field: 'p99', quantile: 0.99 },
  { field: 'p999', quantile: 0.999 },
];

/** Ids of one series in the live stream. */
interface LiveIds {
  readonly first: number;
  readonly sum: number;
  readonly percentiles: readonly number[];
  readonly window: RecentBuckets | undefined;
  /** The percentiles sent last were numbers. */
  hasPercentiles: boolean;
}

/**
 * The live stream: a series per sum and gauge; per histogram its count, sum and the percentiles of a recent window. The
 * stream sends the latest value per tick: a point is forwarded when the stream has it. A percentile that is undefined
 * (nothing recorded within the window) is sent once as NaN, the stream's word for "no value", and then not at all.
 */
export class LiveOutput implements Output {
  readonly account: Account = new Account();
  readonly #server: LiveServer;
  readonly #windowMs: number;
  // By series id.
  readonly #ids: (LiveIds | DropCause)[] = [];
  readonly #owned = new Set<number>();
  readonly #resources = new Map<number, SeriesAttributes>();

  constructor(server: LiveServer, windowMs: number) {
    this.#server = server;
    this.#windowMs = windowMs;
  }

  accept(series: Series): void {
    if (series.id === this.#ids.length) this.#ids.push(this.#register(series));
    const ids = this.#ids[series.id]!;
    if (typeof ids === 'string') {
      this.account.drop(ids);
      return;
    }
    this.account.forwarded++;
    if (series.histogram === undefined) this.#server.update(ids.first, series.timeMs, series.value);
    else this.#updateHistogram(series, ids);
  }

  #updateHistogram(series: Series, ids: LiveIds): void {
    const server = this.#server;
    const { count, sum, hasSum, min, max, distribution } = series.histogram!;
    const timeMs = series.timeMs;
    server.update(ids.first, timeMs, count);
    if (hasSum) server.update(ids.sum, timeMs, sum);
    const recent = ids.window!.advance(timeMs, series.startSeconds, distribution);
    // Converted once for all quantiles: of 160 exponential buckets that is most of the work (bench/ingest.bench.js).
    const buckets = recent && isExponential(recent) ? toExplicit(recent) : recent;
    const some = buckets && distributionQuantile(0.5, buckets, min, max) !== undefined;
    if (!some && !ids.hasPercentiles) return;
    for (const [index, { quantile }] of PERCENTILES.entries()) {
      const value = some ? distributionQuantile(quantile, buckets, min, max) : undefined;
      server.update(ids.percentiles[index]!, timeMs, value ?? Number.NaN);
    }
    ids.hasPercentiles = some === true;
  }

  #register(series: Series): LiveIds | DropCause {
    const { metric } = series;
    const isHistogram = metric.kind === 'histogram' || metric.kind === 'exponential';
    const fields: readonly SeriesField[] = isHistogram
      ? ['count', 'sum', ...PERCENTILES.map(({ field }) => field)]
      : ['value'];
    const ids = fields.map((field) => this.#server.register(this.#descriptor(series, field)));
    if (ids.includes(-1)) return 'series_limit';
    // The stream knows no scopes and no units: two of our series can be one of its.
    if (ids.some((id) => this.#owned.has(id))) return 'name_collision';
    for (const id of ids) this.#owned.add(id);
    const window = isHistogram ? new RecentBuckets(this.#windowMs) : undefined;
    return { first: ids[0]!, sum: ids[1] ?? -1, percentiles: ids.slice(2), window, hasPercentiles: false };
  }

  #descriptor(series: Series, field: SeriesField): SeriesDescriptor {
    const { metric } = series;
    const { resource } = metric.scope;
    let resourceAttributes = this.#resources.get(resource.id);
    if (resourceAttributes === undefined) {
      resourceAttributes = record(resource.attributes);
      this.#resources.set(resource.id, resourceAttributes);
    }
    return {
      name: metric.name,
      kind: kindOf(metric),
      // A sum per second is in the metric's own unit; a count of values is not.
      unit: field === 'count' ? '{value}' : metric.unit,
      field,
      ...(metric.description === '' ? {} : { description: metric.description }),
      attributes: record(series.attributes),
      resource: resourceAttributes,
    };
  }
}

function kindOf({ kind, monotonic }: MetricInfo): SeriesKind {
  if (kind === 'gauge') return 'gauge';
  if (kind === 'sum') return monotonic ? 'counter' : 'updowncounter';
  return 'histogram';
}

function record(attributes: AttributeSet): SeriesAttributes {
  // Not a literal's prototype: a key may be `__proto__`.
  return Object.fromEntries(attributes.entries);
}
