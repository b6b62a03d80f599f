import { type Attributes, diag, type Meter, type MeterProvider } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_OTEL_COMPONENT_NAME,
  ATTR_OTEL_COMPONENT_TYPE,
  createHistogram,
  METRIC_OTEL_SDK_METRIC_READER_COLLECTION_DURATION,
} from '@nanometer/semconv';
import type { CollectionObserver } from '../collect/collector.ts';

/** The methods by which the SDK's readers and exporters take a provider to observe themselves with. */
const OBSERVE_READER = '_setSelfObsMeterProvider';
const OBSERVE_EXPORTER = 'setSelfObsMeterProvider';
/** Where the SDK's periodic reader keeps its exporter; nothing else connects that one to a provider. */
const EXPORTER = '_exporter';

/** Numbers components of one kind, as the conventions want `otel.component.name` made. */
export class ComponentNames {
  readonly #counts = new Map<string, number>();

  next(type: string): string {
    const count = this.#counts.get(type) ?? 0;
    this.#counts.set(type, count + 1);
    return `${type}/${count}`;
  }
}

/** Calls a method of a foreign object, if it has it; returns whether it did. */
function hand(provider: MeterProvider, to: unknown, method: string): boolean {
  const take: unknown = to === undefined || to === null ? undefined : Reflect.get(Object(to) as object, method);
  if (typeof take !== 'function') return false;
  try {
    Reflect.apply(take, to, [provider]);
    return true;
  } catch (error) {
    diag.warn(`metrics: ${method} of a reader or exporter threw; it does not observe itself`, error);
    return false;
  }
}

/**
 * Lets a reader and its exporter observe themselves with a provider (`otel.sdk.*`). Returns what to tell of the
 * collections of a reader that cannot.
 */
export function observeReader(
  reader: object,
  provider: MeterProvider,
  meter: Meter,
  names: ComponentNames,
): CollectionObserver | undefined {
  hand(provider, Reflect.get(reader, EXPORTER), OBSERVE_EXPORTER);
  if (hand(provider, reader, OBSERVE_READER)) return undefined;
  // An object without a class has the name of its prototype's constructor, "Object".
  const type = reader.constructor?.name ?? 'Object';
  const component: Attributes = { [ATTR_OTEL_COMPONENT_TYPE]: type, [ATTR_OTEL_COMPONENT_NAME]: names.next(type) };
  const duration = createHistogram(meter, METRIC_OTEL_SDK_METRIC_READER_COLLECTION_DURATION);
  return (seconds, errors) => {
    const [error] = errors;
    if (errors.length === 0) duration.record(seconds, component);
    else duration.record(seconds, { ...component, [ATTR_ERROR_TYPE]: error instanceof Error ? error.name : '_OTHER' });
  };
}
