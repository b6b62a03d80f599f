import type { SeriesAttributes, SeriesAttributeValue, SeriesKind } from '@nanometer/live';

/** What a series of the history is. Identity is `name`, `kind`, `attributes` and `resource`. */
export interface HistorySeries {
  readonly name: string;
  readonly kind: SeriesKind;
  /** UCUM unit; `''` when the instrument declares none. */
  readonly unit: string;
  readonly attributes: SeriesAttributes;
  readonly resource: SeriesAttributes;
}

/**
 * A text that is equal exactly when two series are one: keys in order, numbers that JSON does not have as text, as the
 * live stream spells them.
 */
export function identityOf({ name, kind, attributes, resource }: Omit<HistorySeries, 'unit'>): string {
  return JSON.stringify([name, kind, sorted(attributes), sorted(resource)]);
}

function sorted(attributes: SeriesAttributes): (readonly [string, SeriesAttributeValue])[] {
  return Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, spelled(value)]);
}

function spelled(value: SeriesAttributeValue): SeriesAttributeValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return value;
  return value.map((item) => (typeof item === 'number' && !Number.isFinite(item) ? String(item) : item));
}
