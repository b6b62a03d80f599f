import { distributionQuantile, isExponential, toExplicit } from '@nanometer/exporter-statsd';
import type { Rollup } from '../rollup/rollup.ts';

/** Percentiles of an answer. */
export const PERCENTILES: readonly (readonly ['p50' | 'p90' | 'p99' | 'p999', number])[] = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['p999', 0.999],
];

type Column = (number | null)[];

/** Points in columns of equal length; what a point does not have is null. */
export interface RollupColumns {
  /** Unix milliseconds at which the span begins. */
  readonly timeMs: number[];
  readonly count: Column;
  readonly min: Column;
  readonly max: Column;
  readonly sum: Column;
  /** The latest value, running total or running count. */
  readonly last: Column;
  /** Of histograms: percentiles of what was recorded in the span. */
  readonly p50?: Column;
  readonly p90?: Column;
  readonly p99?: Column;
  readonly p999?: Column;
}

/** Puts spans, ascending, in columns. */
export function columnsOf(spans: readonly (readonly [number, Rollup])[], isHistogram: boolean): RollupColumns {
  const rollups = spans.map(([, rollup]) => rollup);
  const columns: RollupColumns = {
    timeMs: spans.map(([timeMs]) => timeMs),
    count: rollups.map(({ count }) => count),
    min: rollups.map(({ min }) => present(min)),
    max: rollups.map(({ max }) => present(max)),
    sum: rollups.map(({ sum }) => present(sum)),
    last: rollups.map(({ last }) => last),
  };
  if (!isHistogram) return columns;
  const quantiles = rollups.map((rollup) => quantilesOf(rollup));
  const percentiles = PERCENTILES.map(([name], index) => [name, quantiles.map((each) => present(each[index]))]);
  return { ...columns, ...(Object.fromEntries(percentiles) as Partial<RollupColumns>) };
}

/** In the order of {@link PERCENTILES}; `undefined` when nothing was recorded. */
export function quantilesOf({ buckets, min, max }: Rollup): (number | undefined)[] {
  if (buckets === undefined) return PERCENTILES.map(() => undefined);
  const explicit = isExponential(buckets) ? toExplicit(buckets) : buckets;
  return PERCENTILES.map(([, quantile]) => distributionQuantile(quantile, explicit, min, max));
}

function present(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
