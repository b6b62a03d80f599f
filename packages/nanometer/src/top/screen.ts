import { printable } from '../output/printable.ts';
import type { SeriesActivity } from './activity.ts';

/** How large a screen is. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

const HEADER_ROWS = 3;
const RATE_WIDTH = 9;
const VALUE_WIDTH = 13;
const AGE_WIDTH = 7;
const NARROWEST = 40;
/** Fewer columns than this say nothing of which series it is: age, then rate make room for it. */
const LABEL_WIDTH_MIN = 18;

/** Lines that fill a screen and never more: a summary, a header, and as many series as there is room for. */
export function screenLines(
  series: readonly SeriesActivity[],
  summary: string,
  { columns, rows }: ScreenSize,
): readonly string[] {
  const width = Math.max(columns, NARROWEST);
  const room = width - VALUE_WIDTH - 1;
  const hasRate = room - RATE_WIDTH - 1 >= LABEL_WIDTH_MIN;
  const hasAge = room - RATE_WIDTH - AGE_WIDTH - 2 >= LABEL_WIDTH_MIN;
  const label = room - (hasRate ? RATE_WIDTH + 1 : 0) - (hasAge ? AGE_WIDTH + 1 : 0);
  const line = (name: string, rate: string, value: string, age: string): string =>
    [
      name.padEnd(label),
      ...(hasRate ? [rate.padStart(RATE_WIDTH)] : []),
      value.padStart(VALUE_WIDTH),
      ...(hasAge ? [age.padStart(AGE_WIDTH)] : []),
    ].join(' ');
  const shown = series.slice(0, Math.max(rows - HEADER_ROWS, 1));
  return [
    cut(summary, width),
    '',
    line('series', 'updates/s', 'value', 'age'),
    ...shown.map((each) =>
      line(cut(labelOf(each), label), rateText(each.updatesPerSecond), valueText(each.value), ageText(each.ageSeconds)),
    ),
  ];
}

/** Name and attributes, their keys without what they have in common with all others of their domain. */
function labelOf({ name, field, attributes }: SeriesActivity): string {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => `${key.slice(key.lastIndexOf('.') + 1)}=${String(value)}`,
  );
  return printable([name, ...(field === 'value' ? [] : [field]), ...pairs].join(' '));
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function rateText(rate: number): string {
  return rate >= 1e6 ? `${(rate / 1e6).toFixed(2)}M` : rate >= 1e4 ? `${(rate / 1e3).toFixed(1)}k` : rate.toFixed(1);
}

/** Seven digits, and an exponent where they do not do. */
function valueText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e10)) return value.toExponential(3);
  return String(Number(value.toPrecision(7)));
}

function ageText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const size = Math.abs(seconds);
  const text =
    size < 10 ? `${seconds.toFixed(1)}s` : size < 600 ? `${seconds.toFixed(0)}s` : `${(seconds / 60).toFixed(0)}m`;
  return text;
}
