import { ATTR_TRADING_CURRENCY } from '@nanometer/semconv';
import type { HistoryAnswer, HistorySeries } from './history-client.ts';

type Column = (number | null)[];

/** One series as it is drawn: a line with a band around it, on the common times. */
export interface HistoryLine {
  readonly key: string;
  readonly label: string;
  readonly value: Column;
  /** Edges of the band; a counter's rate has none. */
  readonly low: Column | undefined;
  readonly high: Column | undefined;
}

/** What a history chart draws. */
export interface HistoryLines {
  /** Unix milliseconds at which each step begins, every one of the span: a hole is a hole. */
  readonly timeMs: readonly number[];
  readonly stepMs: number;
  readonly lines: readonly HistoryLine[];
  /** Series beyond the ones drawn. */
  readonly leftOut: number;
  readonly unit: string;
  /** What line and band are. */
  readonly meaning: string;
}

/** More lines than colours tell nothing. */
const MOST_LINES = 6;
const STEPS_LIMIT = 100_000;

/**
 * Puts an answer on a common grid of steps. A gauge's line is its last value and its band goes from least to greatest; a
 * counter's line is its increase per second; a histogram's line is its median and its band reaches to p99. Of more than six
 * series those with the largest values are drawn. A counter's step that is still under way has no rate yet.
 *
 * @param shows - whether a series with these labels is wanted.
 */
export function historyLines(
  answer: HistoryAnswer,
  nowMs: number,
  shows: (labels: readonly string[]) => boolean,
): HistoryLines {
  const { fromMs, stepMs } = answer;
  const steps = Math.min(STEPS_LIMIT, Math.max(0, Math.round((answer.toMs - fromMs) / stepMs)));
  const timeMs = Array.from({ length: steps }, (_, step) => fromMs + step * stepMs);
  const wanted = answer.series.filter((series) => shows(labelsOf(series)));
  const largest = wanted.toSorted((a, b) => magnitude(b) - magnitude(a)).slice(0, MOST_LINES);
  const shared = sharedLabels(wanted);
  const lines = largest.map((series) => {
    const isRate = series.kind === 'counter';
    const factor = isRate ? 1000 / stepMs : 1;
    const onGrid = (column: readonly (number | null)[] | undefined): Column | undefined => {
      if (column === undefined) return undefined;
      const values: Column = Array.from({ length: steps }, () => null);
      series.points.timeMs.forEach((at, point) => {
        const step = Math.round((at - fromMs) / stepMs);
        const value = column[point] ?? null;
        if (isRate && at + stepMs > nowMs) return;
        if (step >= 0 && step < steps) values[step] = value === null ? null : value * factor;
      });
      return values;
    };
    const { min, max, sum, last, p50, p99 } = series.points;
    const drawn =
      series.kind === 'histogram'
        ? { value: onGrid(p50), low: onGrid(p50), high: onGrid(p99) }
        : isRate
          ? { value: onGrid(sum), low: undefined, high: undefined }
          : { value: onGrid(last), low: onGrid(min), high: onGrid(max) };
    const labels = labelsOf(series);
    const own = labels.filter((label) => !shared.has(label));
    return {
      ...drawn,
      key: JSON.stringify([series.attributes, series.resource]),
      label: (own.length > 0 ? own : labels).join(' · ') || series.name,
      value: drawn.value ?? [],
    };
  });
  lines.sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }));
  const [first] = largest;
  return {
    timeMs,
    stepMs,
    lines,
    leftOut: wanted.length - largest.length + answer.seriesLeftOut,
    unit: first === undefined ? '' : unitOf(first, largest),
    meaning: first === undefined ? '' : meaningOf(first.kind),
  };
}

/** An amount is in the currency that all its lines have; lines of several have theirs in their names. */
function unitOf({ kind, unit }: HistorySeries, all: readonly HistorySeries[]): string {
  const currencies = new Set(all.map(({ attributes }) => attributes[ATTR_TRADING_CURRENCY]));
  const [currency] = currencies;
  const bare = unit.replaceAll(/[{}]/g, '').replace(/^1$/, '');
  const plain = bare !== 'currency' ? bare : currencies.size === 1 && currency !== undefined ? String(currency) : '';
  return kind === 'counter' ? `${plain}/s` : plain;
}

function meaningOf(kind: string): string {
  if (kind === 'histogram') return 'line p50, band to p99';
  return kind === 'counter' ? 'increase per second' : 'line last value, band least to greatest';
}

function labelsOf({ attributes, resource }: HistorySeries): string[] {
  const instance = resource['service.name'];
  const labels = Object.values(attributes).map(String);
  return instance === undefined ? labels : [...labels, String(instance)];
}

/** Labels that all series have: they tell none from another. */
function sharedLabels(series: readonly HistorySeries[]): ReadonlySet<string> {
  const [first, ...others] = series.map((each) => new Set(labelsOf(each)));
  if (first === undefined || others.length === 0) return new Set();
  return new Set([...first].filter((label) => others.every((labels) => labels.has(label))));
}

function magnitude({ kind, points }: HistorySeries): number {
  const column = kind === 'histogram' ? (points.p99 ?? []) : kind === 'counter' ? points.sum : points.last;
  let most = 0;
  for (const value of column) if (value !== null) most = Math.max(most, Math.abs(value));
  return most;
}
