import type { Vector } from './vector.ts';

/** A list of numbers, the missing ones left out: `null` stands for no value. */
export function present(inputs: unknown): readonly number[] {
  if (!Array.isArray(inputs)) throw new Error('its inputs are no list of numbers');
  return inputs.filter((value): value is number => typeof value === 'number');
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

/** Periods of a year: as the parameters say, else a number that stands alone in the name, such as 12 of `calmar_12`. */
export function periodsPerYearOf(vector: Vector): number {
  const named = /_(\d+)(?:_|$)/.exec(vector.metric.replaceAll(/_(?:mar|rf|ddof|div|roll)_?-?\d+(?:\.\d+)?/g, ''))?.[1];
  return parameter(vector, 'periods_per_year', 'annualization', 'N') ?? Number(named ?? 252);
}

/** Degrees of freedom taken off, 1 by default: `ddof` of the parameters, or the end of a name such as `…_ddof0`. */
export function degreesOf({ metric, params }: Vector): number {
  const { ddof } = params;
  return typeof ddof === 'number' ? ddof : Number(/_ddof(\d)/.exec(metric)?.[1] ?? 1);
}

/** Factor from a deviation over n - 1 to one over n - ddof. */
export function deviationFactor(vector: Vector, count: number): number {
  return Math.sqrt((count - 1) / (count - degreesOf(vector)));
}
