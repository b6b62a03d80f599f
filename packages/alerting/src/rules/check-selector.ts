import { findMetric, METRICS } from '@nanometer/semconv';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import type { RawMatch, RawSelector } from './raw-rule.ts';
import type { Field, Matcher, MetricIdentity, Selector } from './rule.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** Labels made of the resource, which every series has. */
export const RESOURCE_KEYS: readonly string[] = ['job', 'instance'];

/** The selector written at a path; what is wrong with it goes to `problems`. */
export function checkSelector(
  source: YamlSource,
  path: Path,
  raw: RawSelector,
  problems: Problem[],
): Selector | undefined {
  const metric = metricOf(source, path, raw, problems);
  if (metric === undefined) return undefined;
  const field = fieldOf(source, path, raw, metric, problems);
  const where = Object.entries(raw.where ?? {}).map(([key, match]) => {
    checkAttribute(source, [...path, 'where'], key, metric, problems);
    return matcherOf(key, match);
  });
  return { metric, field, where: where.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

function metricOf(
  source: YamlSource,
  path: Path,
  { metric: name, custom = false, instrument, unit }: RawSelector,
  problems: Problem[],
): MetricIdentity | undefined {
  const known = findMetric(name);
  if (custom) {
    if (known !== undefined) {
      problems.push(source.atKey(path, 'custom', `"${name}" is a metric of the registry; leave custom out`));
    }
    return { name, kind: instrument ?? 'gauge', unit: unit ?? '', attributes: undefined, native: false };
  }
  for (const key of ['instrument', 'unit'] as const) {
    if ({ instrument, unit }[key] === undefined) continue;
    problems.push(source.atKey(path, key, `the registry says what "${name}" is; ${key} belongs to custom metrics`));
  }
  if (known === undefined) {
    const hint = didYouMean(
      name,
      METRICS.map((metric) => metric.name),
    );
    const message = `no metric "${name}" in the registry${hint} (a metric of your own needs custom: true)`;
    problems.push(source.at([...path, 'metric'], message));
    return undefined;
  }
  const { kind, attributes, exponentialMaxSize } = known;
  return { name, kind, unit: known.unit, attributes, native: exponentialMaxSize !== undefined };
}

function fieldOf(
  source: YamlSource,
  path: Path,
  { field }: RawSelector,
  { name, kind }: MetricIdentity,
  problems: Problem[],
): Field {
  if (kind === 'histogram') {
    if (field !== undefined) return field;
    problems.push(
      source.at([...path, 'metric'], `"${name}" is a histogram; say which field (count, sum, p50, p90, p99, p999)`),
    );
    return 'count';
  }
  if (field !== undefined)
    problems.push(source.atKey(path, 'field', `"${name}" is a ${kind}; only histograms have fields`));
  return 'value';
}

/** Reports an attribute that series of the metric do not have. */
export function checkAttribute(
  source: YamlSource,
  path: Path,
  key: string,
  { name, attributes }: MetricIdentity,
  problems: Problem[],
  index?: number,
): void {
  if (attributes === undefined) return;
  const known = [...attributes, ...RESOURCE_KEYS];
  if (known.includes(key)) return;
  const message = `"${name}" has no attribute "${key}"${didYouMean(key, known)} (it has ${known.join(', ')})`;
  problems.push(index === undefined ? source.atKey(path, key, message) : source.at([...path, index], message));
}

function matcherOf(key: string, match: RawMatch): Matcher {
  if (typeof match !== 'object') return { key, test: 'in', values: [String(match)] };
  if (Array.isArray(match)) return { key, test: 'in', values: match.map(String) };
  if ('prefix' in match) return { key, test: 'prefix', values: [match.prefix] };
  const { not } = match as { not: string | readonly string[] };
  return { key, test: 'notIn', values: Array.isArray(not) ? not.map(String) : [String(not)] };
}
