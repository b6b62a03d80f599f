import type { Attributes, Context, Counter, Gauge, Histogram, UpDownCounter } from '@opentelemetry/api';

/** Adds to one series of a counter; its attributes were resolved once, by `bind`. */
export interface BoundCounter {
  /** Adds a finite value ≥ 0; anything else is dropped and counted. Never throws, never allocates. */
  add(value: number, context?: Context): void;
}

/** Adds to one series of an up-down counter; its attributes were resolved once, by `bind`. */
export interface BoundUpDownCounter {
  /** Adds a finite value of either sign; anything else is dropped and counted. Never throws, never allocates. */
  add(value: number, context?: Context): void;
}

/** Sets one series of a gauge; its attributes were resolved once, by `bind`. */
export interface BoundGauge {
  /** Sets the value. Non-numbers are dropped and counted. Never throws, never allocates. */
  record(value: number, context?: Context): void;
}

/** Records into one series of a histogram; its attributes were resolved once, by `bind`. */
export interface BoundHistogram {
  /** Records a finite value ≥ 0; anything else is dropped and counted. Never throws, never allocates. */
  record(value: number, context?: Context): void;
}

/** What this SDK adds to an OpenTelemetry instrument. */
export interface Bindable<Bound> {
  /**
   * Says whether a measurement would be kept: false when views or readers drop the instrument, and after shutdown. The
   * answer can change when a reader is added (specification, Enabled).
   */
  enabled(): boolean;

  /**
   * Forgets the series with these attributes: it is reported once more to every reader, then gone, and its place is
   * free for others. What is recorded afterwards, also through a handle, begins a new series. Never throws.
   */
  remove(attributes?: Attributes): void;

  /**
   * Resolves the attributes (and the cardinality decision for them) once and returns the series to record into.
   * The attributes are copied: changing the object later changes nothing. Never throws.
   */
  bind(attributes?: Attributes): Bound;
}

export type BindableCounter = Counter & Bindable<BoundCounter>;
export type BindableUpDownCounter = UpDownCounter & Bindable<BoundUpDownCounter>;
export type BindableGauge = Gauge & Bindable<BoundGauge>;
export type BindableHistogram = Histogram & Bindable<ReadableHistogram> & HistogramReader;

/** One series of a histogram of this SDK: it can be read in place, without a collection. */
export interface ReadableHistogram extends BoundHistogram {
  /**
   * The `q` quantile (nearest rank) of everything recorded into the series so far, all threads together; `undefined`
   * without a measurement. Exponential: within `exponentialErrorBound` of its scale, relatively. Explicit: within the
   * bucket of the exact one. Of several streams the first exponential one answers, else the first explicit one. Throws
   * `MetricsError` if `q` is outside 0 to 1.
   */
  quantile(q: number): number | undefined;
}

export interface HistogramReader {
  /** The same for the series of these attributes; `undefined` also where there is no series of its own. */
  quantile(q: number, attributes?: Attributes): number | undefined;
}
