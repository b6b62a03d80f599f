import { attributeOf } from '../protocol/series-filter.ts';
import type { SeriesPredicate } from '../protocol/series-filter.ts';
import type { SeriesStore } from './series-store.ts';

/** Sum over series of the latest values. */
export interface LiveTotal {
  /** Sum over all series that have a value; 0 when none has. */
  readonly total: number;
  /** The same by value of the grouping attribute; `''` for series without it. Empty without grouping. */
  readonly groups: Readonly<Record<string, number>>;
  /** How many series were summed: 0 tells "no data" from a sum of zero. */
  readonly series: number;
}

/** Sums with compensation, so that the order in which series arrived does not show in the result. */
export function totalOf(store: SeriesStore, wanted: SeriesPredicate, groupBy: string | undefined): LiveTotal {
  const all = new Sum();
  const groups = new Map<string, Sum>();
  let count = 0;
  for (const series of store.all()) {
    if (!store.hasValue(series.id) || !wanted(series)) continue;
    const value = store.values[series.id]!;
    count += 1;
    all.add(value);
    if (groupBy === undefined) continue;
    const key = String(attributeOf(series, groupBy) ?? '');
    const group = groups.get(key) ?? new Sum();
    groups.set(key, group);
    group.add(value);
  }
  return {
    total: all.value,
    groups: Object.fromEntries([...groups].map(([key, sum]) => [key, sum.value])),
    series: count,
  };
}

/** Neumaier's compensated sum; infinities and NaN come out as plain addition has them. */
class Sum {
  #sum = 0;
  #lost = 0;

  get value(): number {
    return Number.isFinite(this.#sum) ? this.#sum + this.#lost : this.#sum;
  }

  add(value: number): void {
    const next = this.#sum + value;
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
  }
}
