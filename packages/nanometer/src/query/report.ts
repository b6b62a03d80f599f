import type { RollupAnswer, SeriesRollups } from '@nanometer/history';
import { printable } from '../output/printable.ts';
import { table } from '../output/table.ts';
import { sparkline } from './sparkline.ts';

const SPARKLINE_WIDTH = 60;
const COLUMNS_BY_KIND: Readonly<Record<SeriesRollups['kind'], readonly Column[]>> = {
  gauge: ['last', 'min', 'max', 'count'],
  updowncounter: ['last', 'min', 'max', 'count'],
  counter: ['sum', 'last'],
  histogram: ['count', 'p50', 'p99', 'max', 'sum'],
};

type Column = 'count' | 'min' | 'max' | 'sum' | 'last' | 'p50' | 'p99';

/** Each series as a line of bars and a table, newest at the end; at most `rows` lines of each. */
export function reportHistory({ series, stepMs, seriesLeftOut }: RollupAnswer, rows: number): string[] {
  const lines: string[] = [];
  for (const each of series) {
    const columns = COLUMNS_BY_KIND[each.kind];
    const { points } = each;
    const main = points[columns[0]!] ?? [];
    const unit = each.unit === '' ? '' : ` (${each.unit})`;
    lines.push(
      printable(`${each.name}${unit} ${labels(each)}`.trimEnd()),
      `${columns[0]}  ${sparkline(gapless(each, main, stepMs), SPARKLINE_WIDTH)}`,
    );
    const first = Math.max(0, points.timeMs.length - rows);
    const body = points.timeMs
      .slice(first)
      .map((timeMs, index) =>
        [new Date(timeMs).toISOString().replace(':00.000Z', 'Z')].concat(
          columns.map((column) => number(points[column]?.[first + index])),
        ),
      );
    lines.push(table(['time', ...columns], body), '');
  }
  if (seriesLeftOut > 0) lines.push(`${seriesLeftOut} more series match; ask for fewer with --attr`);
  return lines;
}

/** Steps without a point are gaps in the line, not closed up. */
function gapless({ points }: SeriesRollups, values: readonly (number | null)[], stepMs: number): (number | null)[] {
  const [first = 0] = points.timeMs;
  const steps = Math.round(((points.timeMs.at(-1) ?? first) - first) / stepMs) + 1;
  const all = Array.from<number | null>({ length: points.timeMs.length === 0 ? 0 : steps }).fill(null);
  for (const [index, timeMs] of points.timeMs.entries())
    all[Math.round((timeMs - first) / stepMs)] = values[index] ?? null;
  return all;
}

function labels({ attributes, resource }: SeriesRollups): string {
  const service = resource['service.name'];
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}=${String(value)}`);
  return [...(service === undefined ? [] : [`service.name=${String(service)}`]), ...pairs].join(' ');
}

function number(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : String(Number(value.toPrecision(6)));
}
