import { type MetricDefinition, prometheusLabel, prometheusName } from '@nanometer/semconv';

/** Label matchers by OpenTelemetry attribute (or plain label) name; a value is a regular expression, or one to exclude. */
export type Matchers = Readonly<Record<string, string | { readonly not: string }>>;

/** Grafana's window for rates: at least four samples, whatever the zoom. */
export const RATE_WINDOW = '$__rate_interval';

/** Selector of a metric's series: `trading_fill_count_total{job=~"$job"}`. */
export function series(definition: MetricDefinition, matchers: Matchers = {}): string {
  return selector(prometheusName(definition), matchers);
}

/** Selector by Prometheus name, for metrics of programs that are not ours. */
export function selector(name: string, matchers: Matchers = {}): string {
  // `__name__` is Prometheus' own and not an escaped attribute.
  const label = (key: string): string => (key.startsWith('__') ? key : prometheusLabel(key));
  const inner = Object.entries(matchers).map(([key, value]) =>
    typeof value === 'string'
      ? `${label(key)}=~${JSON.stringify(value)}`
      : `${label(key)}!~${JSON.stringify(value.not)}`,
  );
  return inner.length === 0 ? name : `${name}{${inner.join(', ')}}`;
}

/** Per-second increase of a counter, robust against restarts. */
export function rate(selected: string, window: string = RATE_WINDOW): string {
  return `rate(${selected}[${window}])`;
}

/** `sum by (labels) (expression)`; attribute names become labels. Without labels: one total. */
export function sumBy(attributes: readonly string[], expression: string): string {
  return aggregate('sum', attributes, expression);
}

/** `max by (labels) (expression)`. */
export function maxBy(attributes: readonly string[], expression: string): string {
  return aggregate('max', attributes, expression);
}

function aggregate(operator: string, attributes: readonly string[], expression: string): string {
  return attributes.length === 0
    ? `${operator}(${expression})`
    : `${operator} by (${labels(attributes)}) (${expression})`;
}

/**
 * Quantile of a histogram over a window, one per combination of the attributes. Explicit buckets are stored as `_bucket`
 * series with `le`, exponential ones as native histograms.
 */
export function quantile(
  q: number,
  definition: MetricDefinition<'histogram'>,
  attributes: readonly string[],
  matchers: Matchers = {},
  window: string = RATE_WINDOW,
): string {
  const name = prometheusName(definition);
  const native = definition.exponentialMaxSize !== undefined;
  const selected = selector(native ? name : `${name}_bucket`, matchers);
  const by = native ? attributes : ['le', ...attributes];
  return `histogram_quantile(${q}, ${sumBy(by, rate(selected, window))})`;
}

/** Sum of several metrics by shared labels, which `+` cannot do when one of them has no series yet. */
export function sumOf(
  definitions: readonly MetricDefinition[],
  attributes: readonly string[],
  matchers: Matchers = {},
): string {
  const names = definitions.map((definition) => prometheusName(definition)).join('|');
  return sumBy(attributes, selector('', { __name__: names, ...matchers }));
}

/** What counts only trouble has no series before the first trouble: zero then, instead of nothing. */
export function orZero(expression: string): string {
  return `${expression} or vector(0)`;
}

/** Age now of something whose age is exported: keeps growing when the exporting process is gone. */
export function ageNow(selected: string): string {
  return `${selected} + (time() - timestamp(${selected}))`;
}

/** Attribute names as a label list. */
export function labels(attributes: readonly string[]): string {
  return attributes.map((attribute) => prometheusLabel(attribute)).join(', ');
}

/** Legend of the labels that tell the series of a query apart: `{{trading_strategy}} {{trading_currency}}`. */
export function legend(...attributes: readonly string[]): string {
  return attributes.map((attribute) => `{{${prometheusLabel(attribute)}}}`).join(' ');
}
