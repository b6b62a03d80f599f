import { globMatches, isGlob } from './glob.ts';
import type { AttributeFilter, SubscriptionFilter } from './messages.ts';
import type { SeriesAttributeValue, SeriesDescriptor } from './series.ts';

/** Whether a series is wanted. */
export type SeriesPredicate = (series: SeriesDescriptor) => boolean;

/** Turns a filter into a predicate; done once per group of equal subscriptions. */
export function compileFilter(filter: SubscriptionFilter): SeriesPredicate {
  const exact = new Set(filter.names.filter((name) => !isGlob(name)));
  const globs = filter.names.filter(isGlob);
  const attributes = Object.entries(filter.attributes ?? {}).map(
    ([key, wanted]) => [key, compileAttribute(wanted)] as const,
  );
  const fields = filter.fields === undefined ? undefined : new Set(filter.fields);
  return (series) =>
    (exact.has(series.name) || globs.some((glob) => globMatches(glob, series.name))) &&
    (fields === undefined || fields.has(series.field)) &&
    attributes.every(([key, accepts]) => accepts(attributeOf(series, key)));
}

/** The attribute of a series, else of its resource. */
export function attributeOf(series: SeriesDescriptor, key: string): SeriesAttributeValue | undefined {
  if (Object.hasOwn(series.attributes, key)) return series.attributes[key];
  return Object.hasOwn(series.resource, key) ? series.resource[key] : undefined;
}

function compileAttribute(wanted: AttributeFilter): (value: SeriesAttributeValue | undefined) => boolean {
  if (typeof wanted !== 'object') return (value) => value === wanted;
  if ('prefix' in wanted) {
    const { prefix } = wanted;
    return (value) => typeof value === 'string' && value.startsWith(prefix);
  }
  const set = new Set<SeriesAttributeValue | undefined>(wanted);
  return (value) => set.has(value);
}
