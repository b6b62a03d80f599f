import type { InstrumentKind } from '@nanometer/semconv';

/** Who evaluates a rule: the service itself, the bridge over all services, Prometheus, Grafana. */
export type Tier = 'process' | 'bridge' | 'prometheus' | 'grafana';
export const TIERS: readonly Tier[] = ['process', 'bridge', 'prometheus', 'grafana'];

export type Severity = 'critical' | 'warning' | 'info';
export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

/** How the series of one combination of attributes become one value. */
export type Aggregate = 'each' | 'sum' | 'max' | 'min';

/** What of a series is looked at: the value of sums and gauges, count, sum or a recent percentile of histograms. */
export type Field = 'value' | 'count' | 'sum' | 'p50' | 'p90' | 'p99' | 'p999';

/** A condition on one attribute; a series that lacks the attribute has the empty text. */
export interface Matcher {
  /** Attribute name, or `job` or `instance`. */
  readonly key: string;
  readonly test: 'in' | 'notIn' | 'prefix';
  readonly values: readonly string[];
}

/** The metric a rule looks at. */
export interface MetricIdentity {
  readonly name: string;
  readonly kind: InstrumentKind;
  /** UCUM. */
  readonly unit: string;
  /** Declared attributes; `undefined` for a custom metric, which may have any. */
  readonly attributes: readonly string[] | undefined;
  /** Base-2 exponential buckets: a native histogram in Prometheus. */
  readonly native: boolean;
}

/** Which series. */
export interface Selector {
  readonly metric: MetricIdentity;
  readonly field: Field;
  readonly where: readonly Matcher[];
}

/** When a value is a breach. `clear` is where a firing alert ends; it equals `limit` without hysteresis. */
export interface Level {
  readonly direction: 'above' | 'below';
  readonly limit: number;
  readonly clear: number;
}

/** Two windows of a burn rate; both must burn faster than `factor` times what the objective allows. */
export interface BurnWindow {
  readonly longMs: number;
  readonly shortMs: number;
  readonly factor: number;
}

/** What makes a rule's alert. */
export type Condition =
  | {
      readonly kind: 'threshold';
      readonly select: Selector;
      readonly aggregate: Aggregate;
      readonly level: Level;
      /** Of percentiles. */
      readonly windowMs: number;
    }
  | { readonly kind: 'absence'; readonly select: Selector; readonly afterMs: number }
  | {
      readonly kind: 'staleness';
      readonly select: Selector;
      readonly aggregate: Aggregate;
      readonly afterMs: number;
      readonly forgetMs: number;
    }
  | {
      readonly kind: 'rate';
      readonly select: Selector;
      readonly aggregate: Aggregate;
      readonly level: Level;
      readonly windowMs: number;
      readonly perMs: number;
    }
  | {
      readonly kind: 'ratio';
      readonly numerator: Selector;
      readonly denominator: Selector;
      readonly level: Level;
      /** Of increases; `undefined` for a ratio of the values themselves. */
      readonly windowMs: number | undefined;
      readonly minimum: number | undefined;
    }
  | {
      readonly kind: 'burnRate';
      readonly bad: Selector;
      readonly total: Selector;
      readonly objective: number;
      readonly windows: readonly BurnWindow[];
    };

/** A rule as checked. */
export interface Rule {
  readonly name: string;
  readonly severity: Severity;
  readonly condition: Condition;
  /** Attributes kept, sorted; `undefined` when every series is looked at alone. */
  readonly by: readonly string[] | undefined;
  readonly forMs: number;
  readonly keepFiringMs: number;
  readonly lookbackMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string | undefined;
  readonly runbook: string | undefined;
  readonly panel: string | undefined;
  readonly tiers: readonly Tier[];
}

/** While an alert with the labels `source` fires, alerts with the labels `target` are not notified. */
export interface Inhibition {
  readonly source: Readonly<Record<string, string>>;
  readonly target: Readonly<Record<string, string>>;
  readonly equal: readonly string[];
}

/** A rule file as checked. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly inhibitions: readonly Inhibition[];
}

/** The selectors of a condition; of two, the numerator or the bad events come first. */
export function selectorsOf(condition: Condition): readonly Selector[] {
  if (condition.kind === 'ratio') return [condition.numerator, condition.denominator];
  return condition.kind === 'burnRate' ? [condition.bad, condition.total] : [condition.select];
}

/** A running total whose value falls only when its producer begins anew. */
export function isMonotonic({ metric, field }: Selector): boolean {
  return metric.kind === 'counter' || metric.kind === 'observablecounter' || field === 'count';
}
