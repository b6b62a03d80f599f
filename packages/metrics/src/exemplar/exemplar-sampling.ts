import {
  type Context,
  context as contextApi,
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import type { ExemplarFilter } from './exemplar-filter.ts';

const NONE = 0;
const TRACE_BASED = 1;
const ALL = 2;

/** An exemplar filter as recording paths read it: a number they compare. */
export type SamplingMode = typeof NONE | typeof TRACE_BASED | typeof ALL;

const MODES: Readonly<Record<ExemplarFilter, SamplingMode>> = {
  always_off: NONE,
  trace_based: TRACE_BASED,
  always_on: ALL,
};

/** Where every copy of the API's major version 1 registers what is global, context managers among it. */
const API: unique symbol = Symbol.for('opentelemetry.js.api.1');

interface ApiHolder {
  [API]?: { readonly context?: unknown } | undefined;
}

/**
 * Whether a measurement is no exemplar, as far as can be told without looking at its context. Recording paths ask this
 * first: it is a comparison when the filter is off, and one load more while no context manager is registered, because
 * without one no span can be active (`context.active()` of the API takes several times as long to say so;
 * bench/exemplar.bench.js).
 */
export function isUnwatched(mode: SamplingMode, context: Context | undefined): boolean {
  return (
    mode === NONE ||
    (mode === TRACE_BASED && context === undefined && (globalThis as ApiHolder)[API]?.context === undefined)
  );
}

/** A provider's exemplar filter. */
export class ExemplarSampling {
  readonly mode: SamplingMode;
  /** Contexts never change, so what was found out about the last one holds for as long as it is active. */
  #lastContext: Context = ROOT_CONTEXT;
  #lastIsSampled = false;

  constructor(filter: ExemplarFilter) {
    this.mode = MODES[filter];
    // V8 compiles in a global property that exists, and searches for one that does not (11 ns per recording). The API
    // takes `undefined` for absent.
    if (this.mode === TRACE_BASED && !(API in globalThis)) (globalThis as ApiHolder)[API] = undefined;
  }

  /** The context in which a measurement is eligible, `context` or the active one; `undefined` if it is not. Never throws. */
  eligible(context: Context | undefined): Context | undefined {
    if (this.mode === NONE) return undefined;
    try {
      const actual = context ?? contextApi.active();
      if (this.mode === ALL) return typeof actual.getValue === 'function' ? actual : ROOT_CONTEXT;
      if (actual === this.#lastContext) return this.#lastIsSampled ? actual : undefined;
      // A span is code of the user, which may record too.
      const value = MEASUREMENT[0]!;
      const isSampled = isInSampledSpan(actual);
      MEASUREMENT[0] = value;
      this.#lastContext = actual;
      this.#lastIsSampled = isSampled;
      return isSampled ? actual : undefined;
    } catch {
      // What was passed is no context, or a context manager threw: the measurement is recorded all the same.
      return this.mode === ALL ? ROOT_CONTEXT : undefined;
    }
  }
}

function isInSampledSpan(context: Context): boolean {
  const span = trace.getSpanContext(context);
  return span !== undefined && (span.traceFlags & TraceFlags.SAMPLED) !== 0 && isSpanContextValid(span);
}
