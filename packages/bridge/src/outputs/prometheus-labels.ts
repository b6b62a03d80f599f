import { prometheusLabel } from '@nanometer/semconv';
import type { AttributeSet, AttributeValue } from '../otlp/read-attributes.ts';
import type { ResourceInfo, ScopeInfo, Series } from '../store/series.ts';

/** Labels this exporter sets itself; an attribute of the same name is kept as `exported_<name>`, as a scrape would do. */
const RESERVED: ReadonlySet<string> = new Set(['job', 'instance', 'le', 'otel_scope_name', 'otel_scope_version']);

/** Resource attributes that `job` and `instance` are made of. */
const IDENTIFYING: ReadonlySet<string> = new Set(['service.name', 'service.namespace', 'service.instance.id']);

/** Labels of a series between the braces, without `le`. */
export function seriesLabels(series: Series): string {
  const { scope } = series.metric;
  const own = labels(series.attributes.entries, '');
  return joined(resourceLabels(scope.resource), scopeLabels(scope), own);
}

/** Labels of a resource's `target_info`; `undefined` when the resource says nothing beyond job and instance. */
export function targetInfoLabels(resource: ResourceInfo): string | undefined {
  const rest = resource.attributes.entries.filter(([key]) => !IDENTIFYING.has(key));
  return rest.length === 0 ? undefined : joined(resourceLabels(resource), labels(rest, ''));
}

function resourceLabels(resource: ResourceInfo): string {
  const name = textOf(resource.attributes, 'service.name');
  const namespace = textOf(resource.attributes, 'service.namespace');
  const instance = textOf(resource.attributes, 'service.instance.id');
  const job = namespace !== '' && name !== '' ? `${namespace}/${name}` : name;
  return joined(job === '' ? '' : pair('job', job), instance === '' ? '' : pair('instance', instance));
}

function scopeLabels(scope: ScopeInfo): string {
  return joined(
    scope.name === '' ? '' : pair('otel_scope_name', scope.name),
    scope.version === '' ? '' : pair('otel_scope_version', scope.version),
    labels(scope.attributes.entries, 'otel_scope_'),
  );
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(',');
}

/** Keys that escaping makes equal share one label, their values joined by `;` in the order of the keys. */
function labels(entries: readonly (readonly [string, AttributeValue])[], prefix: string): string {
  const values = new Map<string, string>();
  for (const [key, value] of entries) {
    const name = labelName(prefix + key);
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    const before = values.get(name);
    values.set(name, before === undefined ? text : `${before};${text}`);
  }
  return [...values].map(([name, value]) => pair(name, value)).join();
}

function labelName(key: string): string {
  const name = prometheusLabel(key);
  if (name === '') return '_';
  return RESERVED.has(name) ? `exported_${name}` : name;
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
