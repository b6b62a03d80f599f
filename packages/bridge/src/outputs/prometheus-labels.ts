import { prometheusLabel } from '@nanometer/semconv';
import type { AttributeSet, AttributeValue } from '../otlp/read-attributes.ts';
import type { ResourceInfo, ScopeInfo, Series } from '../store/series.ts';

/** Labels this exporter sets itself. An attribute of the same name is kept as `exported_<name>`, as a scrape would do. */
const RESERVED: readonly string[] = ['job', 'instance', 'le', 'otel_scope_name', 'otel_scope_version'];

/** Resource attributes that `job` and `instance` are made of. */
const IDENTIFYING: ReadonlySet<string> = new Set(['service.name', 'service.namespace', 'service.instance.id']);

type Labels = Map<string, string>;

/** Labels of a series between the braces, without `le`. */
export function seriesLabels(series: Series): string {
  const { scope } = series.metric;
  const labels: Labels = new Map();
  addResource(labels, scope.resource);
  addScope(labels, scope);
  addAttributes(labels, series.attributes.entries, '');
  return text(labels);
}

/** Labels of a resource's `target_info`; `undefined` when the resource says nothing beyond job and instance. */
export function targetInfoLabels(resource: ResourceInfo): string | undefined {
  const rest = resource.attributes.entries.filter(([key]) => !IDENTIFYING.has(key));
  if (rest.length === 0) return undefined;
  const labels: Labels = new Map();
  addResource(labels, resource);
  addAttributes(labels, rest, '');
  return text(labels);
}

function addResource(labels: Labels, { attributes }: ResourceInfo): void {
  const name = textOf(attributes, 'service.name');
  const namespace = textOf(attributes, 'service.namespace');
  const instance = textOf(attributes, 'service.instance.id');
  const job = namespace !== '' && name !== '' ? `${namespace}/${name}` : name;
  if (job !== '') labels.set('job', job);
  if (instance !== '') labels.set('instance', instance);
}

function addScope(labels: Labels, { name, version, attributes }: ScopeInfo): void {
  if (name !== '') labels.set('otel_scope_name', name);
  if (version !== '') labels.set('otel_scope_version', version);
  addAttributes(labels, attributes.entries, 'otel_scope_');
}

/**
 * Keys that escaping makes equal share one label, their values joined by `;` in the order of the keys. What is already
 * there is not theirs to join: a label that came twice would make Prometheus refuse the whole scrape.
 */
function addAttributes(labels: Labels, entries: readonly (readonly [string, AttributeValue])[], prefix: string): void {
  const taken = new Set([...RESERVED, ...labels.keys()]);
  for (const [key, value] of entries) {
    let name = prometheusLabel(prefix + key);
    while (taken.has(name)) name = `exported_${name}`;
    const valueText = typeof value === 'object' ? JSON.stringify(value) : String(value);
    const before = labels.get(name);
    labels.set(name, before === undefined ? valueText : `${before};${valueText}`);
  }
}

function text(labels: Labels): string {
  return [...labels].map(([name, value]) => pair(name, value)).join();
}

function pair(name: string, value: string): string {
  return `${name}="${escapeLabel(value)}"`;
}

function escapeLabel(value: string): string {
  if (!/["\\\n]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function textOf(attributes: AttributeSet, key: string): string {
  const found = attributes.entries.find(([name]) => name === key)?.[1];
  return found === undefined ? '' : String(found);
}
