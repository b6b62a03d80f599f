import { findMetric, prometheusLabel, prometheusName } from '@nanometer/semconv';
import { CURRENCY_ATTRIBUTE, DESK_INSTANCE, type Sample, sumTotals, TOTAL_METRICS, type Totals } from './totals.ts';

const METRIC_BY_FAMILY = new Map(
  TOTAL_METRICS.map((name) => {
    const definition = findMetric(name);
    if (definition === undefined) throw new Error(`the registry has no metric ${name}`);
    return [prometheusName(definition), name] as const;
  }),
);

const CURRENCY = new RegExp(`[{,]${prometheusLabel(CURRENCY_ATTRIBUTE)}="([^"\\\\]*)"`);

// `service.instance.id` is the label `instance` by the OpenTelemetry–Prometheus rules.
const INSTANCE = new RegExp(`[{,]instance="${DESK_INSTANCE}"`);

/** Reads the desk's totals out of Prometheus text exposition. Lines of other families and other instances are passed over. */
export function totalsFromPrometheusText(exposition: string): Totals {
  return sumTotals(samples(exposition));
}

function* samples(exposition: string): Generator<Sample> {
  for (const line of exposition.split('\n')) {
    const family = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
    const metric = family === undefined ? undefined : METRIC_BY_FAMILY.get(family);
    if (metric === undefined || !INSTANCE.test(line)) continue;
    const value = Number(
      line
        .slice(line.lastIndexOf('}') + 1)
        .trim()
        .split(' ')[0],
    );
    yield { metric, currency: CURRENCY.exec(line)?.[1], value };
  }
}
