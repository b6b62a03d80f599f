import { prometheusLabel } from '@nanometer/semconv';
import type { Field, Matcher } from '../rules/rule.ts';

/** Attributes as OpenTelemetry has them; lists and maps are compared by their JSON text. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Who a series is. */
export interface SeriesIdentity {
  /** Metric name. */
  readonly name: string;
  /** What of a histogram; default `value`. */
  readonly field?: Field;
  readonly attributes: Attributes;
  /** Of the resource; `service.name`, `service.namespace` and `service.instance.id` make `job` and `instance`. */
  readonly resource?: Attributes;
}

/** One new value of a series. */
export interface SeriesUpdate {
  readonly series: SeriesIdentity;
  /** Unix milliseconds; must not go back by more than a rule's window. */
  readonly timeMs: number;
  /** Of sums and counts: the running total. NaN is no value. */
  readonly value: number;
  /** When the running total began, Unix milliseconds. */
  readonly startMs?: number;
}

/** What matchers ask of a series, by attribute name, with `job` and `instance`. */
export type SeriesKeys = ReadonlyMap<string, string>;

/** The keys of a series; `job` and `instance` as Prometheus derives them, unless the attributes have them. */
export function keysOf({ attributes, resource = {} }: SeriesIdentity): SeriesKeys {
  const keys = new Map<string, string>();
  const name = textOf(resource['service.name']);
  const namespace = textOf(resource['service.namespace']);
  const instance = textOf(resource['service.instance.id']);
  const job = namespace !== '' && name !== '' ? `${namespace}/${name}` : name;
  if (job !== '') keys.set('job', job);
  if (instance !== '') keys.set('instance', instance);
  for (const [key, value] of Object.entries(attributes)) {
    const text = textOf(value);
    // An empty label is no label.
    if (text !== '') keys.set(key, text);
  }
  return keys;
}

/** Labels, by Prometheus name, of the keys that are kept; of all when `by` is absent. Sorted by name. */
export function labelsOf(keys: SeriesKeys, by: readonly string[] | undefined): Record<string, string> {
  const entries: [string, string][] = [];
  for (const key of by ?? keys.keys()) {
    const text = keys.get(key);
    if (text !== undefined) entries.push([prometheusLabel(key), text]);
  }
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** Whether a series meets all conditions. */
export function matches(where: readonly Matcher[], keys: SeriesKeys): boolean {
  return where.every(({ key, test, values }) => {
    const text = keys.get(key) ?? '';
    if (test === 'prefix') return text.startsWith(values[0]!);
    return values.includes(text) === (test === 'in');
  });
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}
