import { distributionQuantile, isExponential, toExplicit } from '@nanometer/exporter-statsd';
import type { SeriesAttributes, SeriesDescriptor, SeriesField, SeriesKind } from '@nanometer/live';
import type { SeriesFeed } from '../fan-out/fan-out.ts';
import type { Output } from '../ingest.ts';
import { Account, type DropCause } from '../ledger.ts';
import type { AttributeSet } from '../otlp/read-attributes.ts';
import type { MetricInfo, ResourceInfo, Series } from '../store/series.ts';
import { RecentBuckets } from './recent-buckets.ts';

const PERCENTILES: readonly { readonly field: SeriesField; readonly quantile: number }[] = [
  { field: 'p50', quantile: 0.5 },
  { field: 'p90', quantile: 0.9 },
  { field: 'p99', quantile: 0.99 },
  { field: 'p999', quantile: 0.999 },
];

/** Ids of one series in the live stream. */
interface LiveIds {
  readonly series: Series;
  readonly first: number;
  readonly sum: number;
  readonly percentiles: readonly number[];
  readonly window: RecentBuckets | undefined;
  /** The percentiles sent last were numbers. */
  hasPercentiles: boolean;
  /** Its percentiles wait to be computed. */
  queued: boolean;
}

/**
 * The live stream: a series per sum and gauge; per histogram its count, sum and the percentiles of a recent window. The
 * stream sends the latest value per tick: a point is forwarded when the stream has it. A percentile that is undefined
 * (nothing recorded within the window) is sent once as NaN, the stream's word for "no value", and then not at all.
 * Percentiles are computed when asked for, once for all points that came in between.
 */
export class LiveOutput implements Output {
  readonly account: Account = new Account();
  readonly #feed: SeriesFeed;
  readonly #windowMs: number;
  // By series id.
  readonly #ids: (LiveIds | DropCause | undefined)[] = [];
  readonly #owned = new Set<number>();
  readonly #resources = new WeakMap<ResourceInfo, SeriesAttributes>();
  #changed: LiveIds[] = [];

  constructor(feed: SeriesFeed, windowMs: number) {
    this.#feed = feed;
    this.#windowMs = windowMs;
  }

  accept(series: Series): void {
    const ids = (this.#ids[series.id] ??= this.#register(series));
    if (typeof ids === 'string') {
      this.account.drop(ids);
      return;
    }
    this.account.forwarded++;
    this.#update(series, ids);
  }

  /** Streams a series that was saved. */
  restore(series: Series): void {
    const ids = (this.#ids[series.id] ??= this.#register(series));
    if (typeof ids !== 'string') this.#update(series, ids);
  }

  #update(series: Series, ids: LiveIds): void {
    const { histogram, timeMs } = series;
    if (histogram === undefined) {
      this.#feed.update(ids.first, timeMs, series.value);
      return;
    }
    this.#feed.update(ids.first, timeMs, histogram.count);
    if (histogram.hasSum) this.#feed.update(ids.sum, timeMs, histogram.sum);
    if (ids.queued) return;
    ids.queued = true;
    this.#changed.push(ids);
  }

  /** The stream keeps the last values it was given: a total goes on to include what a service that ended had counted. */
  forget({ id }: Series): void {
    const ids = this.#ids[id];
    this.#ids[id] = undefined;
    if (typeof ids !== 'object') return;
    for (const owned of [ids.first, ids.sum, ...ids.percentiles]) this.#owned.delete(owned);
    this.#changed = this.#changed.filter((changed) => changed !== ids);
  }

  /** Computes percentiles of histograms that have new points, for about `budgetMs`; false when some are left. */
  computePercentiles(budgetMs: number = Infinity): boolean {
    const endMs = performance.now() + budgetMs;
    let done = 0;
    while (done < this.#changed.length && (done % 16 !== 0 || performance.now() <= endMs)) {
      const ids = this.#changed[done++]!;
      ids.queued = false;
      this.#updatePercentiles(ids);
    }
    this.#changed = this.#changed.slice(done);
    return this.#changed.length === 0;
  }

  #updatePercentiles(ids: LiveIds): void {
    const { series } = ids;
    const { min, max, distribution } = series.histogram!;
    const timeMs = series.timeMs;
    const recent = ids.window!.advance(timeMs, series.startSeconds, distribution);
    // Converted once for all quantiles: of 160 exponential buckets that is most of the work (bench/ingest.bench.js).
    const buckets = recent && isExponential(recent) ? toExplicit(recent) : recent;
    const some = buckets && distributionQuantile(0.5, buckets, min, max) !== undefined;
    if (!some && !ids.hasPercentiles) return;
    for (const [index, { quantile }] of PERCENTILES.entries()) {
      const value = some ? distributionQuantile(quantile, buckets, min, max) : undefined;
      this.#feed.update(ids.percentiles[index]!, timeMs, value ?? Number.NaN);
    }
    ids.hasPercentiles = some === true;
  }

  #register(series: Series): LiveIds | DropCause {
    const { metric } = series;
    const isHistogram = metric.kind === 'histogram' || metric.kind === 'exponential';
    const fields: readonly SeriesField[] = isHistogram
      ? ['count', 'sum', ...PERCENTILES.map(({ field }) => field)]
      : ['value'];
    const ids = fields.map((field) => this.#feed.register(this.#descriptor(series, field)));
    if (ids.includes(-1)) return 'series_limit';
    // The stream knows no scopes and no units: two of our series can be one of its.
    if (ids.some((id) => this.#owned.has(id))) return 'name_collision';
    for (const id of ids) this.#owned.add(id);
    const window = isHistogram ? new RecentBuckets(this.#windowMs) : undefined;
    const [first, sum = -1, ...percentiles] = ids as [number, ...number[]];
    return { series, first, sum, percentiles, window, hasPercentiles: false, queued: false };
  }

  #descriptor(series: Series, field: SeriesField): SeriesDescriptor {
    const { metric } = series;
    const { resource } = metric.scope;
    let resourceAttributes = this.#resources.get(resource);
    if (resourceAttributes === undefined) {
      resourceAttributes = record(resource.attributes);
      this.#resources.set(resource, resourceAttributes);
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
