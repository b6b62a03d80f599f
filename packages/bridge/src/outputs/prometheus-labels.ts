import { type Label, type LabelNaming, labelsOf } from '@nanometer/exporter-prometheus/format';
import type { AttributeSet, AttributeValue } from '../otlp/read-attributes.ts';
import type { ResourceInfo, ScopeInfo, Series } from '../store/series.ts';

const NAMING: LabelNaming = { strategy: 'UnderscoreEscapingWithSuffixes', escaping: 'underscores' };

/** Labels this output sets itself. An attribute of the same name is kept as `exported_<name>`, as a scrape would do. */
const RESERVED: readonly Label[] = ['job', 'instance', 'otel_scope_name', 'otel_scope_version'].map((name) => [
  name,
  '',
]);

/** Resource attributes that `job` and `instance` are made of. */
const IDENTIFYING: ReadonlySet<string> = new Set(['service.name', 'service.namespace', 'service.instance.id']);

/** Labels of a series: who produced it, in which scope, and its own. */
export function seriesLabels(series: Series): Label[] {
  const { scope } = series.metric;
  const labels = [...resourceLabels(scope.resource), ...scopeLabels(scope)];
  return [...labels, ...attributeLabels(series.attributes.entries, labels)];
}

/** Labels of a resource's `target_info`; `undefined` when the resource says nothing beyond job and instance. */
export function targetInfoLabels(resource: ResourceInfo): Label[] | undefined {
  const rest = resource.attributes.entries.filter(([key]) => !IDENTIFYING.has(key));
  if (rest.length === 0) return undefined;
  const labels = resourceLabels(resource);
  return [...labels, ...attributeLabels(rest, labels)];
}

function resourceLabels({ attributes }: ResourceInfo): Label[] {
  const name = textOf(attributes, 'service.name');
  const namespace = textOf(attributes, 'service.namespace');
  const job = namespace !== '' && name !== '' ? `${namespace}/${name}` : name;
  return present([
    ['job', job],
    ['instance', textOf(attributes, 'service.instance.id')],
  ]);
}

function scopeLabels({ name, version, attributes }: ScopeInfo): Label[] {
  const own = present([
    ['otel_scope_name', name],
    ['otel_scope_version', version],
  ]);
  return [...own, ...attributeLabels(attributes.entries, own, 'otel_scope_')];
}

/** What is already there is not to be joined: a label that came twice would make Prometheus refuse the whole scrape. */
function attributeLabels(
  entries: readonly (readonly [string, AttributeValue])[],
  before: readonly Label[],
  prefix = '',
): Label[] {
  return labelsOf(Object.fromEntries(entries), NAMING, [...RESERVED, ...before], prefix);
}

function present(labels: readonly Label[]): Label[] {
  return labels.filter(([, value]) => value !== '');
}

function textOf(attributes: AttributeSet, key: string): string {
  const found = attributes.entries.find(([name]) => name === key)?.[1];
  return found === undefined ? '' : String(found);
}
