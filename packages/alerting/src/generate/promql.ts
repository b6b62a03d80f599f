import { type MetricDefinition, prometheusFamily, prometheusLabel } from '@nanometer/semconv';
import { durationText } from '../rules/duration.ts';
import {
  type Aggregate,
  type Condition,
  type Field,
  type Level,
  type Matcher,
  type MetricIdentity,
  type Rule,
  type Selector,
} from '../rules/rule.ts';

/** What a rule compares, in PromQL. */
export interface PromqlRule {
  /** Has a value per alert; of conditions without a level only while they hold. */
  readonly value: string;
  readonly level: Level;
}

const QUANTILES: Readonly<Partial<Record<Field, number>>> = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 };
/** Labels of the instrumentation scope, which are no attributes of the series. */
const SCOPE_LABELS = 'otel_scope_name, otel_scope_version';
/** Whatever has a value fires. */
const ANY: Level = { direction: 'above', limit: 0, clear: 0 };

/** The PromQL of a rule. */
export function promqlOf({ condition, by }: Rule): PromqlRule {
  switch (condition.kind) {
    case 'threshold':
      return {
        value: group(condition.aggregate, by, current(condition.select, condition.windowMs)),
        level: condition.level,
      };
    case 'absence':
      return {
        value: `absent_over_time(${selector(condition.select)}[${durationText(condition.afterMs)}])`,
        level: ANY,
      };
    case 'staleness':
      return staleness(condition, by);
    case 'rate': {
      const { select, aggregate, windowMs, perMs, level } = condition;
      const scale = perMs === windowMs ? '' : ` * ${perMs / windowMs}`;
      return { value: `${group(aggregate, by, change(select, windowMs))}${scale}`, level };
    }
    case 'ratio': {
      const { numerator, denominator, windowMs, minimum, level } = condition;
      const part = (select: Selector): string =>
        group('sum', by, windowMs === undefined ? current(select, 0) : change(select, windowMs));
      const counts = minimum === undefined || minimum === 0 ? '> 0' : `>= ${minimum}`;
      return { value: `${part(numerator)} / (${part(denominator)} ${counts})`, level };
    }
    case 'burnRate':
      break;
  }
  const { bad, total, objective, windows } = condition;
  const budget = Number((1 - objective).toPrecision(12));
  const burn = (ms: number): string =>
    `${group('sum', by, change(bad, ms))} / (${group('sum', by, change(total, ms))} > 0) / ${budget}`;
  const pairs = windows.map(
    ({ longMs, shortMs, factor }) => `(${burn(longMs)} > ${factor} and ${burn(shortMs)} > ${factor})`,
  );
  return { value: pairs.join(' or '), level: ANY };
}

function staleness(
  { select, aggregate, afterMs, forgetMs }: Extract<Condition, { kind: 'staleness' }>,
  by: readonly string[] | undefined,
): PromqlRule {
  const last = `timestamp(${selector(select)})`;
  // A sample is seen for five minutes; of those longer ago the subquery knows the time to a minute.
  const seen = `(${last} or max_over_time(${last}[${durationText(forgetMs)}:1m]))`;
  const limit = afterMs / 1000;
  return { value: group(aggregate, by, `time() - ${seen}`), level: { direction: 'above', limit, clear: limit } };
}

/** The comparison that makes a rule fire; of a rule with hysteresis, also what keeps it firing. */
export function firingExpression(rule: Rule): string {
  const { value, level } = promqlOf(rule);
  if (rule.condition.kind === 'absence' || rule.condition.kind === 'burnRate') return value;
  const operator = level.direction === 'above' ? '>' : '<';
  const breach = `${value} ${operator} ${level.limit}`;
  if (level.clear === level.limit) return breach;
  const firing = `ALERTS{alertname=${JSON.stringify(rule.name)}, alertstate="firing"}`;
  return `(${breach}) or (${value} ${operator} ${level.clear} and on (${identifyingLabels(rule).join(', ')}) ${firing})`;
}

/** Labels that tell the alerts of a rule apart. */
export function identifyingLabels({ by, condition }: Rule): string[] {
  const declared = 'select' in condition ? (condition.select.metric.attributes ?? []) : [];
  return (by ?? [...declared, 'job', 'instance']).map((key) => prometheusLabel(key)).sort();
}

function group(aggregate: Aggregate, by: readonly string[] | undefined, expression: string): string {
  if (aggregate === 'each' || by === undefined) return `max without (${SCOPE_LABELS}) (${expression})`;
  const labels = by.map((key) => prometheusLabel(key)).join(', ');
  return labels === '' ? `${aggregate}(${expression})` : `${aggregate} by (${labels}) (${expression})`;
}

/** The value now. */
function current(select: Selector, windowMs: number): string {
  const { field, metric } = select;
  const quantile = QUANTILES[field];
  if (quantile === undefined) {
    return field === 'value' || !metric.native ? selector(select) : `histogram_${field}(${selector(select)})`;
  }
  const rates = `rate(${selector(select)}[${durationText(windowMs)}])`;
  return `histogram_quantile(${quantile}, sum without (${SCOPE_LABELS}) (${rates}))`;
}

/** How much it changed within a window. */
function change(select: Selector, windowMs: number): string {
  const { field, metric } = select;
  const isTotal = metric.kind === 'counter' || metric.kind === 'observablecounter' || metric.kind === 'histogram';
  const changed = `${isTotal ? 'increase' : 'delta'}(${selector(select)}[${durationText(windowMs)}])`;
  return metric.native && field !== 'value' ? `histogram_${field}(${changed})` : changed;
}

/** The selector of a metric's series. */
function selector({ metric, field, where }: Selector): string {
  const matchers = where.map(matcherText);
  const name = familyOf(metric) + suffixOf(metric, field);
  return matchers.length === 0 ? name : `${name}{${matchers.join(', ')}}`;
}

function familyOf({ name, unit, kind }: MetricIdentity): string {
  const monotonic: readonly MetricDefinition['kind'][] = ['counter', 'observablecounter'];
  const gauge: readonly MetricDefinition['kind'][] = ['gauge', 'observablegauge'];
  return prometheusFamily({ name, unit, monotonic: monotonic.includes(kind), gauge: gauge.includes(kind) });
}

function suffixOf({ native }: MetricIdentity, field: Field): string {
  if (field === 'value' || native) return '';
  return field in QUANTILES ? '_bucket' : `_${field}`;
}

function matcherText({ key, test, values }: Matcher): string {
  const label = prometheusLabel(key);
  if (test === 'prefix') return `${label}=~${JSON.stringify(`${escaped(values[0]!)}.*`)}`;
  const [first = ''] = values;
  if (values.length === 1) return `${label}${test === 'in' ? '=' : '!='}${JSON.stringify(first)}`;
  return `${label}${test === 'in' ? '=~' : '!~'}${JSON.stringify(values.map(escaped).join('|'))}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
}
