import type { RollupAnswer, SeriesRollups } from '@nanometer/history';
import type { RuleSet, SeriesUpdate } from '@nanometer/alerting';
import { readHistory } from '../query/read-history.ts';

/** Which number of a histogram each column is. */
const HISTOGRAM_FIELDS = [
  ['count', 'last'],
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p99', 'p99'],
  ['p999', 'p999'],
] as const;
/** A rule looks at what a span had come to at its end. */
const AT_END = 1;

/**
 * Points of a bridge's history, ascending in time: the last value of each step, at its end. What rose and fell within one is not
 * seen.
 */
export async function* bridgePoints(
  page: URL,
  names: Iterable<string>,
  from: string,
  step: string,
): AsyncGenerator<SeriesUpdate> {
  const points: SeriesUpdate[] = [];
  for (const name of names) {
    const search = new URLSearchParams({ name, from, step });
    const answer = await readHistory(page, search, '--history');
    for (const series of answer.series) points.push(...pointsOf(series, answer));
  }
  points.sort((a, b) => a.timeMs - b.timeMs);
  yield* points;
}

function* pointsOf(series: SeriesRollups, { stepMs }: RollupAnswer): Generator<SeriesUpdate> {
  const { name, kind, attributes, resource, points } = series;
  const fields = kind === 'histogram' ? HISTOGRAM_FIELDS : ([['value', 'last']] as const);
  for (const [index, timeMs] of points.timeMs.entries()) {
    for (const [field, column] of fields) {
      const value = points[column]?.[index];
      if (value === null || value === undefined) continue;
      yield { series: { name, field, attributes, resource }, timeMs: timeMs + stepMs - AT_END, value };
    }
  }
}

/** Names of the metrics that rules look at. */
export function metricsOf({ rules }: RuleSet): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { condition } of rules) {
    // One selector, or two: whichever fields of a condition have a metric.
    for (const part of Object.values(condition) as unknown[]) {
      const name = (part as { readonly metric?: { readonly name?: unknown } } | undefined)?.metric?.name;
      if (typeof name === 'string') names.add(name);
    }
  }
  return names;
}
