import type { Vector } from './vector.ts';

/** Words for a single series of returns, results or values. */
const SERIES = ['returns', 'data', 'values', 'series', 'observations', 'pnl', 'x'];
/** Words for a series of prices or wealth, whose changes are the returns. */
const LEVELS = ['prices', 'price', 'close', 'equity', 'wealth', 'nav'];

/** The list that inputs are, or that they name by one of the usual words. */
export function listOf(inputs: unknown): readonly unknown[] {
  if (Array.isArray(inputs)) return inputs;
  const named = typeof inputs === 'object' && inputs !== null ? (inputs as Readonly<Record<string, unknown>>) : {};
  const series = SERIES.map((word) => named[word]).find(Array.isArray);
  if (series !== undefined) return series;
  const levels = LEVELS.map((word) => named[word]).find(Array.isArray);
  if (levels === undefined) throw new Error('its inputs are no list of numbers');
  return returnsOfLevels(levels);
}

function returnsOfLevels(levels: readonly unknown[]): readonly number[] {
  const known = levels.filter((value): value is number => typeof value === 'number');
  return known.slice(1).map((value, at) => value / known[at]! - 1);
}

/** A list of numbers, the missing ones left out: `null` and the words for no number stand for no value. */
export function present(inputs: unknown): readonly number[] {
  return listOf(inputs).flatMap((value, at) => {
    if (value === null || value === undefined || isNoNumber(value)) return [];
    if (typeof value !== 'number') throw new Error(`its inputs hold ${JSON.stringify(value)} at ${at}, no number`);
    return [value];
  });
}

function isNoNumber(value: unknown): boolean {
  return typeof value === 'string' && /^(?:nan|na|null|)$/i.test(value.trim());
}

/** A text, or the empty one for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Every text of the parameters and the notes, where files state a convention. */
export function wordsOf(vector: Vector): string {
  const { notes } = vector as { readonly notes?: unknown };
  return [...Object.values(vector.params), notes].filter((value) => typeof value === 'string').join('; ');
}

/** The first of some keys of the inputs, or of the parameters, that holds a number. */
export function given(vector: Vector, ...names: readonly string[]): number | undefined {
  const inputs = vector.inputs;
  const named = typeof inputs === 'object' && inputs !== null ? (inputs as Readonly<Record<string, unknown>>) : {};
  return (
    names.map((name) => named[name]).find((value): value is number => typeof value === 'number') ??
    parameter(vector, ...names)
  );
}

/** {@link given}, or an error that says what is missing. */
export function required(vector: Vector, ...names: readonly string[]): number {
  const value = given(vector, ...names);
  if (value === undefined) throw new Error(`it gives no number "${names[0]}" (also read as ${names.join(', ')})`);
  return value;
}

/** The first of some parameters that is a number. */
export function parameter(vector: Vector, ...names: readonly string[]): number | undefined {
  return names.map((name) => vector.params[name]).find((value): value is number => typeof value === 'number');
}

/** The number behind a word in a metric's name: 0.005 of `sortino_mar_0.005_unannualised`. */
export function termIn(metric: string, word: string): number | undefined {
  const digits = new RegExp(`_${word}_(-?\\d+(?:\\.\\d+)?(?:e-?\\d+)?)(?:_|$)`).exec(metric)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const PERIODS = [
  'periods_per_year',
  'periodsPerYear',
  'annualization',
  'annualisation',
  'periods',
  'scale',
  'N',
  'freq',
];
const FREQUENCIES: Readonly<Record<string, number>> = {
  daily: 252,
  weekly: 52,
  monthly: 12,
  quarterly: 4,
  yearly: 1,
  annual: 1,
};

function frequencyOf({ params }: Vector): number | undefined {
  const word = ['period', 'frequency', 'periodicity', 'freq']
    .map((name) => params[name])
    .find((value) => typeof value === 'string');
  return word === undefined ? undefined : FREQUENCIES[(word as string).toLowerCase()];
}

/** Periods of a year: as the parameters say, else a number that stands alone in the name, such as 12 of `calmar_12`. */
export function periodsPerYearOf(vector: Vector): number {
  const named = /_(\d+)(?:_|$)/.exec(vector.metric.replaceAll(/_(?:mar|rf|ddof|div|roll)_?-?\d+(?:\.\d+)?/g, ''))?.[1];
  return given(vector, ...PERIODS) ?? frequencyOf(vector) ?? Number(named ?? 252);
}

/** Degrees of freedom taken off, 1 by default: `ddof` of the parameters, or the end of a name such as `…_ddof0`. */
export function degreesOf({ metric, params }: Vector): number {
  const { ddof } = params;
  if (typeof ddof === 'number') return ddof;
  const named = /_ddof_?(\d)/.exec(metric)?.[1];
  if (named !== undefined) return Number(named);
  return /_population/.test(metric) || Object.values(params).includes('population') ? 0 : 1;
}

/** Factor from a deviation over n - 1 to one over n - ddof. */
export function deviationFactor(vector: Vector, count: number): number {
  return Math.sqrt((count - 1) / (count - degreesOf(vector)));
}
