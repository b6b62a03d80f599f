import type { MetricDefinition } from '@nanometer/semconv';
import type { Measure, Term } from '../store/measure.ts';
import type { Store } from '../store/store.ts';

/** Declares measures in a store in the few ways the page needs. */
export interface Declare {
  /** Adds up the values of equal keys. */
  readonly sum: (metric: MetricDefinition, by?: readonly string[], field?: string) => Measure;
  /** Events per second. */
  readonly rate: (metric: MetricDefinition, by?: readonly string[], history?: boolean) => Measure;
  /** The largest value; percentiles of parts cannot be averaged. */
  readonly worst: (metric: MetricDefinition, by?: readonly string[], field?: string, history?: boolean) => Measure;
  /** Events per second of a histogram's count. */
  readonly rateOf: (metric: MetricDefinition, by: readonly string[], field: string) => Measure;
  /** As `worst`, over several metrics of one meaning. */
  readonly worstOf: (metrics: readonly MetricDefinition[], by: readonly string[], field: string) => Measure;
  /** As `worst`, of the series with these attribute values only. */
  readonly worstWhere: (metric: MetricDefinition, by: readonly string[], where: Term['where']) => Measure;
}

/** The ways of declaring, for one store. */
export function declareIn(store: Store): Declare {
  return {
    sum: (metric, by = [], field = 'value') => store.measure({ terms: [{ metric, field }], by, reduce: 'sum' }),
    rate: (metric, by = [], history = false) => store.measure({ terms: [{ metric }], by, reduce: 'rate', history }),
    worst: (metric, by = [], field = 'value', history = false) =>
      store.measure({ terms: [{ metric, field }], by, reduce: 'max', history }),
    rateOf: (metric, by, field) => store.measure({ terms: [{ metric, field }], by, reduce: 'rate' }),
    worstOf: (metrics, by, field) =>
      store.measure({ terms: metrics.map((metric) => ({ metric, field })), by, reduce: 'max' }),
    worstWhere: (metric, by, where) =>
      store.measure({ terms: [where === undefined ? { metric } : { metric, where }], by, reduce: 'max' }),
  };
}
