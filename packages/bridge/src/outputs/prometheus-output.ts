import {
  ChunkPool,
  Chunks,
  contentType,
  FALLBACK,
  familyName,
  type FamilyHead,
  type Label,
  labelsText,
  samplePrefix,
  type SeriesBlock,
  TextEncoding,
} from '@nanometer/exporter-prometheus/format';
import { Account, type DropCause } from '../ledger.ts';
import type { Output } from '../ingest.ts';
import type { MetricInfo, Series } from '../store/series.ts';
import type { SeriesStore } from '../store/series-store.ts';
import { seriesLabels, targetInfoLabels } from './prometheus-labels.ts';
import { pointOf } from './prometheus-point.ts';

const STRATEGY = 'UnderscoreEscapingWithSuffixes';
const encoding = new TextEncoding({
  openMetrics: false,
  created: false,
  naming: { strategy: STRATEGY, escaping: FALLBACK.escaping },
});
const noPool = new ChunkPool(0);

interface Family {
  head: FamilyHead;
  /** By their labels' text. */
  readonly places: Map<string, Place>;
}

/** Where a series is printed. */
interface Place {
  readonly family: Family;
  readonly series: Series;
  readonly labels: readonly Label[];
  readonly key: string;
  /** Its lines, once there was a scrape. */
  block: SeriesBlock | undefined;
}

/** Content type of {@link PrometheusOutput.text}. */
export const PROMETHEUS_CONTENT_TYPE: string = contentType(FALLBACK);

/**
 * Everything received as Prometheus text, cumulative. The store is the output's memory: a stored point is forwarded,
 * whether or not a scrape comes. Names and labels follow the OpenTelemetry–Prometheus compatibility rules (underscore escaping with suffixes);
 * metrics whose names fall together with another type, and series whose labels fall together, are dropped and counted: the
 * first one keeps the name.
 */
export class PrometheusOutput implements Output {
  readonly account: Account = new Account();
  readonly #store: SeriesStore;
  readonly #families = new Map<string, Family>();
  // Sample names in use, so that a gauge `x_count` and a histogram `x` do not both print `x_count`.
  readonly #sampleNames = new Set<string>();
  // By series id: where it is printed, or why it is not.
  readonly #places: (Place | DropCause | undefined)[] = [];

  /** Metrics with one of the `reserved` family names are dropped as `type_conflict`: somebody else prints them. */
  constructor(store: SeriesStore, reserved: readonly string[] = []) {
    this.#store = store;
    // `target_info` belongs to the resources.
    for (const name of ['target_info', ...reserved]) this.#sampleNames.add(name);
  }

  accept(series: Series): void {
    const place = (this.#places[series.id] ??= this.#place(series));
    if (typeof place === 'string') this.account.drop(place);
    else this.account.forwarded++;
  }

  /** Prints a series that was saved. */
  restore(series: Series): void {
    this.#places[series.id] ??= this.#place(series);
  }

  forget({ id }: Series): void {
    const place = this.#places[id];
    this.#places[id] = undefined;
    if (typeof place !== 'object') return;
    const { head, places } = place.family;
    places.delete(place.key);
    if (places.size > 0) return;
    this.#families.delete(head.name);
    for (const sample of encoding.claims(head.name, head.type)) this.#sampleNames.delete(sample);
  }

  /** The exposition, families in the order of their first point. */
  text(): string {
    const chunks = new Chunks(noPool);
    this.#addTargetInfo(chunks);
    for (const { head, places } of this.#families.values()) {
      chunks.append(encoding.head(head));
      for (const place of places.values()) blockOf(place).appendTo(chunks);
    }
    return Buffer.concat(chunks.finish()).toString();
  }

  #addTargetInfo(chunks: Chunks): void {
    const seen = new Set<string>();
    for (const resource of this.#store.resources) {
      const labels = targetInfoLabels(resource);
      if (labels === undefined) continue;
      const text = labelsText(labels);
      if (seen.has(text)) continue;
      chunks.append(
        seen.size === 0 ? encoding.targetInfo(labels) : Buffer.from(`${samplePrefix('target_info', text)}1\n`),
      );
      seen.add(text);
    }
  }

  #place(series: Series): Place | DropCause {
    const family = this.#familyOf(series.metric);
    if (family === undefined) return 'type_conflict';
    const labels = seriesLabels(series);
    const key = labelsText(labels);
    if (family.places.has(key)) return 'name_collision';
    const place: Place = { family, series, labels, key, block: undefined };
    family.places.set(key, place);
    return place;
  }

  #familyOf({ name: metricName, description, unit, kind, monotonic }: MetricInfo): Family | undefined {
    const type = kind === 'gauge' ? 'gauge' : kind === 'sum' ? (monotonic ? 'counter' : 'gauge') : 'histogram';
    const name = familyName({ name: metricName, unit, monotonic, gauge: kind === 'gauge' }, STRATEGY);
    const known = this.#families.get(name);
    if (known) {
      if (known.head.type !== type) return undefined;
      if (known.head.help === '') known.head = { ...known.head, help: description };
      return known;
    }
    const claims = encoding.claims(name, type);
    if (claims.some((sample) => this.#sampleNames.has(sample))) return undefined;
    const family: Family = { head: { name, type, help: description, unit: '' }, places: new Map() };
    this.#families.set(name, family);
    for (const sample of claims) this.#sampleNames.add(sample);
    return family;
  }
}

/** The lines of a series with its present values. */
function blockOf(place: Place): SeriesBlock {
  const point = pointOf(place.series);
  if (place.block?.update(point) !== true) place.block = encoding.createBlock(place.family.head, place.labels, point);
  return place.block;
}
