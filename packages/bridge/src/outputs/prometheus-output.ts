import { prometheusFamily } from '@nanometer/semconv';
import { Account, type DropCause } from '../ledger.ts';
import type { Output } from '../ingest.ts';
import type { MetricInfo, Series } from '../store/series.ts';
import type { SeriesStore } from '../store/series-store.ts';
import { classicBuckets } from './classic-buckets.ts';
import { seriesLabels, targetInfoLabels } from './prometheus-labels.ts';

type FamilyType = 'counter' | 'gauge' | 'histogram';

interface Family {
  readonly name: string;
  readonly type: FamilyType;
  help: string;
  readonly series: Map<string, Series>;
}

/** Where a series is printed. */
interface Place {
  readonly family: Family;
  readonly labels: string;
}

/** Content type of {@link PrometheusOutput.text}. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

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
    const { family, labels } = place;
    family.series.delete(labels);
    if (family.series.size > 0) return;
    this.#families.delete(family.name);
    for (const sample of sampleNames(family.name, family.type)) this.#sampleNames.delete(sample);
  }

  /** The exposition, families in the order of their first point. */
  text(): string {
    const lines: string[] = [];
    this.#addTargetInfo(lines);
    for (const family of this.#families.values()) {
      if (family.help !== '') lines.push(`# HELP ${family.name} ${escapeHelp(family.help)}`);
      lines.push(`# TYPE ${family.name} ${family.type}`);
      for (const [labels, series] of family.series) addSamples(lines, family.name, labels, series);
    }
    lines.push('');
    return lines.join('\n');
  }

  #addTargetInfo(lines: string[]): void {
    const seen = new Set<string>();
    for (const resource of this.#store.resources) {
      const labels = targetInfoLabels(resource);
      if (labels === undefined || seen.has(labels)) continue;
      if (seen.size === 0) lines.push('# HELP target_info Target metadata', '# TYPE target_info gauge');
      seen.add(labels);
      lines.push(`target_info{${labels}} 1`);
    }
  }

  #place(series: Series): Place | DropCause {
    const family = this.#familyOf(series.metric);
    if (family === undefined) return 'type_conflict';
    const labels = seriesLabels(series);
    if (family.series.has(labels)) return 'name_collision';
    family.series.set(labels, series);
    return { family, labels };
  }

  #familyOf(metric: MetricInfo): Family | undefined {
    const { kind, monotonic, unit } = metric;
    const type: FamilyType =
      kind === 'gauge' ? 'gauge' : kind === 'sum' ? (monotonic ? 'counter' : 'gauge') : 'histogram';
    const name = familyName(metric.name, unit, monotonic, kind === 'gauge');
    const known = this.#families.get(name);
    if (known) {
      if (known.type !== type) return undefined;
      if (known.help === '') known.help = metric.description;
      return known;
    }
    const family: Family = { name, type, help: metric.description, series: new Map() };
    const samples = sampleNames(name, type);
    if (samples.some((sample) => this.#sampleNames.has(sample))) return undefined;
    this.#families.set(name, family);
    for (const sample of samples) this.#sampleNames.add(sample);
    return family;
  }
}

/** A family's name and the names its samples have. */
function sampleNames(name: string, type: FamilyType): string[] {
  return type === 'histogram' ? ['', '_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name];
}

function familyName(name: string, unit: string, monotonic: boolean, gauge: boolean): string {
  const family = prometheusFamily({ name, unit, monotonic, gauge });
  // A name of foreign letters only leaves underscores, a name of none nothing that may begin a line.
  return /^[a-zA-Z_:]/.test(family) ? family : `_${family}`;
}

function addSamples(lines: string[], name: string, labels: string, series: Series): void {
  const { histogram } = series;
  const braced = labels === '' ? '' : `{${labels}}`;
  if (histogram === undefined) {
    lines.push(`${name}${braced} ${number(series.value)}`);
    return;
  }
  const { bounds, counts } = classicBuckets(histogram.distribution);
  const before = labels === '' ? '' : `${labels},`;
  let cumulative = 0;
  for (let index = 0; index < bounds.length; index++) {
    // A producer may write count and buckets at slightly different moments; a bucket above the count would be no histogram.
    cumulative = Math.min(histogram.count, cumulative + counts[index]!);
    // The last bound may be +Inf, which has a line of its own.
    if (bounds[index] !== Infinity) lines.push(`${name}_bucket{${before}le="${number(bounds[index]!)}"} ${cumulative}`);
  }
  lines.push(`${name}_bucket{${before}le="+Inf"} ${histogram.count}`);
  if (histogram.hasSum) lines.push(`${name}_sum${braced} ${number(histogram.sum)}`);
  lines.push(`${name}_count${braced} ${histogram.count}`);
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
