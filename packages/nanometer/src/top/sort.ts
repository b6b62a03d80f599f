import type { SeriesActivity } from './activity.ts';

/** What `nanometer top` can sort by. */
export const SORT_KEYS = ['rate', 'name', 'value', 'age'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** What is compared, largest first. Names alone are compared when there is nothing else. */
const MEASURES: Readonly<Record<SortKey, (series: SeriesActivity) => number>> = {
  rate: ({ updatesPerSecond }) => updatesPerSecond,
  name: () => 0,
  value: ({ value }) => Math.abs(value),
  age: ({ ageSeconds }) => -ageSeconds,
};

/** The busiest, largest or freshest first; equals by who they are, so that rows do not jump about. NaN comes last. */
export function sorted(series: readonly SeriesActivity[], key: SortKey): SeriesActivity[] {
  const measure = MEASURES[key];
  // Compared and not subtracted: two infinities have no difference.
  return [...series].sort(
    (a, b) =>
      compare(rank(measure(b)), rank(measure(a))) ||
      compare(a.name, b.name) ||
      compare(a.field, b.field) ||
      compare(JSON.stringify(a.attributes), JSON.stringify(b.attributes)),
  );
}

/** NaN below everything; the rest in their order. */
function rank(value: number): number {
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
